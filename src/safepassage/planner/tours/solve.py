"""The objective `last_out` of a scenario: a plan in which the last person arrives soonest.

Knows how a scenario of the family becomes a tours problem and its solution a plan with real trips.
The plan is untrusted: the verifier judges it.
"""

import platform
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from safepassage import __version__
from safepassage.planner.plan import BoundProof, Plan, Run, Trip
from safepassage.planner.problem import Problem, make_problem
from safepassage.planner.tours.bounds import quick_bound, reach
from safepassage.planner.tours.connected import SCALE as LENGTH_SCALE
from safepassage.planner.tours.connected import Lengths
from safepassage.planner.tours.family import Outside, Reading, read_family
from safepassage.planner.tours.problem import NEVER, ToursProblem
from safepassage.planner.tours.search import MOST_ROUNDS, Progress, Solution, solve_tours
from safepassage.planner.tours.timetable import trips_of, without_empty
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import Choice
from safepassage.scenario.scenario import Scenario

Watch = Callable[[float, float | None, float], None]
"""Called with the seconds so far, the value of the best plan (None: no plan) and the bound."""


class OutsideFamilyError(ValueError):
    """The scenario has rules that tours cannot say; `reasons` names each."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class NoPlanError(ValueError):
    """No plan brings everybody out: the message says which limit stands against it."""


def solve_last_out(
    scenario: Scenario,
    *,
    limit: timedelta,
    seed: int,
    people: Choice = "likely",
    rounds: int = MOST_ROUNDS,
    progress: Watch | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """Return the best plan found within the limit, with its proved bound in minutes.

    Unless the limit cuts the search short, `seed` and `rounds` alone decide the plan.

    Raises
    ------
    OutsideFamilyError
        If a rule of the scenario is outside the family of tours.
    NoPlanError
        If it is proved, or could not be shown otherwise in time, that not everybody can arrive.
    UnknownFigureError
        If a figure that the planner needs is unknown.
    """
    began = time.monotonic()
    problem = make_problem(scenario, people)
    impossible = _no_room_or_way(problem)
    if impossible is not None:
        raise NoPlanError(impossible)
    reading = read_family(problem)
    if isinstance(reading, Outside):
        raise OutsideFamilyError(reading.reasons)
    impossible = _impossible(reading)
    if impossible is not None:
        raise NoPlanError(impossible)
    solution = solve_tours(
        reading.problem,
        limit=limit.total_seconds(),
        seed=seed,
        rounds=rounds,
        progress=None if progress is None else _in_minutes(reading, progress),
        stop=stop,
    )
    tours = None if solution.tours is None else without_empty(reading.problem, list(solution.tours))
    if tours is None:
        raise NoPlanError("no plan was found in the time given that brings everybody out")
    trips = trips_of(reading, tours)
    last = max(one.arrive for one in trips if one.groups)
    if last > reading.source.horizon:
        raise NoPlanError(_too_late(reading, solution, last))
    return _plan(reading, solution, trips, last, seed, time.monotonic() - began)


def _in_minutes(reading: Reading, progress: Watch) -> Progress:
    tick = reading.problem.seconds / 60

    def tell(seconds: float, value: int | None, bound: int) -> None:
        progress(seconds, None if value is None else value * tick, bound * tick)

    return tell


def prove_last_out_impossible(scenario: Scenario, people: Choice = "likely") -> str | None:
    """Return the limit that proves that not everybody can be moved; None where nothing proves it.

    A scenario outside the family is judged by total capacity, by the slots of the vehicles and by
    whether there is a way at all.
    """
    problem = make_problem(scenario, people)
    plain = _no_room_or_way(problem)
    if plain is not None:
        return plain
    reading = read_family(problem)
    return None if isinstance(reading, Outside) else _impossible(reading)


def _no_room_or_way(problem: Problem) -> str | None:
    """Return why some people can never arrive, whatever the rules of the scenario."""
    crowds = [one for one in problem.crowds if one.total > 0]
    everyone = sum(one.total * one.each for one in crowds)
    gates = [one for one in problem.sites.values() if one.arrived]
    room = [one.room for one in gates if one.room is not None]
    if len(room) == len(gates) and sum(room) < everyone:
        return f"capacity: {everyone} people wish to leave, all destinations take {sum(room)}"
    ways = Ways(problem)
    for crowd in crowds:
        fits = [
            fleet
            for fleet in problem.fleets
            if fleet.vehicles
            and all(fleet.slots.get(slot, 0) >= n for slot, n in crowd.uses.items())
        ]
        if not fits:
            return f"vehicles: none can take a person of class {crowd.class_id}"
        wanted = [one.id for one in gates if not crowd.wants or one.id in crowd.wants]
        kinds = {fleet.kind for fleet in problem.fleets}
        if not any(ways.between(kind, crowd.at, gate) for kind in kinds for gate in wanted):
            return f"legs: there is no way from {crowd.at} to where group {crowd.id} may arrive"
    return None


def _impossible(reading: Reading) -> str | None:
    problem, horizon = reading.problem, reading.source.horizon // reading.problem.seconds
    if reach(problem) >= NEVER:
        far = [
            name
            for i, name in enumerate(problem.pickups)
            if reach(replace(problem, loads=_only(problem, i))) >= NEVER
        ]
        return f"no vehicle can bring anybody from {', '.join(far)} to where it counts"
    bound = quick_bound(problem)
    if bound >= NEVER:
        return "the destinations that can be reached take fewer people than wish to leave"
    if bound > horizon:
        minutes = bound * problem.seconds / 60
        return (
            f"time: the last cannot arrive before minute {minutes:g}, "
            f"the horizon ends at minute {reading.source.horizon / 60:g}"
        )
    return None


def _only(problem: ToursProblem, pickup: int) -> tuple[int, ...]:
    return tuple(n if i == pickup else 0 for i, n in enumerate(problem.loads))


def _too_late(reading: Reading, solution: Solution, last: int) -> str:
    """Return in words that the best plan ends after the horizon, and what is proved."""
    bound = solution.bound * reading.problem.seconds / 60
    end = reading.source.horizon / 60
    proved = "proved" if bound > end else "not proved impossible"
    return (
        f"time: the best plan ends at minute {last / 60:g}, no plan ends before minute {bound:g}, "
        f"the horizon ends at minute {end:g} ({proved})"
    )


def _plan(
    reading: Reading,
    solution: Solution,
    trips: tuple[Trip, ...],
    last: int,
    seed: int,
    seconds: float,
) -> Plan:
    scenario, source = reading.source.scenario, reading.source
    bound = min(solution.bound * reading.problem.seconds, last)
    people = sum(
        sum(one.load.values()) * source.worth(one.depart, one.arrive) for one in trips if one.load
    )
    return Plan(
        scenario=scenario.sha256,
        inputs=dict(scenario.inputs),
        start=scenario.start,
        objective="last_out",
        people=source.choice,
        convoys=(),
        trips=trips,
        value=last / 60,
        bound=bound / 60,
        proof=_proof(reading, solution),
        seed=seed,
        expected_people=people,
        run=Run(round(seconds, 3), __version__, platform.machine()),
    )


def _proof(reading: Reading, solution: Solution) -> BoundProof:
    """Return how the bound is known; a certificate in the terms of docs/reference/plan.md.

    Its checker leaves wishes and the longest time on board out and counts persons; where one of
    those could matter the bound stays proved, but the plan alone does not show it.
    """
    if solution.known != "certificate":
        return BoundProof(solution.known)
    problem, one = reading.problem, solution.certificate
    crowds = [crowd for here in reading.crowds for crowd in here]
    plain = all(crowd.each == 1 and not crowd.wants for crowd in crowds)
    if not plain or reading.source.longest_on_board is not None:
        return BoundProof("lp_optimal")
    if one is None:
        return _by_lengths(problem, solution.lengths)
    pickups = _priced(problem.pickups, one.pickup_prices)
    room = _priced(problem.destinations, one.room_prices)
    prices = {"people": pickups, "places": room} if room else {"trips": pickups}
    refuted = (one.refuted + 1) * problem.seconds - 1
    data = {"family": "tours", "refuted": refuted, "prices": prices}
    return BoundProof("certificate", data=data)


def _by_lengths(problem: ToursProblem, lengths: Lengths | None) -> BoundProof:
    """Return the certificate of a least length of all tours, in the prices of persons.

    A price of room is one of persons only where destinations fill up load by load.
    """
    if lengths is None:
        return BoundProof("lp_optimal")
    charged = lengths.room if problem.whole_loads else lengths.places
    known = problem.places or problem.room
    everybody = sum(problem.people) if problem.people else problem.total
    if any(
        price > 0 and (n is None or n >= everybody) for price, n in zip(charged, known, strict=True)
    ):
        return BoundProof("lp_optimal")
    room = _priced(problem.destinations, charged)
    loads = _priced(problem.pickups, lengths.loads)
    times = 1
    prices = {"trips": loads}
    if not problem.whole_loads:
        people = _priced(problem.pickups, lengths.people)
        prices = {"trips": loads, "people": people, "places": room}
    elif room:
        # Each person pays what a load does, so all is as many times as much as a load has people.
        times, prices = problem.seats, {"people": loads, "places": room}
    names = (*problem.pickups, *problem.destinations)
    # Prices are in parts of a tick, the checker measures seconds: prices go up, the unit stays.
    ticks = problem.seconds
    data = {
        "family": "lengths",
        "unit": LENGTH_SCALE * times,
        "prices": {
            of: {name: price * ticks for name, price in some.items()} for of, some in prices.items()
        },
        "tolls": [
            {"places": sorted(names[place] for place in some), "price": toll * times * ticks}
            for some, toll in lengths.sets
        ],
    }
    return BoundProof("certificate", data=data)


def _priced(names: tuple[str, ...], prices: tuple[int, ...]) -> dict[str, int]:
    return {name: price for name, price in zip(names, prices, strict=True) if price > 0}
