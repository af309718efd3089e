"""Laws that hold for any plan: what shifting, loosening, reordering and writing may not change."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from safepassage.planner.plan import BoundProof, Convoy, Plan, Run, Stated, Trip
from safepassage.planner.plan_file import plan_from_json, plan_hash, plan_to_json
from safepassage.planner.verify import Violation, verify, violations
from safepassage.scenario.figure import sure
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law
from tests.planner.verify import tiny
from tests.planner.verify.corridor import corridor_plan, corridor_world
from tests.planner.verify.naive import naive_worth
from tests.planner.verify.worlds import fm, m, rules_broken

Mission = tuple[Scenario, Plan]


def with_value(world: Scenario, one: Plan) -> Plan:
    """Return a plan that states what its trips make."""
    for found in violations(world, one):
        if found.rule == "value":
            return replace(one, value=float(found.allowed))
    return one


LOOSEN: list[Callable[[Scenario], Scenario]] = [
    lambda w: replace(w, windows=()),
    lambda w: replace(w, horizon=w.horizon + m(60)),
    lambda w: replace(w, rules=Rules()),
    lambda w: replace(w, opening=None),
    lambda w: replace(w, places=tuple(replace(one, bays={}) for one in w.places)),
    lambda w: replace(w, places=tuple(replace(one, intake=None, rate=None) for one in w.places)),
    lambda w: replace(w, places=tuple(replace(one, capacity=None) for one in w.places)),
    lambda w: replace(w, places=tuple(replace(one, opens=None) for one in w.places)),
    lambda w: replace(
        w, places=tuple(replace(one, limit=None, longest_wait=None) for one in w.places)
    ),
    lambda w: replace(w, groups=tuple(replace(one, ready=()) for one in w.groups)),
    lambda w: replace(w, groups=tuple(replace(one, wants=()) for one in w.groups)),
    lambda w: replace(
        w, vehicles=tuple(replace(one, ready=(), range_time=None) for one in w.vehicles)
    ),
    lambda w: replace(w, staff=tuple(replace(one, needed_by=(), ready=()) for one in w.staff)),
    lambda w: replace(
        w,
        corridors=tuple(
            replace(one, largest=None, headway=None, one_way=False) for one in w.corridors
        ),
    ),
]


@cache
def accepted() -> tuple[Mission, ...]:
    """Return seeded tiny missions with at least two trips whose plans are right."""
    found: list[Mission] = []
    for number in range(1500):
        rng = random.Random(f"law/{number}")  # noqa: S311 - a seeded test
        if number % 2:
            world = tiny.open_world(rng)
            one = tiny.open_plan(world, rng)
        else:
            world = tiny.corridor_world(rng)
            one = tiny.corridor_plan(world, rng)
        for loosen in rng.sample(LOOSEN, 8):
            world = loosen(world)
        if len(one.trips) > 1 and not rules_broken(world, one):
            found.append((world, with_value(world, one)))
    return tuple(found)


MISSIONS = st.integers(0, 10**6).map(lambda number: accepted()[number % len(accepted())])


def test_there_are_enough_missions_and_people_to_speak_of_laws() -> None:
    missions = accepted()
    assert len(missions) > 100
    assert sum(1 for _, one in missions if sum(bool(two.load) for two in one.trips) > 1) > 50


def later(one: Plan, seconds: int) -> Plan:
    def moved(two: Trip) -> Trip:
        return replace(two, depart=two.depart + seconds, arrive=two.arrive + seconds)

    def moved_convoy(two: Convoy) -> Convoy:
        return replace(two, depart=two.depart + seconds, arrive=two.arrive + seconds)

    return replace(
        one,
        trips=tuple(moved(two) for two in one.trips),
        convoys=tuple(moved_convoy(two) for two in one.convoys),
    )


@given(MISSIONS, st.integers(0, 100_000))
def test_a_whole_plan_may_run_later_where_nothing_closes(mission: Mission, seconds: int) -> None:
    world, one = mission
    world = replace(world, windows=(), horizon=timedelta(days=10))
    assert violations(world, later(one, seconds)) == ()


@given(MISSIONS, st.integers(1, 100_000))
def test_a_plan_that_runs_later_is_worth_no_more(mission: Mission, seconds: int) -> None:
    world, one = mission
    world = replace(
        world, windows=(), horizon=timedelta(days=10), ending=Law("exponential", fm(60))
    )
    soon = verify(world, with_value(world, one))
    late = verify(world, with_value(world, later(one, seconds)))
    assert late.value <= soon.value
    assert late.people_out == soon.people_out
    assert late.curve == tuple((when + seconds, people) for when, people in soon.curve)


@given(MISSIONS, st.sampled_from(LOOSEN))
def test_a_limit_less_never_refuses_a_plan(
    mission: Mission, loosen: Callable[[Scenario], Scenario]
) -> None:
    world, one = mission
    assert rules_broken(loosen(world), one) == set()


@given(MISSIONS, st.randoms(use_true_random=False))
def test_the_order_in_the_file_says_nothing(mission: Mission, rng: random.Random) -> None:
    world, one = mission
    trips, convoys = list(one.trips), list(one.convoys)
    rng.shuffle(trips)
    rng.shuffle(convoys)
    mixed = verify(world, replace(one, trips=tuple(trips), convoys=tuple(convoys)))
    straight = verify(world, one)
    assert mixed.value == straight.value
    assert mixed.curve == straight.curve
    assert mixed.left_behind == straight.left_behind


@given(MISSIONS, st.integers(0, 20))
def test_a_plan_without_its_last_people_is_worth_less_and_still_right(
    mission: Mission, number: int
) -> None:
    world, one = mission
    arrivals = [
        two for two in one.trips if two.load and world.place[two.end].arrived and not two.staff
    ]
    if not arrivals:
        return
    empty = replace(arrivals[number % len(arrivals)], load={}, groups={}, households={})
    taken = tuple(empty if two is arrivals[number % len(arrivals)] else two for two in one.trips)
    world = replace(
        world,
        staff=tuple(replace(two, needed_by=()) for two in world.staff),
        places=tuple(replace(two, longest_wait=None, limit=None) for two in world.places),
    )
    before = verify(world, one)
    fewer = with_value(world, replace(one, trips=taken))
    assert rules_broken(world, fewer) == set()
    after = verify(world, fewer)
    assert after.value < before.value
    assert sum(after.left_behind.values()) > sum(before.left_behind.values())


@given(MISSIONS)
def test_the_numbers_of_a_verified_plan_agree_with_each_other(mission: Mission) -> None:
    verified = verify(*mission)
    people = [count for _, count in verified.curve]
    assert people == sorted(set(people))
    assert verified.people_out == (people[-1] if people else 0) <= verified.people_total
    assert verified.value <= verified.people_out + 1e-9
    by_class = sum(steps[-1][1] for steps in verified.curve_by_class.values())
    assert by_class == verified.people_out
    again = verify(mission[0], verified.plan)
    assert again == verified


@given(MISSIONS, st.floats(0.0, 1.0), st.floats(0.1, 5.0), st.sampled_from([0.7, 1.0, 2.0]))
def test_the_worth_of_a_plan_is_that_of_the_naive_reading(
    mission: Mission, rho: float, mean: float, shape: float
) -> None:
    world, one = mission
    classes = tuple(
        replace(two, weight=2.5) if two.id == "stretcher" else two for two in world.classes
    )
    world = replace(
        world,
        classes=classes,
        ending=Law("weibull", fm(mean), shape=shape),
        rules=replace(world.rules, rho=sure(rho)),
    )
    value, curve, left = naive_worth(world, one)
    verified = verify(world, replace(one, value=value))
    assert list(verified.curve) == curve
    assert verified.left_behind == left
    assert abs(verified.value - value) < 1e-9


NAMES = st.sampled_from(
    ["A", "B", "G", "E", "H", "K", "bus-01", "bus-02", "ambulance-01", "x", "Ω"]
)
LEGS = st.sampled_from(["A-G", "G-M", "M-E", "E-B", "E-H", "x"])
COUNTS = st.dictionaries(
    st.sampled_from(["walking", "litter", "companion", "families", "wounded", "escort", "x"]),
    st.integers(0, 120),
    max_size=3,
)
WHO = st.dictionaries(
    st.sampled_from(["delegate", "escort", "x"]),
    st.lists(st.sampled_from(["delegate-01", "delegate-02", "escort-01", "x"])).map(tuple),
    max_size=2,
)
MOMENTS = st.integers(-5000, 20_000)
TRIPS = st.builds(
    Trip,
    vehicle=st.none() | NAMES,
    kind=st.sampled_from([None, "bus", "ambulance", "x"]),
    start=NAMES,
    end=NAMES,
    legs=st.lists(LEGS, max_size=4).map(tuple),
    depart=MOMENTS,
    arrive=MOMENTS,
    convoy=st.sampled_from([None, "c1", "c2", "x"]),
    load=COUNTS,
    groups=COUNTS,
    households=COUNTS,
    staff=COUNTS,
    who=WHO,
)
CONVOYS = st.builds(
    Convoy,
    id=st.sampled_from(["c1", "c2", "c3"]),
    corridor=st.sampled_from(["way", "x"]),
    start=NAMES,
    end=NAMES,
    depart=MOMENTS,
    arrive=MOMENTS,
    staff=COUNTS,
    who=WHO,
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | NUMBERS | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
STATED = st.builds(
    Stated,
    gap=st.none() | NUMBERS,
    people_total=st.integers(0, 10**6),
    people_out=st.integers(0, 10**6),
    curve=st.lists(st.tuples(MOMENTS, st.integers(0, 10**6)), max_size=4).map(tuple),
)
PLANS = st.builds(
    Plan,
    scenario=st.sampled_from(["a" * 64, "b"]),
    inputs=st.dictionaries(st.text(max_size=5), st.text(min_size=1, max_size=5), max_size=2),
    start=st.sampled_from(
        [corridor_world().start, datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=2)))]
    ),
    objective=st.sampled_from(["expected", "last_out"]),
    people=st.sampled_from(["low", "likely", "high"]),
    convoys=st.lists(CONVOYS, max_size=4).map(tuple),
    trips=st.lists(TRIPS, max_size=6).map(tuple),
    value=NUMBERS,
    bound=st.none() | NUMBERS,
    proof=st.builds(
        BoundProof,
        kind=st.sampled_from(["certificate", "lp_optimal", "search", "relaxed", "none"]),
        relaxes=st.lists(st.text(min_size=1, max_size=5), max_size=2).map(tuple),
        data=st.dictionaries(st.text(max_size=5), JSON, max_size=3),
    ),
    seed=st.integers(-(2**63), 2**63 - 1),
    expected_people=st.none() | NUMBERS,
    expected_people_bound=st.none() | NUMBERS,
    run=st.none()
    | st.builds(Run, NUMBERS, st.text(min_size=1, max_size=5), st.text(min_size=1, max_size=5)),
    stated=st.none() | STATED,
)


@given(PLANS)
def test_any_plan_comes_back_from_its_file_as_it_was(one: Plan) -> None:
    document = plan_to_json(one)
    back = plan_from_json(document)
    assert back.stated is not None
    assert back.stated.plan_hash == plan_hash(one)
    without = None if one.stated is None else replace(back.stated, plan_hash=None)
    assert replace(back, stated=without) == one
    assert plan_hash(back) == plan_hash(one)


@given(PLANS)
def test_no_plan_however_wild_is_a_fault_of_the_verifier(one: Plan) -> None:
    wild = replace(one, scenario="a" * 64, inputs={}, start=corridor_world().start)
    found = violations(corridor_world(), wild)
    assert all(isinstance(two, Violation) for two in found)
    for two in found:
        assert two.in_words(datetime(2016, 12, 15, 8, tzinfo=UTC))


@given(st.integers(0, 7), TRIPS)
def test_a_wild_trip_among_right_ones_is_judged_beside_them(number: int, wild: Trip) -> None:
    trips = list(corridor_plan().trips)
    if trips[number] == wild:
        return
    trips[number] = wild
    assert violations(corridor_world(), replace(corridor_plan(), trips=tuple(trips)))


@given(st.floats(0.1, 3.0), st.floats(0.1, 3.0))
def test_a_longer_window_never_lowers_the_value(one: float, two: float) -> None:
    short, long = sorted((one, two))

    def value(mean: float) -> float:
        world = replace(
            corridor_world(), ending=Law("weibull", fm(240 * mean), shape=1.5), rules=Rules()
        )
        world = replace(world, rules=replace(world.rules, rho=sure(0.0)))
        plan = replace(corridor_plan(), expected_people=None)
        return verify(world, with_value(world, replace(plan, bound=None))).value

    assert value(short) <= value(long) + 1e-12
