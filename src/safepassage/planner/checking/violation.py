"""A violation: one rule of docs/model.md that a plan breaks, in a coordinator's words."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach of one rule.

    `rule` is the name in docs/model.md, `where` the trip, convoy, place or person, `at` the moment
    (seconds since the start; None where the breach has no moment), `found` what the plan says
    and `allowed` what the scenario allows.
    """

    rule: str
    where: str
    at: int | None
    found: str
    allowed: str

    def to_json(self) -> dict[str, object]:
        """Return it as in `verify --json`; `at` in minutes."""
        at = None if self.at is None else in_minutes(self.at)
        return {
            "rule": self.rule,
            "where": self.where,
            "at": at,
            "found": self.found,
            "allowed": self.allowed,
        }

    def in_words(self, start: datetime) -> str:
        """Return one line for people, with the local time of day."""
        moment = "" if self.at is None else f" at {clock(start, self.at)}"
        return f"{self.rule}: {self.where}{moment}: {self.found}; allowed: {self.allowed}"


def in_minutes(seconds: int) -> int | float:
    """Return seconds as minutes: whole where they are whole."""
    whole, rest = divmod(seconds, 60)
    return whole if rest == 0 else seconds / 60


def length(seconds: int) -> str:
    """Return a duration in words, e.g. "66 min" or "66 min 30 s"."""
    sign = "-" if seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{sign}{minutes} min" if rest == 0 else f"{sign}{minutes} min {rest} s"


def clock(start: datetime, seconds: int) -> str:
    """Return a moment as local time and minutes since the start, e.g. "10:40 (160 min)"."""
    try:
        moment = start + timedelta(seconds=seconds)
    except OverflowError:
        return length(seconds)
    shown = moment.strftime("%H:%M" if moment.second == 0 else "%H:%M:%S")
    return f"{shown} ({length(seconds)})"
