"""Slips to cut out: a number, how many it is for, a QR. No name, no place, no time, no mission.

A slip is given at registration and kept; the call-forward list calls its number. It is no promise
of a seat.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.codes import qr_svg, read_code, slip_text
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.names import Name
from safepassage.report.sheets.slips import series_of


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: its number, the code that a person reads back for the QR, the planned people.

    `drill` marks the slip itself: it is cut from the page that bears the band.
    """

    number: str
    code: str
    qr: str
    people: int
    drill: bool


@dataclass(frozen=True, slots=True)
class SlipsBody:
    """All that a sheet of slips holds."""

    slips: tuple[Slip, ...]


def slip_sheet(
    verified: VerifiedPlan, group: str, numbers: Iterable[int], printing: Printing
) -> Sheet:
    """Return slips of one group, counted from 1.

    Raises
    ------
    ValueError
        If a number is not one of the group's slips.
    KeyError
        If the scenario has no such group.
    """
    scenario = verified.scenario
    series = series_of(scenario, verified.plan.people)[group]
    wanted = list(numbers)
    wrong = [number for number in wanted if not 1 <= number <= series.slips]
    if wrong or not wanted:
        raise ValueError(
            f"slips of {group}: got {wrong[:5]}, want numbers from 1 to {series.slips}"
        )
    made: list[Slip] = []
    for number in wanted:
        shown = series.number(number)
        text = slip_text(printing.mode, scenario.name, shown)
        people, drill = series.people(number), printing.mode == "DRILL"
        made.append(Slip(shown, read_code(text), qr_svg(text), people, drill))
    whom = Name(f"{made[0].number} to {made[-1].number}")
    name = f"slips-{made[0].number}-{made[-1].number}"
    frame = frame_of(verified, printing, name=name, whom=whom, ends=None)
    return Sheet("slips", name, frame, SlipsBody(tuple(made)))
