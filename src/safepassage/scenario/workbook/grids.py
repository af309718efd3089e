"""Opens a workbook and gives the values of its cells; nothing in it is passed over in silence."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from safepassage.scenario.faults import Fault, ScenarioError
from safepassage.scenario.reading.atoms import shown

MOST_BYTES = 32 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LAST_ROW = 1_048_576
"""The format's own last row: a file that goes on behind it is damaged or hostile."""

Grid = list[tuple[object, ...]]
"""The values of one sheet, row by row."""

Typed = list[list[tuple[object, str]]]
"""The values of one sheet with what the file says of each: "f" a formula, "e" an error."""


def grids_of(file: Path) -> dict[str, Grid]:
    """Return the values of every sheet by its name; formulas by their stored results.

    Raises
    ------
    ScenarioError
        If it is no workbook, or holds errors, formulas without results, or sheets without end.
    """
    content = _content(file)
    import openpyxl  # noqa: PLC0415 - slow to import, and few commands need it

    def sheets(*, results: bool) -> dict[str, Typed]:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=results)
        return {page.title.strip().lower(): _typed(page.iter_rows) for page in book.worksheets}

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results, written = sheets(results=True), sheets(results=False)
    except Exception:  # noqa: BLE001 - the library raises anything on a damaged file
        fault = Fault(str(file), "a file that cannot be opened", "a workbook saved as .xlsx")
        raise ScenarioError([fault]) from None
    faults = [one for name in written for one in _unread(name, results[name], written[name])]
    if faults:
        raise ScenarioError(faults)
    return {
        name: [tuple(value for value, _ in row) for row in rows] for name, rows in results.items()
    }


def _unread(name: str, results: Typed, written: Typed) -> Iterator[Fault]:
    """Yield what a sheet holds and nobody would see missing: too much, errors, no results."""
    if len(written) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in written):
        wanted = f"at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns"
        yield Fault(f"sheet {name}", "a sheet without end", wanted)
    there: dict[tuple[int, int], tuple[object, str]] = {
        (number, place): cell
        for number, row in enumerate(results)
        for place, cell in enumerate(row)
    }
    for (number, place), (value, kind) in there.items():
        if kind == "e":
            yield Fault(cell_name(name, number, place), shown(value), "a value, not an error")
    for number, row in enumerate(written):
        for place, (_, kind) in enumerate(row):
            if kind == "f" and there.get((number, place), (None, ""))[0] is None:
                wanted = "a value; or open the workbook in a spreadsheet and save it again"
                where = cell_name(name, number, place)
                yield Fault(where, "a formula without its result", wanted)


def _content(file: Path) -> bytes:
    """Return the bytes of a file that is a zip of sane size, as a workbook is."""
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


def _typed(iter_rows: object) -> Typed:
    """Return the cells of one sheet, up to the most rows and columns that are read."""
    if not callable(iter_rows):
        raise TypeError("no rows")
    rows: Typed = []
    for number, row in enumerate(iter_rows(max_col=MOST_COLUMNS + 1)):
        cells = [(one.value, one.data_type) for one in row]
        # Read-only sheets state a width that they need not have.
        while cells and is_empty(cells[-1][0]):
            cells.pop()
        if number < MOST_ROWS:
            rows.append(cells)
        elif cells or number >= LAST_ROW:
            # One row more than is read stands for all that follow.
            rows.append([("…", "s")])
            break
    while rows and not rows[-1]:
        rows.pop()
    return rows


def is_empty(value: object) -> bool:
    """Whether a cell holds nothing, or blanks only."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_note(row: Sequence[object]) -> bool:
    """Whether a row is a note: empty, or beginning with #."""
    first = next((one for one in row if not is_empty(one)), None)
    return first is None or (isinstance(first, str) and first.lstrip().startswith("#"))


def cell_name(sheet: str, row: int, column: int) -> str:
    """Return the name of a cell, counted from 0, as a spreadsheet shows it."""
    letters = ""
    left = column
    while left >= 0:
        letters = chr(ord("A") + left % 26) + letters
        left = left // 26 - 1
    return f"sheet {sheet}, cell {letters}{row + 1}"
