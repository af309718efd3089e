"""The coast before a storm: real roads, from the extract to plan, map and papers."""

import csv
import io
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify
from safepassage.report.map_page import write_map
from safepassage.report.routes import FORMATS, rides_of, route_text
from safepassage.report.sheets.way import way_of_trip
from safepassage.report.stop_timetable import NotForPublicationError, calls_of, csv_of, gtfs_of
from safepassage.roads.driven import DrivenWays
from safepassage.roads.network import RoadsError
from safepassage.roads.travel import Roads, Travel, open_roads, travel, with_closure
from safepassage.scenario.load import load_scenario
from safepassage.scenario.parties import Party
from tests.roads.opened import opened

CASE = Path(__file__).parents[2] / "cases" / "coquimbo-coast"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def roads() -> Roads:
    return opened(CASE)


@pytest.fixture(scope="module")
def travelled(roads: Roads) -> Travel:
    return travel(roads)


@pytest.fixture(scope="module")
def verified(travelled: Travel) -> VerifiedPlan:
    return solve(travelled.scenario, limit=timedelta(seconds=4), seed=1, iterations=0)


def test_both_engines_give_every_leg_the_same_times(travelled: Travel) -> None:
    other = travel(opened(CASE, reference=True))
    assert other.legs == travelled.legs
    assert other.scenario.legs == travelled.scenario.legs


def test_a_network_that_was_kept_gives_the_same_times(travelled: Travel, tmp_path: Path) -> None:
    given = load_scenario(CASE)
    open_roads(given, CASE, keep=tmp_path)
    (stored,) = tmp_path.iterdir()
    again = travel(open_roads(given, CASE, keep=tmp_path))
    assert again.legs == travelled.legs
    stored.write_bytes(stored.read_bytes()[:1000])
    assert travel(open_roads(given, CASE, keep=tmp_path)).legs == travelled.legs


def test_night_is_slower_than_day_by_the_hour_of_entry(travelled: Travel) -> None:
    hour, noon = timedelta(minutes=5), timedelta(hours=5)
    for row in travelled.legs:
        known = [time for time in row.times if time is not None]
        assert known[0] > known[1], "06:00 is night, 07:00 is not"
        leg = travelled.scenario.leg[row.leg]
        assert leg.leaves(row.kind, hour) - hour == known[0]
        assert leg.leaves(row.kind, noon) - noon == known[1]


def test_who_comes_just_before_dawn_waits_for_it_and_is_out_no_later(travelled: Travel) -> None:
    dawn = timedelta(hours=1)
    for leg in travelled.scenario.legs:
        at_dawn = leg.leaves("bus", dawn)
        assert leg.leaves("bus", dawn - timedelta(seconds=1)) == at_dawn
        assert leg.leaves("bus", dawn - timedelta(minutes=40)) < at_dawn


def test_a_drive_that_reaches_into_dusk_is_given_the_speed_of_the_night(travelled: Travel) -> None:
    dusk = timedelta(hours=12, minutes=30)
    for row in travelled.legs:
        leg, before = travelled.scenario.leg[row.leg], dusk - timedelta(seconds=30)
        night = row.times[travelled.slices.index(next(
            part for part in travelled.slices if part.starts == dusk))]  # fmt: skip
        if night is not None:
            assert leg.leaves(row.kind, before) == before + night


def test_each_trip_takes_the_time_of_its_hour(travelled: Travel, verified: VerifiedPlan) -> None:
    by_leg: dict[tuple[str, str], set[int]] = {}
    for trip in verified.plan.trips:
        if trip.kind is not None and len(trip.legs) == 1:
            (name,) = trip.legs
            depart = timedelta(seconds=trip.depart)
            leaves = travelled.scenario.leg[name].leaves(trip.kind, depart)
            assert timedelta(seconds=trip.arrive) == leaves
            by_leg.setdefault((name, trip.kind), set()).add(trip.arrive - trip.depart)
    assert any(len(times) > 1 for times in by_leg.values()), "some leg is driven by night and day"


def test_a_stop_on_the_shore_is_cut_when_the_surge_comes(travelled: Travel) -> None:
    closing = timedelta(hours=14)
    shut = {window.where: window.closes for window in travelled.scenario.windows}
    assert shut["mar-south-school"] == closing
    assert "port-gymnasium" not in shut


def test_no_bus_is_on_a_cut_leg_after_the_surge(travelled: Travel, verified: VerifiedPlan) -> None:
    shut = {window.where for window in travelled.scenario.windows}
    late = [
        trip
        for trip in verified.plan.trips
        if shut & set(trip.legs) and trip.arrive > 14 * 3600 - 15 * 60
    ]
    assert not late
    assert verified.people_out > 0


def test_a_plan_is_refused_when_a_road_it_rests_on_is_closed(
    roads: Roads, verified: VerifiedPlan
) -> None:
    closed = with_closure(roads, {"id": "shore", "state": "closed", "name": "Avenida del Mar"})
    changed = travel(closed).scenario
    assert changed.leg["mar-north-school"].hours != verified.scenario.leg["mar-north-school"].hours
    with pytest.raises(PlanRefused) as refused:
        verify(changed, verified.plan)
    assert {one.rule for one in refused.value.violations} >= {"times"}


def test_a_leg_with_no_way_at_any_hour_names_the_closure_that_cuts_it(roads: Roads) -> None:
    cut = with_closure(
        roads,
        {"id": "port-cut", "state": "closed", "centre": [-29.953, -71.337], "radius_m": 300},
    )
    with pytest.raises(RoadsError, match="leg 'yard-port': no way at any hour; closed by port-cut"):
        travel(cut)


def test_unknown_stretches_need_a_choice(tmp_path: Path) -> None:
    shutil.copytree(CASE, tmp_path / "case")
    file = tmp_path / "case" / "scenario.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('doubt = "avoid"\n', ""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"roads\.doubt.*got nothing, want use or avoid"):
        load_scenario(file)


def test_negotiated_ways_alone_restrict_the_vehicles(roads: Roads) -> None:
    few = tuple(sorted(set(roads.network.way.tolist()))[:50])
    only = replace(roads, wanted=replace(roads.wanted, only=few))
    with pytest.raises(RoadsError, match="the negotiated ways alone do not join its ends"):
        travel(only)


def test_a_crews_route_holds_its_own_trips_only(
    roads: Roads, travelled: Travel, verified: VerifiedPlan
) -> None:
    mine = [trip for trip in verified.plan.trips if trip.vehicle == "van-01"]
    rides = rides_of(roads, travelled, verified, "van-01")
    assert len(rides) == len(mine)
    assert all(len(ride.points) > 5 for ride in rides)
    for form in FORMATS:
        text = route_text(rides, "van-01", form)
        assert "bus-" not in text
        for canary in ("shore-road", "low-crossing", "wheelchair", "oxygen", "vital"):
            assert canary not in text
    features = json.loads(route_text(rides, "van-01", "geojson"))["features"]
    assert len(features) == len(mine)


def test_no_route_of_a_crew_holds_a_stretch_that_is_closed_while_it_is_driven(
    roads: Roads, travelled: Travel, verified: VerifiedPlan
) -> None:
    ways = DrivenWays(roads, travelled.slices)
    looked = late = 0
    for trip in verified.plan.trips:
        for on in way_of_trip(travelled.scenario, verified.plan, trip).stretches:
            span = (timedelta(seconds=on.enters), timedelta(seconds=on.leaves))
            nodes = [travelled.snaps[end].node for end in (on.start, on.end)]
            way = ways.way(trip.kind or "car", nodes[0], nodes[1], span)
            assert way is not None
            assert timedelta(milliseconds=way.milliseconds) <= span[1] - span[0]
            for part in travelled.slices:
                if part.starts < span[1] and span[0] < part.ends:
                    assert not roads.closed(part.starts)[list(way.edges)].any()
            looked += 1
            late += span[1] > timedelta(hours=6)
    assert looked > 100
    assert late > 20, "some drive after the crossing became doubtful"


def test_who_drives_into_a_closure_is_sent_round_it(roads: Roads, travelled: Travel) -> None:
    ways = DrivenWays(roads, travelled.slices)
    port, school = travelled.snaps["port"].node, travelled.snaps["hill-school"].node
    leg, surge = travelled.scenario.leg["port-school"], timedelta(hours=14)
    before = surge - timedelta(minutes=5)
    way = ways.way("bus", port, school, (before, leg.leaves("bus", before)))
    at_ease = ways.way("bus", port, school, (surge - timedelta(hours=1), surge))
    assert way is not None
    assert at_ease is not None
    closed = roads.closed(surge)
    assert not closed[list(way.edges)].any()
    assert closed[list(at_ease.edges)].any()


def test_the_public_timetable_marks_the_last_bus_of_each_stop(verified: VerifiedPlan) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(verified).decode("utf-8-sig"))))
    loaded = [trip for trip in verified.plan.trips if trip.load]
    assert len(rows) == len(loaded)
    for stop in {row["stop"] for row in rows}:
        mine = [row for row in rows if row["stop"] == stop]
        latest = max(row["departs"] for row in mine)
        assert all((row["last bus"] == "last") == (row["departs"] == latest) for row in mine)


def test_the_gtfs_feed_joins_up(verified: VerifiedPlan) -> None:
    with zipfile.ZipFile(io.BytesIO(gtfs_of(verified))) as feed:
        tables = {
            name: list(csv.DictReader(io.StringIO(feed.read(name).decode())))
            for name in feed.namelist()
        }
    trips = {row["trip_id"]: row["route_id"] for row in tables["trips.txt"]}
    assert set(trips.values()) == {row["route_id"] for row in tables["routes.txt"]}
    stops = {row["stop_id"] for row in tables["stops.txt"]}
    assert {row["stop_id"] for row in tables["stop_times.txt"]} == stops
    assert {row["trip_id"] for row in tables["stop_times.txt"]} == set(trips)
    assert len(trips) == len(calls_of(verified))
    assert tables["agency.txt"][0]["agency_timezone"] == "Etc/GMT+4"


def test_a_case_with_parties_publishes_no_timetable(verified: VerifiedPlan) -> None:
    held = replace(verified.scenario, parties=(Party("someone"),))
    for make in (csv_of, gtfs_of):
        with pytest.raises(NotForPublicationError):
            make(replace_scenario(verified, held))


def replace_scenario(verified: VerifiedPlan, scenario: object) -> VerifiedPlan:
    """Return the plan with another scenario, past the verifier's guard; for this test alone."""
    copy = object.__new__(VerifiedPlan)
    copy.__dict__.update(verified.__dict__ | {"scenario": scenario})
    return copy


@pytest.fixture(scope="module")
def page_file(
    roads: Roads,
    travelled: Travel,
    verified: VerifiedPlan,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    out = tmp_path_factory.mktemp("map") / "map.html"
    write_map(roads, travelled, out, plan=verified)
    return out


def open_page(page: Page, file: Path) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda fault: pytest.fail(str(fault)))
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-map=drawn]", timeout=60_000)
    return asked


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed")
def test_the_map_is_drawn_in_a_browser_without_any_request(
    page_file: Path, travelled: Travel
) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
                  "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--disable-quic",
                  "--disable-background-networking", "--disable-component-update"],
        )  # fmt: skip
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        asked = open_page(page, page_file)
        rows = page.locator("tbody tr").count()
        dark = page.evaluate("document.querySelector('canvas').width")
        pieces = []
        for part in travelled.slices:
            minute = part.starts.total_seconds() / 60
            page.select_option("#hour-choice", str(minute))
            pieces.append(int(page.evaluate("document.body.dataset.closed")))
        browser.close()
    assert {url.split(":")[0] for url in asked} <= {"file", "blob", "data"}
    assert rows >= 14
    shore, crossing = (len(stretch.edges) for stretch in travelled.stretches)
    assert pieces == [0, 0, crossing, crossing, crossing + shore]
    assert dark > 0


def test_the_map_page_names_its_source_and_its_readers(page_file: Path) -> None:
    text = page_file.read_text(encoding="utf-8")
    assert "© OpenStreetMap contributors" in text
    assert "FOR THE CELL ALONE" in text
    assert "PLAN, NOT A CLEARANCE" in text


def test_the_map_draws_used_legs_by_people_and_the_others_thin_below_them(
    page_file: Path, verified: VerifiedPlan
) -> None:
    text = page_file.read_text(encoding="utf-8")
    data = json.loads(text.split('id="part-data">', 1)[1].split("</script>", 1)[0])
    drawn = [one["properties"] for one in data["ways"]["features"]]
    people: dict[str, int] = {}
    for trip in verified.plan.trips:
        for leg in trip.legs:
            people[leg] = people.get(leg, 0) + sum(trip.load.values())
    used = [one["leg"] for one in drawn if one["width"] > 2]
    assert set(used) == {one["leg"] for one in drawn} & set(people)
    assert [people[leg] for leg in used] == sorted((people[leg] for leg in used), reverse=True)
    thin = [number for number, one in enumerate(drawn) if one["leg"] not in people]
    assert thin == list(range(len(thin))), "what is not used lies below what is"


def test_the_plan_says_whether_doubtful_stretches_are_used_and_which(
    verified: VerifiedPlan, tmp_path: Path
) -> None:
    said = [one for one in verified.plan.inputs if "unknown state" in one]
    assert said == ["stretches of unknown state are avoided: low-crossing"]
    shutil.copytree(CASE, tmp_path / "case")
    file = tmp_path / "case" / "scenario.toml"
    text = file.read_text(encoding="utf-8").replace('doubt = "avoid"', 'doubt = "use"')
    file.write_text(text, encoding="utf-8")
    other = travel(opened(file.parent)).scenario
    assert "stretches of unknown state are used: low-crossing" in other.inputs
    with pytest.raises(PlanRefused):
        verify(other, verified.plan)


def test_a_range_in_km_takes_the_longest_way_of_any_hour_from_both_engines_alike(
    tmp_path: Path,
) -> None:
    shutil.copytree(CASE, tmp_path / "case")
    file = tmp_path / "case" / "scenario.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace('ready = [["0 min", 4], ["3 h", 4]]', 'range = "300 km"')
    file.write_text(text, encoding="utf-8")
    quick = travel(opened(file.parent)).scenario
    checked = travel(opened(file.parent, reference=True)).scenario
    assert quick.legs == checked.legs
    km = {leg.id: leg.km.pick() for leg in quick.legs if leg.km is not None}
    assert set(km) == {leg.id for leg in quick.legs}
    # At 20:00 the shore road is closed: from the port it is then further to the school.
    assert km["port-school"] > 16.3
