"""The roads of a plan as a section of the cell's report: a static map, and a table that says it.

Only where the scenario has roads. The strip map stays the picture of the way; this one shows where
it lies.
"""

from dataclasses import dataclass

from safepassage.planner.verified import VerifiedPlan
from safepassage.report import wording
from safepassage.report.document import Chart, Column, Section, Table, Text, text
from safepassage.report.leg_ways import leg_ways, minutes_of
from safepassage.report.map_signs import uses_of
from safepassage.report.road_map import road_map_svg
from safepassage.report.typeset import plain
from safepassage.roads.travel import Roads, Travel
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class RoadPicture:
    """The map of a plan's roads, drawn for paper and for a phone, with its table."""

    wide: str
    narrow: str
    table: Table


def road_picture(roads: Roads, travel: Travel, plan: VerifiedPlan) -> RoadPicture:
    """Return the map of the roads that a plan drives, for the cell alone."""
    return RoadPicture(
        road_map_svg(roads, travel, plan=plan, name="roads-wide", dots=130),
        road_map_svg(roads, travel, plan=plan, name="roads-narrow", dots=70),
        _table(roads, travel, plan),
    )


def road_map_section(picture: RoadPicture | None) -> Section | None:
    """Return the section with the map; None where the scenario has no roads."""
    if picture is None:
        return None
    chart = Chart(
        "road-map",
        "Map of the roads",
        "Each leg of the plan on its road as at the start: the wider the line, the more people. "
        "Short black and white pieces are closed at some hour, long ones of unknown state. Thin "
        "grey lines are legs that the plan does not use. The table says the same.",
        (picture.wide,),
        (picture.narrow,),
        picture.table,
    )
    return Section("roads", "The roads", (chart,))


def _table(roads: Roads, travel: Travel, plan: VerifiedPlan) -> Table:
    uses = uses_of(plan.plan.trips)
    ways = leg_ways(roads, travel)
    rows: list[tuple[Text, ...]] = []
    for leg in travel.scenario.legs:
        way, use = ways[leg.id], uses.get(leg.id)
        rows.append(
            (
                text(_ends(travel.scenario, leg.start, leg.end)),
                text(leg.id),
                text("no way" if way is None else f"{way.metres / 1000:,.1f}"),
                text(minutes_of(travel, leg.id)),
                text("not used" if use is None else wording.count(use.people)),
                text("" if use is None else wording.count(use.trips)),
            )
        )
    return Table(
        "table-road-map",
        "Legs on the roads, with the minutes of all hours",
        (
            Column("From, to", share=2.4),
            Column("Leg", share=1.6),
            Column("km", numeric=True, share=0.6),
            Column("Minutes", share=1.6),
            Column("People", numeric=True, share=0.8),
            Column("Trips", numeric=True, share=0.6),
        ),
        tuple(rows),
        note=text("* no way at some hours. Roads © OpenStreetMap contributors, ODbL 1.0."),
    )


def _ends(scenario: Scenario, start: str, end: str) -> str:
    return f"{plain(scenario.place[start].name())} to {plain(scenario.place[end].name())}"
