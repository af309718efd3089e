"""Place names, in the spellings that reports use."""

from pathlib import Path

import pytest

from safepassage.roads.gazetteer import bundled, of_extract, of_scenario, search
from safepassage.scenario.places import Place, Position


@pytest.mark.parametrize("name", ["Atarib", "al-Atareb", "الأتارب", "Al Atārib"])
def test_atarib_is_found_in_each_spelling(name: str) -> None:
    first = search(name, bundled())[0]
    assert (first.entry.lat, first.entry.lon) == pytest.approx((36.139, 36.825), abs=0.01)


@pytest.mark.parametrize("name", ["Ramousah", "Ramusa", "الراموسة"])
def test_a_place_of_the_scenario_is_proposed_first(name: str) -> None:
    own = of_scenario(
        [Place("ramouseh", "checkpoint", {"en": "Ramouseh"}, Position(36.157, 37.125))]
    )
    first = search(name, [*bundled(), *own])[0]
    assert first.entry.origin == "this scenario"
    assert first.match == "same consonants"


def test_a_name_that_is_nowhere_gives_no_proposal() -> None:
    assert search("Qwrtzpfgh", bundled()) == ()


def test_the_places_of_an_extract_are_read(shared: Path) -> None:
    entries = of_extract(shared / "data" / "liechtenstein_2015-07-27.osm.pbf")
    assert search("vaduz", entries)[0].entry.name == "Vaduz"
