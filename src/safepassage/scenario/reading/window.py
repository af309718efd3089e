"""Reads windows, the opening, the law of the ending, and the rules."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

from safepassage.scenario.near import did_you_mean, listed
from safepassage.scenario.reading import atoms
from safepassage.scenario.reading.atoms import WrongError, shown
from safepassage.scenario.reading.row import Door, Row
from safepassage.scenario.rules import Night, Objective, Rules
from safepassage.scenario.window import Law, LawKind, Opening, Window

LAWS: tuple[LawKind, ...] = ("never", "exponential", "weibull", "table", "hard")
OBJECTIVES: tuple[Objective, ...] = ("expected", "last_out")
ALL = "all"
DAY = timedelta(days=1)


def read_window(row: Row) -> Window:
    """Return one window; a daily one has local times of day, and may run over midnight."""
    daily = row.flag("daily", default=False)
    atom = _time_of_day if daily else row.door.moment
    opens = row.take("opens", atom)
    closes = row.take("closes", atom)
    if not row.has("opens") and not row.has("closes"):
        row.fault("opens", "neither opens nor closes", "at least one of the two")
    if daily and (row.has("opens") != row.has("closes")):
        missing = "closes" if row.has("opens") else "opens"
        row.fault(missing, "nothing", "opens and closes, for it repeats each day")
    if opens is not None and closes is not None:
        if daily and closes < opens:
            closes += DAY
        if closes <= opens:
            when = shown(row.values["closes"])
            row.fault("closes", when, f"later than it opens ({shown(row.values['opens'])})")
    if row.has("source") and row.has("assumed"):
        row.fault("assumed", "a source and an assumption", "one of the two")
    return Window(
        id=row.identifier(),
        where=row.need("where", _where(row.door), "", 'a leg, corridor or place, or "all"'),
        opens=opens,
        closes=closes,
        daily=daily,
        source=row.reference("source", "source"),
        assumed=row.take("assumed", atoms.text),
    )


def _time_of_day(value: object) -> timedelta:
    """Return a local time of day as the time since local midnight."""
    found = atoms.clock(value)
    return timedelta(hours=found.hour, minutes=found.minute)


def _where(door: Door) -> atoms.Atom[str]:
    """Return a reader of what a window is about."""
    known = [one for table in ("corridor", "leg", "place") for one in door.ids.get(table, [])]

    def read(value: object) -> str:
        if value == ALL:
            return ALL
        if not isinstance(value, str) or value not in known:
            near = did_you_mean(value, known) if isinstance(value, str) else ""
            raise WrongError(f'the id of a corridor, leg or place, or "all"{near}')
        if known.count(value) > 1:
            raise WrongError("an id that only one of corridors, legs and places has")
        return value

    return read


def read_opening(row: Row) -> Opening:
    """Return when the window opens."""
    return Opening(row.need_figure("time", row.door.moment, 'a time, e.g. "2 h"'))


def read_ending(row: Row) -> Law:
    """Return the law of how long the window holds once it is open."""
    law = cast("LawKind", row.need("law", atoms.one_of(LAWS), "", f"one of {listed(LAWS)}"))
    source = row.reference("source", "source")
    assumed = row.take("assumed", atoms.text)
    if row.has("source") and row.has("assumed"):
        row.fault("assumed", "a source and an assumption", "one of the two")
    mean = row.figure("mean", atoms.some_duration)
    if mean is not None and mean.standing == "unsourced":
        # The source of a law is the source of its mean.
        mean = replace(mean, source=source, assumed=assumed)
    shape = row.take("shape", atoms.number(0.1, 20, "1.5"))
    steps = _read_steps(row)
    needs = {"exponential": "mean", "weibull": "mean", "hard": "mean", "table": "table"}.get(law)
    if needs is not None and not row.has(needs):
        row.fault(needs, "nothing", f"a {needs}: the law {law!r} rests on it")
    if law == "weibull" and not row.has("shape"):
        row.fault(
            "shape",
            "nothing",
            "a shape, e.g. 1.5 (above 1: the longer it holds, the nearer its end)",
        )
    allowed = {"exponential": {"mean"}, "weibull": {"mean", "shape"}, "hard": {"mean"}}
    allowed |= {"table": {"table"}, "never": set()}
    for key in ("mean", "shape", "table"):
        if row.has(key) and law in allowed and key not in allowed[law]:
            row.fault(key, f"a {key} with the law {law!r}", "none: this law does not use it")
    return Law(
        kind=law,
        mean=mean,
        shape=1.0 if shape is None else shape,
        steps=steps,
        source=source,
        assumed=assumed,
    )


def _read_steps(row: Row) -> tuple[tuple[timedelta, float], ...]:
    """Return the table of a law: times since the opening, chances that do not rise."""
    example = '[["0 min", 1.0], ["4 h", 0.5]]'
    chance = atoms.number(0, 1, "0.8")
    steps: list[tuple[timedelta, float]] = []
    noted = len(row.door.faults)
    for path, pair in row.entries("table", example):
        if not isinstance(pair, list) or len(pair) != 2:
            row.door.fault(path, shown(pair), 'a pair, e.g. ["4 h", 0.5]', row.of)
            continue
        after = row.read(f"{path}[0]", pair[0], atoms.duration)
        held = row.read(f"{path}[1]", pair[1], chance)
        if after is None or held is None:
            continue
        if steps and after <= steps[-1][0]:
            row.door.fault(f"{path}[0]", shown(pair[0]), "times that rise", row.of)
        if steps and held > steps[-1][1]:
            row.door.fault(
                f"{path}[1]",
                f"{held:g} after {steps[-1][1]:g}",
                "chances that do not rise: what has ended does not hold again",
                row.of,
            )
        steps.append((after, held))
    if row.has("table") and not steps and len(row.door.faults) == noted:
        row.fault("table", "no step", f"steps, e.g. {example}")
    return tuple(steps)


def read_rules(row: Row) -> Rules:
    """Return the rules of the whole operation."""
    objective = row.take("objective", atoms.one_of(OBJECTIVES)) or "expected"
    worst_first = row.flag("worst_first", default=False)
    if worst_first and objective == "last_out":
        row.fault("worst_first", "true", 'false with objective = "last_out": it brings everybody')
    return Rules(
        objective=cast("Objective", objective),
        arrival_margin=row.take("arrival_margin", atoms.duration) or timedelta(0),
        longest_on_board=row.take("longest_on_board", atoms.some_duration),
        night=_read_night(row),
        rho=row.figure("rho", atoms.number(0, 100, "0.5")),
        worst_first=worst_first,
    )


def _read_night(row: Row) -> Night | None:
    example = '{ begins = "18:00", ends = "06:00", allowed = false }'
    inner = row.inner("night", "rules.night", example)
    if inner is None:
        return None
    begins = inner.take("begins", atoms.clock)
    ends = inner.take("ends", atoms.clock)
    for key in ("begins", "ends"):
        if not inner.has(key):
            inner.fault(key, "nothing", 'a local time of day, e.g. "18:00"')
    if not inner.has("allowed"):
        inner.fault("allowed", "nothing", "true or false: may convoys move at night")
    allowed = inner.flag("allowed", default=True)
    if begins is None or ends is None:
        return None
    if begins == ends:
        inner.fault("ends", shown(inner.values["ends"]), "another time than it begins")
    return Night(begins, ends, allowed)
