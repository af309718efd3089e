"""After a collapse: a plan that stands ready for the minute of the opening, and what is missing."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from safepassage.clearance.from_now import from_ledger
from safepassage.clearance.readiness import anchored_at, readiness_of
from safepassage.clearance.standing_plan import StandingPlan, standing_plan
from safepassage.ledger.decided import PlanAdopted, Readiness
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.seen import Closure, Movement
from safepassage.planner.plan_file import plan_to_json
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window
from tests.clearance.world import asked, guarantee, promised, verified_plan, world
from tests.ledger.writing import clock, enter, new_ledger

NOON, FIVE = clock(12), clock(17)


def adopted(verified: VerifiedPlan) -> PlanAdopted:
    return PlanAdopted(verified.plan_hash, json.dumps(plan_to_json(verified.plan)), "move-1")


def collapsed(*bodies: Body, of: Scenario | None = None) -> Ledger:
    """Return a ledger with the plan in force, and whatever has happened by noon."""
    ledger, _ = new_ledger(at=clock(8))
    enter(ledger, adopted(verified_plan(of)), at=clock(8, 1))
    enter(ledger, *bodies, at=clock(11))
    return ledger


def ready(
    ledger: Ledger, at: datetime = NOON, opens: datetime = FIVE, of: Scenario | None = None
) -> StandingPlan:
    return standing_plan(
        world() if of is None else of, ledger, at=at, opens=opens, limit=timedelta(seconds=2)
    )


def minutes(stands: StandingPlan) -> dict[str, list[float]]:
    """Return, by convoy, when it enters its corridor, in minutes after 17:00."""
    assert stands.verified is not None
    start = stands.verified.plan.start
    gate = (FIVE - start).total_seconds()
    return {one.id: [(one.depart - gate) / 60] for one in stands.verified.plan.convoys}


def test_the_plan_in_force_moves_to_the_minute_of_the_opening_under_its_own_names() -> None:
    stands = ready(collapsed())
    assert (stands.how, stands.assumed, stands.why_not) == ("moved", (), None)
    assert minutes(stands) == {"c1": [0], "c2": [90]}
    assert stands.verified is not None
    assert stands.verified.people_out == 200
    # By hand: no window closes in this world, so each of the 200 is worth one whenever he comes.
    assert stands.verified.value == 200


def test_who_has_departed_stays_out_of_it() -> None:
    gone = Movement("departed", "A", convoy="c1", at=clock(10))
    stands = ready(collapsed(gone))
    assert minutes(stands) == {"c2": [0]}


def test_a_stretch_without_a_stated_end_is_taken_on_trust_and_the_plan_holds_for_nobody_else() -> (
    None
):
    ledger = collapsed(Closure(("R-D",), "closed"))
    stands = ready(ledger)
    assert stands.assumed == ("R-D opens at 2016-12-15T17:00+02:00: entry 3 says closed",)
    assert stands.verified is not None
    told = from_ledger(world(), ledger, at=NOON)
    with pytest.raises(PlanRefused):
        verify(told.scenario, stands.verified.plan)
    # Once somebody says that it is open, nothing is taken on trust and everybody can verify it.
    enter(ledger, Closure(("R-D",), "open"), at=FIVE)
    now = ready(ledger, at=FIVE)
    assert now.assumed == ()
    assert now.verified is not None
    told = from_ledger(world(), ledger, at=FIVE)
    assert verify(told.scenario, now.verified.plan).plan_hash == now.verified.plan_hash


def test_a_closure_that_begins_before_the_opening_is_taken_on_trust_one_after_it_is_not() -> None:
    soon = Closure(("R-D",), "closed", since=clock(16))
    assert len(ready(collapsed(soon)).assumed) == 1
    later = Closure(("R-D",), "closed", since=clock(18, 50))
    stands = ready(collapsed(later))
    assert stands.assumed == ()
    assert minutes(stands) == {"c1": [0]}


def test_a_closure_that_ends_before_the_opening_is_no_assumption() -> None:
    stands = ready(collapsed(Closure(("R-D",), "closed", until=clock(16))))
    assert stands.assumed == ()
    assert minutes(stands)["c1"] == [0]


def test_a_promise_that_ends_before_the_opening_has_to_be_given_again() -> None:
    ledger = collapsed()
    promised(ledger, "gov", at=clock(11, 30), until=clock(15))
    enter(ledger, guarantee("militia", ("all",), clock(15)), at=clock(11, 40))
    stands = ready(ledger)
    # The militia's was confirmed by nobody: it made no window, so nothing hangs on it.
    assert [one.split(":")[0] for one in stands.assumed] == ["gov promises all again"]
    assert stands.verified is not None


def test_what_cannot_just_be_moved_is_planned_anew_and_enters_nothing_before_the_opening() -> None:
    lost = Movement("departed", "A", "bus-02")
    stands = ready(collapsed(lost))
    assert stands.how == "planned anew"
    assert stands.verified is not None
    used = {one.vehicle for one in stands.verified.plan.trips}
    assert "bus-02" not in used
    assert "bus-01" in used
    assert min(min(one) for one in minutes(stands).values()) >= 0
    assert any("bus-02" in one for one in stands.left.warnings)


def test_people_board_before_the_gate_opens_and_roll_when_it_does() -> None:
    stands = ready(collapsed(Movement("departed", "A", "bus-02")))
    assert stands.verified is not None
    first = min(one.depart for one in stands.verified.plan.trips)
    assert first == (FIVE - stands.verified.plan.start).total_seconds()


def test_without_a_plan_in_force_what_is_left_is_planned() -> None:
    ledger, _ = new_ledger(at=clock(8))
    stands = ready(ledger)
    assert stands.how == "planned anew"
    torn = PlanAdopted("a" * 64, "{}", "move-1")
    enter(ledger, torn, at=clock(9))
    assert ready(ledger).how == "planned anew"


def test_where_nothing_can_move_it_says_why() -> None:
    shut = world(windows=(Window("day", "way", timedelta(0), timedelta(hours=2)),))
    ledger, _ = new_ledger(at=clock(8))
    stands = ready(ledger, of=shut)
    assert (stands.how, stands.verified) == ("none", None)
    assert stands.why_not


def test_convoys_that_would_arrive_after_the_end_are_left_out_of_a_moved_plan() -> None:
    short = world(horizon=timedelta(hours=11))
    stands = ready(collapsed(of=short), of=short)
    assert stands.how == "moved"
    assert minutes(stands) == {"c1": [0]}


def test_the_readiness_list_says_what_is_missing_and_whom_to_call() -> None:
    ledger, signer = new_ledger(at=clock(8))
    verified = verified_plan()
    old = Readiness("vehicles", "bus", 2, clock(5), None, "depot")
    enter(ledger, adopted(verified), replace(old, as_of=clock(11)), at=clock(11))
    enter(ledger, Readiness("place", "D", 60, clock(11), "beds", "med-1"), at=clock(11))
    found = readiness_of(verified, ledger, asked(ledger, signer, verified), at=clock(14))
    lines = {(one.what, one.kind): one for one in found.lines}
    assert lines["vehicles", "bus"].enough
    assert [(one.kind, one.missing, one.call) for one in found.missing] == [("D", "beds", "med-1")]
    # What was said before six hours ago is asked for again.
    later = readiness_of(verified, ledger, asked(ledger, signer, verified), at=clock(18))
    assert len(later.missing) == 2


def test_a_plan_cannot_be_moved_before_the_start_or_without_a_trip() -> None:
    plan = verified_plan().plan
    with pytest.raises(ValueError, match="before the scenario starts"):
        anchored_at(plan, clock(7))
    with pytest.raises(ValueError, match="no trip"):
        anchored_at(replace(plan, trips=()), clock(15))
