"""A destination that no road reaches: the place named for that case, and no other."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.planner.solve import solve
from safepassage.roads.network import RoadsError
from safepassage.roads.travel import Roads, travel
from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.load import load_scenario
from tests.roads.opened import opened

CASE = Path(__file__).parents[2] / "cases" / "coquimbo-coast"
CLINIC_CUT = """
[[roads.closure]]
id = "landslide"
state = "closed"
centre = [-29.9150, -71.2450]
radius_m = 250
word_of = "assumed for a test"
"""


def case_with(folder: Path, roads: str, more: str = "") -> Path:
    """Return a copy of the case whose [roads] says more."""
    made = folder / "case"
    shutil.copytree(CASE, made)
    file = made / "scenario.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace('doubt = "avoid"\n', f'doubt = "avoid"\n{roads}\n') + more
    file.write_text(text, encoding="utf-8")
    return made


def roads_of(case: Path) -> Roads:
    return opened(case)


def test_without_a_fallback_a_closed_destination_is_refused_with_what_cuts_it(
    tmp_path: Path,
) -> None:
    with pytest.raises(RoadsError) as refused:
        travel(roads_of(case_with(tmp_path, "", CLINIC_CUT)))
    said = str(refused.value)
    assert "leg 'port-clinic': no way at any hour; closed by landslide" in said
    assert "leg 'mar-south-clinic': no way at any hour; closed by landslide" in said


def test_who_wanted_a_closed_destination_is_brought_to_its_fallback(tmp_path: Path) -> None:
    case = case_with(tmp_path, 'fallback = { clinic = "hill-school" }', CLINIC_CUT)
    found = travel(roads_of(case))
    assert set(found.left_out) == {"port-clinic", "mar-south-clinic"}
    assert found.scenario.group["oxygen"].wants == ("hill-school",)
    assert found.scenario.group["wheelchairs"].wants == ("hill-school", "gymnasium")
    said = " ".join(found.warnings)
    assert "goes to its fallback, School on the hill" in said
    verified = solve(found.scenario, limit=timedelta(seconds=4), seed=1, iterations=0)
    ends = {trip.end for trip in verified.plan.trips if trip.groups.get("oxygen")}
    assert ends == {"hill-school"}


def test_a_fallback_that_is_not_needed_changes_nothing(tmp_path: Path) -> None:
    with_one = travel(roads_of(case_with(tmp_path, 'fallback = { clinic = "hill-school" }')))
    without = travel(roads_of(CASE))
    assert with_one.scenario.groups == without.scenario.groups
    assert with_one.scenario.legs == without.scenario.legs
    assert with_one.warnings == without.warnings


def test_fallbacks_in_a_ring_and_unknown_places_are_refused_at_the_door(tmp_path: Path) -> None:
    case = case_with(
        tmp_path, 'fallback = { clinic = "gymnasium", gymnasium = "clinic", harbour = "klinik" }'
    )
    with pytest.raises(ScenarioError) as refused:
        load_scenario(case)
    said = str(refused.value)
    assert "roads.fallback" in said
    assert "ring" in said
    assert "harbour" in said
    assert "klinik" in said


def test_the_path_command_goes_to_the_fallback_and_says_why(tmp_path: Path) -> None:
    case = case_with(tmp_path, 'fallback = { clinic = "hill-school" }', CLINIC_CUT)
    done = CliRunner().invoke(app, ["roads", "path", str(case), "port", "clinic", "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert (answer["wanted"], answer["to"]) == ("clinic", "hill-school")
    assert "cut by landslide" in answer["cut"]
    shown = CliRunner().invoke(app, ["roads", "path", str(case), "port", "clinic"])
    assert "The fallback named for clinic is hill-school:" in shown.output


def test_how_a_kind_drives_can_be_said_and_is_kept_with_its_source(tmp_path: Path) -> None:
    case = case_with(
        tmp_path,
        'profile.van = { like = "ambulance", night_factor = { value = 0.5, assumed = "no lights" },'
        " tonnes = 3.5 }",
    )
    profile = roads_of(case).profile("van")
    assert (profile.kind, profile.night_factor, profile.tonnes) == ("van", 0.5, 3.5)
    assert profile.changed == {"night_factor": "no lights", "tonnes": "unsourced"}
    assert "drives like the profile ambulance" in profile.origin
    slow, quick = travel(roads_of(case)), travel(roads_of(CASE))
    first = {(row.leg, row.kind): row.times for row in slow.legs}
    for row in quick.legs:
        if row.kind == "van" and row.times[1] is not None:
            ours = first[row.leg, "van"]
            assert ours[0] is not None
            assert ours[1] is not None
            # Twice as slow by night, but for the rounding of each road to a millisecond.
            assert ours[0] / ours[1] == pytest.approx(2.0, rel=0.01)


def test_a_profile_that_drives_like_nothing_known_is_refused(tmp_path: Path) -> None:
    case = case_with(tmp_path, 'profile.van = { like = "boat", night_factor = 2 }')
    with pytest.raises(ScenarioError) as refused:
        load_scenario(case)
    assert "like" in str(refused.value)
    assert "night_factor" in str(refused.value)
