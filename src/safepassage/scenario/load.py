"""From scenario.toml to a Scenario, checked whole at the door.

Knows the file: where it lies, that it is TOML in UTF-8, and the order of its tables.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from safepassage.scenario.faults import Fault, ScenarioError
from safepassage.scenario.joining import joined, why_not_joined
from safepassage.scenario.near import nearest
from safepassage.scenario.reading import (
    atoms,
    fleet,
    parties,
    people,
    places,
    rehearsal,
    roads,
    window,
)
from safepassage.scenario.reading.atoms import shown
from safepassage.scenario.reading.keys import ARRAYS, FORMAT
from safepassage.scenario.reading.lines import line_of, lines_of
from safepassage.scenario.reading.row import Door, Row
from safepassage.scenario.reading.together import check_together
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law

FILE_NAME = "scenario.toml"
MOST_BYTES = 8 * 1024 * 1024
"""More than this is no scenario: the longest real one is a hundredth of it."""

SINGLES = ("opening", "ending", "weights", "rules", "roads", "rehearsal")
"""Tables that stand once, written as [name]."""

_NO_START = datetime(1970, 1, 1, tzinfo=UTC)


def scenario_file(path: Path) -> Path:
    """Return the file of a scenario that is named by its folder or by the file itself."""
    return path / FILE_NAME if path.is_dir() else path


def load_scenario(path: Path) -> Scenario:
    """Return the scenario in a folder with scenario.toml, or in that file.

    Raises
    ------
    ScenarioError
        With every fault of the file at once; also where there is no file or it is not TOML.
    """
    file = scenario_file(path)
    content = _read_bytes(file)
    document = parse(content, str(file))
    try:
        scenario = read_document(document, hashlib.sha256(content).hexdigest())
        return _with_counterparts(scenario, file)
    except ScenarioError as error:
        lines = lines_of(content.decode("utf-8-sig"))
        found = [replace(one, line=line_of(lines, one.path)) for one in error.faults]
        raise ScenarioError(sorted(found, key=lambda one: one.line or 0)) from None


def _with_counterparts(scenario: Scenario, file: Path) -> Scenario:
    """Return a scenario with the counterparts joined that are scenarios of their own."""
    faults: list[Fault] = []
    for index, linked in enumerate(scenario.linked):
        if linked.scenario is None:
            continue
        path = f"linked[{index}]"
        other = scenario_file(file.parent / linked.scenario)
        try:
            content = _read_bytes(other)
            theirs = read_document(
                parse(content, linked.scenario), hashlib.sha256(content).hexdigest()
            )
        except ScenarioError as error:
            faults += [
                replace(one, path=f"{path}.scenario ({linked.scenario}), {one.path}")
                for one in error.faults
            ]
            continue
        found = why_not_joined(scenario, theirs, path)
        faults += found
        if not found:
            scenario = replace(
                joined(scenario, theirs, linked),
                inputs={**scenario.inputs, linked.scenario: theirs.sha256},
            )
    if faults:
        raise ScenarioError(faults)
    return scenario


def read_tables(path: Path) -> dict[str, object]:
    """Return the tables of a scenario file as they stand in it, unchecked.

    Raises
    ------
    ScenarioError
        If there is no such file, or it is not TOML.
    """
    file = scenario_file(path)
    return parse(_read_bytes(file), str(file))


def _read_bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        wanted = f"a folder with {FILE_NAME}, or that file"
        raise ScenarioError([Fault(str(file), "no such file", wanted)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        wanted = "a file that can be read"
        raise ScenarioError([Fault(str(file), reason.lower(), wanted)]) from None
    if len(content) > MOST_BYTES:
        found = f"more than {MOST_BYTES // 1024 // 1024} MiB"
        raise ScenarioError([Fault(str(file), found, "a scenario, which is far smaller")])
    return content


def parse(content: bytes, name: str) -> dict[str, object]:
    """Return the tables of a TOML text in UTF-8; `name` is what messages call the file.

    Raises
    ------
    ScenarioError
        With line and column where the text is not TOML, with the line where it is not UTF-8.
    """
    try:
        # "-sig": editors of one system put a mark before the first letter.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"a byte that is not UTF-8 in line {line}"
        raise ScenarioError([Fault(name, found, "a text file saved as UTF-8")]) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([_not_toml(name, text, str(error))]) from None
    except RecursionError:
        found = "lists or tables inside each other without end"
        raise ScenarioError([Fault(name, found, "at most a few levels")]) from None
    except ValueError as error:
        # tomllib lets a few faults of Python's own conversions through (a number too long).
        found = f"a value that cannot be read ({error})"
        raise ScenarioError([Fault(name, found, "TOML")]) from None


def _not_toml(name: str, text: str, message: str) -> Fault:
    """Return the fault of a text that is not TOML, with line and column."""
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    reason = message.split(" (at ", maxsplit=1)[0]
    reason = reason[:1].lower() + reason[1:]
    if place is not None:
        line, column = int(place[1]), int(place[2])
    else:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    found, wanted = reason, "TOML"
    if reason.startswith("cannot "):
        # A key again, a table again, or a table as [x] and as [[x]].
        found = "something that is there already"
        wanted = "each key and each [table] once; rows of a table all begin with [[…]]"
    elif reason.startswith("expected "):
        found, wanted = "something else", reason.removeprefix("expected ")
    return Fault(f"{name}, line {line}, column {column}", found, wanted)


def read_document(document: Mapping[str, object], sha256: str) -> Scenario:
    """Return the scenario that the tables of a file describe.

    Raises
    ------
    ScenarioError
        With every fault at once.
    """
    door = Door()
    top = Row(document, "", "", door)
    _check_format(top)
    tables = {table: _rows(top, table) for table in ARRAYS}
    _gather(door, tables)
    start = _read_start(top)
    door.start = start
    inner = {key: _single(top, key) for key in SINGLES}
    door.has_roads = inner["roads"] is not None
    names = top.names()
    if top.has("name") and isinstance(top.values["name"], dict) and not top.faulty("name"):
        name = names.get("en") or next(iter(names.values()), "")
    else:
        # What is wrong with a name is noted where the names by language are read.
        name = names.get("en", "")
        if not top.has("name"):
            top.fault("name", "nothing", 'a name, e.g. "Eastern Aleppo"')
    scenario = Scenario(
        name=name,
        start=start or _NO_START,
        horizon=top.need("horizon", atoms.some_duration, timedelta(0), 'e.g. "24 h"'),
        sha256=sha256,
        sources=tuple(parties.read_source(row) for row in tables["source"]),
        parties=tuple(parties.read_party(row) for row in tables["party"]),
        agreements=tuple(parties.read_agreement(row) for row in tables["agreement"]),
        places=tuple(places.read_place(row) for row in tables["place"]),
        legs=tuple(places.read_leg(row) for row in tables["leg"]),
        corridors=tuple(places.read_corridor(row) for row in tables["corridor"]),
        classes=people.read_classes(tables["class"], inner["weights"], door),
        groups=tuple(people.read_group(row) for row in tables["group"]),
        vehicles=tuple(fleet.read_vehicles(row) for row in tables["vehicle"]),
        staff=tuple(fleet.read_staff(row) for row in tables["staff"]),
        windows=tuple(window.read_window(row) for row in tables["window"]),
        opening=None if inner["opening"] is None else window.read_opening(inner["opening"]),
        ending=Law() if inner["ending"] is None else window.read_ending(inner["ending"]),
        rules=Rules() if inner["rules"] is None else window.read_rules(inner["rules"]),
        linked=tuple(parties.read_linked(row) for row in tables["linked"]),
        roads=None if inner["roads"] is None else roads.read_roads(inner["roads"]),
        rehearsal=None
        if inner["rehearsal"] is None
        else rehearsal.read_rehearsal(inner["rehearsal"]),
        summary=top.take("summary", atoms.text),
        as_of=top.take("as_of", atoms.instant),
        names=names,
    )
    check_together(scenario, door)
    if door.faults:
        raise ScenarioError(door.faults)
    return scenario


def _check_format(top: Row) -> None:
    if not top.has("format"):
        top.fault("format", "nothing", f'"{FORMAT}"')
    elif top.values["format"] != FORMAT:
        top.fault("format", shown(top.values["format"]), f'"{FORMAT}"')


def _rows(top: Row, table: str) -> list[Row]:
    """Return the rows of a table that is written as [[table]]."""
    if not top.has(table):
        return []
    value = top.values[table]
    if not isinstance(value, list):
        top.fault(table, shown(value), f"rows, each under [[{table}]]")
        return []
    found: list[Row] = []
    for index, one in enumerate(value):
        path = f"{table}[{index}]"
        if not isinstance(one, dict):
            top.door.fault(path, shown(one), f"a row under [[{table}]]")
            continue
        name = one.get("id")
        of = f'{table} "{name}"' if isinstance(name, str) and 0 < len(name) <= 64 else ""
        found.append(Row(one, path, table, top.door, of))
    return found


def _single(top: Row, table: str) -> Row | None:
    """Return a table that stands once, written as [table]."""
    if not top.has(table):
        return None
    value = top.values[table]
    if not isinstance(value, dict):
        top.fault(table, shown(value), f"a table under [{table}]")
        return None
    return Row(value, table, None if table == "weights" else table, top.door)


def _gather(door: Door, tables: Mapping[str, Sequence[Row]]) -> None:
    """Note the ids and kinds of all tables before they are read, and ids that stand twice."""
    for table, rows in tables.items():
        ids = [_text_of(row.values.get("id")) for row in rows]
        door.ids[table] = ids
        first: dict[str, str] = {}
        for row, name in zip(rows, ids, strict=True):
            if not name:
                continue
            if name in first:
                wanted = f"an id of its own ({first[name]} has it)"
                row.fault("id", f"{shown(name)} again", wanted)
            first.setdefault(name, row.path)
    for table in ("vehicle", "staff"):
        kinds = [_text_of(row.values.get("kind")) for row in tables[table]]
        door.kinds[table] = [one for one in dict.fromkeys(kinds) if one]
    door.sides = tuple(
        name
        for row in tables["party"]
        for key in ("id", "name", "names")
        for name in _texts_of(row.values.get(key))
        if re.search(r"\w", name)
    )
    slots: dict[str, None] = dict.fromkeys(people.BUILT_IN_SLOTS)
    stated = {
        table: {slot for row in tables[table] for slot in _keys_of(row.values.get(key))}
        for table, key in (("class", "uses"), ("vehicle", "slots"))
    }
    # A slot of one's own must be both offered and used: else one of the two is misspelt.
    own = sorted(stated["class"] & stated["vehicle"])
    slots |= dict.fromkeys(one for one in own if atoms.is_kind(one))
    door.slots = tuple(slots)


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts_of(value: object) -> Sequence[str]:
    """Return a text, or the texts of a table of names by language."""
    every = list(value.values()) if isinstance(value, dict) else [value]
    return tuple(one for one in every if isinstance(one, str))


def _keys_of(value: object) -> Sequence[str]:
    return tuple(value) if isinstance(value, dict) else ()


def _read_start(top: Row) -> datetime | None:
    """Return the start with a fixed offset from UTC: local clocks are counted from it."""
    if not top.has("start"):
        top.fault("start", "nothing", "a time with its zone, e.g. 2016-12-15T08:00:00+02:00")
        return None
    if not top.has("zone"):
        return top.take("start", atoms.instant)
    zone = top.take("zone", atoms.text)
    stated = top.take("start", atoms.instant_or_local)
    if zone is None or stated is None:
        return None
    return _in_zone(top, stated, zone)


def _near_zone(zone: str, known: Iterable[str]) -> str:
    """Return the zone whose city is probably meant.

    Only the city is compared: the shared "Asia/" makes all of a continent alike.
    """
    cities = {one.rpartition("/")[2].casefold(): one for one in sorted(known)}
    near = nearest(zone.rpartition("/")[2].casefold(), cities)
    if near is None:
        return "; zones are named after one large city of a country"
    return f'; did you mean "{cities[near]}"?'


def _in_zone(top: Row, stated: datetime, zone: str) -> datetime | None:
    """Return a start in a named zone; its own offset, where it has one, must agree."""
    import zoneinfo  # noqa: PLC0415 - few files name a zone

    try:
        place = zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = _near_zone(zone, zoneinfo.available_timezones())
        top.fault("zone", shown(zone), f'a zone such as "Asia/Damascus"{near}')
        return None
    local = stated.replace(tzinfo=place)
    offset = local.utcoffset()
    if offset is None:
        return None
    if stated.tzinfo is not None and stated.utcoffset() != stated.astimezone(place).utcoffset():
        top.fault("start", shown(stated), f"the offset of {zone} at that time, {local.isoformat()}")
        return None
    if stated.tzinfo is None and local.replace(fold=1).utcoffset() != offset:
        top.fault("start", shown(stated), f"a time with its offset: clocks change then in {zone}")
        return None
    return stated.replace(tzinfo=timezone(stated.utcoffset() or offset))
