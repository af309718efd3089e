"""The way of a convoy: what it passes, who holds it, and how late its windows let it leave."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest

from safepassage.clearance.way import convoy_ids, loaded_before, way_of
from safepassage.planner.plan import Plan
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.rules import Night, Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window
from tests.clearance.world import MARGIN, asked, cleared, two_convoys, verified_plan, world
from tests.ledger.writing import clock

ALL_DAY = Window("w", "all", closes=timedelta(hours=14))
FIRST = Window("w", "all", closes=timedelta(hours=9))


def with_windows(*windows: Window, night: Night | None = None) -> VerifiedPlan:
    rules = Rules(arrival_margin=MARGIN, night=night)
    return verified_plan(world(windows=windows, rules=rules))


def unchecked(scenario: Scenario, plan: Plan) -> VerifiedPlan:
    """Return what `way_of` reads of a verified plan, without asking the verifier."""
    return SimpleNamespace(scenario=scenario, plan=plan)  # type: ignore[return-value]


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_legs_posts_holders_and_commit_points_in_the_order_of_the_way() -> None:
    way = way_of(verified_plan(), "c1")
    assert way.legs == ("A-R", "R-D")
    assert set(way.posts) == {"R", "K"}
    assert way.ends == ("D",)
    assert set(way.commit_points) == {"A", "R", "K"}
    assert (way.departs, way.arrives) == (clock(14, 30), clock(15, 36))
    assert way.without_holder == ()
    assert way.latest is None
    with pytest.raises(KeyError):
        way_of(verified_plan(), "c9")


def test_the_way_back_passes_the_same_posts() -> None:
    mission = world()
    plan = two_convoys(mission)
    there = [one for one in plan.trips if one.convoy == "c1"]
    back = [
        replace(
            one,
            start="D",
            end="A",
            legs=("R-D", "A-R"),
            convoy="c3",
            depart=one.arrive + 600,
            arrive=one.arrive + 600 + 66 * 60,
            load={},
            groups={},
        )
        for one in there
    ]
    verified = unchecked(mission, replace(plan, trips=(*plan.trips, *back)))
    way = way_of(verified, "c3")
    assert way.legs == ("R-D", "A-R")
    assert set(way.posts) == {"K", "R"}
    assert convoy_ids(verified) == ("c1", "c3", "c2")
    # Empty on its way back, c3 is no step against the counterpart.
    assert loaded_before(verified, "c2") == ("c1",)


@pytest.mark.parametrize(
    ("windows", "latest"),
    [
        # c1 arrives 15:36 and keeps 30 minutes: 24 minutes are left before 16:30.
        ((Window("w", "all", closes=hours(8.5)),), clock(14, 54)),
        ((Window("w", "way", closes=hours(8.5)),), clock(14, 54)),
        ((Window("w", "R-D", closes=hours(8.5)),), clock(14, 54)),
        ((Window("w", "D", closes=hours(8.5)),), clock(14, 54)),
        (
            (ALL_DAY, Window("v", "R-D", closes=hours(11))),
            clock(17, 24),
        ),
        (
            (FIRST, Window("v", "all", closes=hours(11))),
            clock(17, 24),
        ),
        ((Window("w", "all", opens=hours(1)),), None),
        ((Window("w", "elsewhere", closes=hours(8.5)),), None),
        # Every day from 06:00 to 18:00 local: 114 minutes are left.
        ((Window("w", "all", opens=hours(6), closes=hours(18), daily=True),), clock(16, 24)),
    ],
)
def test_the_latest_departure_keeps_the_margin_before_each_closing(
    windows: tuple[Window, ...], latest: datetime | None
) -> None:
    one = two_convoys(world())
    only = replace(
        one,
        trips=tuple(trip for trip in one.trips if trip.convoy == "c1"),
        convoys=one.convoys[:1],
        value=100.0,
    )
    assert way_of(unchecked(world(windows=windows), only), "c1").latest == latest


def test_a_closed_night_is_a_closing() -> None:
    night = Night(time(19), time(6), allowed=False)
    assert way_of(with_windows(night=night), "c1").latest == clock(17, 24)
    assert way_of(with_windows(night=replace(night, allowed=True)), "c1").latest is None


def test_too_late_for_the_window_is_a_no_and_the_lease_ends_with_it() -> None:
    verified = with_windows(Window("w", "all", closes=hours(12)))
    ledger, signer, _ = cleared(verified=verified, until=clock(22))
    # The window closes at 20:00: 30 minutes of margin and 66 of travel before that, 18:24.
    late = asked(ledger, signer, verified, at=clock(18, 25))
    assert "departure: too late" in {reason.code for reason in late.clearance.reasons}
    narrow = with_windows(Window("w", "way", closes=hours(12)), Window("v", "D", closes=hours(12)))
    ledger, signer, _ = cleared(verified=narrow, until=clock(20))
    assert asked(ledger, signer, narrow).clearance.ends == clock(14, 35)
