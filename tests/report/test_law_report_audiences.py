"""Who reads what: words planted everywhere in a scenario reach only those allowed to read them."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.report.audience import AUDIENCES, SECTIONS, Audience
from safepassage.report.compose import MAKERS, document_for
from safepassage.report.html import html_of
from safepassage.report.inputs import figures_of
from safepassage.report.material import Belief, Material
from safepassage.report.pdf import pdf_of
from safepassage.scenario.closing import Closure
from safepassage.scenario.figure import Figure
from safepassage.scenario.roads import RoadsWanted
from safepassage.scenario.scenario import Scenario
from tests.report.handmade import DAMASCUS, scenario, verified

MADE_AT = datetime(2031, 5, 5, 5, 55, tzinfo=DAMASCUS)
CLOCK = re.compile(r"\b\d\d:\d\d\b")


def planted() -> Scenario:
    """Return the scenario with a word of its own in every text that a person can write."""
    case = scenario()
    place = {one.id: one for one in case.places}
    return replace(
        case,
        name="CanaryTitle",
        summary="CanarySummary",
        sources=tuple(
            replace(one, title=f"CanarySource {one.id}", url="CanaryUrl", said_by="CanarySaid")
            for one in case.sources
        ),
        parties=tuple(
            replace(
                one,
                names={"en": f"CanaryParty {one.id}", "ar": "كناريا"},
                promised="CanaryPromise",
                note="CanaryNote",
            )
            for one in case.parties
        ),
        agreements=tuple(
            replace(
                one,
                clauses=tuple(
                    replace(
                        clause,
                        text="CanaryClause",
                        versions=dict.fromkeys(clause.versions, "CanaryVersion"),
                    )
                    for clause in one.clauses
                ),
            )
            for one in case.agreements
        ),
        places=tuple(
            replace(
                one,
                names={"en": f"CanaryPlace {one.id}", "ar": "مكان"},
                note="CanaryPlaceNote",
                arrived_reason="CanaryReason" if one.arrived else None,
                rate=None
                if one.rate is None
                else replace(one.rate, vehicles=Figure(value=60, assumed="CanaryAssumed")),
            )
            for one in place.values()
        ),
        corridors=tuple(replace(one, names={"en": "CanaryCorridor"}) for one in case.corridors),
        groups=tuple(
            replace(one, consent="CanaryConsent", names={"en": "CanaryGroup"})
            for one in case.groups
        ),
        windows=tuple(replace(one, assumed="CanaryWindow") for one in case.windows),
        roads=RoadsWanted(
            "CanaryExtract.osm.pbf",
            doubt="avoid",
            closures=(Closure("c", "closed", name="CanaryRoad", word_of="CanaryWord"),),
        ),
        ending=replace(case.ending, mean=Figure(value=timedelta(hours=12), assumed="CanaryBelief")),
    )


def plan_of(case: Scenario) -> VerifiedPlan:
    """Return the hand-made plan with convoys of telling names."""
    made = verified(of=case).plan
    named = {one.id: f"CanaryConvoy-{one.id}" for one in made.convoys}
    return verify(
        case,
        replace(
            made,
            stated=None,
            convoys=tuple(replace(one, id=named[one.id]) for one in made.convoys),
            trips=tuple(replace(one, convoy=named[one.convoy or ""]) for one in made.trips),
        ),
    )


@pytest.fixture(scope="module")
def printed() -> dict[Audience, str]:
    """Return everything that the two files of an audience hold, tags and all."""
    case = planted()
    made = plan_of(case)
    material = Material(
        made, MADE_AT, "0.1.0", baseline=made, beliefs=(Belief("CanaryOtherBelief", made),)
    )
    found: dict[Audience, str] = {}
    for audience in AUDIENCES:
        document = document_for(material, audience)
        paper = PdfReader(BytesIO(pdf_of(document, at=MADE_AT)))
        words = [page.extract_text() for page in paper.pages]
        data = str(paper.metadata)
        page = html_of(document, audience=audience)
        found[audience] = " ".join([page, *words, data])
    return found


EVERYTHING = (
    "CanarySource", "CanaryUrl", "CanarySaid", "CanaryParty", "CanaryPromise", "CanaryNote",
    "CanaryClause", "CanaryVersion", "CanaryPlace", "CanaryPlaceNote", "CanaryReason",
    "CanaryAssumed", "CanaryCorridor", "CanaryConsent", "CanaryGroup", "CanaryWindow",
    "CanaryBelief", "CanaryOtherBelief", "CanaryConvoy", "CanarySummary",
    "CanaryRoad", "CanaryWord", "CanaryExtract", "كناريا", "مكان",
    "bus-01", "ambulance-01",
)  # fmt: skip

ALLOWED: dict[Audience, frozenset[str]] = {
    "cell": frozenset(EVERYTHING),
    "crew": frozenset({"CanaryPlace", "CanaryParty", "CanaryCorridor", "مكان"}),
    "party": frozenset({"CanaryParty", "CanaryClause"}),
    "public": frozenset(),
}


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("canary", EVERYTHING)
def test_what_is_not_allowed_does_not_reach_an_audience(
    printed: dict[Audience, str], audience: Audience, canary: str
) -> None:
    if canary not in ALLOWED[audience]:
        assert canary not in printed[audience]


@pytest.mark.parametrize("audience", ["crew", "party"])
def test_what_is_allowed_does_reach_it(printed: dict[Audience, str], audience: Audience) -> None:
    for canary in ALLOWED[audience]:
        assert canary in printed[audience], canary


def test_the_cell_gets_places_convoys_beliefs_sources_and_clauses(
    printed: dict[Audience, str],
) -> None:
    for canary in (
        "CanaryPlace",
        "CanaryConvoy",
        "CanaryBelief",
        "CanaryOtherBelief",
        "CanarySource",
        "CanaryAssumed",
        "CanaryVersion",
        "CanaryReason",
        "CanaryRoad",
        "CanaryWord",
        "OpenStreetMap contributors",
        "bus-01",
    ):
        assert canary in printed["cell"], canary


@pytest.mark.parametrize("audience", ["crew", "party", "public"])
def test_no_hour_of_the_operation_leaves_the_cell(
    printed: dict[Audience, str], audience: Audience
) -> None:
    body = re.sub(r"<style>.*?</style>", "", printed[audience], flags=re.DOTALL)
    # The only clock left is that of the report's making, 05:55, with its offset from UTC.
    assert set(CLOCK.findall(body)) <= {"05:55", "02:00"}
    assert "15 Dec" not in body.replace("\u00a0", " ")
    assert "2016" not in body.replace("In Aleppo, December 2016, convoys moved", "")


@pytest.mark.parametrize("audience", ["crew", "party", "public"])
def test_no_step_of_the_curve_leaves_the_cell(
    printed: dict[Audience, str], audience: Audience
) -> None:
    for seconds, people in plan_of(planted()).curve[:-1]:
        assert f"{people:,}" not in printed[audience], seconds


def test_an_audience_is_given_a_list_of_sections_and_each_has_its_maker() -> None:
    assert set(SECTIONS) == set(AUDIENCES)
    assert {name for names in SECTIONS.values() for name in names} <= set(MAKERS)
    whole = {"timetable", "vehicles", "arrived", "road", "first", "bound", "inputs", "left"}
    for audience in ("crew", "party", "public"):
        assert not whole & set(SECTIONS[audience])


def test_every_figure_of_a_scenario_is_among_the_inputs() -> None:
    case = scenario(wishes_recorded=True)
    listed = [figure for _, figure, _ in figures_of(case)]
    assert len(listed) == len(list(every_figure(case))) > 20
    assert {id(one) for one in listed} == {id(one) for one in every_figure(case)}


def every_figure(value: Any) -> list[Figure[Any]]:
    """Return every figure anywhere inside a value, found blindly."""
    if isinstance(value, Figure):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        inside = [getattr(value, one.name) for one in fields(value)]
    elif isinstance(value, dict):
        inside = list(value.values())
    elif isinstance(value, tuple | list):
        inside = list(value)
    else:
        return []
    return [found for one in inside for found in every_figure(one)]
