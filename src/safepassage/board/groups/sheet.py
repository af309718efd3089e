"""A sheet of slips or wristbands to print and cut: a number with its check digit, and its QR."""

from dataclasses import dataclass

from safepassage.board.phone.codes import qr_svg
from safepassage.board.phone.report import check_digit
from safepassage.board.room import Mode
from safepassage.report.sheets.codes import Mode as PaperMode
from safepassage.report.sheets.codes import slip_text

MOST = 240
HIGHEST = 999_999_999


class SheetError(ValueError):
    """A sheet cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One slip on paper: what a person reads, and its QR."""

    token: str
    qr: str


def token_of(number: int) -> str:
    """Return the slip of a number: at least four digits, and the check digit."""
    digits = f"{number:04d}"
    return f"{digits}-{check_digit(digits)}"


def papers(first: int, number: int, *, mode: Mode, mission: str) -> tuple[Paper, ...]:
    """Return slips in a row.

    Raises
    ------
    SheetError
        If there are none, or more than one prints at a time, or a number is too long.
    """
    if not 1 <= number <= MOST:
        raise SheetError(f"how many: got {number}, want 1 to {MOST}")
    if not 1 <= first <= HIGHEST - number:
        raise SheetError(f"the first number: got {first}, want 1 to {HIGHEST - number}")
    paper: PaperMode = "DRILL" if mode == "DRILL" else "PLAN"
    tokens = [token_of(one) for one in range(first, first + number)]
    return tuple(Paper(one, qr_svg(slip_text(paper, mission, one))) for one in tokens)


def token_in(text: str) -> str:
    """Return the slip's number from what was typed, or from what a reader makes of its QR."""
    return text.strip().rpartition(" ")[2].replace("–", "-")
