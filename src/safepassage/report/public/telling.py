"""What is told in one language at one moment: plain sections, the same for every form.

The page, the poster, the audio script and the alert are all made from this, so that they cannot
say different things.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.public.notice import TOPICS
from safepassage.report.public.released import PublicState, Released
from safepassage.report.public.words import word
from safepassage.report.stop_timetable import calls_of
from safepassage.scenario.scenario import Scenario

Mode = Literal["LIVE", "DRILL"]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with its sentences."""

    topic: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StopTimes:
    """Departures from one stop to one destination, as clock times; the last one is marked."""

    stop: str
    destination: str
    times: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """All that is told in one language. `by` is None while nothing is released."""

    language: str
    mode: Mode
    updated: str
    by: str | None
    sections: tuple[Section, ...]
    stops: tuple[StopTimes, ...] = ()
    short: str | None = None
    address: str | None = None


def telling(
    state: PublicState,
    language: str,
    scenario: Scenario,
    *,
    mode: Mode,
    at: datetime,
    plan: VerifiedPlan | None = None,
) -> Telling:
    """Return what is told in a language at the time `at`.

    Raises
    ------
    NotForPublicationError
        If the notice publishes stops and the scenario has parties.
    ValueError
        If the notice publishes stops and no plan is given.
    """
    released = state.current
    if released is None or language not in released.notice.languages:
        nothing = Section("nothing", word("nothing", language), ())
        return Telling(language, mode, clock(scenario, at), None, (nothing,))
    notice = released.notice
    if notice.stops and plan is None:
        raise ValueError(f"notice '{notice.id}': it publishes stops, and no plan is given")
    stops = _stops(plan, language) if notice.stops and plan is not None else ()
    updated = clock(scenario, at if released.doubted else released.since)
    short = word("being_checked", language) if released.doubted else notice.short[language]
    if mode == "DRILL":
        short = f"{word('drill', language)}: {short}"
    return Telling(
        language=language,
        mode=mode,
        updated=updated,
        by=notice.by[language],
        sections=_sections(released, language),
        stops=stops,
        short=f"{short} [{_stamp(scenario, at if released.doubted else released.since)}]",
        address=notice.address,
    )


def clock(scenario: Scenario, at: datetime) -> str:
    """Return a moment as the public reads it: local, with its zone, never a bare time."""
    local = at.astimezone(scenario.start.tzinfo)
    return f"{local:%d.%m.%Y %H:%M} ({local.tzname() or local.strftime('UTC%z')})"


def _stamp(scenario: Scenario, at: datetime) -> str:
    """Return a moment for a short message, where each character costs."""
    return f"{at.astimezone(scenario.start.tzinfo):%d.%m. %H:%M}"


def _sections(released: Released, language: str) -> tuple[Section, ...]:
    doubted = {number for number, _ in released.doubted}
    found: list[Section] = []
    for topic in TOPICS:
        sentences = tuple(
            word("being_checked", language) if number in doubted else line.text[language]
            for number, line in enumerate(released.notice.lines)
            if line.topic == topic
        )
        if sentences:
            found.append(Section(topic, word(topic, language), sentences))
    return tuple(found)


def _stops(plan: VerifiedPlan, language: str) -> tuple[StopTimes, ...]:
    scenario = plan.scenario
    times: dict[tuple[str, str], list[str]] = {}
    for call in calls_of(plan):
        local = (scenario.start + call.departs).strftime("%d.%m. %H:%M")
        times.setdefault((call.stop, call.destination), []).append(local)
    return tuple(
        StopTimes(
            scenario.place[stop].name(language),
            scenario.place[destination].name(language),
            # Two buses at once are one time to be there.
            tuple(dict.fromkeys(each)),
        )
        for (stop, destination), each in times.items()
    )
