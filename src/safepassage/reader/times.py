"""When: expressions of time, and their dates where the day of the text is known, never guessed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from safepassage.reader.clean import Page
from safepassage.reader.numbers import value_of
from safepassage.reader.text import Span, Stored

Direction = Literal["past", "future", "near", "unknown"]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|"
    r"\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?|"
    r"JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)"
)
_DAY = r"(?:[Mm]on|[Tt]ues|[Ww]ednes|[Tt]hurs|[Ff]ri|[Ss]atur|[Ss]un)day"
_PART = r"(?:early |late )?(?:morning|afternoon|evening|night|midday|noon|dawn|dusk|midnight)"
_CLOCK = (
    r"(?:\d{1,2}(?:[:.]\d{2})?\s?(?:a\.m\.|p\.m\.|am\b|pm\b|"
    r"AM\b|PM\b)|(?:[01]?\d|2[0-3]):[0-5]\d(?:\s?(?:hrs?|hours|"
    r"LT|UTC|GMT|h)\b)?"
    r"|(?:[01]\d|2[0-3])[0-5]\d\s?(?:hrs?|hours|h)\b|\b(?:noon|"
    r"midnight|midday|dawn|dusk|nightfall|sunrise|sunset|daybreak|"
    r"first light)\b)"
)
_FULL = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
)
_PARTIAL = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b|{_MONTH}\s+\d{{1,2}}(?:st|"
    rf"nd|rd|th)?\b(?!,?\d|\s+(?:people|buses|families)))"
)
_NUM = (
    r"(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|twelve|twenty-four|forty-eight|several|a few|few)"
)
_UNIT = r"(?:minutes?|hours?|days?|weeks?|months?|nights?)"
_RELDAY = (
    rf"(?i:today|tonight|tomorrow(?:\s{_PART})?|yesterday(?:\s{_PART})?|"
    rf"overnight|this {_PART}|last night|"
    rf"(?:early |late )?(?:on )?(?:last |next |this |this coming |"
    rf"the following )?{_DAY}(?:\s{_PART})?|"
    r"(?:this|last|next) (?:week|weekend|month|year)|the (?:next|"
    r"following|previous) day|the day before)"
)
_REL = (
    rf"(?:within (?:the (?:next|coming) )?(?:{_NUM} )?{_UNIT}|"
    rf"in the (?:coming|next) (?:{_NUM} )?{_UNIT}|"
    rf"(?:{_NUM}) {_UNIT} (?:ago|later|earlier|from now)|(?:in|"
    rf"over|for|during) the (?:past|last) (?:{_NUM} )?{_UNIT}|"
    rf"in (?:{_NUM}) {_UNIT}(?! of)\b|the (?:past|last) (?:{_NUM} )?{_UNIT})"
)
_SINCE = (
    rf"(?:[Ss]ince (?:{_FULL}|{_PARTIAL}|{_RELDAY}|{_MONTH}(?: \d{{4}})?|"
    rf"(?:the start of )?(?:19|20)\d\d|{_CLOCK}))"
)
_DAYLIKE = rf"(?:{_DAY},?\s+(?:{_FULL}|{_PARTIAL})|{_FULL}|{_PARTIAL}|{_RELDAY})"
_WHEN = re.compile(
    rf"(?<![\w.,-])(?:(?P<since>{_SINCE})"
    rf"|(?P<clockday>{_CLOCK}\s*(?:,?\s*(?:on|of|local time|local time on)?\s*)(?P<cd>{_DAYLIKE}))"
    rf"|(?P<dayclock>(?P<dc>{_DAYLIKE}),?\s+(?:at|by|around|before)\s+{_CLOCK})"
    rf"|(?P<rel>{_REL})|(?P<day>{_DAYLIKE})|(?P<clock>{_CLOCK})|"
    rf"(?P<monthyear>(?:in|In) {_MONTH} \d{{4}}|(?:in|In) (?:19|"
    rf"20)\d\d\b))(?![\w-])",
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The day on which a text was written: from the text itself, or from the person who asks."""

    day: date
    given_by: Literal["text", "person"]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """An expression of time, and its day and clock where they follow from a known dateline.

    `resolved` is ISO 8601 (a day, or a day and a clock time without zone); None where the dateline
    is not known or the words are too vague. `rule` says how it was found.
    """

    span: Span
    form: str
    resolved: str | None = None
    rule: str | None = None


def times_in(stored: Stored, start: int, end: int) -> Iterator[Time]:
    """Return the expressions of time between two code points, unresolved."""
    for found in _WHEN.finditer(stored.text, start, end):
        form = next(
            name
            for name in ("since", "clockday", "dayclock", "rel", "day", "clock", "monthyear")
            if found[name]
        )
        span = stored.trimmed(found.start(), found.end(), ",")
        if span.text.lower().startswith("on "):
            span = stored.span(span.start + 3, span.end)
        if form == "day" and re.fullmatch(r"May \d{1,2}", span.text) is None and span.text == "May":
            continue
        yield Time(span, form)


_HEAD = 700
_TAIL = 300
_DATED = re.compile(rf"(?P<full>{_FULL})|(?P<numeric>\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}\b)")


def dateline_of(page: Page) -> Dateline | None:
    """Return the day of the text if its head (or a line that says so) states a whole date.

    A date inside a sentence of the story is no dateline: it must open its line, follow a place in
    capitals, stand in a short line, or follow words such as "issued" or "as of".
    """
    text = page.stored.text
    at = 0
    for n, line in enumerate(text[: _HEAD * 3].splitlines(keepends=True)):
        if at > _HEAD and n > 8:
            break
        found = _DATED.search(line)
        if found and found["full"] and _is_dateline(line, found):
            day = _whole(found["full"])
            if day is not None:
                where = page.stored.span(at + found.start(), at + found.end())
                return Dateline(day, "text", where)
        at += len(line)
    tail = text[-_TAIL:]
    found = re.search(
        rf"(?i)(?:published|updated|issued|posted|dated)[^\n]{{0,30}}?(?P<full>{_FULL})", tail
    )
    if found is not None:
        day = _whole(found["full"])
        if day is not None:
            base = len(text) - len(tail)
            return Dateline(
                day, "text", page.stored.span(base + found.start("full"), base + found.end("full"))
            )
    return None


def _is_dateline(line: str, found: re.Match[str]) -> bool:
    before = line[: found.start()].strip()
    if not before or len(line.strip()) < 80:
        return len(before.split()) <= 12 or len(line.strip()) < 80
    if re.search(
        r"(?i)\b(issued|as of|published|updated|posted|date|"
        r"dated|released|report no\.? ?\d*)\b\W*(?:\w+\W+){0,4}$",
        before,
    ):
        return True
    return bool(re.match(r"^[\[(]?[A-Z][A-Z .,'’-]{2,}(?:\b|,)", before)) and len(before) < 60


def _whole(text: str) -> date | None:
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        year = re.search(r"\d{4}", text)
        month, day = _month_day(text)
        if year and month and day:
            return date(int(year[0]), month, day)
    except ValueError:
        return None
    return None


def _month_day(text: str) -> tuple[int | None, int | None]:
    partial = re.search(_PARTIAL, text)
    text = partial[0] if partial is not None and not re.search(r"\d{4}", text) else text
    name = re.search(_MONTH, text)
    if name is None:
        return None, None
    month = _MONTHS.index(name[0].lower()[:3]) + 1
    rest = re.sub(r"\d{4}", "", text[: name.start()] + text[name.end() :])
    day = re.search(r"\d{1,2}", rest)
    return month, int(day[0]) if day else None


def resolve(when: Time, dateline: Dateline | None, direction: Direction) -> Time:
    """Return the expression with its day, if that follows from the dateline.

    A whole date needs no dateline. Everything else stays as it is without one.
    """
    text = when.span.text
    low = text.lower()
    full = re.search(_FULL, text)
    clock = clock_of(text)
    if full and when.form != "since":
        day = _whole(full[0])
        return _with(when, day, clock, "whole date") if day else when
    if dateline is None or when.form == "monthyear":
        return when
    base = dateline.day
    if full:
        return _with(when, _whole(full[0]), clock, "whole date")
    month, number = _month_day(text)
    if month and number:
        return _with(when, _nearest(base, month, number, direction), clock, "day and month")
    if when.form == "since" and month:
        year = re.search(r"\b(?:19|20)\d\d\b", text)
        if year:
            return Time(when.span, when.form, f"{year[0]}-{month:02d}", "month")
        past = base.year if (month <= base.month) else base.year - 1
        return Time(when.span, when.form, f"{past}-{month:02d}", "last such month")
    named = re.search(_DAY, text)
    if named:
        return _weekday(when, base, named[0].lower(), low, clock, direction)
    for word, days in (
        ("day before", -1),
        ("previous day", None),
        ("next day", None),
        ("following day", None),
        ("yesterday", -1),
        ("last night", -1),
        ("tomorrow", 1),
        ("today", 0),
        ("tonight", 0),
        ("this morning", 0),
        ("this afternoon", 0),
        ("this evening", 0),
    ):
        if word in low:
            if days is None or word == "day before":
                return when
            return _with(when, base + timedelta(days=days), clock, word)
    ago = re.search(rf"({_NUM}) (day|week)s? (ago|from now)", low)
    if ago:
        count = value_of({"a": "one", "an": "one"}.get(ago[1], ago[1]))
        if count is not None:
            days = int(count) * (7 if ago[2] == "week" else 1) * (-1 if ago[3] == "ago" else 1)
            return _with(when, base + timedelta(days=days), None, "counted in days")
    return when


def _with(when: Time, day: date | None, clock: time | None, rule: str) -> Time:
    if day is None:
        return when
    if clock is None:
        return Time(when.span, when.form, day.isoformat(), rule)
    stamp = datetime.combine(day, clock)  # noqa: DTZ - a text names no zone
    return Time(when.span, when.form, stamp.isoformat(timespec="minutes"), rule)


def clock_of(text: str) -> time | None:
    """Return the time of day in a text, if it states one by number (or noon)."""
    found = re.search(
        r"(\d{1,2})(?:[:.](\d{2}))?\s?(a\.?m|p\.?m)\b|\b([01]?\d|"
        r"2[0-3]):([0-5]\d)|\b([01]\d|2[0-3])([0-5]\d)\s?(?:hrs?|"
        r"hours|h)\b",
        text,
        re.IGNORECASE,
    )
    if found is None:
        return time(12) if re.search(r"\b(noon|midday)\b", text, re.IGNORECASE) else None
    if found[3]:
        hour, minute = int(found[1]) % 12, int(found[2] or 0)
        if found[3].lower().startswith("p"):
            hour += 12
    elif found[4]:
        hour, minute = int(found[4]), int(found[5])
    else:
        hour, minute = int(found[6]), int(found[7])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _weekday(
    when: Time, base: date, name: str, low: str, clock: time | None, direction: Direction
) -> Time:
    ahead = (_DAYS.index(name) - base.weekday()) % 7
    if "last " in low:
        return _with(when, base - timedelta(days=(7 - ahead) or 7), clock, "last such weekday")
    if "next " in low or "following" in low:
        return _with(when, base + timedelta(days=ahead or 7), clock, "next such weekday")
    if ahead == 0:
        return _with(when, base, clock, "weekday of the dateline")
    if direction == "future":
        return _with(when, base + timedelta(days=ahead), clock, "coming weekday, by tense")
    if direction == "past":
        return _with(when, base - timedelta(days=7 - ahead), clock, "past weekday, by tense")
    if ahead <= 2:
        return _with(when, base + timedelta(days=ahead), clock, "nearest such weekday")
    if ahead >= 5:
        return _with(when, base - timedelta(days=7 - ahead), clock, "nearest such weekday")
    return when


def _nearest(base: date, month: int, number: int, direction: Direction) -> date | None:
    found = []
    for year in (base.year - 1, base.year, base.year + 1):
        try:
            found.append(date(year, month, number))
        except ValueError:
            continue
    if not found:
        return None
    best = min(found, key=lambda day: abs((day - base).days))
    far = abs((best - base).days) > 120
    if far and direction == "past":
        return max((day for day in found if day <= base), default=best)
    if far and direction == "future":
        return min((day for day in found if day >= base), default=best)
    return best
