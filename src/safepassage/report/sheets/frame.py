"""What every sheet bears: mode, plan, for whom it is, until when, printed when, its code."""

from dataclasses import dataclass
from datetime import datetime

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.clock import printed, rounded_up, zone_of
from safepassage.report.sheets.codes import Mode, plan_code, qr_svg, read_code, sheet_text
from safepassage.report.sheets.names import Name, mission_name


@dataclass(frozen=True, slots=True)
class Printing:
    """One act of printing: when, and as a real plan or as a drill.

    Raises
    ------
    ValueError
        If `at` has no zone.
    """

    at: datetime
    mode: Mode = "PLAN"

    def __post_init__(self) -> None:
        zone_of(self.at)


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one sheet. `valid_until` is empty where only a signature gives an end."""

    mode: Mode
    mission: Name
    whom: Name
    plan: str
    valid_until: str
    printed: str
    zone: str
    code: str
    qr: str
    no_consent: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as data: `body` is a frozen dataclass, and its fields are all that is printed.

    `kind` chooses the template and the title, `name` is the stem of the file where the sheet gets
    a file of its own.
    """

    kind: str
    name: str
    frame: Frame
    body: object


def frame_of(
    verified: VerifiedPlan, printing: Printing, *, name: str, whom: Name, ends: int | None
) -> Frame:
    """Return the frame of the sheet `name`, whose last planned event is at `ends` seconds.

    The arrival margin of the rules is added: the sheet is stale when that is over.
    """
    scenario = verified.scenario
    text = sheet_text(printing.mode, verified.plan_hash, name)
    margin = int(scenario.rules.arrival_margin.total_seconds())
    until = "" if ends is None else rounded_up(scenario, ends + margin).full
    return Frame(
        mode=printing.mode,
        mission=mission_name(scenario),
        whom=whom,
        plan=plan_code(verified.plan_hash),
        valid_until=until,
        printed=printed(scenario, printing.at).full,
        zone=zone_of(scenario.start),
        code=read_code(text),
        qr=qr_svg(text),
        no_consent=consent_missing(verified),
    )


def consent_missing(verified: VerifiedPlan) -> bool:
    """Return whether the plan carries anybody of a group of which no consent is recorded."""
    aboard = {
        group for trip in verified.plan.trips for group, people in trip.groups.items() if people
    }
    return any(not verified.scenario.group[group].consent for group in aboard)
