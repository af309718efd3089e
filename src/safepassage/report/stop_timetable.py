"""The timetable of stops that a case without parties publishes, as CSV and as GTFS.

Only for a scenario in which nobody holds the road: elsewhere times and places of departures would
tell where people gather. GTFS after the reference at gtfs.org, only the files that it requires.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.typeset import plain
from safepassage.scenario.scenario import Scenario


class NotForPublicationError(ValueError):
    """A timetable of this scenario would tell where people gather under a truce."""


@dataclass(frozen=True)
class Call:
    """A departure with people: from which stop to which shelter, when, and its place in the day."""

    stop: str
    destination: str
    departs: timedelta
    arrives: timedelta
    kind: str
    last: bool


def calls_of(verified: VerifiedPlan) -> tuple[Call, ...]:
    """Return the departures with people, by stop and time, the last of each stop marked.

    Raises
    ------
    NotForPublicationError
        If the scenario has parties or anybody holds a stretch of its ways.
    """
    scenario = verified.scenario
    held = [leg.id for leg in scenario.legs if leg.held_by]
    held += [place.id for place in scenario.places if place.holder]
    if scenario.parties or held:
        raise NotForPublicationError(
            "this scenario has parties: its times and places are never published"
        )
    trips = sorted(
        (trip for trip in verified.plan.trips if trip.load),
        key=lambda one: (one.start, one.depart, one.end),
    )
    last = {trip.start: trip.depart for trip in trips}
    return tuple(
        Call(
            trip.start,
            trip.end,
            timedelta(seconds=trip.depart),
            timedelta(seconds=trip.arrive),
            trip.kind or "",
            trip.depart == last[trip.start],
        )
        for trip in trips
    )


def csv_of(verified: VerifiedPlan) -> bytes:
    """Return the timetable as CSV (UTF-8 with a mark, so that spreadsheets read it right)."""
    scenario = verified.scenario
    rows: list[Sequence[object]] = [
        ("stop", "stop name", "destination", "departs", "arrives", "vehicle", "last bus")
    ]
    rows += [
        (
            call.stop,
            _words(scenario.place[call.stop].name()),
            _words(scenario.place[call.destination].name()),
            _clock(scenario, call.departs),
            _clock(scenario, call.arrives),
            call.kind,
            "last" if call.last else "",
        )
        for call in calls_of(verified)
    ]
    return "\ufeff".encode() + _table(rows).encode()


def gtfs_of(verified: VerifiedPlan) -> bytes:
    """Return the timetable as a GTFS feed (a zip).

    Raises
    ------
    NotForPublicationError
        As `calls_of`.
    ValueError
        If a stop has no position: GTFS wants one.
    """
    scenario, calls = verified.scenario, calls_of(verified)
    zone = str(getattr(scenario.start.tzinfo, "key", "")) or _etc(scenario)
    day = scenario.start.strftime("%Y%m%d")
    used = sorted({call.stop for call in calls} | {call.destination for call in calls})
    stops: list[Sequence[object]] = [("stop_id", "stop_name", "stop_lat", "stop_lon")]
    for one in used:
        place = scenario.place[one]
        if place.position is None:
            raise ValueError(f"place '{one}': has no position, and GTFS wants one")
        stops.append((one, _words(place.name()), place.position.lat, place.position.lon))
    pairs = sorted({(call.stop, call.destination) for call in calls})
    routes: list[Sequence[object]] = [("route_id", "agency_id", "route_long_name", "route_type")]
    routes += [
        (f"{a}--{b}", "cell",
         f"{_words(scenario.place[a].name())} - {_words(scenario.place[b].name())}", 3)
        for a, b in pairs
    ]  # fmt: skip
    trips: list[Sequence[object]] = [("route_id", "service_id", "trip_id")]
    times: list[Sequence[object]] = [
        ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence")
    ]
    for number, call in enumerate(calls, 1):
        name = f"{call.stop}--{call.destination}--{number:04d}"
        trips.append((f"{call.stop}--{call.destination}", "once", name))
        for order, (stop, after) in enumerate(
            ((call.stop, call.departs), (call.destination, call.arrives)), 1
        ):
            clock = _day_clock(scenario, after)
            times.append((name, clock, clock, stop, order))
    files: dict[str, list[Sequence[object]]] = {
        "agency.txt": [
            ("agency_id", "agency_name", "agency_url", "agency_timezone"),
            ("cell", "Evacuation transport", "https://example.invalid/", zone),
        ],
        "stops.txt": stops,
        "routes.txt": routes,
        "trips.txt": trips,
        "stop_times.txt": times,
        "calendar_dates.txt": [("service_id", "date", "exception_type"), ("once", day, 1)],
        "feed_info.txt": [
            ("feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_version"),
            ("Evacuation transport", "https://example.invalid/", "en", verified.plan_hash[:8]),
        ],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as feed:
        for name, rows in files.items():
            # A fixed date: the same plan gives the same file.
            feed.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), _table(rows))
    return out.getvalue()


def _words(text: str) -> str:
    """Return words that a spreadsheet does not take for a formula."""
    shown = plain(text)
    return f"'{shown}" if shown[:1] in {"=", "+", "-", "@", "\t"} else shown


def _table(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _clock(scenario: Scenario, after: timedelta) -> str:
    return (scenario.start + after).isoformat(sep=" ", timespec="minutes")


def _day_clock(scenario: Scenario, after: timedelta) -> str:
    """Return a time of the service day, above 24:00 on the next one, as GTFS counts it."""
    midnight = scenario.start.replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = int((scenario.start + after - midnight).total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _etc(scenario: Scenario) -> str:
    """Return the zone of a fixed offset as the tz database names it (the sign is turned there)."""
    offset = scenario.start.utcoffset() or timedelta(0)
    hours, rest = divmod(int(offset.total_seconds()), 3600)
    if rest:
        raise ValueError("GTFS wants a zone by name for an offset that is not whole hours")
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC"
