"""Laws of driving times that change by the hour: first in, first out, in planner and verifier."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.planner.bounds import supply_bound
from safepassage.planner.checking.given import Given
from safepassage.planner.filling import QueueFilling
from safepassage.planner.greedy import Policy, dispatch
from safepassage.planner.hours import LegHours
from safepassage.planner.objective import plan_value
from safepassage.planner.plan import BoundProof
from safepassage.planner.problem import make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.verify import violations
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import sure
from safepassage.scenario.places import Hour, Leg
from safepassage.scenario.scenario import Scenario
from tests.planner.strategies import scenarios

KIND = "bus"


@st.composite
def hours(draw: st.DrawFn, horizon: int = 36_000) -> tuple[Hour, ...]:
    """Return driving times from the start on; some hours let nobody in, never all."""
    later = draw(st.lists(st.integers(1, horizon), max_size=5, unique=True))
    takes = st.one_of(st.integers(0, 7200), st.none())
    times = [draw(takes) for _ in (0, *later)]
    if all(one is None for one in times):
        times[draw(st.integers(0, len(later)))] = draw(st.integers(0, 7200))
    return tuple(
        Hour(timedelta(seconds=after), None if one is None else timedelta(seconds=one))
        for after, one in zip((0, *sorted(later)), times, strict=True)
    )


def leg_of(steps: tuple[Hour, ...]) -> Leg:
    longest = max(one.time for one in steps if one.time is not None)
    return Leg("road", "a", "b", sure(longest), {KIND: sure(longest)}, hours={KIND: steps})


def scenario_of(leg: Leg, scenario: Scenario) -> Scenario:
    return replace(scenario, legs=(leg,))


@given(hours(), st.lists(st.integers(0, 40_000), min_size=2, max_size=12))
def test_nobody_who_enters_later_leaves_earlier(steps: tuple[Hour, ...], at: list[int]) -> None:
    found = LegHours(steps)
    leaves = [found.leaves(one) for one in sorted(at)]
    assert leaves == sorted(leaves)
    assert all(end >= begin for begin, end in zip(sorted(at), leaves, strict=True))


@given(hours(), st.integers(0, 40_000), scenarios())
@settings(max_examples=100)
def test_planner_verifier_and_report_leave_a_leg_at_the_same_second(
    steps: tuple[Hour, ...], at: int, scenario: Scenario
) -> None:
    leg = leg_of(steps)
    checked = Given(scenario_of(leg, scenario), "likely")
    planned = LegHours(steps).leaves(at)
    verified = checked.leaves(leg, KIND, at)
    if planned <= checked.horizon or verified <= checked.horizon:
        assert planned == verified
        assert leg.leaves(KIND, timedelta(seconds=at)) == timedelta(seconds=planned)


@given(hours(), st.integers(0, 40_000))
def test_the_latest_entry_for_an_exit_is_the_latest(steps: tuple[Hour, ...], by: int) -> None:
    found = LegHours(steps)
    entry = found.enters(by)
    if entry is None:
        assert found.leaves(0) > by
    else:
        assert entry >= 0
        assert found.leaves(entry) <= by
        assert found.leaves(entry + 1) > by


@given(hours(), st.integers(0, 40_000))
def test_no_entry_is_quicker_than_the_least_or_slower_than_the_longest(
    steps: tuple[Hour, ...], at: int
) -> None:
    found = LegHours(steps)
    lasts = found.leaves(at) - at
    assert lasts >= found.least()
    assert lasts <= found.longest() or lasts > 10**9


@st.composite
def timed(draw: st.DrawFn) -> Scenario:
    """Return a scenario with any mixture of rules, its legs timed by hour for some kinds."""
    scenario = draw(scenarios())
    kinds = sorted({one.kind for one in scenario.vehicles})
    horizon = int(scenario.horizon.total_seconds())
    legs = []
    for leg in scenario.legs:
        by_hour = {kind: draw(hours(horizon)) for kind in kinds if draw(st.booleans())}
        longest = {
            kind: sure(max(one.time for one in steps if one.time is not None))
            for kind, steps in by_hour.items()
        }
        legs.append(replace(leg, times={**leg.times, **longest}, hours=by_hour))
    return replace(scenario, legs=tuple(legs))


POLICIES = (
    Policy(),
    Policy(patience={("lane", True): 1200, ("lane", False): 1200}),
    Policy(all_back=True, nearest=True, filling=QueueFilling()),
)


@given(timed())
@settings(max_examples=80)
def test_the_verifier_accepts_plans_by_hour_and_no_plan_beats_the_bound(
    scenario: Scenario,
) -> None:
    problem = make_problem(scenario)
    ways = Ways(problem)
    bound = supply_bound(problem, ways, spans=24)
    if any(leg.hours for leg in scenario.legs) and scenario.vehicles:
        assert "hours" in bound.relaxes
    for policy in POLICIES:
        schedule = dispatch(problem, ways, policy)
        plan = propose(problem, schedule, objective="expected", proof=BoundProof("none"))
        assert violations(scenario, plan) == ()
        assert plan_value(problem, schedule.trips) <= bound.value + 1e-6


def test_a_bus_waits_for_the_quick_hour_and_the_verifier_refuses_one_minute_less() -> None:
    # Entering at minute 50 takes 40 minutes, from minute 60 on 10: out at 70 either way.
    quick = LegHours((Hour(timedelta(0), timedelta(minutes=40)),
                      Hour(timedelta(minutes=60), timedelta(minutes=10))))  # fmt: skip
    assert quick.leaves(50 * 60) == 70 * 60
    assert quick.leaves(20 * 60) == 60 * 60
    assert quick.leaves(30 * 60) == 70 * 60
    assert quick.enters(69 * 60) == 29 * 60
    assert quick.enters(70 * 60) == 60 * 60
