"""Plans by hand of a second reader: accepted though nobody could do so, or above a bound."""

import random
from datetime import timedelta

from safepassage.planner.bounds import Bound, supply_bound
from safepassage.planner.budget import Budget
from safepassage.planner.city.problem import City, read_city
from safepassage.planner.city.solve import CitySolver
from safepassage.planner.never import Never
from safepassage.planner.plan import Plan
from safepassage.planner.problem import make_problem
from safepassage.planner.solve import solve
from safepassage.planner.verify import verify
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available, Vehicles
from safepassage.scenario.people import Group
from safepassage.scenario.places import Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law
from tests.planner.verify.worlds import bus, fm, leg, m, plan, rules_broken, scenario, trip

STAGING = Place("S", "staging", longest_wait=m(30))


def relay(*more: Vehicles, households: int | None = None, people: int = 20) -> Scenario:
    """Return P, ten minutes before the staging place S, and B, thirty minutes behind it."""
    return scenario(
        places=(Place("P", "pickup"), STAGING, Place("B", "shelter", arrived=True)),
        legs=(leg("P", "S", 10), leg("S", "B", 30)),
        groups=(
            Group(
                "people",
                "P",
                "walking",
                sure(people),
                households=None if households is None else sure(households),
            ),
        ),
        vehicles=(bus("P", id="m", kind="mini", count=2, load=fm(0), unload=fm(0)), *more),
    )


def test_who_boards_a_vehicle_that_loads_slowly_is_one_who_was_there_by_then() -> None:
    """The slow bus begins to load before the second ten come, and leaves after the quick one."""
    world = relay(
        bus("S", id="slow", kind="slow", load=fm(30)), bus("S", id="fast", kind="fast", load=fm(0))
    )

    def made(slow: float) -> Plan:
        return plan(
            world,
            trip("mini-01", "P", "S", 5, 15, 10),
            trip("mini-02", "P", "S", 25, 35, 10),
            trip("slow-01", "S", "B", slow, slow + 30, 10),
            trip("fast-01", "S", "B", 45, 75, 10),
        )

    # It boards at 20: only the first ten are there, who then wait from 15 to 50.
    assert rules_broken(world, made(50)) == {"staging"}
    # Boarding from 35 on it can take the second ten, who wait until 65; the others leave at 45.
    assert rules_broken(world, made(65)) == set()


def test_a_household_that_waits_is_not_told_to_have_left_as_part_of_a_larger_one() -> None:
    """Two come at 10, three at 30; the three leave first: the two wait from 10 to 45."""
    world = relay(bus("S", count=2), households=2, people=5)

    def fetched(first: int, second: int) -> Plan:
        one = {"households": {"people": 1}}
        return plan(
            world,
            trip("mini-01", "P", "S", 0, 10, 2, **one),
            trip("mini-02", "P", "S", 20, 30, 3, **one),
            trip("bus-01", "S", "B", 40, 70, first, **one),
            trip("bus-02", "S", "B", 45, 75, second, **one),
        )

    assert rules_broken(world, fetched(3, 2)) == {"staging"}
    assert rules_broken(world, fetched(2, 3)) == set()


def test_who_is_brought_back_to_the_hospital_he_left_has_not_arrived() -> None:
    world = scenario(
        places=(
            Place("H", "hospital", arrived=True),
            Place("S", "staging"),
            Place("B", "hospital", arrived=True),
        ),
        legs=(leg("H", "S", 10), leg("S", "B", 200)),
        groups=(Group("people", "H", "walking", sure(10)),),
        vehicles=(bus("H", load=fm(1), unload=fm(1)),),
        ending=Law("exponential", fm(60)),
    )
    round_trip = plan(
        world,
        trip("bus-01", "H", "S", 1, 11, 10),
        trip("bus-01", "S", "H", 13, 23, 10, legs=("H-S",)),
    )
    assert rules_broken(world, round_trip) == {"arrived"}
    made = solve(world, iterations=20)
    assert made.bound is not None
    assert 0 < made.value <= made.bound < 1
    assert all(one.end != "H" for one in made.plan.trips if one.load)


def uneven(**more: object) -> Scenario:
    """Return a town whose chance falls between two ticks of its clock, of twenty minutes."""
    return scenario(
        legs=(leg("A", "B", 20),),
        groups=(Group("people", "A", "walking", sure(50)),),
        vehicles=(bus(load=fm(0), unload=fm(0), ready=(Available(m(20), 1),)),),
        horizon=timedelta(minutes=45),
        ending=Law("table", steps=((m(22), 1.0), (m(23), 0.5))),
        rules=Rules(rho=sure(1.0)),
        **more,
    )


def test_who_departs_between_two_ticks_of_a_city_does_not_beat_its_bound() -> None:
    """Who departs at 20 risks all; who waits for 25, when the worst is over, risks nothing."""
    world = uneven()
    value = verify(world, plan(world, trip("bus-01", "A", "B", 25, 45, 50), value=25.0)).value
    problem = make_problem(world)
    ways = Ways(problem)
    city = read_city(problem, ways)
    assert isinstance(city, City)
    assert (city.tick, city.exact) == (1200, True)
    found: list[Bound] = []
    solver = CitySolver(problem, ways, city, Budget(30.0, 20, None), random.Random(1))  # noqa: S311 - no secret
    solver.price(found.append)
    solver.plan(lambda _: None, found.append)
    assert min(one.value for one in found) >= value
    assert supply_bound(problem, ways).value >= value - 1e-9


def test_who_stands_at_a_place_that_opens_later_may_leave_it_before() -> None:
    """The bus stands at the shelter, which opens at two hours, long before the end of the plan."""
    world = scenario(
        places=(Place("A", "pickup"), Place("B", "shelter", arrived=True, opens=m(120))),
        vehicles=(bus("B"),),
        horizon=timedelta(minutes=140),
    )
    made = plan(
        world,
        trip("bus-01", "B", "A", 0, 60, legs=("A-B",)),
        trip("bus-01", "A", "B", 70, 130, 50),
        value=50.0,
    )
    assert verify(world, made).people_out == 50
    problem = make_problem(world)
    assert Never(problem, Ways(problem)).why(problem.crowds[0]) is None
    assert solve(world, iterations=10).people_out == 50
