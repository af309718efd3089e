"""The hazard of today in words and as one JSON object (format "safepassage/hazard/1")."""

from typing import Final

from safepassage.rehearsal.hazard_today import Between, HazardToday
from safepassage.scenario.scenario import Scenario

FORMAT: Final = "safepassage/hazard/1"
NOT_A_PROMISE: Final = (
    "Not a promise and no part of go or no-go: a count of what was broken, here and elsewhere."
)


def hazard_json(found: HazardToday) -> dict[str, object]:
    """Return the whole as plain data; None stands for "not known"."""
    return {
        "format": FORMAT,
        "at": found.at.isoformat(),
        "ahead_hours": found.ahead.total_seconds() / 3600,
        "longest_spell_hours": found.longest_spell.total_seconds() / 3600,
        "spells": {"elsewhere": found.spells[0], "here": found.spells[1]},
        "together": _pair(found.together),
        "together_undisputed": _pair(found.together_undisputed),
        "guarantors": [
            {
                "party": one.party,
                "hours": round(one.hours, 2),
                "spells": one.spells,
                "stops": round(one.stops, 3),
                "stops_undisputed": round(one.stops_undisputed, 3),
                "stops_in_100_hours": _pair(one.stops_in_100_hours),
                "chance": _pair(one.chance),
            }
            for one in found.guarantors
        ],
        "events": [
            {
                "id": one.id,
                "at": one.at.isoformat(),
                "what": one.what,
                "holders": list(one.parties),
                "counts": one.weight,
                "disputed": one.disputed,
                "entries": list(one.rests_on),
                "together_without": _pair(one.chance_without),
            }
            for one in found.happenings
        ],
    }


def hazard_lines(found: HazardToday, scenario: Scenario) -> list[str]:
    """Return the same for a person, with its doubt and what it rests on."""
    hours = found.ahead.total_seconds() / 3600
    elsewhere, here = found.spells
    lines = [
        f"As of {found.at.isoformat(timespec='minutes')}, for the next {hours:g} h.",
        NOT_A_PROMISE,
        f"It rests on {elsewhere} spells of other truces and {here} of this one,",
        f"the longest timed of {found.longest_spell.total_seconds() / 3600:g} h.",
        "",
        f"chance that nothing stops      {_chance(found.together)}",
        f"  without what is disputed     {_chance(found.together_undisputed)}",
    ]
    for one in found.guarantors:
        name = scenario.party[one.party].name() if one.party in scenario.party else one.party
        stops = f"{one.stops:.2g}"
        if one.stops != one.stops_undisputed:
            stops += f" ({one.stops_undisputed:.2g} without what is disputed)"
        rate = one.stops_in_100_hours
        lines += [
            "",
            f"{name}: {stops} stops in {one.hours:.1f} h of {one.spells} spells",
            f"  stops in 100 h               {rate.low:.1f} to {rate.high:.1f}",
            f"  chance that it stops nothing {_chance(one.chance)}",
        ]
    if found.happenings:
        lines += ["", "What was counted, each event once, whoever is accused:"]
    for event in found.happenings:
        doubt = ", disputed" if event.disputed else ""
        lines += [
            f"  {event.at.isoformat(timespec='minutes')}  {event.what}",
            f"    counts {event.weight:g}{doubt}, shared by {', '.join(event.parties)}",
            f"    without it {_chance(event.chance_without)}",
            f"    entries {', '.join(event.rests_on)}",
        ]
    return lines


def _pair(found: Between | None) -> list[float] | None:
    return None if found is None else [round(found.low, 6), round(found.high, 6)]


def _chance(found: Between | None) -> str:
    """Return a range of chances as so many in 20; never a single number."""
    if found is None:
        return "not known: longer than any spell on record"
    low, high = round(found.low * 20), round(found.high * 20)
    words = f"about {low} in 20" if low == high else f"{low} to {high} in 20"
    return f"{words} ({found.low:.2f} to {found.high:.2f})"
