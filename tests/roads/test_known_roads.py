"""Roads, worked by hand on a small network and on real extracts."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from safepassage.roads.clip import Clip, check_polygon
from safepassage.roads.closing import closed_at, find_stretches
from safepassage.roads.contraction import ContractionEngine
from safepassage.roads.engine import UNREACHABLE, ScipyEngine, arc_milliseconds
from safepassage.roads.network import RoadNetwork, RoadsError, load_network, save_network
from safepassage.roads.osm import read_pbf
from safepassage.roads.parts import largest_part
from safepassage.roads.profile import profile_for
from safepassage.roads.snapping import snap_places
from safepassage.roads.spelling import skeleton
from safepassage.roads.ways import WayFinder, geometry
from safepassage.scenario.closing import Closure
from safepassage.scenario.places import Place, Position
from tests.roads.grids import ladder

HOUR = timedelta(hours=1)


def times_of(network: RoadNetwork, closed: np.ndarray | None = None) -> np.ndarray:
    seconds = profile_for("bus").seconds(network, night=False, convoy=False)
    none = np.zeros(network.edges, dtype=np.bool_)
    return arc_milliseconds(network, seconds, none if closed is None else closed)


def test_one_kilometre_at_25_km_per_hour_takes_144_seconds() -> None:
    network = ladder()
    seconds = profile_for("bus").seconds(network, night=False, convoy=False)
    assert seconds[0] * network.metres[0] ** -1 * 1000 == pytest.approx(144.0)


def test_night_and_convoy_multiply() -> None:
    network = ladder()
    profile = profile_for("bus")
    day = profile.seconds(network, night=False, convoy=False)
    both = profile.seconds(network, night=True, convoy=True)
    assert both == pytest.approx(day / (0.8 * 0.8))


def test_the_quickest_way_takes_the_near_bridge_and_without_it_the_far_one() -> None:
    network = ladder()
    engine = ScipyEngine(network)
    finder = WayFinder(network, engine, times_of(network))
    best = finder.best(0, 3)
    assert best is not None
    assert best.nodes == (0, 1, 2, 3)
    closed = np.zeros(network.edges, dtype=np.bool_)
    closed[1] = True
    round_ = WayFinder(network, engine, times_of(network, closed)).best(0, 3)
    assert round_ is not None
    assert round_.nodes == (0, 1, 4, 5, 6, 2, 3)
    assert geometry(network, round_)[0] == (0.0, 0.0)
    assert geometry(network, round_)[-1] == (0.0, 0.03)
    assert len(geometry(network, round_)) == 7


def test_vital_roads_are_those_whose_loss_cuts_or_delays() -> None:
    network = ladder()
    vital = WayFinder(network, ScipyEngine(network), times_of(network)).vital(0, 3, worse_by=60_000)
    assert [one.way_id for one in vital] == [100, 102, 101]
    assert [one.delay is None for one in vital] == [True, True, False]
    assert vital[2].bridge
    assert vital[2].name == "Near Bridge"


def test_an_unreachable_target_is_answered_with_the_cut_that_causes_it() -> None:
    network = ladder()
    closed = np.zeros(network.edges, dtype=np.bool_)
    closed[[1, 5]] = True
    finder = WayFinder(network, ScipyEngine(network), times_of(network, closed))
    assert finder.best(0, 3) is None
    assert finder.cut(0, 3, times_of(network)) == (1,)


def test_alternatives_differ() -> None:
    network = ladder()
    ways = WayFinder(network, ScipyEngine(network), times_of(network)).alternatives(1, 2, 3)
    assert [way.nodes for way in ways] == [(1, 2), (1, 4, 5, 6, 2)]


@pytest.mark.parametrize(
    "closure",
    [
        Closure("c", "closed", ways=(101,)),
        Closure("c", "closed", pairs=((30, 20),)),
        Closure("c", "closed", name="near bridge"),
        Closure("c", "closed", name="الجسر القريب"),
        Closure("c", "closed", centre=(0.0, 0.0151), radius_m=570.0),
        Closure(
            "c",
            "closed",
            polygon=((-0.001, 0.0195), (0.001, 0.0195), (0.001, 0.0205), (-0.001, 0.0205)),
        ),
    ],
    ids=["way", "pair", "name", "arabic name", "point", "polygon"],
)
def test_a_closure_in_each_form_closes_the_near_bridge(closure: Closure) -> None:
    network = ladder()
    (stretch,) = find_stretches(network, [closure])
    assert 1 in stretch.edges
    assert closed_at(network, [stretch], HOUR, doubt="use")[1]


def test_a_closure_holds_from_its_start_until_just_before_its_end() -> None:
    network = ladder()
    closure = Closure("c", "closed", starts=HOUR, ends=2 * HOUR, ways=(101,))
    stretches = find_stretches(network, [closure])
    second = timedelta(seconds=1)
    states = [
        bool(closed_at(network, stretches, at, doubt="use")[1])
        for at in (HOUR - second, HOUR, 2 * HOUR - second, 2 * HOUR)
    ]
    assert states == [False, True, True, False]


def test_an_unknown_stretch_is_used_or_avoided_by_choice() -> None:
    network = ladder()
    stretches = find_stretches(network, [Closure("c", "unknown", ways=(101,))])
    assert not closed_at(network, stretches, HOUR, doubt="use")[1]
    assert closed_at(network, stretches, HOUR, doubt="avoid")[1]


def test_closures_that_name_nothing_are_all_refused_at_once_with_near_names() -> None:
    network = ladder()
    with pytest.raises(RoadsError) as refused:
        find_stretches(
            network,
            [
                Closure("one", "closed", name="Neer Bridge road"),
                Closure("two", "closed", ways=(7,)),
                Closure("three", "closed", starts=2 * HOUR, ends=HOUR, ways=(101,)),
            ],
        )
    text = str(refused.value)
    assert "'one': names no road here; near names: Near Bridge" in text
    assert "'two': names no road here" in text
    assert "'three': ends before it starts" in text


def test_a_polygon_whose_sides_cross_is_refused() -> None:
    with pytest.raises(RoadsError, match="sides 0 and 2 cross"):
        check_polygon([(0, 0), (1, 1), (1, 0), (0, 1)], "area")


def test_a_place_in_the_sea_is_refused_and_a_far_one_is_named_far() -> None:
    network = ladder()
    seconds = profile_for("bus").seconds(network, night=False, convoy=False)

    def place(name: str, lat: float) -> Place:
        return Place(name, "pickup", position=Position(lat, 0.0))

    near, far = snap_places(network, [place("near", 0.001), place("far", -0.01)], seconds)
    assert (near.far, far.far) == (False, True)
    with pytest.raises(RoadsError, match=r"place 'sea': the nearest road is 11.,... m away"):
        snap_places(network, [place("sea", -1.0)], seconds)


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (("Ramouseh", "Ramousah", "Ramusa", "al-Ramousah", "الراموسة"), "rms"),
        (("Atarib", "Al Atārib", "الأتارب"), "trb"),
        (("Khan al-Asal", "Khan Elasal", "خان العسل"), "xnsl"),
    ],
)
def test_spellings_of_one_place_share_a_key(spellings: tuple[str, ...], key: str) -> None:
    assert {skeleton(one) for one in spellings} == {key}


def test_a_stored_network_comes_back_whole(tmp_path: Path) -> None:
    network = ladder()
    save_network(network, tmp_path / "roads.npz")
    back = load_network(tmp_path / "roads.npz")
    assert back.labels == network.labels
    assert (back.metres == network.metres).all()
    assert (back.shape_lat == network.shape_lat).all()


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    save_network(ladder(), tmp_path / "roads.npz")
    whole = (tmp_path / "roads.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RoadsError, match="cut short"):
        load_network(tmp_path / "cut.npz")
    (tmp_path / "no.osm.pbf").write_bytes(b"\x00\x01 rubbish")
    with pytest.raises(RoadsError, match="not an OpenStreetMap"):
        read_pbf(tmp_path / "no.osm.pbf")


def test_coquimbo_has_the_nodes_and_ways_that_an_own_count_found(shared: Path) -> None:
    network = read_pbf(shared / "data" / "coquimbo_cl_roads.osm.pbf")
    assert (network.nodes, network.edges) == (15_591, 19_846)
    assert network.metres.sum() / 1000 == pytest.approx(1468, abs=2)


def test_liechtenstein_holds_three_turn_restrictions(shared: Path) -> None:
    network = read_pbf(shared / "data" / "liechtenstein_2015-07-27.osm.pbf")
    assert network.restrictions == 3
    seconds = profile_for("bus").seconds(network, night=False, convoy=False)
    assert 0.0 < largest_part(network, seconds)[1] < 0.2


def test_a_truncated_extract_is_refused(shared: Path, tmp_path: Path) -> None:
    whole = (shared / "data" / "baltimore_md_2015.osm.pbf").read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RoadsError, match="cannot be read to its end"):
        read_pbf(cut)


def test_an_extract_without_roads_in_the_polygon_is_refused(shared: Path) -> None:
    with pytest.raises(RoadsError, match="no road lies in the part"):
        read_pbf(
            shared / "data" / "baltimore_md_2015.osm.pbf",
            Clip(polygon=((0, 0), (0, 1), (1, 1), (1, 0))),
        )


@pytest.fixture(scope="module")
def coast(shared: Path) -> tuple[RoadNetwork, ScipyEngine, ContractionEngine]:
    network = read_pbf(shared / "data" / "coquimbo_cl_roads.osm.pbf")
    return network, ScipyEngine(network), ContractionEngine(network)


@pytest.mark.parametrize("closures", [0, 50, 500])
def test_both_engines_give_the_same_matrix_on_real_roads(
    coast: tuple[RoadNetwork, ScipyEngine, ContractionEngine], closures: int
) -> None:
    network, *engines = coast
    rng = np.random.default_rng(closures + 1)
    closed = np.zeros(network.edges, dtype=np.bool_)
    closed[rng.choice(network.edges, closures, replace=False)] = True
    sources = rng.integers(0, network.nodes, 100).tolist()
    targets = rng.integers(0, network.nodes, 100).tolist()
    answers = []
    for engine in engines:
        engine.set_times(times_of(network, closed))
        before = engine.matrix(sources, targets)
        engine.set_times(times_of(network))
        engine.set_times(times_of(network, closed))
        assert (engine.matrix(sources, targets) == before).all(), "close, open, close differs"
        answers.append(before)
        finder = WayFinder(network, engine, times_of(network, closed))
        for source, target in zip(sources[:10], targets[:10], strict=True):
            way = finder.best(source, target)
            expected = before[sources.index(source), targets.index(target)]
            if way is None:
                assert expected == UNREACHABLE
            else:
                assert way.milliseconds == expected
                assert not closed[list(way.edges)].any()
    assert (answers[0] == answers[1]).all()
