"""Which sheets an audience gets, and the files they are written to.

The cell gets stacks to print; a crew gets a file a reader, so that handing one over hands over
nothing else; each party gets a folder with what concerns its own posts; the public gets none.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.audience import Audience
from safepassage.report.sheets.call_forward import boarding_places, call_forward
from safepassage.report.sheets.codes import Mode
from safepassage.report.sheets.driver import driver_sheet
from safepassage.report.sheets.fleet import convoys_by_time, vehicles_used
from safepassage.report.sheets.frame import Printing, Sheet
from safepassage.report.sheets.go_no_go import go_no_go, go_no_go_of_party
from safepassage.report.sheets.leader import leader_card
from safepassage.report.sheets.manifest import manifest
from safepassage.report.sheets.movement import movements
from safepassage.report.sheets.notification import notification, notifications_for, parties_of
from safepassage.report.sheets.paper import print_sheets
from safepassage.report.sheets.tally import posts_to_count, tally
from safepassage.report.sheets.terms import terms_sheet
from safepassage.report.sheets.workbook import notification_workbook
from safepassage.report.typeset import write_whole
from safepassage.scenario.parties import Clause


def write_sheets(
    verified: VerifiedPlan,
    folder: Path,
    *,
    audience: Audience,
    printed_at: datetime,
    mode: Mode = "PLAN",
    clauses: Sequence[Clause] | None = None,
) -> tuple[Path, ...]:
    """Write the sheets of one audience and return their files.

    Everything is made before anything is written; each file is written beside its place and
    renamed.

    Parameters
    ----------
    verified
        The plan.
    folder
        Where to; made if it is missing.
    audience
        "public" writes nothing: every sheet names places or times.
    printed_at
        With its zone.
    mode
        "DRILL" marks every page.
    clauses
        The terms as a ledger tells them now; else those of the scenario.

    Raises
    ------
    ValueError
        If `printed_at` has no zone.
    OSError
        If the folder cannot be written.
    """
    made = _files(verified, audience, Printing(printed_at, mode), clauses)
    for name, content in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, content)
    return tuple(folder / name for name in made)


def _files(
    verified: VerifiedPlan,
    audience: Audience,
    printing: Printing,
    clauses: Sequence[Clause] | None,
) -> dict[str, bytes]:
    """Return the content of every file of an audience, by file name."""
    if audience == "public":
        return {}
    if audience == "party":
        return _party_files(verified, printing)
    if audience == "crew":
        return _one_a_file(
            [one for stack in _crew(verified, printing, clauses).values() for one in stack],
            printing,
        )
    moving = movements(verified)
    notices = [notification(verified, one, printing) for one in moving]
    stacks = {
        **_crew(verified, printing, clauses),
        "go-no-go": [go_no_go(verified, one, printing) for one in moving],
        "notification": notices,
    }
    files = {
        f"{name}.pdf": print_sheets(sheets, at=printing.at)
        for name, sheets in stacks.items()
        if sheets
    }
    if notices:
        files["notification.xlsx"] = notification_workbook(notices, at=printing.at)
    return files


def _crew(
    verified: VerifiedPlan, printing: Printing, clauses: Sequence[Clause] | None
) -> dict[str, list[Sheet]]:
    """Return the sheets that crews carry, in stacks."""
    plan = verified.plan
    pickups = boarding_places(verified)
    return {
        "drivers": [driver_sheet(verified, one, printing) for one in vehicles_used(plan)],
        "leaders": [leader_card(verified, one, printing) for one in convoys_by_time(plan)],
        "manifests": [
            manifest(verified, one, printing) for one in movements(verified) if one.people
        ],
        "tallies": [tally(verified, one, printing) for one in posts_to_count(verified)],
        "call-forward": [
            sheet for one in pickups for sheet in call_forward(verified, one, printing)
        ],
        "terms": [terms_sheet(verified, one, printing, clauses) for one in pickups],
    }


def _party_files(verified: VerifiedPlan, printing: Printing) -> dict[str, bytes]:
    """Return the files of every party, in a folder each: who gets a folder gets all in it."""
    made: dict[str, bytes] = {}
    for party in parties_of(verified):
        notices = notifications_for(verified, party, printing)
        form = go_no_go_of_party(verified, party, printing)
        folder = _file_stem(f"party-{party}")
        made[f"{folder}/notification.pdf"] = print_sheets(notices, at=printing.at)
        made[f"{folder}/notification.xlsx"] = notification_workbook(notices, at=printing.at)
        made[f"{folder}/go-no-go.pdf"] = print_sheets([form], at=printing.at)
    return made


def _one_a_file(sheets: Sequence[Sheet], printing: Printing) -> dict[str, bytes]:
    """Return a PDF of its own for each sheet."""
    return {
        f"{_file_stem(sheet.name)}.pdf": print_sheets([sheet], at=printing.at) for sheet in sheets
    }


def _file_stem(name: str) -> str:
    """Return a name as a file name: letters, digits and dashes; anything else as its number."""
    return "".join(
        char if char.isascii() and (char.isalnum() or char in "-_") else f"~{ord(char):x}"
        for char in name
    )
