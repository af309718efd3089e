"""Print sheets: their data and the templates beside this file into one PDF."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.resources import files

from safepassage.report.sheets.frame import Sheet
from safepassage.report.sheets.words import WORDS
from safepassage.report.typeset import as_json, pdf_bytes

MAIN = """
#import "frame.typ": sheets
#sheets(json("sheets.json"))
"""


def print_sheets(sheets: Sequence[Sheet], *, at: datetime) -> bytes:
    """Return one PDF of sheets, each with its own page numbers.

    Parameters
    ----------
    sheets
        At least one; each begins on a new page.
    at
        When they are printed.
    """
    data = as_json([asdict(sheet) for sheet in sheets])
    return pdf_bytes(MAIN, assets={"sheets.json": data, **_templates()}, at=at)


@cache
def _templates() -> dict[str, bytes]:
    """Return the templates and the words, by file name."""
    found = {
        one.name: one.read_bytes()
        for one in files("safepassage.report.sheets").iterdir()
        if one.name.endswith(".typ")
    }
    found["words.json"] = as_json({key: words._asdict() for key, words in WORDS.items()})
    return found
