"""Reads a filled workbook into the tables of scenario.toml; faults are named by sheet and cell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from safepassage.scenario.faults import Fault, ScenarioError
from safepassage.scenario.load import parse, read_document
from safepassage.scenario.near import did_you_mean, listed
from safepassage.scenario.reading.atoms import WrongError, shown
from safepassage.scenario.reading.keys import FORMAT
from safepassage.scenario.toml_text import toml_text
from safepassage.scenario.workbook.cells import FIGURE, TEXT, Form, plain_from_cell
from safepassage.scenario.workbook.grids import Grid, cell_name, grids_of, is_empty, is_note
from safepassage.scenario.workbook.letters import settle_capitals
from safepassage.scenario.workbook.sheets import (
    MISSION,
    MISSION_LINES,
    SHEETS,
    WEIGHTS,
    Column,
)
from safepassage.scenario.workbook.wishes import in_cells

_LANGUAGE = re.compile(r"name \(([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)")


@dataclass
class _Reading:
    """What is read so far: the tables, the cell that each path stands in, and the faults."""

    document: dict[str, object] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def scenario_from_workbook(
    file: Path, keep: Mapping[str, object] | None = None, heading: str = ""
) -> str:
    """Return the text of scenario.toml that a filled workbook describes.

    `keep` holds the tables of another scenario; those that no sheet holds (agreements, linked
    evacuations) are taken from it.

    Raises
    ------
    ScenarioError
        With every fault at once, each with its sheet and cell.
    """
    reading = _read_tables(grids_of(file))
    settle_capitals(reading.document)
    held = {one.table for one in SHEETS} | {one.key.split(".")[0] for one in MISSION_LINES}
    for key, value in (keep or {}).items():
        if key not in held and key not in {"format", "weights", "names"}:
            reading.document[key] = value
    document = {"format": FORMAT} | reading.document
    faults = list(reading.faults)
    text = toml_text(document, heading)
    try:
        read_document(parse(text.encode(), str(file)), "")
    except ScenarioError as error:
        known = {one.path for one in faults}
        faults += [
            one
            for one in (_by_cell(fault, reading.cells) for fault in error.faults)
            if one.path not in known
        ]
    if faults:
        raise ScenarioError(faults)
    return text


def _by_cell(fault: Fault, cells: Mapping[str, str]) -> Fault:
    """Return a fault of scenario.toml as the fault of a cell."""
    path = fault.path
    while path and path not in cells:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    where = cells.get(path, f"scenario.toml, {fault.path}")
    return Fault(where, fault.found, in_cells(fault.wanted, cells), fault.of)


def _read_tables(grids: Mapping[str, Grid]) -> _Reading:
    reading = _Reading()
    known = {"read me", MISSION, WEIGHTS} | {one.name for one in SHEETS}
    for name in grids:
        if name not in known and grids[name] and not name.startswith("#"):
            near = did_you_mean(name, known)
            wanted = f"one of {listed(sorted(known), 20)}{near}; notes go on a sheet named #…"
            reading.faults.append(Fault(f"sheet {name}", "an unknown sheet", wanted))
    _read_mission(reading, grids.get(MISSION))
    for sheet in SHEETS:
        reading.cells[sheet.table] = f"sheet {sheet.name}"
        grid = grids.get(sheet.name, [])
        rows = [
            row for row in _read_rows(reading, sheet.name, sheet.table, sheet.columns, grid) if row
        ]
        if rows:
            reading.document[sheet.table] = rows
    weights = _read_weights(reading, grids.get(WEIGHTS, []))
    if weights:
        reading.document["weights"] = weights
    return reading


def _read_mission(reading: _Reading, grid: Grid | None) -> None:
    if grid is None:
        reading.faults.append(Fault(f"sheet {MISSION}", "no such sheet", "name, start, horizon"))
        return
    lines = {one.key: one for one in MISSION_LINES}
    names: dict[str, object] = {}
    seen: set[str] = set()
    for number, row in enumerate(grid):
        if number == 0 or is_note(row):
            continue
        key = str(row[0]).strip()
        where = cell_name(MISSION, number, 1)
        language = _LANGUAGE.fullmatch(key)
        if key not in lines and language is None:
            near = did_you_mean(key, lines)
            found = Fault(cell_name(MISSION, number, 0), shown(key), f"a line of this sheet{near}")
            reading.faults.append(found)
            continue
        if key in seen:
            again = f"{shown(key)} again"
            reading.faults.append(
                Fault(cell_name(MISSION, number, 0), again, "each line only once")
            )
        seen.add(key)
        code = language[1] if language is not None else "en"
        path = f"names.{code}" if language is not None else key
        reading.cells[path] = where
        value = row[1] if len(row) > 1 else None
        if is_empty(value):
            continue
        column = lines.get(key, lines["name"])
        found_value = _read_cell(reading, where, column.form, value)
        if key == "name" or language is not None:
            names[code] = found_value
        elif found_value is not None:
            _set(reading.document, key, found_value)
    top: dict[str, object] = {}
    if "en" in names:
        top["name"] = names.pop("en")
        top |= {"names": names} if names else {}
    elif names:
        top["name"] = names
    reading.document = top | reading.document
    for column in MISSION_LINES:
        reading.cells.setdefault(column.key, f"sheet {MISSION}, line {column.key}")
    for key in ("opening", "ending", "rules", "rules.night"):
        reading.cells.setdefault(key, f"sheet {MISSION}")


def _read_rows(
    reading: _Reading, name: str, table: str, columns: Sequence[Column], grid: Grid
) -> Iterator[dict[str, object]]:
    """Yield the rows of a sheet as rows of [[table]]; empty rows are skipped."""
    if not grid:
        return
    titles = _titles(reading, name, columns, grid[0])
    # Notes, and titles that are named as faults already.
    passed = {place for place, title in enumerate(grid[0]) if not is_empty(title)}
    index = 0
    for number, row in enumerate(grid[1:], start=1):
        if is_note(row):
            continue
        for place, value in enumerate(row):
            if not is_empty(value) and place not in titles and place not in passed:
                where = cell_name(name, number, place)
                wanted = "a title above it, or # and a note"
                reading.faults.append(
                    Fault(where, f"{shown(plain_from_cell(value))} under no title", wanted)
                )
        path = f"{table}[{index}]"
        reading.cells[path] = f"sheet {name}, row {number + 1}"
        found: dict[str, object] = {}
        names: dict[str, object] = {}
        for place, (column, language) in titles.items():
            where = cell_name(name, number, place)
            inner = f"names.{language}" if language not in {None, "en"} else column.key
            reading.cells[f"{path}.{inner}"] = where
            value = row[place] if place < len(row) else None
            if is_empty(value):
                continue
            stated = _read_cell(reading, where, column.form, value)
            if stated is None:
                continue
            if language is not None and language != "en":
                names[language] = stated
            else:
                _set(found, column.key, stated)
        if names:
            found["names"] = names
        index += 1
        yield found


def _titles(
    reading: _Reading, name: str, columns: Sequence[Column], row: Sequence[object]
) -> dict[int, tuple[Column, str | None]]:
    """Return, by place, the column that a title names and the language of a name."""
    known = {one.key: one for one in columns}
    found: dict[int, tuple[Column, str | None]] = {}
    seen: set[str] = set()
    for place, value in enumerate(row):
        if is_empty(value):
            continue
        title = str(value).strip()
        where = cell_name(name, 0, place)
        language = _LANGUAGE.fullmatch(title) if "name" in known else None
        if title.startswith("#"):
            continue
        if title in seen:
            reading.faults.append(Fault(where, f"{shown(title)} again", "each column only once"))
        elif title in known:
            found[place] = (known[title], "en" if title == "name" else None)
        elif language is not None:
            found[place] = (known["name"], language[1])
        else:
            near = did_you_mean(title.lower(), known)
            wanted = f"one of {listed(known, 30)}{near}"
            reading.faults.append(Fault(where, f"the column {shown(title)}", wanted))
        seen.add(title)
    return found


def _read_weights(reading: _Reading, grid: Grid) -> dict[str, object]:
    weights: dict[str, object] = {}
    reading.cells["weights"] = f"sheet {WEIGHTS}"
    for number, row in enumerate(grid):
        if number == 0 or is_note(row):
            continue
        where = cell_name(WEIGHTS, number, 1)
        name = _read_cell(reading, cell_name(WEIGHTS, number, 0), TEXT, row[0])
        value = row[1] if len(row) > 1 else None
        if not isinstance(name, str) or is_empty(value):
            reading.faults.append(Fault(where, "nothing", "a class and its weight, e.g. 2"))
            continue
        if name in weights:
            again = Fault(cell_name(WEIGHTS, number, 0), f"{shown(name)} again", "each only once")
            reading.faults.append(again)
        reading.cells[f"weights.{name}"] = where
        stated = _read_cell(reading, where, FIGURE, value)
        if stated is not None:
            weights[name] = stated
    return weights


def _read_cell(reading: _Reading, where: str, form: Form, value: object) -> object:
    """Return the value of a cell, or None with a fault noted."""
    try:
        found = form.from_cell(value)
    except WrongError as error:
        reading.faults.append(
            Fault(where, error.found or shown(plain_from_cell(value)), error.wanted)
        )
        return None
    return found


def _set(row: dict[str, object], path: str, value: object) -> None:
    """Set a value at a path such as "intake.per"."""
    *outer, last = path.split(".")
    for key in outer:
        inner = row.setdefault(key, {})
        if not isinstance(inner, dict):
            raise TypeError(f"{path}: {key} is no table")
        row = inner
    row[last] = value
