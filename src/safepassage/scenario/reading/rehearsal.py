"""Reads the table `[rehearsal]`: laws of what is uncertain, switches, and what is scripted."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import cast

from safepassage.scenario.near import listed
from safepassage.scenario.reading import atoms
from safepassage.scenario.reading.atoms import Atom, WrongError, shown
from safepassage.scenario.reading.keys import LAW, REHEARSAL
from safepassage.scenario.reading.row import Row
from safepassage.scenario.rehearsal import (
    UNCERTAIN,
    Batch,
    CarsWindow,
    DispatchRule,
    HourOfDay,
    RehearsalWanted,
    ScriptedHalt,
    Unit,
    Weather,
)
from safepassage.scenario.uncertain import PARAMETERS, LawName, Uncertain

RULES: tuple[DispatchRule, ...] = ("resume", "plan again")
MOST = 1e9
EXAMPLES: dict[Unit, str] = {
    "duration": '{ median = "26 h", spread = 0.8, assumed = "why" }',
    "chance": '{ value = 0.1, assumed = "why" }',
    "factor": '{ low = 0.9, likely = 1.0, high = 1.2, assumed = "why" }',
    "number": '{ value = 225, source = "…" }',
}
WORDS: dict[LawName, str] = {
    "fixed": "value",
    "triangular": "low, likely, high",
    "lognormal": "median, spread",
    "exponential": "mean",
    "weibull": "mean, shape",
    "pareto": "least, tail",
}


def read_rehearsal(row: Row) -> RehearsalWanted:
    """Return what the table states; every law is checked for support and for a finite mean."""
    uncertain: dict[str, Uncertain] = {}
    inner = {
        name: row.inner(name, f"rehearsal.{name}", "{ … }") for name in REHEARSAL if row.has(name)
    }
    for key, unit in UNCERTAIN.items():
        name, last = key.split(".")
        table = inner.get(name)
        if table is not None and table.has(last):
            law = _read_law(table, last, unit)
            if law is not None:
                uncertain[key] = law
    truce, cars, dispatch = inner.get("truce"), inner.get("cars"), inner.get("dispatch")
    crowding = inner.get("crowding")
    return RehearsalWanted(
        uncertain=uncertain,
        horizon=row.take("horizon", atoms.some_duration),
        goes_on=row.take("goes_on", atoms.yes_or_no),
        drawn_truce=None if truce is None else truce.take("drawn", atoms.yes_or_no),
        standing=None if crowding is None else crowding.take("standing", atoms.yes_or_no),
        board_on_gate=None if dispatch is None else dispatch.take("board_on_gate", atoms.yes_or_no),
        by_timetable=None if dispatch is None else dispatch.take("by_timetable", atoms.yes_or_no),
        dispatch=cast(
            "DispatchRule | None",
            None if dispatch is None else dispatch.take("rule", atoms.one_of(RULES)),
        ),
        cars_first=None if cars is None else cars.take("first", atoms.yes_or_no),
        weights={} if truce is None else _read_weights(truce),
        hours=() if truce is None else _read_hours(truce),
        batches=tuple(_read_batch(one) for one in _rows(row, "batch")),
        halts=tuple(_read_halt(one) for one in _rows(row, "halt")),
        weather=tuple(_read_weather(one) for one in _rows(row, "weather")),
        cars_window=None if cars is None else _read_window(cars),
    )


def _rows(row: Row, key: str) -> list[Row]:
    found = []
    for path, value in row.entries(key, f"[[rehearsal.{key}]]"):
        if not isinstance(value, dict):
            row.door.fault(path, shown(value), f"a row under [[rehearsal.{key}]]", row.of)
            continue
        found.append(Row(value, path, f"rehearsal.{key}", row.door, row.of))
    return found


def _read_law(row: Row, key: str, unit: Unit) -> Uncertain | None:
    """Return the law at a key; None, with a fault noted, where it cannot be drawn from."""
    path, value = row.at(key), row.values[key]
    atom = _atom(unit)
    if not isinstance(value, dict):
        plain = row.read(path, value, atom)
        return None if plain is None else Uncertain("fixed", (plain,), path=path)
    noted = len(row.door.faults)
    inner = Row(value, path, "rehearsal.law", row.door, row.of)
    parameters = tuple(one for one in value if one in LAW)
    name = next(
        (
            one
            for one, needed in PARAMETERS.items()
            if set(parameters) == set(needed)
            or (one == "triangular" and set(parameters) == {"low", "high"})
        ),
        None,
    )
    if name is None:
        found = listed(parameters) if parameters else "no number"
        wanted = f"one of: {'; '.join(WORDS.values())}, e.g. {EXAMPLES[unit]}"
        row.door.fault(path, found, wanted, row.of)
        return None
    if inner.has("source") and inner.has("assumed"):
        inner.fault("assumed", "a source and an assumption", "one of the two")
    numbers = _numbers(inner, name, atom)
    low, high = inner.take("at_least", atom), inner.take("at_most", atom)
    source, assumed = inner.reference("source", "source"), inner.take("assumed", atoms.text)
    if len(row.door.faults) > noted:
        return None
    law = Uncertain(name, numbers, low, high, source, assumed, path)
    wrong = _wrong(law, unit)
    if wrong is not None:
        row.door.fault(path, *wrong, row.of)
        return None
    return law


def _numbers(inner: Row, name: LawName, atom: Atom[float]) -> tuple[float, ...]:
    plain: Atom[float] = atoms.number(0.01, 100, "0.8")
    found: list[float] = []
    for parameter in PARAMETERS[name]:
        reader = plain if parameter in ("spread", "shape", "tail") else atom
        if parameter == "likely" and not inner.has("likely"):
            low, high = inner.take("low", atom), inner.take("high", atom)
            found.append(0.0 if low is None or high is None else (low + high) / 2.0)
            continue
        found.append(inner.need(parameter, reader, 0.0, "a number"))
    return tuple(found)


def _wrong(law: Uncertain, unit: Unit) -> tuple[str, str] | None:
    """Return what is wrong with a law as a whole: found and wanted."""
    if law.law == "triangular" and not law.numbers[0] <= law.numbers[1] <= law.numbers[2]:
        return "a range that falls", "low <= likely <= high"
    if law.law in ("lognormal", "exponential", "weibull", "pareto") and law.numbers[0] <= 0:
        first = PARAMETERS[law.law][0]
        return f"a {first} of 0, a law without support", f"a {first} above 0"
    if law.at_least is not None and law.at_most is not None and law.at_least > law.at_most:
        return "at_least above at_most, a law without support", "values that it can take"
    if not law.has_finite_mean():
        return (
            f"a tail of {law.numbers[1]:g}, whose mean is infinite",
            "a tail above 1, or at_most: a rehearsal needs a finite mean",
        )
    if unit == "chance" and law.law not in ("fixed", "triangular") and (law.at_most or 2) > 1:
        return "a law that goes above 1", "at_most = 1, for it is a chance"
    return None


def _atom(unit: Unit) -> Atom[float]:
    if unit == "duration":
        return _seconds
    if unit == "chance":
        return atoms.number(0, 1, "0.1")
    return atoms.number(0, 100 if unit == "factor" else MOST, "1.2")


def _seconds(value: object) -> float:
    return atoms.duration(value).total_seconds()


def _read_weights(row: Row) -> dict[str, float]:
    found: dict[str, float] = {}
    weight = atoms.number(0, 1000, "2")
    for path, party, value in row.mapping("weights", "{ militias = 2 }"):
        known = row.read(path, party, row.known("party"))
        number = row.read(path, value, weight)
        if known is not None and number is not None:
            found[known] = number
    return found


def _read_hours(row: Row) -> tuple[HourOfDay, ...]:
    found = []
    for path, value in row.entries("hours", '[{ begins = "05:00", ends = "10:00", times = 1.8 }]'):
        if not isinstance(value, dict):
            row.door.fault(path, shown(value), "hours in braces", row.of)
            continue
        inner = Row(value, path, "rehearsal.hours", row.door, row.of)
        begins, ends = inner.take("begins", _whole_hour), inner.take("ends", _whole_hour)
        for key in ("begins", "ends"):
            if not inner.has(key):
                inner.fault(key, "nothing", 'a local hour, e.g. "05:00"')
        times = inner.need("times", atoms.number(0, 100, "1.8"), 1.0, "a number, e.g. 1.8")
        if begins is not None and ends is not None:
            found.append(HourOfDay(begins, ends, times))
    return tuple(found)


def _whole_hour(value: object) -> time:
    clock = atoms.clock(value)
    if clock.minute:
        raise WrongError('a whole local hour, e.g. "05:00"')
    return clock


def _span(row: Row) -> tuple[timedelta, timedelta]:
    nothing = timedelta(0)
    begins = row.need("begins", row.door.moment, nothing, "a moment")
    ends = row.need("ends", row.door.moment, nothing, "a moment")
    known = all(row.has(key) and not row.faulty(key) for key in ("begins", "ends"))
    if known and ends <= begins:
        row.fault("ends", shown(row.values["ends"]), "a moment after it begins")
    return begins, ends


def _read_halt(row: Row) -> ScriptedHalt:
    begins, ends = _span(row)
    return ScriptedHalt(
        begins, ends, row.reference("source", "source"), row.take("assumed", atoms.text)
    )


def _read_weather(row: Row) -> Weather:
    begins, ends = _span(row)
    speed = row.need("speed", atoms.number(0.05, 3, "0.7"), 1.0, "a factor of the speed, e.g. 0.7")
    return Weather(
        begins, ends, speed, row.reference("source", "source"), row.take("assumed", atoms.text)
    )


def _read_batch(row: Row) -> Batch:
    people: Callable[[object], int] = atoms.whole(0, atoms.MOST_PEOPLE, 1250)
    return Batch(
        at=row.need("at", row.door.moment, timedelta(0), "a moment"),
        people=row.need("people", people, 0, "people, e.g. 1250"),
        theirs=row.take("theirs", people) or 0,
    )


def _read_window(row: Row) -> CarsWindow | None:
    if not row.has("begins") and not row.has("ends"):
        return None
    return CarsWindow(*_span(row))
