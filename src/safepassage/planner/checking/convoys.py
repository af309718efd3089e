"""Convoys among each other: size, headway, opposing convoys on a corridor with one way."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from safepassage.planner.checking.given import Given, up
from safepassage.planner.checking.rides import ConvoyRides
from safepassage.planner.checking.violation import Violation, length


def check_convoys(given: Given, convoys: Iterable[ConvoyRides]) -> Iterator[Violation]:
    """Yield what is wrong with the convoys of each corridor."""
    on_corridor: dict[str, list[ConvoyRides]] = {}
    for one in convoys:
        if one.forward is not None:
            on_corridor.setdefault(one.convoy.corridor, []).append(one)
    for corridor_id, found in on_corridor.items():
        corridor = given.scenario.corridor[corridor_id]
        found.sort(key=lambda one: one.convoy.depart)
        if corridor.largest is not None:
            largest = given.pick(corridor.largest, f"corridor {corridor_id} largest", 0)
            for one in found:
                vehicles = sum(1 for ride in one.rides if ride.trip.vehicle is not None)
                if vehicles > largest:
                    yield Violation(
                        "size",
                        one.where,
                        one.convoy.depart,
                        f"{vehicles} vehicles",
                        f"{largest}",
                    )
        if corridor.headway is not None:
            headway = up(
                given.pick(corridor.headway, f"corridor {corridor_id} headway", timedelta(0))
            )
            yield from _check_headway(found, headway)
        if corridor.one_way:
            yield from _check_opposing(found)


def _check_headway(found: list[ConvoyRides], headway: int) -> Iterator[Violation]:
    last: dict[bool | None, ConvoyRides] = {}
    for one in found:
        before = last.get(one.forward)
        last[one.forward] = one
        if before is not None and one.convoy.depart - before.convoy.depart < headway:
            yield Violation(
                "headway",
                one.where,
                one.convoy.depart,
                f"enters {length(one.convoy.depart - before.convoy.depart)} after {before.where}",
                f"{length(headway)} or more",
            )


def _check_opposing(found: list[ConvoyRides]) -> Iterator[Violation]:
    """Check that [depart, arrive) of opposite directions do not overlap."""
    last_out: dict[bool, ConvoyRides] = {}
    for one in found:
        if one.convoy.depart >= one.convoy.arrive or one.forward is None:
            continue
        against = last_out.get(not one.forward)
        if against is not None and against.convoy.arrive > one.convoy.depart:
            yield Violation(
                "opposing",
                one.where,
                one.convoy.depart,
                f"enters {length(against.convoy.arrive - one.convoy.depart)} before "
                f"{against.where} has left the corridor",
                "one direction at a time",
            )
        same = last_out.get(one.forward)
        if same is None or one.convoy.arrive > same.convoy.arrive:
            last_out[one.forward] = one
