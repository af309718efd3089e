"""The map on paper: one A4 page, words as words, Arabic shaped, for the cell alone."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.planner.solve import solve
from safepassage.report import road_map
from safepassage.report.road_map import road_map_pdf
from safepassage.roads.travel import Roads, Travel, travel
from safepassage.scenario.places import Place
from tests.roads.opened import opened

CASE = Path(__file__).parents[2] / "cases" / "coquimbo-coast"


@pytest.fixture(scope="module")
def roads() -> Roads:
    return opened(CASE)


@pytest.fixture(scope="module")
def travelled(roads: Roads) -> Travel:
    return travel(roads)


def renamed(travelled: Travel, **names: str) -> Travel:
    """Return the same roads with the yard under other names."""

    def one(place: Place) -> Place:
        return replace(place, names=names) if place.id == "bus-yard" else place

    places = tuple(one(place) for place in travelled.scenario.places)
    return replace(travelled, scenario=replace(travelled.scenario, places=places))


def words_of(pdf: bytes) -> str:
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    return page.extract_text()


def test_the_page_says_for_whom_it_is_whence_the_roads_come_and_what_each_leg_carries(
    roads: Roads, travelled: Travel
) -> None:
    plan = solve(travelled.scenario, limit=timedelta(seconds=2), seed=1, iterations=0)
    words = words_of(road_map_pdf(roads, travelled, plan=plan))
    assert "FOR THE CELL ALONE. PLAN, NOT A CLEARANCE." in words
    assert "Roads © OpenStreetMap contributors, ODbL 1.0" in words
    assert f"Plan {plan.plan_hash[:8]}." in words
    used = {leg for trip in plan.plan.trips for leg in trip.legs}
    for leg in travelled.scenario.legs:
        assert (f"{leg.id}: " in words) is (leg.id in used)
    people = sum(sum(t.load.values()) for t in plan.plan.trips if "port-gymnasium" in t.legs)
    assert f"port-gymnasium: {people:,} people" in words


def test_the_page_is_one_sheet_of_a4_and_the_same_twice(roads: Roads, travelled: Travel) -> None:
    pdf = road_map_pdf(roads, travelled)
    assert pdf == road_map_pdf(roads, travelled)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page ") == 1
    assert b"/MediaBox [ 0 0 595.44 841.68 ]" in pdf


def test_names_are_words_and_never_formulas(roads: Roads, travelled: Travel) -> None:
    odd = renamed(travelled, en=r"Yard $\frac{1}{0}$ \u{1}")
    assert r"Yard $\frac{1}{0}$ \u{1}" in words_of(road_map_pdf(roads, odd))


def test_an_arabic_name_changes_the_page_only_where_it_can_be_shaped(
    roads: Roads, travelled: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = renamed(travelled, en="Yard", ar="كراج الراموسة")
    could = road_map.SHAPES_ARABIC
    shown = road_map_pdf(roads, both)
    monkeypatch.setattr(road_map, "SHAPES_ARABIC", False)
    latin = road_map_pdf(roads, both)
    assert (shown != latin) is could
    assert "\nYard\n" in words_of(latin)


def test_the_command_writes_the_sheet_alone_when_no_page_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sheet = tmp_path / "roads.pdf"
    done = CliRunner().invoke(app, ["roads", "map", str(CASE), "--pdf", str(sheet)])
    assert done.exit_code == 0, done.output
    assert "for the cell alone" in done.output
    assert [one.name for one in tmp_path.iterdir()] == ["roads.pdf"]
