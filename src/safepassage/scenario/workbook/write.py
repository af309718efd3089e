"""Writes the workbook: blank with its instructions, or filled from a scenario."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from safepassage.scenario.workbook.cells import Cell
from safepassage.scenario.workbook.sheets import (
    MISSION,
    MISSION_LINES,
    READ_ME,
    SHEETS,
    WEIGHTS,
    Column,
    Sheet,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_IN_CELL = 32_000
"""The format ends at 32,767 characters."""

BLANK_ROWS = 100
"""So many rows of a blank table are ready to be filled in: as text, with lists to choose from."""

INSTRUCTIONS: tuple[str, ...] = (
    "This workbook describes an evacuation: where people are, where they go, and with what.",
    "Fill in the sheets, save, then run:   safepassage new NAME --from-workbook THIS-FILE.xlsx",
    "and then:   safepassage check NAME   and   safepassage plan NAME -o plan.json",
    "",
    "1. Begin with the sheet mission: name, start and horizon are needed.",
    "2. places: at least one loading place (pickup) and one destination (shelter or hospital).",
    "3. legs: the stretches between places, each with its driving time.",
    "4. corridors: only where vehicles may go in convoy only.",
    "5. groups: how many people wish to leave, where they are, and what they need (class).",
    "6. vehicles, and staff where somebody must go along.",
    "7. All other sheets may stay empty.",
    "",
    "A row that begins with # is a note and is not read. The second row of each sheet is one.",
    "So is a column whose title begins with #, and a sheet whose name does.",
    "The order of columns does not matter. A column that you do not need may be deleted.",
    "Names in other languages: add a column such as   name (ar)   or   name (uk).",
    "Counts only: no names of people, no telephone numbers.",
    "",
    "How to write a number, with where it comes from:",
    "20                                     a plain figure: shown as unsourced",
    "20 (source: town-hall)                 town-hall is an id on the sheet sources",
    "4 (assumed: four bays on photographs)  assumed, and why",
    "2000 to 5000, likely 3500 (source: town-hall)   a range",
    "unknown (nobody has counted)           unknown is not zero",
    "",
    "How to write a time:  66 min    1 h 30 min    2 days",
    "Several in one cell:  seat = 50; stretcher = 2      0 min = 100; 60 min = 50",
    "A list:  north-post, south-post",
    "Yes or no:  yes    no",
)


def blank_workbook() -> bytes:
    """Return the XLSX file of an empty workbook with its instructions."""
    return _workbook({}, ())


def filled_workbook(document: Mapping[str, object]) -> bytes:
    """Return the XLSX file with the tables of a valid scenario document.

    Tables that no sheet holds (agreements, linked evacuations) are named on the first sheet.

    Raises
    ------
    ValueError
        If a value is too long for a cell.
    """
    return _workbook(document, left_out(document))


def left_out(document: Mapping[str, object]) -> list[str]:
    """Return the tables of a scenario document that no sheet holds."""
    held = {one.table for one in SHEETS} | {"weights", "format", "names"}
    held |= {one.key.split(".")[0] for one in MISSION_LINES}
    return [key for key in document if key not in held]


def _workbook(document: Mapping[str, object], missing: Sequence[str]) -> bytes:
    import openpyxl  # noqa: PLC0415 - slow to import, and few commands need it

    book = openpyxl.Workbook()
    book.properties.creator = "Safe Passage"
    first = book.active
    first.title = READ_ME
    _write_instructions(first, missing)
    _write_mission(book.create_sheet(MISSION), document)
    for sheet in SHEETS:
        rows = document.get(sheet.table, [])
        page = book.create_sheet(sheet.name)
        _write_table(page, sheet, rows if isinstance(rows, list) else [], blank=not document)
        if sheet.table == "class":
            weights = document.get("weights", {})
            _write_weights(
                book.create_sheet(WEIGHTS), weights if isinstance(weights, Mapping) else {}
            )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(page: "Worksheet", row: int, column: int, value: Cell) -> None:
    """Write one cell; text that a spreadsheet would take for a formula stays text."""
    cell = page.cell(row=row, column=column)
    if isinstance(value, str) and len(value) > MOST_IN_CELL:
        raise ValueError(f"sheet {page.title}, cell {cell.coordinate}: too long for a cell")
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = value[:1] in "=+-@"


def _write_instructions(page: "Worksheet", missing: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    _put(page, 1, 1, "Safe Passage: the workbook of a scenario")
    page.cell(row=1, column=1).font = Font(bold=True, size=14)
    lines = [*INSTRUCTIONS, "", "The sheets:"]
    lines += [f"{sheet.name}: {sheet.help}" for sheet in SHEETS]
    if missing:
        lines += ["", f"Not in this workbook, only in scenario.toml: {', '.join(missing)}."]
        lines += ["Keep them with   --keep SCENARIO   when you read this workbook again."]
    for number, line in enumerate(lines, start=3):
        _put(page, number, 1, line)
        page.cell(row=number, column=1).alignment = Alignment(wrap_text=True, vertical="top")
    page.column_dimensions["A"].width = 100


def _write_mission(page: "Worksheet", document: Mapping[str, object]) -> None:
    names = _names_of(document)
    lines: list[tuple[str, Cell, str]] = []
    for column in MISSION_LINES:
        if column.key == "name":
            lines.append(("name", names.get("en"), column.help))
            lines += [(f"name ({code})", one, "") for code, one in names.items() if code != "en"]
            continue
        value = _value_at(document, column.key)
        cell = None if value is None else column.form.to_cell(value)
        lines.append((column.key, cell, column.help))
    _head(page, ("what", "value", "meaning"), ("# what", "fill in this column", ""))
    for row, (key, value, meaning) in enumerate(lines, start=3):
        _put(page, row, 1, key)
        _put(page, row, 2, value)
        page.cell(row=row, column=2).number_format = "@"
        _put(page, row, 3, meaning or None)
    for number, column in enumerate(MISSION_LINES, start=3):
        if not names and column.choices:
            _offer(page, f"B{number}", column.choices)
    _widths(page, (24, 46, 90))


def _write_table(
    page: "Worksheet", sheet: Sheet, rows: Sequence[Mapping[str, object]], *, blank: bool
) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    columns: list[tuple[str, Column]] = []
    for column in sheet.columns:
        columns.append((column.key, column))
        if column.key == "name":
            codes = dict.fromkeys(code for row in rows for code in _names_of(row) if code != "en")
            columns += [(f"name ({code})", column) for code in codes]
    helps = [column.help if title == column.key else "" for title, column in columns]
    _head(page, [title for title, _ in columns], [f"# {helps[0]}", *helps[1:]])
    for number, row in enumerate(rows, start=3):
        names = _names_of(row)
        for place, (title, column) in enumerate(columns, start=1):
            if column.key == "name":
                code = "en" if title == "name" else title[len("name (") : -1]
                _put(page, number, place, names.get(code))
                continue
            value = _value_at(row, column.key)
            _put(page, number, place, None if value is None else column.form.to_cell(value))
    for place, (_, column) in enumerate(columns, start=1):
        letter = get_column_letter(place)
        last = len(rows) + BLANK_ROWS
        if column.choices:
            _offer(page, f"{letter}3:{letter}{last}", column.choices)
        for number in range(3, last + 1) if blank else ():
            # As text, so that no spreadsheet turns "1 h" or "06:00" into something else.
            page.cell(row=number, column=place).number_format = "@"
    _widths(page, [max(14, min(34, len(one) + 2)) for one in helps])


def _write_weights(page: "Worksheet", weights: Mapping[str, object]) -> None:
    from safepassage.scenario.workbook.cells import FIGURE  # noqa: PLC0415

    note = "by medical need or vulnerability only; everyone else counts 1"
    _head(page, ("class", "weight"), ("# a class", note))
    for number, (name, value) in enumerate(weights.items(), start=3):
        _put(page, number, 1, name)
        _put(page, number, 2, FIGURE.to_cell(value))
    _widths(page, (28, 60))


def _head(page: "Worksheet", titles: Sequence[str], helps: Sequence[str]) -> None:
    """Write the row of titles and the row of notes."""
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

    for place, title in enumerate(titles, start=1):
        _put(page, 1, place, title)
        cell = page.cell(row=1, column=place)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDDDDD")
    for place, text in enumerate(helps, start=1):
        _put(page, 2, place, text or None)
        cell = page.cell(row=2, column=place)
        cell.font = Font(italic=True, color="555555")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "B3"


def _offer(page: "Worksheet", cells: str, choices: Sequence[str]) -> None:
    """Offer a list to choose from."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    offer = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    # The program names what is wrong; a spreadsheet that refuses would stop a paste of many rows.
    offer.showErrorMessage = False
    page.add_data_validation(offer)
    offer.add(cells)


def _widths(page: "Worksheet", widths: Sequence[int]) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width


def _names_of(row: Mapping[str, object]) -> dict[str, str]:
    """Return names by language from `name` and `names`."""
    found: dict[str, str] = {}
    for key in ("name", "names"):
        value = row.get(key)
        if isinstance(value, str):
            found["en"] = value
        elif isinstance(value, Mapping):
            found |= {str(code): str(one) for code, one in value.items()}
    return found


def _value_at(row: Mapping[str, object], path: str) -> object:
    """Return the value at a path such as "intake.per", None where there is none."""
    value: object = row
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value
