"""Reads classes, weights and groups."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from safepassage.scenario.figure import Figure
from safepassage.scenario.near import did_you_mean, listed
from safepassage.scenario.people import BUILT_IN_CLASSES, COMPANION, Group, PersonClass, Ready
from safepassage.scenario.reading import atoms
from safepassage.scenario.reading.atoms import WrongError, shown
from safepassage.scenario.reading.row import Door, Row

MEDICAL = frozenset({"seated", "stretcher", "wheelchair", "oxygen"})
"""The built-in classes that state a medical need; only they may carry a weight."""

BUILT_IN_SLOTS: tuple[str, ...] = ("seat", "stretcher", "wheelchair", "oxygen")
MOST_WEIGHT = 100
MOST_COMPANIONS = 20

_PEOPLE = atoms.whole(0, atoms.MOST_PEOPLE, 120)
_USES = atoms.whole(0, 20, 1)


def read_classes(rows: Sequence[Row], weights: Row | None, door: Door) -> tuple[PersonClass, ...]:
    """Return the built-in classes (as the file changes them), then its own, with their weights."""
    built_in = {one.id: one for one in BUILT_IN_CLASSES}
    needs: dict[str, str] = dict.fromkeys(MEDICAL, "medical need")
    own: dict[str, PersonClass] = {}
    for row in rows:
        one, need = _read_class(row, built_in)
        if need is not None and one.id not in {"walking", COMPANION}:
            needs[one.id] = need
        if one.id in built_in:
            built_in[one.id] = one
        else:
            own[one.id] = one
    every = built_in | own
    if weights is not None:
        every |= _weigh(weights, every, needs, door)
    return tuple(every.values())


def _read_class(row: Row, built_in: Mapping[str, PersonClass]) -> tuple[PersonClass, str | None]:
    """Return one class of the file, and the medical need or vulnerability that it states."""
    name = row.identifier()
    known = built_in.get(name)
    uses = _read_uses(row)
    if known is not None and not row.has("uses"):
        uses = dict(known.uses)
    elif not row.has("uses"):
        row.fault("uses", "nothing", "what one person uses, e.g. { seat = 1 }")
    companions = row.take("companions", atoms.whole(0, MOST_COMPANIONS, 1)) or 0
    if name == COMPANION and companions:
        row.fault("companions", shown(companions), "0: nobody accompanies a companion")
    medical = _read_need(row, "medical")
    vulnerability = _read_need(row, "vulnerability")
    if name in {"walking", COMPANION}:
        for key in ("medical", "vulnerability"):
            if row.has(key):
                row.fault(key, "a need", f"no need: {name} is the class of those without one")
    need = medical or vulnerability
    made = PersonClass(
        id=name,
        uses=uses,
        companions=companions,
        weight_reason=need,
        built_in=known is not None,
    )
    return made, need


def _read_need(row: Row, key: str) -> str | None:
    """Return a medical need or a vulnerability in words; a side is none, whatever its name."""
    need = row.take(key, atoms.text)
    if need is None:
        return None
    said = f" {' '.join(_words(need))} "
    for side in row.door.sides:
        if f" {' '.join(_words(side))} " in said:
            found = f"a need that names the party {shown(side)}"
            row.fault(key, found, "a medical need or a vulnerability, whoever has it")
            break
    return need


def _words(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return re.findall(r"[\w.-]+", text.casefold())


def _read_uses(row: Row) -> dict[str, int]:
    """Return the slots that one person of a class uses."""
    uses: dict[str, int] = {}
    for path, slot, value in row.mapping("uses", "{ seat = 1 }"):
        if slot not in row.door.slots:
            near = did_you_mean(slot, row.door.slots)
            row.door.fault(
                path,
                f"the slot {slot!r}, which no vehicle has",
                f"one of {listed(row.door.slots)}{near}",
                row.of,
            )
            continue
        count = row.read(path, value, _USES)
        if count is not None:
            uses[slot] = count
    if row.has("uses") and not row.faulty("uses") and not any(uses.values()):
        row.fault("uses", "no slot", "at least one slot, e.g. { seat = 1 }")
    return {slot: count for slot, count in uses.items() if count}


def _weigh(
    row: Row, classes: Mapping[str, PersonClass], needs: Mapping[str, str], door: Door
) -> dict[str, PersonClass]:
    """Return the classes that the file weighs; any other ground for a weight is a fault."""
    weighed: dict[str, PersonClass] = {}
    for name, value in row.values.items():
        path = row.at(name)
        one = classes.get(name)
        if one is None:
            near = did_you_mean(name, classes)
            door.fault(
                path,
                f"a weight for {name!r}, which is no class",
                "a class of medical need or vulnerability; nobody counts more by side, party, "
                f"place or anything else{near}",
            )
            continue
        weight, reason = _read_weight(row, path, value)
        if weight is None:
            continue
        if name in {"walking", COMPANION}:
            if weight != 1:
                door.fault(path, shown(value), f"1: everyone is measured against {name}")
            continue
        if name not in needs:
            door.fault(
                path,
                f"a weight for {name!r}, which states no need",
                'in its [[class]] medical = "…" or vulnerability = "…": weights go by medical '
                "need or vulnerability only",
            )
            continue
        weighed[name] = replace(one, weight=weight, weight_reason=reason or needs[name])
    return weighed


def _read_weight(row: Row, path: str, value: object) -> tuple[float | None, str | None]:
    """Return a weight and the reason stated with it."""
    atom = atoms.number(0, MOST_WEIGHT, "2")
    figure = row.figure_at(path, value, atom)
    if row.door.faulty(path):
        return None, None
    if figure.value is None:
        row.door.fault(path, "a weight without one value", "one number, e.g. 2")
        return None, None
    reason = figure.assumed or (f"source {figure.source}" if figure.source else None)
    return figure.value, reason


def read_group(row: Row) -> Group:
    """Return one group of people at one place."""
    name = row.identifier()
    leave = row.need_figure("leave", _PEOPLE, "how many wish to leave, e.g. 120")
    return Group(
        id=name,
        at=row.need_reference("at", "place"),
        class_id=row.need("class", _class_of(row.door), "", 'a class, e.g. "walking"'),
        leave=leave,
        stay=row.figure("stay", _PEOPLE),
        unknown=row.figure("unknown", _PEOPLE),
        ready=_read_ready(row, leave),
        wants=row.several("wants", row.known("place"), '["north-hospital"]'),
        households=row.figure("households", atoms.whole(1, atoms.MOST_PEOPLE, 30)),
        consent=row.take("consent", atoms.text),
        names=row.names(),
    )


def _class_of(door: Door) -> atoms.Atom[str]:
    """Return a reader of class ids, the built-in ones included."""
    classes = [one.id for one in BUILT_IN_CLASSES]
    classes += [one for one in door.ids.get("class", []) if one not in classes]

    def read(value: object) -> str:
        if isinstance(value, str) and value in classes:
            return value
        near = did_you_mean(value, classes) if isinstance(value, str) else ""
        raise WrongError(f"a class: {listed(classes)}{near}")

    return read


def _read_ready(row: Row, leave: Figure[int]) -> tuple[Ready, ...]:
    """Return when people are ready; a single time means that all are ready then."""
    if row.has("ready") and not isinstance(row.values["ready"], list):
        after = row.take("ready", row.door.moment)
        # The high end: all of them, whichever end of the range is planned for.
        everyone = leave.pick("high") if leave.known else 0
        return () if after is None or not everyone else (Ready(after, everyone),)
    steps = row.moments("ready", _PEOPLE, '[["0 min", 100], ["60 min", 50]]')
    if not steps:
        return ()
    total = sum(people for _, people in steps)
    if leave.known and total != leave.pick():
        wanted = f"{leave.pick():,}, as many as `leave`"
        row.fault("ready", f"{total:,} people in all", wanted)
    return tuple(Ready(after, people) for after, people in steps if people)
