"""One report of a phone, and the line of text in which it travels: network, QR, radio or SMS.

The line holds all that the report says, so that the messages it stands for are the same whichever
way it came; that is why a report heard by radio and sent again later counts once.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

MOVES: Mapping[str, str] = MappingProxyType(
    {
        "departed": "departed",
        "arrived": "arrived",
        "through": "through",
        "held": "held",
        "turned-back": "turned back",
    }
)
"""Buttons that report a movement, and what the ledger calls it."""
COUNTED: Mapping[str, str] = MappingProxyType(
    {
        "departed": "departed",
        "arrived": "arrived",
        "through": "aboard",
        "held": "held",
        "turned-back": "turned back",
    }
)
"""What a count says that was taken with a movement."""
INCIDENTS: Mapping[str, str] = MappingProxyType(
    {
        "fire": "shots or shelling heard at the post",
        "hurt": "people hurt at the post",
        "medical": "medical emergency in a vehicle",
        "breakdown": "a vehicle has broken down",
        "blocked": "the road is blocked at the post",
        "search": "people or vehicles are being searched",
        "crowd": "a crowd at the post",
        "other": "something else, told by voice",
    }
)
"""Incidents that a phone may report: chosen, never typed, so that no name can get in."""
TOKENS: Mapping[str, str] = MappingProxyType({"boarded": "boarded", "got-off": "got off"})
"""Buttons that report one slip, and what the ledger calls it."""
WATER: Mapping[str, int] = MappingProxyType({"0": 0, "2": 2, "6": 6, "12": 12})
"""For how many hours the water on board lasts: chosen, rather too little than too much."""
LEAVE: Mapping[str, str] = MappingProxyType(
    {
        "nobody": "nobody",
        "patients": "patients",
        "women": "women and children",
        "everybody": "everybody",
    }
)
"""Who may leave a bus that is held, and what the ledger calls it."""
NUMBERED = ("infants", "patients")
"""What is counted of those on board of a held convoy."""
NEEDS = ("water", "leave", *NUMBERED)
"""What those on board of a convoy that is held here need: each is a report of its own."""
PARTS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(MOVES, "m"),
        "incident": "i",
        **dict.fromkeys(TOKENS, "t"),
        **dict.fromkeys(NEEDS, "m"),
    }
)
"""What can be taken back, and the part of its report's id that the correction names."""
STOP = "stop"
UNDO = "undo"
LONGEST_LINE = 160
SALT = 16

_SUCH = "water:2, leave:nobody or infants:3"
_ID = re.compile(r"[^\s/\x00-\x1f\x7f]{1,40}")
_TOTALS = re.compile(r"(\d{1,7}|-)/(\d{1,5}|-)")
_MOST_REPORTS = 10_000_000


class LineError(ValueError):
    """A line is no report; the message says what was found and what is wanted."""


@dataclass(frozen=True, slots=True)
class Report:
    """One press of a button at one post. `number` counts the reports of this phone from 1.

    `people` and `vehicles` are the counter's running totals for this convoy after the press, None
    where nothing was counted. `undoes` is the number of the report that this one takes back.
    """

    number: int
    at: datetime
    what: str
    convoy: str | None = None
    vehicle: str | None = None
    people: int | None = None
    vehicles: int | None = None
    undoes: int | None = None

    @property
    def kind(self) -> str:
        """What was pressed: a movement, `stop`, or the first part of `incident:fire`."""
        return self.what.partition(":")[0]

    @property
    def detail(self) -> str:
        """What follows the colon: the incident, the slip, or what is taken back."""
        return self.what.partition(":")[2]


def words_of(report: Report) -> str:
    """Return a report as its line, without its salt: what is signed, spoken and checked."""
    totals = "-"
    if report.people is not None or report.vehicles is not None:
        totals = f"{_shown(report.people)}/{_shown(report.vehicles)}"
    return " ".join(
        (
            str(report.number),
            f"{report.at.astimezone(UTC):%Y%m%dT%H%M%S}",
            report.what,
            report.convoy or "-",
            report.vehicle or "-",
            totals,
            "-" if report.undoes is None else f"u{report.undoes}",
        )
    )


def line_of(report: Report, salt: bytes) -> str:
    """Return the whole line of a report, as a phone sends it."""
    return f"{words_of(report)} {base64.urlsafe_b64encode(salt).decode().rstrip('=')}"


def read_line(line: object) -> tuple[Report, bytes]:
    """Return the report of a line, and its salt.

    Raises
    ------
    LineError
        If it is not a line of a phone.
    """
    if not isinstance(line, str) or len(line) > 2 * LONGEST_LINE:
        raise LineError(f"want a line of at most {2 * LONGEST_LINE} characters")
    words, _, salt = line.rpartition(" ")
    try:
        opened = base64.b64decode(salt + "=" * (-len(salt) % 4), altchars=b"-_", validate=True)
    except ValueError:
        opened = b""
    if len(opened) != SALT:
        raise LineError(f"the salt: want {SALT} bytes in base64")
    return read_words(words), opened


def read_words(words: str) -> Report:
    """Return the report of a line without its salt.

    Raises
    ------
    LineError
        If it is not a line of a phone.
    """
    parts = words.split(" ")
    if len(parts) != 7:
        raise LineError(f"got {len(parts)} parts, want 7: number time what convoy vehicle n/n undo")
    number, time, what, convoy, vehicle, totals, undo = parts
    people, vehicles = _totals(totals)
    report = Report(
        _number(number, "the number"),
        _time(time),
        what,
        _id(convoy, "the convoy"),
        _id(vehicle, "the vehicle"),
        people,
        vehicles,
        None if undo == "-" else _number(undo.removeprefix("u"), "the number taken back"),
    )
    _must_make_sense(report)
    return report


def _must_make_sense(report: Report) -> None:
    kind, detail = report.kind, report.detail
    if kind == UNDO:
        if report.undoes is None or report.undoes >= report.number:
            raise LineError("a report that takes back: want the number of an earlier one, e.g. u17")
        if detail not in PARTS:
            raise LineError(f"what is taken back: want one of {', '.join(PARTS)}")
    elif report.undoes is not None:
        raise LineError("only `undo` takes an earlier report back")
    counted = report.people is not None or report.vehicles is not None
    if counted and (detail if kind == UNDO else kind) not in COUNTED:
        raise LineError("totals stand only with a movement, or with one that is taken back")
    if kind in MOVES and report.convoy is None and report.vehicle is None and not counted:
        raise LineError("a movement: want a convoy, a vehicle or a count")
    if kind == "incident":
        if detail not in INCIDENTS:
            raise LineError(f"the incident: got {detail!r}, want one of {', '.join(INCIDENTS)}")
    elif kind in TOKENS:
        if not token_fits(detail):
            raise LineError("the slip: want its digits with the check digit, e.g. 2047-4")
    elif kind in NEEDS:
        if need_of(report) is None:
            raise LineError(f"what they need: want such as {_SUCH}")
        if report.convoy is None and report.vehicle is None:
            raise LineError("what they need: want the convoy or the vehicle")
    elif kind not in {*MOVES, STOP, UNDO} or (detail and kind != UNDO):
        wanted = ", ".join((*MOVES, *TOKENS, *NEEDS, "incident", STOP, UNDO))
        raise LineError(f"what happened: got {report.what[:20]!r}, want one of {wanted}")


def need_of(report: Report) -> dict[str, int | str] | None:
    """Return what a report says of those on board, as fields of a movement; None if nothing."""
    kind, detail = report.kind, report.detail
    if kind == "water" and detail in WATER:
        return {"water_hours": WATER[detail]}
    if kind == "leave" and detail in LEAVE:
        return {"may_leave": LEAVE[detail]}
    if kind in NUMBERED and re.fullmatch(r"0|[1-9]\d{0,3}", detail, re.ASCII):
        return {kind: int(detail)}
    return None


def token_fits(token: str) -> bool:
    """Tell whether a slip's number is whole: digits, a stroke, and the check digit over them."""
    digits, _, check = token.partition("-")
    whole = digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 9
    return whole and check == check_digit(digits)


def check_digit(digits: str) -> str:
    """Return the check digit of a slip's number (Luhn): one wrong digit, most swaps are seen."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _shown(number: int | None) -> str:
    return "-" if number is None else str(number)


def _number(text: str, what: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) < _MOST_REPORTS and len(text) < 9:
        return int(text)
    raise LineError(f"{what}: got {text[:12]!r}, want a whole number from 1")


def _time(text: str) -> datetime:
    if re.fullmatch(r"\d{8}T\d{6}", text, re.ASCII):
        try:
            return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            pass
    raise LineError(f"the time: got {text[:20]!r}, want UTC such as 20161215T123000")


def _id(text: str, what: str) -> str | None:
    if text == "-":
        return None
    if not _ID.fullmatch(text):
        raise LineError(f"{what}: want an id of at most 40 characters without spaces")
    return text


def _totals(text: str) -> tuple[int | None, int | None]:
    if text == "-":
        return None, None
    found = _TOTALS.fullmatch(text)
    if found is None:
        raise LineError(f"the totals: got {text[:20]!r}, want people/vehicles such as 98/2 or 98/-")
    return tuple(None if one == "-" else int(one) for one in found.groups())  # type: ignore[return-value]
