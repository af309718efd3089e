"""A line that a counter reads out, as the room types it: found again, or refused with what to do.

The four letters at its end are keyed and over the whole line with its date, so that a line that was
heard wrong is not taken, and the same report that is sent later has the same words and counts once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

from safepassage.board.phone.codes import line_code, voice_secret
from safepassage.board.phone.enrolment import word_of
from safepassage.board.phone.expanding import Phone
from safepassage.board.phone.report import LONGEST_LINE, LineError, Report, read_words, words_of
from safepassage.ledger.entry import FUTURE
from safepassage.ledger.signer import Signer

DAYS = (0, -1, 1)
"""The line says the time of day in UTC only: today, else yesterday, else just past midnight."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line that fits: which phone, which report, and its four letters to read back."""

    phone: Phone
    report: Report
    code: str


def spoken_line(report: Report, device: str, code: str) -> str:
    """Return the line as it is read out."""
    number, time, *rest = words_of(report).split(" ")
    return " ".join((word_of(device), number, time[9:], *rest, code)).upper()


def read_spoken(
    text: str, phones: Sequence[Phone], known: Sequence[str], signer: Signer, *, at: datetime
) -> Spoken:
    """Return what a typed line says.

    `known` are the ids of convoys and vehicles as they are written: voices have no capitals.

    Raises
    ------
    LineError
        If no reading of it fits its four letters; the message says what to ask.
    """
    parts = text.strip().split()
    if len(" ".join(parts)) > LONGEST_LINE:
        raise LineError(f"got {len(text)} characters, want at most {LONGEST_LINE}")
    if len(parts) != 9:
        raise LineError(
            f"got {len(parts)} parts, want 9: phone number time what convoy vehicle n/n undo code"
        )
    word, number, time, what, convoy, vehicle, totals, undo, code = parts
    phone = next((one for one in phones if word_of(one.device) == word.upper()), None)
    if phone is None:
        raise LineError(f"no phone has the word {word[:12]!r}: ask for it again")
    secret = voice_secret(signer, phone.device)
    fault: LineError | None = None
    for day, convoy_, vehicle_ in product(
        DAYS, _spellings(convoy, known), _spellings(vehicle, known)
    ):
        date = (at + timedelta(days=day)).astimezone(UTC)
        words = f"{number} {date:%Y%m%d}T{time} {what.lower()} {convoy_} {vehicle_} {totals} "
        try:
            report = read_words(words + undo.lower())
        except LineError as error:
            fault = error
            continue
        fault = None
        if report.at <= at + FUTURE and line_code(report, secret) == code.upper():
            return Spoken(phone, report, code.upper())
    if fault is not None:
        raise fault
    raise LineError("the four letters do not fit the line: have it read again, slowly")


def _spellings(part: str, known: Sequence[str]) -> Iterator[str]:
    """Yield how an id that was heard may be written."""
    yield from dict.fromkeys(
        [*(one for one in known if one.casefold() == part.casefold()), part, part.lower()]
    )
