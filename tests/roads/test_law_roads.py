"""Laws of roads, on random networks held against networkx."""

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from safepassage.roads.contraction import ContractionEngine
from safepassage.roads.engine import UNREACHABLE, ScipyEngine, arc_milliseconds
from safepassage.roads.network import RoadNetwork
from safepassage.roads.ways import WayFinder
from tests.roads.grids import network_of


@st.composite
def networks(draw: st.DrawFn) -> tuple[RoadNetwork, np.ndarray, np.ndarray]:
    """Draw a network, the seconds of its edges, and which of them are closed."""
    count = draw(st.integers(2, 12))
    points = [
        (draw(st.integers(-50, 50)) / 1000, draw(st.integers(-50, 50)) / 1000) for _ in range(count)
    ]
    node = st.integers(0, count - 1)
    edges = draw(
        st.lists(st.tuples(node, node).filter(lambda e: e[0] != e[1]), min_size=1, max_size=30)
    )
    one_way = frozenset(draw(st.sets(st.integers(0, len(edges) - 1))))
    seconds = np.array(
        draw(st.lists(st.integers(1, 900), min_size=len(edges), max_size=len(edges))), dtype=float
    )
    closed = np.array(draw(st.lists(st.booleans(), min_size=len(edges), max_size=len(edges))))
    return network_of(points, edges, one_way=one_way), seconds, closed


def graph_of(network: RoadNetwork, milliseconds: np.ndarray) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.nodes))
    tail, head, _ = network.arcs()
    for arc, time in enumerate(milliseconds.tolist()):
        if time < 0:
            continue
        pair = int(tail[arc]), int(head[arc])
        before = graph.get_edge_data(*pair, default={"weight": time})["weight"]
        graph.add_edge(*pair, weight=min(time, before))
    return graph


@given(networks())
def test_both_engines_agree_with_networkx(
    drawn: tuple[RoadNetwork, np.ndarray, np.ndarray],
) -> None:
    network, seconds, closed = drawn
    times = arc_milliseconds(network, seconds, closed)
    everyone = list(range(network.nodes))
    expected = np.full((network.nodes, network.nodes), UNREACHABLE, dtype=np.int64)
    for source, reached in nx.all_pairs_dijkstra_path_length(graph_of(network, times)):
        for target, time in reached.items():
            expected[source, target] = time
    for engine in (ScipyEngine(network), ContractionEngine(network)):
        engine.set_times(times)
        assert (engine.matrix(everyone, everyone) == expected).all()


@given(networks())
def test_no_way_holds_a_closed_edge_and_its_time_is_that_of_the_matrix(
    drawn: tuple[RoadNetwork, np.ndarray, np.ndarray],
) -> None:
    network, seconds, closed = drawn
    times = arc_milliseconds(network, seconds, closed)
    engine = ScipyEngine(network)
    finder = WayFinder(network, engine, times)
    for target in range(network.nodes):
        way = finder.best(0, target)
        time = int(engine.matrix([0], [target])[0, 0])
        if way is None:
            assert time == UNREACHABLE
            continue
        assert way.milliseconds == time
        assert not closed[list(way.edges)].any()


@given(networks())
def test_closing_more_never_makes_a_way_quicker(
    drawn: tuple[RoadNetwork, np.ndarray, np.ndarray],
) -> None:
    network, seconds, closed = drawn
    everyone = list(range(network.nodes))
    engine = ScipyEngine(network)
    engine.set_times(arc_milliseconds(network, seconds, np.zeros_like(closed)))
    before = engine.matrix(everyone, everyone)
    engine.set_times(arc_milliseconds(network, seconds, closed))
    assert (engine.matrix(everyone, everyone) >= before).all()


@given(networks())
def test_opening_what_the_cut_names_makes_the_target_reachable(
    drawn: tuple[RoadNetwork, np.ndarray, np.ndarray],
) -> None:
    network, seconds, closed = drawn
    open_times = arc_milliseconds(network, seconds, np.zeros_like(closed))
    finder = WayFinder(network, ScipyEngine(network), arc_milliseconds(network, seconds, closed))
    whole = ScipyEngine(network)
    whole.set_times(open_times)
    for target in range(1, network.nodes):
        if finder.best(0, target) is not None:
            continue
        cut = finder.cut(0, target, open_times)
        if whole.way(0, target) is None:
            assert cut == ()
            continue
        assert cut
        mended = closed.copy()
        mended[list(cut)] = False
        again = ScipyEngine(network)
        again.set_times(arc_milliseconds(network, seconds, mended))
        assert again.way(0, target) is not None
