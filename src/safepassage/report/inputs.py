"""Every figure that the plan rests on: sourced, assumed, unsourced or unknown, and why.

Knows all figures of a scenario by walking its nouns; a test compares it with a blind walk, so that
no figure is left out when a noun gains one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from safepassage.report import wording
from safepassage.report.document import (
    Block,
    Column,
    Number,
    Numbers,
    Section,
    Table,
    Text,
    named,
    text,
)
from safepassage.report.hours import belief_words
from safepassage.report.material import Material
from safepassage.scenario.figure import Figure, Standing
from safepassage.scenario.scenario import Scenario

STANDINGS: tuple[tuple[Standing, str, str], ...] = (
    ("sourced", "Sourced inputs", "Source"),
    ("assumed", "Assumed inputs", "Why"),
    ("unsourced", "Unsourced inputs", "Source"),
    ("unknown", "Unknown inputs", "Why"),
)


@dataclass(frozen=True)
class Input:
    """One input: what it is, its value in words, how far it can be trusted and on what ground."""

    what: Text
    value: str
    standing: Standing
    ground: str


def figures_of(scenario: Scenario) -> Iterator[tuple[Text, Figure[Any], str]]:
    """Yield every figure of a scenario with its name and its unit, as one of it ("person")."""
    for place in scenario.places:
        name = named(place.names, place.id)
        for kind, bays in place.bays.items():
            yield text(name, f": bays for {wording.plural(kind)}"), bays, ""
        if place.capacity is not None:
            yield text(name, ": capacity"), place.capacity, "person"
        if place.intake is not None:
            per = f"person in {wording.duration(place.intake.per)}"
            yield text(name, ": intake"), place.intake.people, per
        if place.rate is not None:
            per = f"vehicle in {wording.duration(place.rate.per)}"
            yield text(name, ": rate"), place.rate.vehicles, per
        if place.limit is not None:
            yield text(name, ": most who may wait"), place.limit, "person"
    for leg in scenario.legs:
        ends = text(
            _head(scenario, leg.start),
            " → ",
            _head(scenario, leg.end),
        )
        yield text(ends, ": driving time"), leg.time, ""
        for kind, figure in leg.times.items():
            yield text(ends, f": driving time, {kind}"), figure, ""
        if leg.km is not None:
            yield text(ends, ": distance"), leg.km, "km"
    for corridor in scenario.corridors:
        name = named(corridor.names, corridor.id)
        if corridor.largest is not None:
            yield text(name, ": largest convoy"), corridor.largest, "vehicle"
        if corridor.headway is not None:
            yield text(name, ": least time between convoys"), corridor.headway, ""
    for group in scenario.groups:
        name = text(
            _head(scenario, group.at),
            f", {wording.class_word(group.class_id)}",
        )
        yield text(name, ": wish to leave"), group.leave, ""
        if group.stay is not None:
            yield text(name, ": stay"), group.stay, ""
        if group.unknown is not None:
            yield text(name, ": wish not known"), group.unknown, ""
        if group.households is not None:
            yield text(name, ": households"), group.households, ""
    for vehicles in scenario.vehicles:
        name = text(f"{vehicles.kind} ({vehicles.id})")
        yield text(name, ": number"), vehicles.count, ""
        for slot, room in vehicles.slots.items():
            yield text(name, f": {_places(slot)} in each"), room, ""
        yield text(name, ": loading"), vehicles.load, ""
        yield text(name, ": unloading"), vehicles.unload, ""
        if vehicles.range_km is not None:
            yield text(name, ": range"), vehicles.range_km, "km"
        if vehicles.range_time is not None:
            yield text(name, ": range"), vehicles.range_time, ""
    for staff in scenario.staff:
        yield text(f"{staff.kind} ({staff.id}): number"), staff.count, ""
    if scenario.opening is not None:
        yield text("when the window opens, after the start"), scenario.opening.time, ""
    if scenario.ending.mean is not None:
        yield text("how long the window holds, on average"), scenario.ending.mean, ""
    if scenario.rules.rho is not None:
        yield text("what being caught costs against an arrival"), scenario.rules.rho, ""
    if scenario.roads is not None:
        for kind, classes in scenario.roads.speeds.items():
            for road, speed in classes.items():
                yield text(f"speed of {kind} on {road.replace('_', ' ')} roads"), speed, "km/h"
    for linked in scenario.linked:
        if linked.people is not None:
            yield text(f"counterpart {linked.name}: people"), linked.people, ""


def _head(scenario: Scenario, place: str) -> Text:
    """Return the head of a place's Latin name, where two names stand in one line."""
    name = named(scenario.place[place].names, place)[0]
    return (replace(name, text=wording.shortly(name.text)),)


def inputs_of(scenario: Scenario) -> list[Input]:
    """Return every input, figures first, then windows, positions, weights and the law."""
    found = [
        Input(what, value_words(figure, unit), figure.standing, ground_words(scenario, figure))
        for what, figure, unit in figures_of(scenario)
    ]
    for window in scenario.windows:
        standing, ground = _origin(scenario, window.source, window.assumed)
        found.append(Input(text(f"window {window.id}"), "see Timetable", standing, ground))
    for place in scenario.places:
        if place.position is not None:
            standing, ground = _origin(scenario, place.position.source, place.position.assumed)
            off = place.position.accuracy_m
            value = "within " + f"{off:,.0f} m" if off is not None else "on the map"
            found.append(
                Input(text(named(place.names, place.id), ": position"), value, standing, ground)
            )
    law = scenario.ending
    standing, ground = _origin(scenario, law.source, law.assumed)
    if law.mean is None or law.source is not None or law.assumed is not None:
        found.append(Input(text("law of the ending"), belief_words(law), standing, ground))
    found += [
        Input(
            text(f"weight: {wording.class_word(one.id)}"),
            f"{one.weight:g}",
            "assumed" if one.weight_reason else "unsourced",
            one.weight_reason or "no reason given",
        )
        for one in scenario.classes
        if one.weight != 1.0 or one.weight_reason
    ]
    return found


def value_words(figure: Figure[Any], unit: str = "") -> str:
    """Return a figure's value in words, a range with its likely value."""
    if not figure.known:
        return "not known"
    if not figure.is_range:
        return _one(figure.value) + _unit(unit, one=figure.value == 1)
    words = f"{_one(figure.low)} to {_one(figure.high)}{_unit(unit, one=False)}"
    return words if figure.likely is None else f"{words}, likely {_one(figure.likely)}"


def _unit(unit: str, *, one: bool) -> str:
    """Return what follows a value: " person in 30 min" after 1, else " people in 30 min"."""
    head, space, rest = unit.partition(" ")
    if head in {"person", "vehicle"} and not one:
        head = wording.plural(head)
    return f" {head}{space}{rest}" if unit else ""


def _places(slot: str) -> str:
    """Return the places of a kind in a vehicle: "seats", "stretchers", "places with oxygen"."""
    return "places with oxygen" if slot == "oxygen" else wording.plural(slot)


def _one(value: object) -> str:
    if isinstance(value, timedelta):
        return wording.duration(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return wording.count(value)


def ground_words(scenario: Scenario, figure: Figure[Any]) -> str:
    """Return who says so, or why it is assumed or unknown."""
    if figure.unknown is not None:
        return figure.unknown
    return _origin(scenario, figure.source, figure.assumed)[1]


def _origin(scenario: Scenario, source: str | None, assumed: str | None) -> tuple[Standing, str]:
    if source is not None:
        known = scenario.source.get(source)
        if known is None:
            return "sourced", source
        said = f", said by {known.said_by}" if known.said_by else ""
        return "sourced", f"{known.title}{said} [{source}]"
    if assumed is not None:
        return "assumed", assumed
    return "unsourced", "no source given"


def inputs_section(material: Material) -> Section:
    """Return the inputs by how far they can be trusted, and the sources."""
    scenario = material.verified.scenario
    inputs = inputs_of(scenario)
    tiles = tuple(
        Number(
            wording.count(sum(1 for one in inputs if one.standing == standing)),
            standing,
        )
        for standing, _, _ in STANDINGS
    )
    blocks: list[Block] = [Numbers(tiles)]
    for standing, caption, ground in STANDINGS:
        rows = tuple(
            (one.what, text(one.value), text(one.ground))
            for one in inputs
            if one.standing == standing
        )
        if rows:
            blocks.append(
                Table(
                    f"table-{standing}",
                    caption,
                    (
                        Column("Input", share=1.7),
                        Column("Value", share=1.1),
                        Column(ground, share=1.8),
                    ),
                    rows,
                )
            )
    if scenario.sources:
        blocks.append(_sources_table(scenario))
    return Section("inputs", "What it rests on", tuple(blocks))


def _sources_table(scenario: Scenario) -> Table:
    rows = tuple(
        (
            text(one.id),
            text(one.title),
            text(one.said_by or "not stated"),
            text("not stated" if one.date is None else one.date.isoformat()),
            text(one.url or "no address"),
        )
        for one in scenario.sources
    )
    return Table(
        "table-sources",
        "Sources",
        (
            Column("Id", share=0.9),
            Column("Title", share=1.7),
            Column("Said by", share=1.0),
            Column("Date", share=0.8),
            Column("Address", share=1.7),
        ),
        rows,
    )
