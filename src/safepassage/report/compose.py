"""Put a report together for one audience, from the list of what it is allowed."""

from collections.abc import Callable, Mapping

from safepassage.clearance.on_the_road import PeopleNow
from safepassage.report import wording
from safepassage.report.answer import (
    arrived_section,
    inside_section,
    road_section,
    without_wish,
)
from safepassage.report.audience import FOR_WHOM, SECTIONS, Audience
from safepassage.report.both_sides import both_sides_section
from safepassage.report.comparison import (
    bound_section,
    first_convoy_section,
    gain_section,
    slips_section,
)
from safepassage.report.document import Document, Section, Span
from safepassage.report.inputs import inputs_section
from safepassage.report.left import left_behind_section
from safepassage.report.material import Material
from safepassage.report.rehearsal_section import rehearsal_section
from safepassage.report.road_section import road_map_section
from safepassage.report.terms import (
    about_section,
    party_terms_section,
    short_about_section,
    terms_section,
)
from safepassage.report.timetable import (
    strip_section,
    timetable_section,
    vehicles_section,
    way_section,
)
from safepassage.report.totals import (
    crew_totals_section,
    party_totals_section,
    public_totals_section,
    wish_section,
)
from safepassage.scenario.checks.record import NO_CONSENT

MAKERS: Mapping[str, Callable[[Material], Section | None]] = {
    "arrived": arrived_section,
    "road": road_section,
    "inside": inside_section,
    "counterpart": both_sides_section,
    "first": first_convoy_section,
    "gain": gain_section,
    "bound": bound_section,
    "slips": lambda _: slips_section(),
    "rehearsal": rehearsal_section,
    "timetable": timetable_section,
    "vehicles": vehicles_section,
    "way": way_section,
    "strip": strip_section,
    "roads": lambda material: road_map_section(material.roads),
    "left": left_behind_section,
    "inputs": inputs_section,
    "terms": terms_section,
    "party_terms": party_terms_section,
    "about": about_section,
    "short_about": short_about_section,
    "crew_totals": crew_totals_section,
    "party_totals": party_totals_section,
    "public_totals": public_totals_section,
    "wish": lambda _: wish_section(),
}


def so_far(now: PeopleNow) -> str:
    """Return what a plan of the rest leaves out of its numbers: who had gone before it."""
    unknown = (
        f", and of {now.unknown:,} of these nobody knows whether they arrive" if now.unknown else ""
    )
    return (
        f"This is a plan of what was left at {now.at:%H:%M}. By then {now.arrived:,} had arrived "
        f"and {now.aboard:,} were on the road{unknown}; they are in none of its numbers."
    )


def document_for(material: Material, audience: Audience) -> Document:
    """Return the report that an audience may read."""
    verified = material.verified
    scenario = verified.scenario
    # A maker returns None for what the material does not hold: a plan that was not rehearsed.
    made = [MAKERS[name](material) for name in SECTIONS[audience]]
    sections = tuple(one for one in made if one is not None)
    title = scenario.names.get("en") or scenario.name
    local = scenario.names.get("ar")
    # The hour at which the plan begins is an hour of the operation: for the cell only.
    begins = wording.at(scenario.start, 0)
    subtitle = (
        f"Plan from {wording.full_moment(begins)} for {wording.duration(scenario.horizon)}"
        if audience == "cell"
        else "Plan of an evacuation"
    )
    warnings: tuple[str, ...] = (NO_CONSENT,) if without_wish(scenario) else ()
    if audience == "cell" and material.now is not None:
        warnings += (so_far(material.now),)
    return Document(
        title=(Span(title, name=True),),
        local_title=(Span(local, language="ar", name=True),) if local else (),
        plain_title=title,
        band=wording.NOT_A_CLEARANCE,
        warnings=warnings,
        subtitle=subtitle,
        audience=FOR_WHOM[audience],
        footer=(f"plan {verified.plan_hash[:12]} · made {wording.full_moment(material.made_at)}"),
        sections=sections,
    )
