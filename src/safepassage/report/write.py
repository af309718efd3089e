"""Write a report and its sheets into a folder, for one audience.

Knows that half a file must never lie there, and that two audiences must never share a folder:
handing the folder over hands everything in it over.
"""

import re
from pathlib import Path

from safepassage.report.audience import Audience
from safepassage.report.compose import document_for
from safepassage.report.html import html_of
from safepassage.report.material import Material
from safepassage.report.pdf import pdf_of
from safepassage.report.sheets.write import write_sheets
from safepassage.report.typeset import write_whole

HTML, PDF = "report.html", "report.pdf"
_AUDIENCE = re.compile(r'<meta name="audience" content="([a-z]+)">')


class SharedFolderError(ValueError):
    """The folder already holds a report for another audience."""


def write_report(material: Material, folder: Path, *, audience: Audience) -> tuple[Path, ...]:
    """Write report.html, report.pdf and the sheets of an audience, and return their files.

    Everything is made before anything is written, and each file is written beside its place and
    renamed: what lay there stays whole until the new one is complete. Sheets go to a folder of
    their own named by the plan's hash, so that sheets of an older plan are never among them.

    Raises
    ------
    SharedFolderError
        If the folder holds a report for another audience.
    OSError
        If the folder cannot be written.
    """
    there = audience_of(folder)
    if there is not None and there != audience:
        raise SharedFolderError(
            f"{folder}: holds a report for {there}, want another folder for {audience}: who gets "
            "the folder gets everything in it"
        )
    document = document_for(material, audience)
    page = html_of(document, audience=audience).encode()
    paper = pdf_of(document, at=material.made_at)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / HTML, page)
    write_whole(folder / PDF, paper)
    if audience == "public":
        # Every sheet names places or times.
        return folder / HTML, folder / PDF
    sheets = write_sheets(
        material.verified,
        folder / f"sheets-{material.verified.plan_hash[:8]}",
        audience=audience,
        printed_at=material.made_at,
    )
    return (folder / HTML, folder / PDF, *sheets)


def audience_of(folder: Path) -> str | None:
    """Return for whom the report in a folder was made; None where there is none."""
    page = folder / HTML
    if not page.is_file():
        return None
    found = _AUDIENCE.search(page.read_text(encoding="utf-8", errors="replace"))
    return found.group(1) if found else "somebody else"
