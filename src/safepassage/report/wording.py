"""How the report says numbers, durations, times and reasons, in plain English.

Knows words only. A time is always local wall time with its date; the zone is named beside it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from safepassage.planner.names import class_words, numbered

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

NOT_A_CLEARANCE: Final = "PLAN, NOT A CLEARANCE"
NOTHING_SLIPS: Final = (
    "This plan assumes that nothing slips. In Aleppo, December 2016, convoys moved about half of "
    "the time."
)

RULE_WORDS: Final = {
    "headway": "the least time between convoys",
    "size": "the largest convoy",
    "opposing": "one way at a time",
    "bays": "loading bays",
    "intake": "the intake of destinations",
    "rate": "the rate of checkpoints",
    "capacity": "the capacity of destinations",
    "staff": "escorts and delegates",
    "duty": "duty and rest of staff",
    "fuel": "fuel",
    "window": "windows and night hours",
    "opening": "the time of the opening",
    "households": "households that travel together",
    "companions": "companions",
    "ready": "when people are ready",
    "wishes": "the destinations people want",
    "staging": "limits of waiting places",
    "continuity": "each vehicle starting where it stopped",
    "integrality": "whole vehicles and people",
    "longest_on_board": "the longest time on board",
    "times": "loading and unloading times",
    "slots": "seats and stretchers",
    "serves": "which vehicle may serve which place",
    "open": "when places open",
    "convoy": "travel in convoy",
    "vehicle": "which vehicles exist",
    "hours": "driving times that change by the hour",
    "linked": "the steps with the counterpart, in part",
    "change": "changes of vehicle",
    "fleet": "how many vehicles there are",
}
"""The rules of docs/model.md, as a coordinator would say them."""

PLURALS: Final = {
    "person": "people",
    "security": "security",
    "staff": "staff",
    "police": "police",
    "crew": "crew",
    "oxygen": "oxygen",
    "people": "people",
}
"""Words whose plural no ending gives; "2 securities" would be papers of a bank."""


def count(number: int) -> str:
    """Return a whole number with thousands set apart."""
    return f"{number:,}"


def amount(number: float) -> str:
    """Return an expected number: whole from ten on, else with one decimal."""
    return f"{number:,.0f}" if abs(number) >= 10 or number == 0 else f"{number:,.1f}"


def people(number: int) -> str:
    """Return "1 person" or "12 people"."""
    return kinds("person", number)


def between(low: int, high: int) -> str:
    """Return a range of people, or the one number when both ends agree."""
    return count(low) if low == high else f"{count(low)} to {count(high)}"


def percent(share: float, *, decimals: int = 0) -> str:
    """Return a share as per cent."""
    return f"{100 * share:.{decimals}f}\u00a0%"


def chance(share: float) -> str:
    """Return a chance as per cent, never rounding doubt away."""
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 < share < 1:
        return "over 99 %"
    return percent(share)


def in_twenty(share: float) -> str:
    """Return a chance as so many in 20, never rounding doubt away.

    >>> [in_twenty(one) for one in (0, 0.001, 0.65, 0.999, 1)]
    ['in no run', 'under 1 in 20', '13 in 20', 'over 19 in 20', 'in every run']
    """
    if share <= 0:
        return "in no run"
    if share >= 1:
        return "in every run"
    twentieths = round(20 * share)
    if twentieths == 0:
        return "under 1 in 20"
    return "over 19 in 20" if twentieths == 20 else f"{twentieths} in 20"


def signed(number: float) -> str:
    """Return a difference with its sign: "+1,240", "-35", "0"."""
    words = amount(abs(number))
    if words in {"0", "0.0"}:
        return "0"
    return f"{'+' if number > 0 else '-'}{words}"


def duration(length: timedelta) -> str:
    """Return a duration: "66 min", "2 h", "3 h 20 min", "7 days"."""
    seconds = round(length.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    if rest:
        return f"{sign}{minutes}\u00a0min {rest}\u00a0s" if minutes else f"{sign}{rest}\u00a0s"
    if minutes < 120:
        return f"{sign}{minutes}\u00a0min"
    hours, minutes = divmod(minutes, 60)
    if hours >= 48 and hours % 24 == 0 and minutes == 0:
        return f"{sign}{hours // 24}\u00a0days"
    return f"{sign}{hours}\u00a0h {minutes}\u00a0min" if minutes else f"{sign}{hours}\u00a0h"


def plural(word: str) -> str:
    """Return the plural of a kind of thing or person.

    A name that ends in no letter ("ambulance-2") or in capitals ("UN") stays as it is.

    >>> [plural(one) for one in ("bus", "coach", "lorry", "ambulance-2", "security")]
    ['buses', 'coaches', 'lorries', 'ambulance-2', 'security']
    """
    head, last = word[:-1], word[-1:]
    # The last word decides: "field officer", "police", "liaison-person".
    before, mark, tail = word.rpartition(" " if " " in word else "-")
    if tail in PLURALS:
        return f"{before}{mark}{PLURALS[tail]}"
    if not (last.isascii() and last.isalpha() and last.islower()):
        return word
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es"
    if last == "y" and head[-1:] not in "aeiou":
        return f"{head}ies"
    return f"{word}s"


def kinds(kind: str, number: int) -> str:
    """Return "1 bus" or "20 buses"; a counterpart's kind is told apart: "2 buses (foua)"."""
    side, dot, own = kind.partition(".")
    whose = f" ({side})" if dot else ""
    word = own if dot else kind
    return f"{count(number)} {word if number == 1 else plural(word)}{whose}"


def class_word(class_id: str) -> str:
    """Return the words for a class of people."""
    return class_words(class_id)


def rule_words(rules: Sequence[str]) -> str:
    """Return rule names in a coordinator's words."""
    return listed([RULE_WORDS.get(rule, rule.replace("_", " ")) for rule in rules])


def listed(parts: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def at(start: datetime, seconds: float) -> datetime:
    """Return the local wall time so many seconds after the start."""
    return (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(start.tzinfo)


def zone(when: datetime) -> str:
    """Return the zone as "UTC+02:00", with its name where it has one."""
    offset = when.utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    hours, minutes = divmod(abs(minutes), 60)
    text = f"UTC{sign}{hours:02d}:{minutes:02d}" if hours or minutes else "UTC"
    key = getattr(when.tzinfo, "key", None)
    return f"{key}, {text}" if key and key != "UTC" else text


def clock(when: datetime) -> str:
    """Return "14:30"; only beside a date."""
    return f"{when.hour:02d}:{when.minute:02d}"


def day(when: datetime) -> str:
    """Return "15 Dec"."""
    return f"{when.day}\u00a0{MONTHS[when.month - 1]}"


def moment(when: datetime) -> str:
    """Return "15 Dec 14:30"; the zone stands in the caption."""
    return f"{day(when)}\u00a0{clock(when)}"


def span(begins: datetime, ends: datetime) -> str:
    """Return "15 Dec 14:30 to 15:40", the second date only where it differs."""
    later = clock(ends) if begins.date() == ends.date() else moment(ends)
    return f"{moment(begins)} to {later}"


def full_moment(when: datetime) -> str:
    """Return "Thu 15 Dec 2016, 14:30 (UTC+02:00)"."""
    return f"{DAYS[when.weekday()]} {day(when)} {when.year}, {clock(when)} ({zone(when)})"


def shortly_numbered(names: Sequence[str]) -> str:
    """Return vehicle names for a narrow place: "bus 01–12, 14"."""
    parts: list[str] = []
    previous = ""
    for run in numbered(names).split(", "):
        first, _, last = run.partition(" to ")
        kind, _, number = first.rpartition("-")
        until = f"–{last.rpartition('-')[2]}" if last else ""
        parts.append(f"{number}{until}" if kind == previous else f"{kind} {number}{until}")
        previous = kind
    return ", ".join(parts)


def shortly(name: str) -> str:
    """Return the head of a name, for a narrow place: "Rashidin-4" of "Rashidin-4, hand-over"."""
    for mark in (", ", " ("):
        head = name.split(mark, maxsplit=1)[0].strip()
        if head:
            name = head
    return name
