"""Counterparts that move step by step: no side is ever more than one batch ahead (`linked`)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from safepassage.planner.checking.given import Given, exact
from safepassage.planner.checking.rides import Ride
from safepassage.planner.checking.violation import Violation
from safepassage.scenario.linked import Linked


@dataclass(frozen=True, slots=True)
class _Batch:
    """First rides of one side in one convoy, or one first ride without convoy."""

    where: str
    leaves: int
    moved: int
    people: int


def check_linked(given: Given, rides: Sequence[Ride]) -> Iterator[Violation]:
    """Yield each batch that moves before the other side has moved as far as it has to."""
    theirs_of = {one.id: frozenset(one.groups) for one in given.scenario.linked if one.groups}
    foreign = frozenset[str]().union(*theirs_of.values())
    ours_all = frozenset(one.id for one in given.groups()) - foreign
    for one in given.scenario.linked:
        if not one.groups:
            continue
        ours = _batches(given, rides, ours_all, one)
        theirs = _batches(given, rides, theirs_of[one.id], one)
        all_ours, all_theirs = _leave(given, ours_all), _leave(given, theirs_of[one.id])
        yield from _check_side(one, "ours", ours, theirs, all_theirs)
        yield from _check_side(one, "theirs", theirs, ours, all_ours)


def _leave(given: Given, groups: frozenset[str]) -> int:
    return sum(one.leave * one.persons for one in given.groups() if one.id in groups)


def _batches(
    given: Given, rides: Iterable[Ride], side: frozenset[str], linked: Linked
) -> list[_Batch]:
    """Return the batches of one side in the order in which they leave."""
    parts: dict[str, list[tuple[Ride, int]]] = {}
    for number, ride in enumerate(rides):
        people = 0
        for group_id, count in ride.trip.groups.items():
            group = given.group(group_id)
            # Who boards again at a change of vehicle has moved off before.
            if group is not None and group_id in side and group.at == ride.trip.start:
                people += count * group.persons
        if people > 0:
            convoy = ride.trip.convoy
            key = f"trip {number}" if convoy is None else f"convoy {convoy}"
            parts.setdefault(key, []).append((ride, people))
    found = [
        _Batch(
            where=key if key.startswith("convoy ") else rows[0][0].where,
            leaves=min(ride.trip.depart for ride, _ in rows),
            moved=max(
                ride.trip.arrive if linked.waits_for == "arrival" else ride.trip.depart
                for ride, _ in rows
            ),
            people=sum(people for _, people in rows),
        )
        for key, rows in parts.items()
    ]
    return sorted(found, key=lambda one: (one.leaves, one.moved))


def _check_side(
    linked: Linked, name: str, mine: Sequence[_Batch], other: Sequence[_Batch], leave: int
) -> Iterator[Violation]:
    """Yield each batch of a side that the other side has not moved far enough for."""
    so_far = 0
    for number, batch in enumerate(mine):
        moved = [one.people for one in other if one.moved <= batch.leaves]
        # A side that has moved everybody who wishes to leave keeps nobody waiting.
        if sum(moved) < leave:
            short = _short(linked, name, number, so_far, batch, other, sum(moved))
            if short is not None:
                yield Violation(
                    "linked",
                    f"{linked.id}, {batch.where}",
                    batch.leaves,
                    f"batch {number + 1} of {name} ({batch.people} people) leaves; {short[0]}",
                    short[1],
                )
        so_far += batch.people


def _short(
    linked: Linked,
    name: str,
    number: int,
    so_far: int,
    batch: _Batch,
    other: Sequence[_Batch],
    moved: int,
) -> tuple[str, str] | None:
    """Return (found, wanted) where the other side is behind, else None."""
    if linked.ratio is not None and linked.ratio > 0:
        ratio = exact(linked.ratio)
        wanted = so_far * ratio if name == "ours" else Fraction(so_far) / ratio
        if moved < wanted:
            return f"{moved} people of the other side have moved", f"at least {float(wanted):g}"
    if linked.steps and name == "ours":
        wanted_steps = sum(linked.steps[:number])
        if moved < wanted_steps:
            return f"{moved} people of theirs have moved", f"at least {wanted_steps}"
    elif linked.steps:
        steps = sum(one.moved <= batch.leaves for one in other) + 1
        if steps <= len(linked.steps) and so_far + batch.people > sum(linked.steps[:steps]):
            gone = so_far + batch.people
            found = f"{gone} people of theirs have left with it, after {steps - 1} batches of ours"
            return found, f"at most {sum(linked.steps[:steps])}"
    elif linked.ratio is None:
        before = other[:number]
        ready = sum(one.moved <= batch.leaves for one in before)
        if ready < number:
            return f"{ready} of the first {number} batches of the other side have moved", "all"
    return None
