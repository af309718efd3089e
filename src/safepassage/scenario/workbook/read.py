"""Reads a filled workbook into the tables of scenario.toml; faults are named by sheet and cell."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from safepassage.scenario.faults import Fault, ScenarioError
from safepassage.scenario.load import parse, read_document
from safepassage.scenario.near import did_you_mean, listed
from safepassage.scenario.reading.atoms import WrongError, shown
from safepassage.scenario.reading.keys import FORMAT
from safepassage.scenario.toml_text import toml_text
from safepassage.scenario.workbook.cells import FIGURE, TEXT, Form
from safepassage.scenario.workbook.sheets import (
    MISSION,
    MISSION_LINES,
    SHEETS,
    WEIGHTS,
    Column,
)

MOST_BYTES = 32 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LAST_ROW = 1_048_576
ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!")
"""What a spreadsheet shows where it could not work something out."""

_LANGUAGE = re.compile(r"name \(([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)")

Grid = list[tuple[object, ...]]


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
    reading = _read_tables(_grids(file))
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
    wanted = fault.wanted.replace(" in quotes", "")
    for sheet in SHEETS:
        wanted = wanted.replace(f"[[{sheet.table}]]", f"row of the sheet {sheet.name}")
    return Fault(where, fault.found, wanted, fault.of)


def _grids(file: Path) -> dict[str, Grid]:
    """Return the values of every sheet by its name, row by row."""
    content = _content(file)
    import openpyxl  # noqa: PLC0415 - slow to import, and few commands need it

    def sheets(*, results: bool) -> dict[str, Grid]:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=results)
        return {page.title.strip().lower(): _grid(page.iter_rows) for page in book.worksheets}

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values, written = sheets(results=True), sheets(results=False)
    except Exception:  # noqa: BLE001 - the library raises anything on a damaged file
        fault = Fault(str(file), "a file that cannot be opened", "a workbook saved as .xlsx")
        raise ScenarioError([fault]) from None
    faults = [one for name in written for one in _unread(name, values[name], written[name])]
    if faults:
        raise ScenarioError(faults)
    return values


def _unread(name: str, values: Grid, written: Grid) -> Iterator[Fault]:
    """Yield what a sheet holds and nobody would see missing: too much, errors, no results."""
    if len(written) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in written):
        wanted = f"at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns"
        yield Fault(f"sheet {name}", "a sheet without end", wanted)
    for number, row in enumerate(written):
        for place, value in enumerate(row):
            if not isinstance(value, str) or not value.startswith(("=", "#")):
                continue
            there = values[number] if number < len(values) else ()
            result = there[place] if place < len(there) else None
            if result in ERRORS:
                yield Fault(_cell(name, number, place), shown(result), "a value, not an error")
            elif value.startswith("=") and result is None:
                wanted = "a value; or open the workbook in a spreadsheet and save it again"
                yield Fault(_cell(name, number, place), "a formula without its result", wanted)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError([Fault(str(file), "no such file", "a workbook (.xlsx)")]) from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise ScenarioError([Fault(str(file), reason, "a file that can be read")]) from None
    if len(content) > MOST_BYTES:
        raise ScenarioError([Fault(str(file), "a file of more than 32 MiB", "a workbook")])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        fault = Fault(str(file), "a file that is no workbook", "a workbook saved as .xlsx")
        raise ScenarioError([fault]) from None
    if size > MOST_UNPACKED:
        raise ScenarioError([Fault(str(file), "a file that unpacks without end", "a workbook")])
    return content


def _grid(iter_rows: object) -> Grid:
    """Return the values of one sheet, up to the most rows and columns that are read."""
    if not callable(iter_rows):
        raise TypeError("no rows")
    rows: Grid = []
    for number, row in enumerate(iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)):
        if number < MOST_ROWS:
            rows.append(tuple(row))
        elif number >= LAST_ROW or not all(_empty(one) for one in row):
            # One row more than is read stands for all that follow.
            rows.append(("…",))
            break
    while rows and all(_empty(one) for one in rows[-1]):
        rows.pop()
    # Read-only sheets state a width that they need not have.
    return [
        row[: 1 + max((n for n, v in enumerate(row) if not _empty(v)), default=-1)] for row in rows
    ]


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_note(row: Sequence[object]) -> bool:
    first = next((one for one in row if not _empty(one)), None)
    return first is None or (isinstance(first, str) and first.lstrip().startswith("#"))


def _cell(sheet: str, row: int, column: int) -> str:
    """Return the name of a cell, counted from 0, as a spreadsheet shows it."""
    letters = ""
    left = column
    while left >= 0:
        letters = chr(ord("A") + left % 26) + letters
        left = left // 26 - 1
    return f"sheet {sheet}, cell {letters}{row + 1}"


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
        if number == 0 or _is_note(row):
            continue
        key = str(row[0]).strip()
        where = _cell(MISSION, number, 1)
        language = _LANGUAGE.fullmatch(key)
        if key not in lines and language is None:
            near = did_you_mean(key, lines)
            found = Fault(_cell(MISSION, number, 0), shown(key), f"a line of this sheet{near}")
            reading.faults.append(found)
            continue
        if key in seen:
            again = f"{shown(key)} again"
            reading.faults.append(Fault(_cell(MISSION, number, 0), again, "each line only once"))
        seen.add(key)
        code = language[1] if language is not None else "en"
        path = f"names.{code}" if language is not None else key
        reading.cells[path] = where
        value = row[1] if len(row) > 1 else None
        if _empty(value):
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
    passed = {place for place, title in enumerate(grid[0]) if not _empty(title)}
    index = 0
    for number, row in enumerate(grid[1:], start=1):
        if _is_note(row):
            continue
        for place, value in enumerate(row):
            if not _empty(value) and place not in titles and place not in passed:
                where = _cell(name, number, place)
                wanted = "a title above it, or # and a note"
                reading.faults.append(Fault(where, f"{shown(value)} under no title", wanted))
        path = f"{table}[{index}]"
        reading.cells[path] = f"sheet {name}, row {number + 1}"
        found: dict[str, object] = {}
        names: dict[str, object] = {}
        for place, (column, language) in titles.items():
            where = _cell(name, number, place)
            inner = f"names.{language}" if language not in {None, "en"} else column.key
            reading.cells[f"{path}.{inner}"] = where
            value = row[place] if place < len(row) else None
            if _empty(value):
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
        if _empty(value):
            continue
        title = str(value).strip()
        where = _cell(name, 0, place)
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
            near = did_you_mean(title, known)
            wanted = f"one of {listed(known, 30)}{near}"
            reading.faults.append(Fault(where, f"the column {shown(title)}", wanted))
        seen.add(title)
    return found


def _read_weights(reading: _Reading, grid: Grid) -> dict[str, object]:
    weights: dict[str, object] = {}
    reading.cells["weights"] = f"sheet {WEIGHTS}"
    for number, row in enumerate(grid):
        if number == 0 or _is_note(row):
            continue
        where = _cell(WEIGHTS, number, 1)
        name = _read_cell(reading, _cell(WEIGHTS, number, 0), TEXT, row[0])
        value = row[1] if len(row) > 1 else None
        if not isinstance(name, str) or _empty(value):
            reading.faults.append(Fault(where, "nothing", "a class and its weight, e.g. 2"))
            continue
        if name in weights:
            again = Fault(_cell(WEIGHTS, number, 0), f"{shown(name)} again", "each only once")
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
        reading.faults.append(Fault(where, error.found or shown(value), error.wanted))
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
