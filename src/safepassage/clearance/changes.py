"""What a plan from now changes against the plan in force, convoy by convoy.

A convoy that stays keeps its id, so that words, sheets and promises about it stay true; an id of a
departed or dropped convoy is never used again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from safepassage.clearance.convoy_ids import going, ids_for
from safepassage.clearance.from_now import FromNow
from safepassage.clearance.in_words import convoys, persons
from safepassage.planner.called import at_clock, convoy_names
from safepassage.planner.names import numbered
from safepassage.planner.plan import Plan
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify


@dataclass(frozen=True, slots=True)
class Moved:
    """A convoy of both plans: by how many seconds it moves, and its people before and after.

    `without` and `instead` are the vehicles that no longer go with it, and those that now do.
    """

    convoy: str
    by: int
    before: int
    after: int
    without: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether time, number of people and vehicles are as before."""
        return self.by == 0 and self.before == self.after and not self.without and not self.instead


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference of a plan from now to the plan in force.

    `locked` are the convoys that have departed: no plan touches them. `before` and `after` are the
    people, companions included, whom each plan still sends to arrival after now. `why` says, by
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


def named(made: VerifiedPlan, before: Plan | None, left: FromNow) -> VerifiedPlan:
    """Return a plan from now under names that stand for no other convoy, verified again.

    `before` is the plan in force, None where there is none: kept convoys keep its names.
    """
    were = [] if before is None else going(before, left.situation.convoys)
    names = ids_for(were, going(made.plan), left.used)
    return verify(made.scenario, _renamed(made.plan, names))


def renewed(made: VerifiedPlan, before: Plan, left: FromNow) -> tuple[VerifiedPlan, Changes]:
    """Return a plan from now under its final names, and what it changes against the one in force.

    Raises
    ------
    PlanRefused
        Never for a verified plan: names are no part of any rule.
    """
    made = named(made, before, left)
    plan, now = made.plan, left.situation
    since = int((now.at - before.start).total_seconds())
    was = {one.id: one for one in before.convoys if one.id not in now.convoys}
    still = {one.id for one in plan.convoys}
    counts = {one.id for one in made.scenario.places if one.arrived}
    return made, Changes(
        kept=tuple(
            _moved(before, plan, one.id, one.depart - was[one.id].depart)
            for one in plan.convoys
            if one.id in was
        ),
        new=tuple((one.id, _people(plan, one.id)) for one in plan.convoys if one.id not in was),
        dropped=tuple((one, _people(before, one)) for one in was if one not in still),
        locked=tuple(now.convoys),
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


def _moved(before: Plan, plan: Plan, convoy: str, by: int) -> Moved:
    had, has = (
        {one.vehicle for one in side.trips if one.convoy == convoy and one.vehicle is not None}
        for side in (before, plan)
    )
    return Moved(
        convoy,
        by,
        _people(before, convoy),
        _people(plan, convoy),
        without=tuple(sorted(had - has)),
        instead=tuple(sorted(has - had)),
    )


def _renamed(plan: Plan, names: Mapping[str, str]) -> Plan:
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
                "departs": changes.clocks.get(one.convoy),
                "people_before": one.before,
                "people": one.after,
                "vehicles_out": list(one.without),
                "vehicles_in": list(one.instead),
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
    """Return the difference as lines for people: first whom to stop, then who is changed."""
    same = sum(one.unchanged for one in changes.kept)
    other = len(changes.kept) - same
    lines = [
        "against the plan in force:",
        f"  still to leave      {persons(changes.after)}, {_against(changes)}",
        f"  departed, locked    {convoys(len(changes.locked))}",
        f"  unchanged           {convoys(same)}",
        f"  changed             {convoys(other)}",
        f"  new                 {convoys(len(changes.new))}",
        f"  dropped             {convoys(len(changes.dropped))}",
    ]
    for convoy, people in changes.dropped:
        had = f"had {persons(people)}" if people else "was empty"
        lines.append(f"  {changes.called(convoy)}: dropped, {had}")
        lines += _because(changes, convoy)
    for one in changes.kept:
        if not one.unchanged:
            lines.append(f"  {changes.called(one.convoy)}: {_change(changes, one)}")
            lines += _because(changes, one.convoy)
    lines += [
        f"  {changes.called(one)}: new, {persons(people) if people else 'empty'}"
        for one, people in changes.new
    ]
    return lines


def _against(changes: Changes) -> str:
    more = changes.after - changes.before
    if more == 0:
        return "as many as before"
    return f"{abs(more):,} {'more' if more > 0 else 'fewer'} than before ({changes.before:,})"


def _change(changes: Changes, one: Moved) -> str:
    if one.by == 0:
        when = "same time"
    else:
        minutes = f"{abs(one.by) / 60:.0f} min {'later' if one.by > 0 else 'earlier'}"
        clock = changes.clocks.get(one.convoy)
        when = minutes if clock is None else f"now {clock} ({minutes})"
    if one.before == one.after == 0:
        who = "empty as before"
    elif one.before == one.after:
        who = f"{persons(one.after)} as before"
    else:
        who = f"{persons(one.after)} (was {one.before:,})"
    told = [when, who]
    if one.without:
        told.append(f"without {numbered(one.without)}")
    if one.instead:
        told.append(f"with {numbered(one.instead)}{' instead' if one.without else ' too'}")
    return ", ".join(told)


def _because(changes: Changes, convoy: str) -> list[str]:
    why = changes.why.get(convoy)
    return [] if why is None else [f"      {why}"]
