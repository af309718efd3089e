"""The map panel: where things lie, their state by sign, and convoys by leg for who may know."""

import json
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from safepassage.board.mapping.drawn import Drawing, drawing_from
from safepassage.board.mapping.frame import (
    HIGHEST,
    LOWEST,
    WIDE,
    along,
    clear_of,
    frame_of,
    heading,
)
from safepassage.board.mapping.labels import labels
from safepassage.board.mapping.panel import Panel, panel
from safepassage.board.picture import Painter, Picture
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.seen import Closure, Movement
from safepassage.ledger.signer import read_signer
from safepassage.scenario.scenario import Scenario
from tests.board import mission
from tests.board.conftest import Login
from tests.ledger.writing import clock

WAY = "ramouseh-rashidin4"


def told(place: Place, *bodies: Closure | Movement) -> None:
    ledger = open_ledger(place)
    mission.write(ledger, *bodies, at=clock(15, 8))
    ledger.close()


def painted(place: Place) -> Picture:
    """Return the picture of the room at 15:12."""
    ledger = open_ledger(place)
    signer = read_signer(place.signing_key)
    painter = Painter(
        ledger, mission.aleppo(), keys={signer.device: signer.key}, device=signer.device
    )
    picture = painter.paint(mission.NOW)
    ledger.close()
    return picture


def drawn(place: Place, scenario: Scenario | None = None, *, convoys: bool = True) -> Panel:
    return panel(scenario or mission.aleppo(), painted(place), None, "en", convoys=convoys)


def map_of(client: TestClient, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return page.text[page.text.index('<svg class="map"') :].partition("</table></details>")[0]


def test_north_is_up_and_both_axes_have_one_scale() -> None:
    frame = frame_of([(37.0, 36.0), (37.2, 36.1)])
    west_south, east_north = frame.point((37.0, 36.0)), frame.point((37.2, 36.1))
    assert west_south[0] < east_north[0]
    assert west_south[1] > east_north[1]
    # 0.2 degrees of longitude at 36.05 N are 0.2 cos(36.05) = 0.1617 of latitude.
    ratio = (east_north[0] - west_south[0]) / (west_south[1] - east_north[1])
    assert ratio == pytest.approx(0.2 * math.cos(math.radians(36.05)) / 0.1, rel=1e-6)
    assert LOWEST <= frame.high <= HIGHEST


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    frame = frame_of([(0.0, 0.0), (0.1, 0.05)])
    units, words = frame.bar()
    here, there = frame.point((0.0, 0.0)), frame.point((0.1, 0.0))
    metres = units * 0.1 * 111_195 / (there[0] - here[0])
    assert words == "2 km"
    assert metres == pytest.approx(2000)


def test_one_place_alone_does_not_break_the_frame() -> None:
    frame = frame_of([(37.1, 36.2)])
    assert frame.point((37.1, 36.2)) == (WIDE / 2, frame.high / 2)


def test_a_sign_keeps_off_the_posts_of_its_leg() -> None:
    line = [(0.0, 0.0), (100.0, 0.0)]
    assert along(line, 0.25) == (25.0, 0.0)
    assert clear_of(line, []) == (50.0, 0.0)
    assert clear_of(line, [(50.0, 0.0)]) == (30.0, 0.0)


def test_a_line_runs_right_down_left_and_up_as_degrees_turned_from_rightwards() -> None:
    round_ = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)]
    middles = [(50.0, 0.0), (100.0, 50.0), (50.0, 100.0), (0.0, 50.0)]
    assert [heading(round_, one) for one in middles] == pytest.approx([0, 90, 180, -90])
    assert heading(round_[::-1], (50.0, 0.0)) == pytest.approx(180)


def test_a_convoy_points_its_way_and_one_that_comes_back_the_other(place: Place) -> None:
    ways = ("amiriyah-ramouseh", WAY)
    for name, place_, to, legs in (
        ("bus-18", "amiriyah", "rashidin4", ways),
        ("bus-19", "rashidin4", "amiriyah", ways[::-1]),
    ):
        away = Movement(what="departed", vehicle=name, place=place_, to=to, legs=legs, load={})
        told(place, away)
        told(place, Movement(what="through", vehicle=name, place="second-post"))
    made = drawn(place)
    out, back = (next(x for x in made.riders if x.convoy == one) for one in ("bus-18", "bus-19"))
    at = {one.id: (one.x, one.y) for one in made.spots}
    # On the sketch of the roads Rashidin-4 lies west of the second post, so outwards is leftwards.
    leftwards = at["rashidin4"][0] < at["second-post"][0]
    assert out.turned is not None
    assert back.turned is not None
    assert (math.cos(math.radians(out.turned)) < 0) == leftwards
    assert (math.cos(math.radians(back.turned)) > 0) == leftwards
    assert (out.x, out.y) != (back.x, back.y)
    told(place, Movement(what="held", vehicle="bus-18", place="second-post"))
    held = next(one for one in drawn(place).riders if one.convoy == "bus-18")
    assert held.turned is None, "who stands points nowhere"


def test_no_name_stands_under_the_sign_of_a_convoy() -> None:
    found = labels(
        [("a", "A place of some name", 200.0, 80.0)], [], {(200.0, 95.0): "c002"}, LOWEST
    )
    for one in found.values():
        wide = len(one.text) * 7.2
        left = one.x - wide * {"start": 0, "middle": 0.5, "end": 1}[one.anchor]
        over = left < 208 and left + wide > 192 and one.y - 10 < 103 and one.y + 3 > 87
        assert not over, one


def test_closed_unknown_and_halting_stretches_differ_by_sign(place: Place) -> None:
    told(
        place,
        Closure(covers=(WAY,), state="closed", why="rubble"),
        Closure(covers=("rashidin4",), state="unknown", why="nobody knows"),
    )
    made = drawn(place)
    states = {one.id: (one.state, one.sign) for one in (*made.legs, *made.spots)}
    assert states[WAY] == ("closed", "✕")
    assert states["rashidin4"] == ("unknown", "?")
    # No promise is confirmed for the next convoy.
    assert states["amiriyah-ramouseh"] == ("halts", "‖")
    assert made.legs[-1].id == WAY, "what is closed lies on top"
    told(place, Closure(covers=(WAY,), state="open"))
    assert {one.id: one.state for one in drawn(place).legs}[WAY] == "halts"


def test_a_convoy_is_on_its_leg_since_it_left_and_at_the_post_that_holds_it(place: Place) -> None:
    second = mission.convoys()[1]
    rider = next(one for one in drawn(place).riders if one.convoy == second)
    assert rider.on_leg
    assert rider.where == "Al-Amiriyah, loading place – Ramouseh post"
    assert rider.since == clock(14, 52)
    told(place, Movement(what="through", convoy=second, place="ramouseh"))
    rider = next(one for one in drawn(place).riders if one.convoy == second)
    assert (rider.on_leg, rider.since) == (True, clock(15, 8))
    assert rider.where.startswith("Ramouseh post – ")
    told(place, Movement(what="held", convoy=second, place="second-post"))
    rider = next(one for one in drawn(place).riders if one.convoy == second)
    assert (rider.on_leg, rider.where) == (False, "Second post")
    assert mission.convoys()[0] not in [one.convoy for one in drawn(place).riders]


def test_a_vehicle_without_a_convoy_is_on_the_map_too(place: Place) -> None:
    told(
        place,
        Movement(
            what="departed", vehicle="bus-19", place="amiriyah", to="rashidin4",
            legs=("amiriyah-ramouseh", WAY), load={"walking": 40},
        ),
    )  # fmt: skip
    rider = next(one for one in drawn(place).riders if one.convoy == "bus-19")
    assert rider.where == "Al-Amiriyah, loading place – Ramouseh post"


def test_only_who_may_know_sees_where_convoys_are(place: Place, login: Login) -> None:
    second = mission.convoys()[1]
    for who, path in (("Head-1", "/"), ("Radio-1", "/map"), ("Move-1", "/map")):
        assert second in map_of(login(who), path), who
    for path in ("/", "/map"):
        shown = map_of(login("Report-1"), path)
        assert 'class="rider' not in shown
        assert second not in shown
    liaison = login("Watch-1")
    assert 'class="map"' not in liaison.get("/liaison").text
    assert liaison.get("/map").status_code == 403
    assert drawn(place, convoys=False).riders == ()


def test_everything_on_the_map_stands_in_a_table(login: Login, place: Place) -> None:
    told(place, Closure(covers=(WAY,), state="closed", why="rubble"))
    page = login("Head-1").get("/map").text
    table = page[page.index("<caption>Stretches and places") :]
    scenario = mission.aleppo()
    for one in scenario.places:
        assert f"<bdi>{one.name('en')}</bdi>" in table
    assert re.search(r"✕ closed</td><td><bdi><time[^>]*>15:08", table)
    convoys = page[page.index("<caption>Convoys on the map") :].partition("</table>")[0]
    assert mission.convoys()[1] in convoys
    assert ">14:52</time>" in convoys


def test_a_scenario_without_positions_is_a_sketch_in_the_order_of_its_way(place: Place) -> None:
    whole = mission.aleppo()
    bare = replace(whole, places=tuple(replace(one, position=None) for one in whole.places))
    made = drawn(place, bare)
    assert made.bar is None
    at = {one.id: (one.x, one.y) for one in made.spots}
    assert at["amiriyah"][0] < at["ramouseh"][0] < at["second-post"][0] < at["rashidin4"][0]
    assert len(set(at.values())) == len(at)


def test_what_a_child_draws_comes_back_as_it_was() -> None:
    frame = frame_of([(37.0, 36.0), (37.2, 36.1)])
    whole = Drawing(frame, {"a-b": ((1.0, 2.0), (3.5, 4.0))}, (), "<svg/>")
    assert drawing_from(json.loads(json.dumps(whole.plain()))) == whole


def test_road_closures_show_while_they_are_in_force_and_legs_lie_on_their_roads(
    place: Place,
) -> None:
    scenario = mission.aleppo()
    start = mission.NOW - scenario.start
    minutes = start / timedelta(minutes=1)
    frame = frame_of([(37.0, 36.0), (37.2, 36.1)])
    pieces = [
        {"state": "closed", "begins": minutes + a, "ends": minutes + b, "line": line}
        for a, b, line in ((-10, 10, "M1 1L2 2"), (5, 10, "M3 3L4 4"), (-10, -5, "M5 5L6 6"))
    ]
    plain = {
        "frame": {"middle_lon": frame.middle_lon, "middle_lat": frame.middle_lat,
                  "scale": frame.scale, "high": frame.high},
        "legs": {WAY: [[10.0, 10.0], [20.0, 10.0], [20.0, 60.0]]},
        "closed": pieces,
        "ground": "<svg/>",
    }  # fmt: skip
    made = panel(scenario, painted(place), drawing_from(plain), "en", convoys=True)
    assert [one.line for one in made.closed] == ["M1 1L2 2"]
    lines = {one.id: one.line for one in made.legs}
    assert lines[WAY] == "M10.0 10.0L20.0 10.0L20.0 60.0"
    assert made.roads


def test_the_drawing_is_a_picture_that_nothing_is_fetched_for(login: Login) -> None:
    svg = map_of(login("Head-1"), "/map").partition("</svg>")[0] + "</svg>"
    root = ET.fromstring(svg)  # noqa: S314 - our own page
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"]
    assert "style=" not in svg
    assert "http" not in svg
    assert login("Head-1").get("/map/roads.svg").status_code == 404
