"""Exact places and times in a text for the public: what two people must release knowingly.

Where people gather, and when, is what someone who wants to harm them would ask first. A machine
finds many ways to write a time or a place, never all: it helps the two people, it does not replace
their reading.
"""

import re
import unicodedata
from dataclasses import dataclass

from safepassage.report.public.notice import Notice
from safepassage.scenario.faults import Fault
from safepassage.scenario.scenario import Scenario

TIMES = "times"
"""Stands for all times of day where exact things are listed."""

_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_ALEF = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
_TIME = re.compile(
    r"(?<![\d.])(?:[01]?\d|2[0-4])\s?(?:[:h٫]\s?[0-5]\d|[.][0-5]\d(?=\s?(?:h\b|hrs|hours|am|pm)))"
    r"|(?<!\d)(?:[01]?\d|2[0-4])\s?(?:a\.?m\b|p\.?m\b|o['’]?\s?clock|hrs?\b)"
    r"|\b[0-2]\d[0-5]\d\s?(?:h\b|hrs?\b|hours\b|utc\b|local\b)"
    r"|\b(?:noon|midnight|midday|sunrise|sunset|dawn|dusk)\b"
    r"|\bat (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    r"|الساعه|منتصف الليل|الظهر|الفجر|الغروب|الشروق",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Exact:
    """Something exact in a text: `what` is the id of a place or "times"; `found` the words."""

    where: str
    what: str
    found: str


def exact_in(notice: Notice, scenario: Scenario) -> tuple[Exact, ...]:
    """Return the places of the scenario and the times of day that a notice names."""
    places = [
        (place.id, pattern)
        for place in scenario.places
        for pattern in _patterns({place.id, *place.names.values()})
    ]
    found: list[Exact] = []
    for where, text in notice.texts().items():
        flat = _flat(text)
        found += [Exact(where, TIMES, hit.group()) for hit in _TIME.finditer(flat)]
        seen: set[str] = set()
        for place, pattern in places:
            hit = pattern.search(flat)
            if hit and place not in seen:
                seen.add(place)
                found.append(Exact(where, place, hit.group()))
    return tuple(found)


def unreleased(notice: Notice, scenario: Scenario) -> tuple[Fault, ...]:
    """Return a fault for each exact thing that the notice does not say it releases."""
    known = {place.id for place in scenario.places}
    faults = [
        Fault("releases.places", f"'{one}'", "the id of a place of the scenario")
        for one in notice.places
        if one not in known
    ]
    for one in exact_in(notice, scenario):
        if one.what == TIMES and not notice.times:
            faults.append(
                Fault(one.where, f"a time of day ('{one.found}')", "none before `releases.times`")
            )
        elif one.what != TIMES and one.what not in notice.places:
            faults.append(
                Fault(
                    one.where,
                    f"the place '{one.what}' ('{one.found}')",
                    "no exact place before `releases.places` names it",
                )
            )
    return tuple(faults)


def releases_of(notice: Notice) -> tuple[str, ...]:
    """Return what of the exact a notice releases, as the two people have to name it."""
    exact = (TIMES,) if notice.times or notice.stops else ()
    return (*sorted(notice.places), *exact)


def _flat(text: str) -> str:
    """Return a text in which spellings of one name meet: digits, marks, alef, case."""
    folded = unicodedata.normalize("NFKC", text).translate(_ALEF)
    digits = "".join(
        str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char
        for char in folded
    )
    return _MARKS.sub("", digits).casefold()


def _patterns(names: set[str]) -> list[re.Pattern[str]]:
    # "Al-Amiriyah, loading place": what stands before the comma is what people say.
    spellings = {_flat(part).strip() for name in names for part in (name, *re.split("[,(،]", name))}
    # An id such as "al-qayyat" is also written with a space.
    spellings |= {one.replace("-", " ").replace("_", " ") for one in spellings}
    # Arabic writes "to", "from", "in", "and", "the" as letters in front of the word.
    return [
        re.compile(rf"(?<!\w)(?:[وفبلك]?(?:ال)?)?{re.escape(one)}(?!\w)")
        for one in sorted(spellings)
        if len(one) > 1
    ]
