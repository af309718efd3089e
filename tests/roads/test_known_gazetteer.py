"""Place names, in the spellings that reports use."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.roads.gazetteer import bundled, of_extract, of_scenario, search
from safepassage.roads.spelling import skeleton
from safepassage.scenario.load import load_scenario
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


FAMILIES = (
    ("Khan Elasal", "Khan al-Asal", "Khan al-'Asal", "Khan El Assal", "خان العسل"),
    ("Ramouseh", "Ramousah", "Ramusa", "al-Ramouseh", "Ar-Ramusah", "الراموسة", "راموسة"),
    ("Rashidin", "Rashideen", "Rashedeen", "ar-Rashidīn", "الراشدين"),
    ("Urum al-Kubra", "Ourem al-Koubra", "Orem al Kubra", "أورم الكبرى"),
    ("Idlib", "Idleb", "Edlib", "إدلب", "ادلب"),
    ("Sarmada", "Sarmadā", "سرمدا"),
    ("Kefraya", "Kafriya", "كفريا"),
)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_all_spellings_of_a_place_have_one_key(family: tuple[str, ...]) -> None:
    assert len({skeleton(name) for name in family}) == 1


def test_no_two_of_these_places_share_a_key() -> None:
    assert len({skeleton(family[0]) for family in FAMILIES}) == len(FAMILIES)


@pytest.mark.parametrize("name", ["Rashedeen", "الراشدين", "Rashidin 4"])
def test_a_longer_name_that_begins_so_is_proposed(name: str) -> None:
    names = {"en": "Rashidin-4, hand-over and triage", "ar": "الراشدين الرابعة"}
    own = of_scenario([Place("rashidin4", "handover", names, Position(36.163, 37.068))])
    first = search(name, [*bundled(), *own])[0]
    assert first.entry.origin == "this scenario"


PLACE = """format = "safepassage/scenario/1"
name = "a place to be found"
start = 2016-12-15T08:00:00+02:00
horizon = "8 h"
# this comment stays
[[place]]
id = "north"
kind = "pickup"
name = { en = "North" }
[[place]]
id = "hospital"
kind = "hospital"
name = { en = "Hospital" }
[[leg]]
id = "road"
from = "north"
to = "hospital"
time = "30 min"
[[group]]
id = "people"
at = "north"
class = "walking"
leave = 20
[[vehicle]]
id = "buses"
kind = "bus"
count = 1
at = "north"
slots = { seat = 20 }
load = "5 min"
unload = "5 min"
"""


def test_a_proposal_is_written_only_when_a_person_confirms_it(tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text(PLACE, encoding="utf-8")
    shown = CliRunner().invoke(app, ["roads", "where", str(tmp_path), "Atareb"])
    assert "1. Al Atārib" in shown.output
    assert "Nothing is chosen" in shown.output
    assert file.read_text(encoding="utf-8") == PLACE
    words = ["roads", "where", str(tmp_path), "Atareb", "--confirm", "1", "--place", "hospital"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    place = load_scenario(tmp_path).place["hospital"]
    assert place.position is not None
    assert place.position.lat == pytest.approx(36.139, abs=0.01)
    assert place.position.assumed == "GeoNames: Al Atārib, confirmed by hand"
    assert place.names["ar"].startswith("ا")
    assert "# this comment stays" in file.read_text(encoding="utf-8")
    again = CliRunner().invoke(app, words)
    assert "has a position already" in str(again.exception)
