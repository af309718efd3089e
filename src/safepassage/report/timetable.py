"""The sections on who goes when: the timetable, the vehicles, the strip map of the way."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from safepassage.planner.names import numbered
from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.report import wording
from safepassage.report.activity import Row, longest_wait, rows_of
from safepassage.report.answer import NARROW, WIDE
from safepassage.report.chart_timetable import TimetablePicture, draw_timetable
from safepassage.report.chart_vehicles import draw_vehicles
from safepassage.report.closures import closures_of
from safepassage.report.document import (
    Block,
    Chart,
    Column,
    Paragraph,
    Section,
    Table,
    Text,
    named,
    strong,
    text,
    words_of,
)
from safepassage.report.journeys import (
    aboard,
    classes_in_order,
    convoy_trips,
    convoys_in_order,
)
from safepassage.report.material import Material
from safepassage.report.road_record import road_blocks
from safepassage.report.strip_map import KIND_WORDS, StripStop, StripStretch, draw_strip
from safepassage.report.way import Way, runs_on, ways_of
from safepassage.scenario.parties import Party
from safepassage.scenario.places import Place
from safepassage.scenario.scenario import Scenario

EARLY = 0.6
"""Up to this share of the horizon a plan counts as done early, and is drawn on its own scale."""

MOST_ROWS = 400
"""A table of a report stops here and says what is left out; plan.json and the sheets hold all."""


def timetable_section(material: Material) -> Section:
    """Return the timetable: a chart and a table for each way, and when passage is closed."""
    verified, scenario = material.verified, material.verified.scenario
    ways = ways_of(scenario, verified.plan)
    blocks: list[Block] = [
        Paragraph(
            text(
                "These are planned times. Each departure still needs its own clearance: who "
                "confirmed, until when."
            )
        ),
        *(_way_chart(material, way, index) for index, way in enumerate(ways, start=1)),
    ]
    rest = _other_trips(material, ways)
    if rest:
        title = "Other trips with people" if ways else "Trips with people"
        blocks.append(_trips_table(scenario, rest, "table-other-trips", title))
    blocks.append(_windows_table(scenario))
    return Section("timetable", "Timetable", tuple(blocks))


def _way_chart(material: Material, way: Way, number: int) -> Chart:
    verified, scenario = material.verified, material.verified.scenario
    runs = runs_on(scenario, verified.plan, way)
    closures = closures_of(scenario, way.corridor)
    picture = TimetablePicture(
        start=scenario.start,
        horizon=drawn_until(material),
        way=way,
        runs=runs,
        closures=closures,
        names={stop.place: pair_of_names(scenario, stop.place) for stop in way.stops},
    )
    identity = f"table-timetable-{number}"
    if way.corridor is None:
        table = _trips_table(
            scenario, _trips_on(verified.plan, way), identity, "Trips with people on this way"
        )
    else:
        table = _convoy_table(material, way.corridor, identity)
    shaded = (
        ("back", "closed", closures.closed),
        ("rows", "margin before a closing", closures.margin),
        ("grey", "night", closures.night),
    )
    return Chart(
        id=f"chart-timetable-{number}",
        title=f"Timetable: {way_name(scenario, way)}",
        description=(
            "Time runs to the right, the way down; places that lie close are drawn further apart. "
            "Each thick line is a departure with people, as wide as they are many, their number "
            "at its start; thin dashed lines return empty."
        ),
        wide=draw_timetable(picture, WIDE, f"timetable-{number}-w"),
        narrow=draw_timetable(picture, NARROW, f"timetable-{number}-n"),
        key=(
            ("thick", "people aboard"),
            ("thin", "empty"),
            *((sample, words) for sample, words, spans in shaded if spans),
        ),
        table=table,
    )


def drawn_until(material: Material) -> int:
    """Return the second up to which to draw: the horizon, or the last hour in which one moves.

    A plan that is done in a small part of its horizon would be squeezed into a corner.
    """
    horizon = round(material.verified.scenario.horizon.total_seconds())
    last = max((trip.arrive for trip in material.verified.plan.trips), default=0)
    hour = 3600 * (last // 3600 + 2)
    return hour if hour < EARLY * horizon else horizon


def way_name(scenario: Scenario, way: Way) -> str:
    """Return the corridor's name, or the two ends of the way."""
    if way.corridor is not None:
        return words_of(named(scenario.corridor[way.corridor].names, way.corridor)[:1])
    ends = (way.stops[0].place, way.stops[-1].place)
    return " to ".join(words_of(_place(scenario, end)) for end in ends)


def _trips_on(plan: Plan, way: Way) -> list[Trip]:
    """Return the trips with people that drive exactly this way, either direction."""
    legs = tuple(one.leg.id for one in way.stretches)
    return [
        trip
        for trip in plan.trips
        if trip.convoy is None and aboard(trip) and trip.legs in {legs, legs[::-1]}
    ]


def _other_trips(material: Material, ways: Sequence[Way]) -> list[Trip]:
    """Return the trips with people that are in no table of a way."""
    plan = material.verified.plan
    shown = {id(trip) for way in ways if way.corridor is None for trip in _trips_on(plan, way)}
    return [
        trip
        for trip in plan.trips
        if trip.convoy is None and aboard(trip) and id(trip) not in shown
    ]


def pair_of_names(scenario: Scenario, place: str) -> tuple[str, tuple[str, str] | None]:
    """Return a place's Latin name and its local one with the language, for drawings."""
    spans = [span for span in named(scenario.place[place].names, place) if span.name]
    local = next(((one.language, one.text) for one in spans if one.language), None)
    return spans[0].text, None if local is None else (local[0] or "", local[1])


def _convoy_table(material: Material, corridor: str, identity: str) -> Table:
    verified, scenario = material.verified, material.verified.scenario
    trips = convoy_trips(verified.plan)
    rows = [
        _convoy_row(scenario, convoy, trips[convoy.id])
        for convoy in convoys_in_order(verified.plan)
        if convoy.corridor == corridor
    ]
    return Table(
        identity,
        f"Convoys in the order in which they enter the corridor ({wording.zone(scenario.start)})",
        (
            Column("Convoy", share=0.7),
            Column("From, to", share=1.4),
            Column("Enters", share=1.0),
            Column("Leaves", share=1.0),
            Column("Vehicles", share=1.2),
            Column("People", numeric=True, share=0.7),
            Column("Who", share=1.4),
            Column("Staff", share=1.1),
        ),
        tuple(rows[:MOST_ROWS]),
        note=_left_out(len(rows)),
    )


def _left_out(rows: int) -> Text:
    if rows <= MOST_ROWS:
        return ()
    return text(f"The first {MOST_ROWS} of {wording.count(rows)}; plan.json holds all.")


def _convoy_row(scenario: Scenario, convoy: Convoy, trips: list[Trip]) -> tuple[Text, ...]:
    kinds: dict[str, int] = defaultdict(int)
    staff: dict[str, int] = defaultdict(int)
    for kind, number in convoy.staff.items():
        staff[kind] += number
    for trip in trips:
        if trip.vehicle is not None and trip.kind is not None:
            kinds[trip.kind] += 1
        for kind, number in trip.staff.items():
            staff[kind] += number
    people = sum(aboard(trip) for trip in trips)
    return (
        strong(convoy.id),
        text(_place(scenario, convoy.start), " → ", _place(scenario, convoy.end)),
        text(wording.moment(wording.at(scenario.start, convoy.depart))),
        text(wording.moment(wording.at(scenario.start, convoy.arrive))),
        text(_amounts(kinds) or "staff only"),
        strong(wording.count(people)) if people else text("empty"),
        text(_who(scenario, trips)),
        text(_amounts(staff)),
    )


def _amounts(numbers: dict[str, int]) -> str:
    order = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
    return wording.listed([wording.kinds(kind, number) for kind, number in order if number])


def _place(scenario: Scenario, place: str) -> Text:
    """Return the head of the Latin name; the whole one and the local one are on the strip map."""
    name = named(scenario.place[place].names, place)[0]
    return (replace(name, text=wording.shortly(name.text)),)


def _trips_table(scenario: Scenario, trips: Sequence[Trip], identity: str, caption: str) -> Table:
    """Return trips outside of convoys, those that leave together on one row."""
    same: dict[tuple[int, int, str, str, str], list[Trip]] = defaultdict(list)
    for trip in trips:
        same[(trip.depart, trip.arrive, trip.start, trip.end, trip.kind or "")].append(trip)
    rows = [
        (
            text(wording.moment(wording.at(scenario.start, depart))),
            text(wording.moment(wording.at(scenario.start, arrive))),
            text(_place(scenario, start), " → ", _place(scenario, end)),
            text(wording.kinds(kind, len(together))),
            text(wording.count(sum(aboard(trip) for trip in together))),
            text(_who(scenario, together)),
        )
        for (depart, arrive, start, end, kind), together in sorted(same.items())
    ]
    return Table(
        identity,
        f"{caption} ({wording.zone(scenario.start)})",
        (
            Column("Leaves", share=0.9),
            Column("Arrives", share=0.9),
            Column("From, to", share=2.0),
            Column("Vehicles", share=1.2),
            Column("People", numeric=True, share=0.7),
            Column("Who", share=1.4),
        ),
        tuple(rows[:MOST_ROWS]),
        note=_left_out(len(rows)),
    )


def _who(scenario: Scenario, trips: Sequence[Trip]) -> str:
    """Return the people of some trips by class, in words."""
    load: dict[str, int] = defaultdict(int)
    for trip in trips:
        for one, number in trip.load.items():
            load[one] += number
    return wording.listed(
        [
            f"{wording.count(load[one])} {wording.class_word(one)}"
            for one in classes_in_order(scenario)
            if load.get(one)
        ]
    )


def _windows_table(scenario: Scenario) -> Table:
    rows: list[tuple[Text, ...]] = []
    if scenario.opening is not None:
        opening = scenario.opening.time
        rows.append(
            (
                text("opening"),
                text(wording.moment(wording.at(scenario.start, opening.pick().total_seconds()))),
                text("no limit"),
                text(_origin(scenario, opening.source, opening.assumed)),
            )
        )
    rows += [
        (
            _where(scenario, window.where),
            text(_window_time(scenario, window.opens, daily=window.daily)),
            text(_window_time(scenario, window.closes, daily=window.daily)),
            text(_origin(scenario, window.source, window.assumed)),
        )
        for window in scenario.windows
    ]
    night = scenario.rules.night
    if night is not None:
        rows.append(
            (
                text("night"),
                text(f"{night.begins:%H:%M} each day"),
                text(f"{night.ends:%H:%M} each day"),
                text("convoys may move" if night.allowed else "convoys may not move"),
            )
        )
    if not rows:
        rows.append(
            (text("everywhere"), text("always"), text("no closing stated"), text("no window given"))
        )
    margin = scenario.rules.arrival_margin
    closing = bool(scenario.windows) or (night is not None and not night.allowed)
    return Table(
        "table-windows",
        "Windows, closings and night",
        (
            Column("Where", share=1.4),
            Column("Opens, begins"),
            Column("Closes, ends"),
            Column("Who says so", share=1.6),
        ),
        tuple(rows),
        note=text(f"Everybody is through {wording.duration(margin)} before a closing.")
        if margin and closing
        else (),
    )


def _where(scenario: Scenario, where: str) -> Text:
    if where in scenario.place:
        return named(scenario.place[where].names, where)
    if where in scenario.corridor:
        return named(scenario.corridor[where].names, where)
    if where in scenario.leg:
        leg = scenario.leg[where]
        return text(_place(scenario, leg.start), " → ", _place(scenario, leg.end))
    return text("everywhere")


def _window_time(scenario: Scenario, when: timedelta | None, *, daily: bool) -> str:
    if when is None:
        return "no limit"
    if daily:
        hours, minutes = divmod(round(when.total_seconds() / 60), 60)
        return f"{hours % 24:02d}:{minutes:02d} each day"
    return wording.moment(wording.at(scenario.start, when.total_seconds()))


def _origin(scenario: Scenario, source: str | None, assumed: str | None) -> str:
    if source is not None:
        known = scenario.source.get(source)
        return known.title if known is not None else source
    return f"assumed: {assumed}" if assumed else "no source given"


def vehicles_section(material: Material) -> Section:
    """Return what each vehicle does when, like vehicles on one row."""
    verified, scenario = material.verified, material.verified.scenario
    rows, idle = rows_of(scenario, verified.plan)
    horizon = drawn_until(material)
    blocks: list[Block] = []
    if not rows:
        return Section("vehicles", "Vehicle by vehicle", (Paragraph(text("No vehicle moves.")),))
    shown = rows[:MOST_ROWS]
    drawn = shown[:80]
    blocks.append(
        Chart(
            id="chart-vehicles",
            title="What each vehicle does",
            description=(
                "A row for each vehicle; vehicles that do the same at the same times share a row. "
                "Where there is no bar, it waits."
            ),
            wide=draw_vehicles(drawn, scenario.start, horizon, WIDE, "vehicles-w"),
            narrow=draw_vehicles(drawn, scenario.start, horizon, NARROW, "vehicles-n"),
            key=(
                ("slant", "loading"),
                ("full", "driving with people"),
                ("dots", "unloading"),
                ("hollow", "driving empty"),
                *((("thin", "held at the entry"),) if _any_held(rows) else ()),
            ),
            table=Table(
                "table-vehicles",
                f"Vehicles and their trips ({wording.zone(scenario.start)})",
                (
                    Column("Vehicles", share=1.3),
                    Column("Trips with people", numeric=True, share=0.7),
                    Column("People carried", numeric=True, share=0.8),
                    Column("Waits longest", share=0.8),
                    Column("Leaves → arrives", share=3.6),
                ),
                tuple(_vehicle_row(scenario, row) for row in shown),
                note=_left_out(len(rows)),
            ),
        )
    )
    if idle:
        blocks.append(Paragraph(text(f"Never used in this plan: {numbered(idle)}."), "small"))
    return Section("vehicles", "Vehicle by vehicle", tuple(blocks))


def _any_held(rows: Sequence[Row]) -> bool:
    return any(bar.doing == "held" for row in rows for bar in row.bars)


def _vehicle_row(scenario: Scenario, row: Row) -> tuple[Text, ...]:
    parts: list[str] = []
    last_day = ""
    for trip in row.trips:
        leaves = wording.at(scenario.start, trip.depart)
        arrives = wording.at(scenario.start, trip.arrive)
        lead = "" if wording.day(leaves) == last_day else f"{wording.day(leaves)} "
        last_day = wording.day(arrives)
        over = "" if leaves.date() == arrives.date() else f"{wording.day(arrives)} "
        how = "" if aboard(trip) else " empty"
        parts.append(f"{lead}{wording.clock(leaves)}→{over}{wording.clock(arrives)}{how}")
    loaded = sum(1 for trip in row.trips if aboard(trip))
    each = " each" if len(row.vehicles) > 1 else ""
    return (
        text(numbered(row.vehicles)),
        text(f"{loaded}{each}"),
        text(wording.count(row.people)),
        text(wording.duration(timedelta(seconds=round(longest_wait(row))))),
        text("; ".join(parts)),
    )


def way_section(material: Material) -> Section:
    """Return the strip maps, and what is taken of the roads."""
    strips = strip_section(material)
    return replace(strips, blocks=(*strips.blocks, *road_blocks(material.verified.scenario)))


def strip_section(material: Material) -> Section:
    """Return the strip map of each way with its table."""
    verified, scenario = material.verified, material.verified.scenario
    blocks: list[Block] = []
    for index, way in enumerate(ways_of(scenario, verified.plan)):
        stops = [_strip_stop(scenario, way, index) for index in range(len(way.stops))]
        stretches = _strip_stretches(scenario, way)
        title = f"Strip map: {way_name(scenario, way)}"
        blocks.append(
            Chart(
                id=f"chart-strip-{index + 1}",
                title=title,
                description=(
                    "The way from top to bottom, not to scale. Left: kilometres and driving time. "
                    "A square is a checkpoint; a full dot counts as arrived."
                ),
                wide=(draw_strip(stops, stretches, WIDE, f"strip-{index}-w"),),
                narrow=(draw_strip(stops, stretches, NARROW, f"strip-{index}-n"),),
                table=_strip_table(scenario, way, index),
            )
        )
    return Section("way", "The way, stop by stop", tuple(blocks))


def _strip_stop(scenario: Scenario, way: Way, index: int) -> StripStop:
    stop = way.stops[index]
    place = scenario.place[stop.place]
    latin, local = pair_of_names(scenario, stop.place)
    return StripStop(
        latin,
        local,
        place.kind,
        stop.km,
        stop.seconds,
        _held(scenario, place.holder),
        place.arrived,
        stop.place,
    )


def _held(scenario: Scenario, parties: tuple[str, ...]) -> str:
    names = [scenario.party.get(one, Party(one)).name() for one in parties]
    return "held by " + wording.listed(names) if names else ""


def _strip_stretches(scenario: Scenario, way: Way) -> list[StripStretch]:
    bands: dict[tuple[str, ...], int] = {}
    found = []
    for before, after in pairwise(way.stops):
        stretch = next(
            one
            for one, ends in zip(way.stretches, _ends_of(way), strict=True)
            if before.seconds < ends or before.seconds == ends == after.seconds
        )
        held = stretch.leg.held_by
        bands.setdefault(held, len(bands))
        km = None if before.km is None or after.km is None else round(after.km - before.km, 2)
        found.append(
            StripStretch(
                km,
                after.seconds - before.seconds,
                _held(scenario, held) or "holder not stated",
                bands[held],
            )
        )
    return found


def _ends_of(way: Way) -> list[float]:
    """Return, for each stretch, the seconds from the start of the way at which it ends."""
    ends: list[float] = []
    driven = 0.0
    for stretch in way.stretches:
        driven += stretch.seconds
        ends.append(driven)
    return ends


def _strip_table(scenario: Scenario, way: Way, index: int) -> Table:
    stretches = _strip_stretches(scenario, way)
    rows = []
    for number, stop in enumerate(way.stops):
        place: Place = scenario.place[stop.place]
        onward = stretches[number] if number < len(stretches) else None
        rows.append(
            (
                named(place.names, place.id),
                text(KIND_WORDS.get(place.kind, place.kind)),
                text("not known" if stop.km is None else f"{stop.km:g}"),
                text(wording.duration(timedelta(seconds=round(stop.seconds)))),
                text(_held(scenario, place.holder).removeprefix("held by ") or "not stated"),
                text("" if onward is None else onward.held_by.removeprefix("held by ")),
            )
        )
    return Table(
        f"table-strip-{index + 1}",
        "Stops of the way, from the people to where they arrive",
        (
            Column("Stop", share=1.9),
            Column("Kind"),
            Column("km", numeric=True, share=0.6),
            Column("Driving time", numeric=True, share=0.8),
            Column("Held by", share=1.2),
            Column("Stretch onward held by", share=1.4),
        ),
        tuple(rows),
    )
