"""What a plan from now changes against the plan in force, convoy by convoy.

A convoy that stays keeps its id, so that words, sheets and promises about it stay true; an id of a
departed or dropped convoy is never used again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from safepassage.ledger.situation import Situation
from safepassage.planner.called import at_clock, convoy_names
from safepassage.planner.plan import Convoy, Plan
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify

SAME = 3600
"""A convoy that moves by more seconds than this is another convoy."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A convoy of both plans: by how many seconds it moves, and its people before and after."""

    convoy: str
    by: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference of a plan from now to the plan in force.

    `locked` are the convoys that have departed: no plan touches them. `before` and `after` are the
    people, companions included, whom each plan still brings to arrival after now. `why` says, by
    convoy of the plan in force, why it is not kept as it is. `names` says what people call the
    convoys of both plans, by id; where they differ the name in the plan in force. `clocks` are the
    times at which the convoys of the new plan leave, for people.
    """

    kept: tuple[Moved, ...]
    new: tuple[tuple[str, int], ...]
    dropped: tuple[tuple[str, int], ...]
    locked: tuple[str, ...]
    before: int
    after: int
    why: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)

    def called(self, convoy: str) -> str:
        """Return what people call a convoy, else its id."""
        return self.names.get(convoy, convoy)


def renewed(made: VerifiedPlan, before: Plan, now: Situation) -> tuple[VerifiedPlan, Changes]:
    """Return a plan from now under the convoy names of the plan in force, verified again."""
    locked = tuple(now.convoys)
    since = int((now.at - before.start).total_seconds())
    open_ = [one for one in before.convoys if one.id not in now.convoys]
    pairs = _pairs(open_, made.plan.convoys)
    taken = {*(one.id for one in before.convoys), *locked}
    names = dict(pairs)
    for one in made.plan.convoys:
        if one.id not in names:
            names[one.id] = _free(one.id, {*taken, *names.values()}, now.upto)
    plan = _named(made.plan, names)
    was = {one.id: one for one in open_}
    kept = tuple(
        Moved(
            one.id,
            one.depart - was[one.id].depart,
            _people(before, one.id),
            _people(plan, one.id),
        )
        for one in plan.convoys
        if one.id in was
    )
    still = {one.id for one in plan.convoys}
    counts = {one.id for one in made.scenario.places if one.arrived}
    changes = Changes(
        kept=kept,
        new=tuple((one.id, _people(plan, one.id)) for one in plan.convoys if one.id not in was),
        dropped=tuple((one, _people(before, one)) for one in was if one not in still),
        locked=locked,
        before=sum(
            sum(one.load.values())
            for one in before.trips
            if one.end in counts
            and (one.depart >= since if one.convoy is None else one.convoy not in now.convoys)
        ),
        after=made.people_out,
        names={**convoy_names(plan), **convoy_names(before)},
        clocks={one.id: at_clock(plan.start, one.depart) for one in plan.convoys},
    )
    return verify(made.scenario, plan), changes


def _pairs(before: Iterable[Convoy], after: Iterable[Convoy]) -> Iterable[tuple[str, str]]:
    """Yield (new id, old id) of convoys of one corridor and direction, the nearest in time."""
    left = list(after)
    for old in sorted(before, key=lambda one: (one.depart, one.id)):
        like = [
            one
            for one in left
            if (one.corridor, one.start, one.end) == (old.corridor, old.start, old.end)
            and abs(one.depart - old.depart) <= SAME
        ]
        if like:
            nearest = min(like, key=lambda one: (abs(one.depart - old.depart), one.depart))
            left.remove(nearest)
            yield nearest.id, old.id


def _free(name: str, taken: Collection[str], upto: int) -> str:
    """Return the id of a new convoy: as the solver named it, else numbered by the entry."""
    number = 0
    while name in taken:
        number += 1
        name = f"new-{upto}-{number}"
    return name


def _named(plan: Plan, names: dict[str, str]) -> Plan:
    return replace(
        plan,
        convoys=tuple(replace(one, id=names[one.id]) for one in plan.convoys),
        trips=tuple(
            one if one.convoy is None else replace(one, convoy=names[one.convoy])
            for one in plan.trips
        ),
        stated=None,
    )


def _people(plan: Plan, convoy: str) -> int:
    return sum(sum(one.load.values()) for one in plan.trips if one.convoy == convoy)


def changes_json(changes: Changes) -> dict[str, object]:
    """Return the difference as the JSON object of `plan --from`."""
    return {
        "locked": list(changes.locked),
        "kept": [
            {
                "convoy": one.convoy,
                "name": changes.called(one.convoy),
                "minutes": one.by / 60,
                "people_before": one.before,
                "people": one.after,
            }
            for one in changes.kept
        ],
        "new": _people_of(changes, changes.new),
        "dropped": _people_of(changes, changes.dropped),
        "people_before": changes.before,
        "people": changes.after,
        "why": dict(changes.why),
    }


def _people_of(changes: Changes, convoys: Iterable[tuple[str, int]]) -> list[dict[str, object]]:
    return [
        {"convoy": one, "name": changes.called(one), "people": people} for one, people in convoys
    ]


def changes_lines(changes: Changes) -> list[str]:
    """Return the difference as lines for people."""
    gained = changes.after - changes.before
    lines = [
        "against the plan in force:",
        f"  departed, locked    {len(changes.locked)} convoys",
        f"  still to arrive     {changes.after:,} persons, {gained:+,}",
    ]
    same = 0
    for one in changes.kept:
        if one.by == 0 and one.before == one.after:
            same += 1
            continue
        when = "same time" if one.by == 0 else f"{one.by / 60:+.0f} min"
        if one.by != 0 and one.convoy in changes.clocks:
            when = f"now {changes.clocks[one.convoy]} ({when})"
        who = f"{one.after:,} persons (was {one.before:,})"
        if one.before == one.after == 0:
            who = "empty as before"
        lines.append(f"  {changes.called(one.convoy)}: {when}, {who}")
        lines += _because(changes, one.convoy)
    lines.insert(2, f"  unchanged           {same} convoys")
    lines += [f"  {changes.called(one)}: new, {_persons(people)}" for one, people in changes.new]
    for convoy, people in changes.dropped:
        had = f"had {people:,} persons" if people else "was empty"
        lines.append(f"  {changes.called(convoy)}: dropped, {had}")
        lines += _because(changes, convoy)
    return lines


def _persons(people: int) -> str:
    return f"{people:,} persons" if people else "empty"


def _because(changes: Changes, convoy: str) -> list[str]:
    why = changes.why.get(convoy)
    return [] if why is None else [f"      {why}"]
