"""What the tests of the sheets read back: the words of a PDF, and all texts of a sheet's data."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from safepassage.report.sheets.frame import Printing, Sheet
from safepassage.report.sheets.paper import print_sheets

AT = datetime(2016, 12, 15, 6, 5, tzinfo=UTC)
PRINTING = Printing(AT)


def words(pdf: bytes | Path) -> str:
    """Return the text of all pages in one line."""
    return " ".join(pages(pdf))


def pages(pdf: bytes | Path) -> list[str]:
    """Return the text of each page in one line."""
    content = pdf.read_bytes() if isinstance(pdf, Path) else pdf
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def printed(*sheets: Sheet) -> str:
    """Return the text of sheets as they are printed."""
    return words(print_sheets(sheets, at=AT))


def texts_of(sheet: Sheet) -> set[str]:
    """Return every text that a sheet's data holds: what is not here cannot be printed."""
    return set(_texts(asdict(sheet)))


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, Sequence):
        for value in data:
            yield from _texts(value)
