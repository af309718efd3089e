"""Other people's solvers on the tours problem, each in a process of its own.

`python -m benchmarks.tours_peers PEER FILE --limit S` prints {"tours": …, "note": …} or no tours.
PyVRP, VROOM and OR-Tools routing have no shelters that fill up and no least makespan: they get the
shelter of every load from the shortest flow (LB2), and those without a makespan lower their own
best by 1 % while time remains. That may exclude the optimum; it is said in each note.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from safepassage.planner.tours.bep_text import read_bep
from safepassage.planner.tours.problem import Tour, ToursProblem, makespan

Found = tuple[list[Tour] | None, str]

MOST_BINARIES = 60_000


def fixed_trips(problem: ToursProblem) -> list[tuple[int, int]]:
    """Return every load with the shelter that the shortest flow gives it."""
    from safepassage.planner.tours.bounds import flow_of_least_length

    _, answer = flow_of_least_length(problem)
    pickups, gates = len(problem.loads), len(problem.room)
    count = np.rint(answer.x[: pickups * gates].reshape(pickups, gates)).astype(int)
    return [(int(i), int(j)) for i, j in np.argwhere(count) for _ in range(count[i, j])]


def between(problem: ToursProblem, trips: list[tuple[int, int]]) -> np.ndarray[Any, Any]:
    """Return ticks from trip to trip; place 0 is the one yard, going home costs nothing."""
    pickups = np.array([i for i, _ in trips])
    gates = np.array([j for _, j in trips])
    own = problem.out[pickups, gates]
    table = np.zeros((len(trips) + 1, len(trips) + 1), dtype=np.int64)
    table[0, 1:] = problem.start[0, pickups] + own
    table[1:, 1:] = problem.back[gates][:, pickups] + own[None, :]
    np.fill_diagonal(table, 0)
    return table


def as_tours(trips: list[tuple[int, int]], routes: list[list[int]]) -> list[Tour]:
    """Return routes over place numbers (1 is the first trip) as tours."""
    return [Tour(0, tuple(trips[n - 1] for n in route)) for route in routes if route]


def lowering(
    problem: ToursProblem, limit: float, attempt: Callable[[int, float], list[Tour] | None]
) -> list[Tour] | None:
    """Ask for ever lower makespans, 1 % below the best so far, in slices of the time."""
    from safepassage.planner.tours.greedy import soonest_first

    until = time.monotonic() + limit
    best, target = None, makespan(problem, soonest_first(problem))
    slack = limit / 6
    while (left := until - time.monotonic()) > 0.5:
        tours = attempt(target, min(slack, left))
        if tours is None:
            if best is None:
                target = int(target * 1.2)
            continue
        best = tours
        target = int(makespan(problem, tours) * 0.99)
    return best


def pyvrp(problem: ToursProblem, limit: float) -> Found:
    """Ask PyVRP: trips as clients, shift duration as the makespan."""
    import pyvrp as peer
    from pyvrp.stop import MaxRuntime

    trips = fixed_trips(problem)
    table = between(problem, trips)

    def attempt(target: int, seconds: float) -> list[Tour] | None:
        model = peer.Model()
        places = [model.add_location(0, 0) for _ in range(len(trips) + 1)]
        depot = model.add_depot(places[0])
        for place in places[1:]:
            model.add_client(place)
        model.add_vehicle_type(
            problem.fleet, start_depot=depot, end_depot=depot, shift_duration=target
        )
        for a, row in enumerate(table.tolist()):
            for b, ticks in enumerate(row):
                model.add_edge(places[a], places[b], distance=ticks, duration=ticks)
        result = model.solve(MaxRuntime(seconds), seed=1, display=False, collect_stats=False)
        if not result.is_feasible():
            return None
        routes = [
            [one.idx + 1 for one in route.schedule() if one.is_client()]
            for route in result.best.routes()
        ]
        return as_tours(trips, routes)

    return lowering(problem, limit, attempt), "fixed shelters"


def vroom(problem: ToursProblem, limit: float) -> Found:
    """Ask VROOM in its own JSON: trips as jobs, travel time as the makespan."""
    import vroom as peer

    trips = fixed_trips(problem)

    def attempt(target: int, seconds: float) -> list[Tour] | None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "problem.json"
            file.write_text(json.dumps(vroom_problem(problem, trips, target)), encoding="utf-8")
            data = peer.Input.from_json(file)
            answer = data.solve(
                exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds)
            )
        return from_vroom(trips, answer.to_dict())

    return lowering(problem, limit, attempt), "fixed shelters; JSON in and out"


def vroom_problem(
    problem: ToursProblem, trips: list[tuple[int, int]], target: int
) -> dict[str, object]:
    """Return what VROOM reads: https://github.com/VROOM-Project/vroom/blob/master/docs/API.md."""
    return {
        "vehicles": [
            {"id": k, "profile": "car", "start_index": 0, "max_travel_time": target}
            for k in range(problem.fleet)
        ],
        "jobs": [{"id": n + 1, "location_index": n + 1} for n in range(len(trips))],
        "matrices": {"car": {"durations": between(problem, trips).tolist()}},
    }


def from_vroom(trips: list[tuple[int, int]], answer: Mapping[str, Any]) -> list[Tour] | None:
    """Return the tours of what VROOM writes, None where it left jobs out."""
    if answer["code"] != 0 or answer["summary"]["unassigned"]:
        return None
    routes = [
        [step["id"] for step in route["steps"] if step["type"] == "job"]
        for route in answer["routes"]
    ]
    return as_tours(trips, routes)


def ortools(problem: ToursProblem, limit: float) -> Found:
    """Ask OR-Tools routing: least makespan as the span of a time dimension."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    trips = json.loads(sys.stdin.read())
    table = between(problem, [tuple(one) for one in trips]).tolist()
    manager = pywrapcp.RoutingIndexManager(len(table), problem.fleet, 0)
    model = pywrapcp.RoutingModel(manager)

    def ticks(a: int, b: int) -> int:
        return int(table[manager.IndexToNode(a)][manager.IndexToNode(b)])

    transit = model.RegisterTransitCallback(ticks)
    model.SetArcCostEvaluatorOfAllVehicles(transit)
    model.AddDimension(transit, 0, 10**9, True, "time")  # noqa: FBT003
    model.GetDimensionOrDie("time").SetGlobalSpanCostCoefficient(1000)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    search.time_limit.FromMilliseconds(int(limit * 1000))
    answer = model.SolveWithParameters(search)
    if answer is None:
        return None, "fixed shelters"
    routes = []
    for vehicle in range(problem.fleet):
        index, route = model.Start(vehicle), []
        while not model.IsEnd(index):
            index = answer.Value(model.NextVar(index))
            if not model.IsEnd(index):
                route.append(manager.IndexToNode(index))
        routes.append(route)
    return as_tours([(i, j) for i, j in trips], routes), "fixed shelters"


def literature(problem: ToursProblem, limit: float) -> Found:
    """Solve the round-indexed program of Goerigk, Gruen and Hessler (2013) with HiGHS."""
    import highspy

    from safepassage.planner.tours.linear import Program, run

    buses, rounds = problem.fleet, problem.total
    pairs = [(i, j) for i in range(len(problem.loads)) for j in range(len(problem.room))]
    if buses * rounds * len(pairs) > MOST_BINARIES:
        return None, f"{buses * rounds * len(pairs)} binaries: not built"
    infinite = highspy.kHighsInf
    program = Program()
    last = [program.row(0, infinite) for _ in range(buses)]
    slot = [[program.row(-infinite, 1) for _ in range(rounds)] for _ in range(buses)]
    order = [[program.row(0, infinite) for _ in range(rounds - 1)] for _ in range(buses)]
    way = {
        (b, r, p): program.row(-float(problem.back[p[1], p[0]]), infinite)
        for b in range(buses)
        for r in range(rounds - 1)
        for p in pairs
    }
    demand = [program.row(n, infinite) for n in problem.loads]
    room = [program.row(-infinite, n) for n in problem.room]
    program.column(1.0, [(row, 1.0) for row in last], whole=False)
    for b in range(buses):
        for r in range(rounds - 1):
            parts = [(way[b, r, p], 1.0) for p in pairs]
            program.column(0.0, [(last[b], -1.0), *parts], whole=False)
    trips: list[tuple[int, int, tuple[int, int]]] = []
    for b in range(buses):
        for r in range(rounds):
            for i, j in pairs:
                ticks = int(problem.out[i, j]) + (int(problem.start[0, i]) if r == 0 else 0)
                parts = [(last[b], -float(ticks)), (slot[b][r], 1.0)]
                parts += [(demand[i], 1.0), (room[j], 1.0)]
                if r < rounds - 1:
                    parts.append((order[b][r], 1.0))
                    # Out to j now; whoever goes to k next drives back from j to k.
                    parts += [
                        (way[b, r, (k, j)], -float(problem.back[j, k]))
                        for k in range(len(problem.loads))
                    ]
                if r > 0:
                    parts.append((order[b][r - 1], -1.0))
                    parts += [
                        (way[b, r - 1, (i, l)], -float(problem.back[l, i]))
                        for l in range(len(problem.room))  # noqa: E741 - as in the paper
                    ]
                program.column(0.0, parts, most=1.0)
                trips.append((b, r, (i, j)))
    answer = run(program, whole=True, limit=limit)
    if answer.status not in ("optimal", "feasible"):
        return None, "no plan in time"
    taken = answer.x[-len(trips) :] > 0.5
    tours: list[list[tuple[int, int]]] = [[] for _ in range(buses)]
    for (b, _, trip), used in zip(trips, taken, strict=True):
        if used:
            tours[b].append(trip)
    return [Tour(0, tuple(one)) for one in tours if one], answer.status


PEERS: dict[str, Callable[[ToursProblem, float], Found]] = {
    "pyvrp": pyvrp,
    "vroom": vroom,
    "ortools": ortools,
    "literature": literature,
}


def main() -> int:
    """Run one peer on one file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tours_peers")
    parser.add_argument("peer", choices=[*PEERS, "trips"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=float, default=60.0)
    given = parser.parse_args()
    problem = read_bep(given.file)
    if given.peer == "trips":
        print(json.dumps(fixed_trips(problem)))
        return 0
    try:
        tours, note = PEERS[given.peer](problem, given.limit)
    except ImportError as fault:
        tours, note = None, f"not installed: {fault.name}"
    print(json.dumps({"tours": tours, "note": note}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
