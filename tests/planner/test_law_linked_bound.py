"""The bound of two counterparts: worked by hand, and no plan of any search above it."""

import random
from dataclasses import replace
from pathlib import Path

from safepassage.planner.batches import arrived_at, at_most_by_steps, persons_by, sides
from safepassage.planner.bounds import most_arrived_by, supply_bound
from safepassage.planner.greedy import dispatch
from safepassage.planner.objective import plan_value
from safepassage.planner.plan import BoundProof
from safepassage.planner.problem import Problem, make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.reach import Reach
from safepassage.planner.search import Search
from safepassage.planner.verify import violations
from safepassage.planner.ways import Ways
from tests.planner.linked_town import two_towns


def arrivals(problem: Problem) -> tuple[list[int], list[int]]:
    link = problem.counterparts[0]
    both = sides(problem, Reach(problem, Ways(problem)), link)
    ours, theirs = arrived_at(link, *both, problem.horizon)
    return [one // 60 for one in ours], [one // 60 for one in theirs]


def test_batches_of_one_bus_wait_for_each_other(tmp_path: Path) -> None:
    case = two_towns(tmp_path, ours=600, theirs=600, largest=1, escorts=9)
    problem = make_problem(case)
    ours, theirs = arrivals(problem)
    # Loaded at 20. Ours take 66, theirs 90: ours leave at 20, 110, 86 + 90 = 176, 176 + 90 = 266;
    # theirs at 20, 86, 110 + 66 = 176, 176 + 66 = 242.
    assert ours[:4] == [20 + 66, 110 + 66, 176 + 66, 266 + 66]
    assert theirs[:4] == [20 + 90, 86 + 90, 176 + 90, 242 + 90]
    both = sides(problem, Reach(problem, Ways(problem)), problem.counterparts[0])
    assert persons_by(both[0], [60 * one for one in ours], 300 * 60) == 3 * 50


def test_who_has_no_people_left_keeps_nobody_waiting(tmp_path: Path) -> None:
    case = two_towns(tmp_path, ours=600, theirs=100, largest=1, escorts=9)
    ours, _ = arrivals(make_problem(case))
    # Two batches of theirs are all: the second leaves at 86 and is there at 176. From then on ours
    # wait for nobody; their corridor would have let the fifth arrive at 86 + 4 x 30 = 206 already.
    assert ours[2:5] == [176 + 66, 176 + 66, 176 + 66]


def test_one_escort_comes_back_before_the_next_convoy_of_a_side(tmp_path: Path) -> None:
    case = two_towns(tmp_path, ours=600, theirs=600, largest=1, escorts=1)
    ours, theirs = arrivals(make_problem(case))
    assert ours[1] - ours[0] >= 2 * 66
    assert theirs[2] - theirs[0] >= 4 * 90


def test_stated_steps_hold_both_sides_back(tmp_path: Path) -> None:
    more = "steps = [50, 50, 500]"
    case = two_towns(tmp_path, more, ours=600, theirs=600, largest=1, escorts=9)
    problem = make_problem(case)
    ours, _ = arrivals(problem)
    # Loaded at 20. Ours take 66, theirs 90. Their first 50 are there at 110: our second leaves.
    # Our first is there at 86: theirs go on to 100 in all, there at 176: our third leaves. For our
    # fourth all 600 of theirs must be there, in twelve buses 30 apart: 110 + 11 x 30 = 440.
    assert ours[:4] == [20 + 66, 110 + 66, 176 + 66, 440 + 66]
    both = sides(problem, Reach(problem, Ways(problem)), problem.counterparts[0])
    link = problem.counterparts[0]
    # Theirs beyond 50 leave no sooner than 86, beyond 100 no sooner than 176.
    found = [
        at_most_by_steps(link, *both, problem.horizon, 60 * one) for one in (175, 176, 265, 266)
    ]
    assert found == [50, 100, 100, 600]


def test_no_plan_of_two_counterparts_beats_the_bound_and_the_link_lowers_it(tmp_path: Path) -> None:
    lowered = compared = 0
    for seed in range(20):
        r = random.Random(f"linked/{seed}")  # noqa: S311 - no secret
        folder = tmp_path / str(seed)
        folder.mkdir()
        more = r.choice(
            ("", "", "ratio = 0.5", "ratio = 2.0", "steps = [60, 50]", "steps = [20, 40, 90]")
        )
        more += r.choice(("", '\nwaits_for = "departure"'))
        case = two_towns(
            folder,
            more,
            ours=r.randint(60, 500),
            theirs=r.randint(60, 500),
            largest=r.randint(1, 4),
            escorts=r.randint(1, 3),
            horizon=r.choice(("6 h", "9 h")),
        )
        problem = make_problem(case)
        ways = Ways(problem)
        bound = supply_bound(problem, ways, spans=40).value
        most = most_arrived_by(problem, ways, problem.horizon)
        free = replace(problem, counterparts=())
        lowered += bound < supply_bound(free, Ways(free), spans=40).value - 1e-6
        assert most is not None
        search = Search(problem, ways, rng=random.Random(seed))  # noqa: S311 - no secret
        for policy in search.starts()[:6]:
            schedule = dispatch(problem, ways, policy)
            plan = propose(problem, schedule, objective="expected", proof=BoundProof("none"))
            assert not violations(case, plan)
            assert plan_value(problem, schedule.trips) <= bound + 1e-6, (seed, more)
            assert sum(sum(one.load.values()) for one in schedule.trips) <= most + 1e-6, seed
            compared += 1
    assert compared == 20 * 6
    assert lowered >= 7
