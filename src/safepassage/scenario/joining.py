"""The scenario of a counterpart joined to ours: one scenario in which both sides are planned.

Their ids and kinds of vehicle and staff get the id of the `[[linked]]` row and a dot before them.
Rules, opening, ending and weights are ours and hold for both sides: one person counts the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from safepassage.scenario.duration import format_duration
from safepassage.scenario.faults import Fault
from safepassage.scenario.figure import Figure
from safepassage.scenario.fleet import Staff, Vehicles
from safepassage.scenario.linked import Linked
from safepassage.scenario.people import Group, PersonClass
from safepassage.scenario.places import PLACE_KINDS, Corridor, Leg, Place, Through
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law, Window

T = TypeVar("T")


def why_not_joined(ours: Scenario, theirs: Scenario, path: str) -> list[Fault]:
    """Return every reason why their scenario cannot be joined to ours; `path` is the row's."""
    found: list[Fault] = []

    def differs(what: str, got: str, want: str) -> None:
        found.append(Fault(f"{path}.scenario", f"{what}: {got}", f"the same as here: {want}"))

    if theirs.start != ours.start:
        differs("start", theirs.start.isoformat(), ours.start.isoformat())
    if theirs.horizon != ours.horizon:
        differs("horizon", format_duration(theirs.horizon), format_duration(ours.horizon))
    if theirs.roads is not None:
        found.append(Fault(f"{path}.scenario", "[roads]", "legs with their times (not yet)"))
    if theirs.rules != Rules() and _bare(theirs.rules) != _bare(ours.rules):
        differs("[rules]", "other rules", "one set of rules holds for both sides")
    if theirs.opening is not None and _bare(theirs.opening) != _bare(ours.opening):
        differs("[opening]", "another opening", "one opening holds for both sides")
    if theirs.ending != Law() and _bare(theirs.ending) != _bare(ours.ending):
        differs("[ending]", "another law", "one law holds for both sides")
    for which, side in (("here", ours), ("there", theirs)):
        own = {one.id for one in side.corridors} or {one.id for one in side.legs}
        where = {one.where for one in side.windows}
        if "all" in where and where & own:
            what = f'windows of "all" and of {", ".join(sorted(where & own))} {which}'
            found.append(Fault(f"{path}.scenario", what, "one window row for each corridor"))
    return found + class_faults(ours, theirs, path)


def joined(ours: Scenario, theirs: Scenario, linked: Linked) -> Scenario:
    """Return our scenario with theirs in it; their groups are those of the linked row."""
    side = f"{linked.id}."
    renamed = _Renaming(side, theirs)
    here = tuple(one.id for one in ours.legs)
    groups = tuple(renamed.group(one) for one in theirs.groups)
    known = {one.id for one in ours.parties}
    classes = {one.id for one in ours.classes}
    return replace(
        ours,
        sources=(*ours.sources, *(replace(one, id=side + one.id) for one in theirs.sources)),
        parties=(*ours.parties, *(one for one in theirs.parties if one.id not in known)),
        places=(*ours.places, *(renamed.place(one) for one in theirs.places)),
        legs=(*ours.legs, *(renamed.leg(one) for one in theirs.legs)),
        corridors=(*ours.corridors, *(renamed.corridor(one) for one in theirs.corridors)),
        classes=(*ours.classes, *(one for one in theirs.classes if one.id not in classes)),
        groups=(*ours.groups, *groups),
        vehicles=(*ours.vehicles, *(renamed.vehicles(one) for one in theirs.vehicles)),
        # Nobody of one side has to go with what moves on the other.
        staff=(
            *(replace(one, on=one.on or here) for one in ours.staff),
            *(renamed.staff(one) for one in theirs.staff),
        ),
        windows=(
            *(one for window in ours.windows for one in _of_one_side(window, ours)),
            *(
                renamed.window(one)
                for window in theirs.windows
                for one in _of_one_side(window, theirs)
            ),
        ),
        linked=tuple(
            replace(one, groups=tuple(two.id for two in groups)) if one.id == linked.id else one
            for one in ours.linked
        ),
    )


def class_faults(ours: Scenario, theirs: Scenario, path: str) -> list[Fault]:
    """Return the classes that both scenarios have and that are not the same."""
    found = []
    for one in theirs.classes:
        other = ours.person_class.get(one.id)
        if other is not None and not _same_needs(one, other):
            what = f'class "{one.id}" with other needs or companions'
            found.append(Fault(f"{path}.scenario", what, "one class of that id, or another id"))
    return found


def _same_needs(one: PersonClass, other: PersonClass) -> bool:
    return (dict(one.uses), one.companions) == (dict(other.uses), other.companions)


def _of_one_side(window: Window, side: Scenario) -> list[Window]:
    """Return a window of "all" as one for each corridor (or leg) of its own side."""
    if window.where != "all":
        return [window]
    where = [one.id for one in side.corridors] or [one.id for one in side.legs]
    return [replace(window, id=f"{window.id}.{one}", where=one) for one in where]


def _bare(value: T) -> T:
    """Return a value whose figures have neither path nor origin: only the numbers count."""
    return _with_figures(value, lambda one: replace(one, path="", source=None, assumed=None))


def _with_figures(value: T, change: Callable[[Figure[object]], Figure[object]]) -> T:
    """Return a noun in which every figure is changed."""
    if isinstance(value, Figure):
        return change(value)  # type: ignore[return-value]  # a figure for a figure
    if is_dataclass(value) and not isinstance(value, type):
        parts = {
            one.name: _with_figures(getattr(value, one.name), change)
            for one in fields(value)
            if one.init
        }
        return replace(value, **parts)
    if isinstance(value, tuple):
        return tuple(_with_figures(one, change) for one in value)  # type: ignore[return-value]
    if isinstance(value, Mapping):
        return {key: _with_figures(one, change) for key, one in value.items()}  # type: ignore[return-value]
    return value


class _Renaming:
    """Their nouns under ids that nothing of ours has."""

    def __init__(self, side: str, theirs: Scenario) -> None:
        self.side = side
        self.kinds = {one.kind for one in theirs.vehicles} | {one.kind for one in theirs.staff}
        self.everywhere = tuple(one.id for one in theirs.legs)

    def _all(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.side + one for one in ids)

    def _kind(self, kind: str) -> str:
        return self.side + kind if kind in self.kinds else kind

    def _noun(self, noun: T) -> T:
        def change(one: Figure[object]) -> Figure[object]:
            source = None if one.source is None else self.side + one.source
            return replace(one, source=source, path=f"{self.side}{one.path}")

        return _with_figures(noun, change)

    def place(self, one: Place) -> Place:
        bays = {self._kind(kind): figure for kind, figure in one.bays.items()}
        return self._noun(replace(one, id=self.side + one.id, bays=bays))

    def leg(self, one: Leg) -> Leg:
        return self._noun(
            replace(
                one,
                id=self.side + one.id,
                start=self.side + one.start,
                end=self.side + one.end,
                times={self._kind(kind): figure for kind, figure in one.times.items()},
                hours={self._kind(kind): hours for kind, hours in one.hours.items()},
                through=tuple(
                    Through(self.side + two.checkpoint, two.after) for two in one.through
                ),
            )
        )

    def corridor(self, one: Corridor) -> Corridor:
        return self._noun(replace(one, id=self.side + one.id, legs=self._all(one.legs)))

    def group(self, one: Group) -> Group:
        return self._noun(
            replace(one, id=self.side + one.id, at=self.side + one.at, wants=self._all(one.wants))
        )

    def vehicles(self, one: Vehicles) -> Vehicles:
        serves = tuple(two if two in PLACE_KINDS else self.side + two for two in one.serves)
        refuel = one.refuel
        if refuel is not None:
            refuel = replace(refuel, at=self._all(refuel.at))
        return self._noun(
            replace(
                one,
                id=self.side + one.id,
                kind=self._kind(one.kind),
                at=self.side + one.at,
                serves=serves,
                refuel=refuel,
            )
        )

    def staff(self, one: Staff) -> Staff:
        needs = []
        for need in one.needed_by:
            what, _, kind = need.partition(":")
            needs.append(f"{what}:{self._kind(kind)}" if what in ("vehicle", "staff") else need)
        return self._noun(
            replace(
                one,
                id=self.side + one.id,
                kind=self._kind(one.kind),
                at=self.side + one.at,
                needed_by=tuple(needs),
                on=self._all(one.on or self.everywhere),
                relief=None if one.relief is None else self.side + one.relief,
            )
        )

    def window(self, one: Window) -> Window:
        return replace(one, id=self.side + one.id, where=self.side + one.where)
