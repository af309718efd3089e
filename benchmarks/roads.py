"""Roads: reading a country-sized file, and a new matrix after closures, beside peers.

`python -m benchmarks.roads [--quick] [--json]`. The network is copies of Coquimbo, joined: made,
not a real country, but with real streets. Peers that are not installed are left out and said so.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from safepassage import __version__
from safepassage.roads.contraction import ContractionEngine
from safepassage.roads.engine import UNREACHABLE, Engine, ScipyEngine, arc_milliseconds
from safepassage.roads.network import RoadNetwork, load_network, save_network
from safepassage.roads.osm import read_pbf
from safepassage.roads.profile import profile_for

SOURCE = Path(__file__).parents[1] / "cases" / "coquimbo-coast" / "roads.osm.pbf"
SEED = 7
CLOSED = 50
PAIRS = 100


def join_copies(copies: int, out: Path) -> None:
    """Write copies of Coquimbo side by side, each joined to the next by one road."""
    import osmium
    from osmium.osm import mutable

    nodes: list[tuple[int, float, float]] = []
    ways: list[tuple[int, list[int], dict[str, str]]] = []
    for thing in osmium.FileProcessor(str(SOURCE)):
        if thing.is_node():
            nodes.append((thing.id, thing.location.lon, thing.location.lat))
        elif thing.is_way():
            ways.append((thing.id, [n.ref for n in thing.nodes], {t.k: t.v for t in thing.tags}))
    step_node = max(n[0] for n in nodes) + 1
    step_way = max(w[0] for w in ways) + copies + 1
    out.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(out))
    for copy in range(copies):
        for node, lon, lat in nodes:
            place = (lon + 0.25 * copy, lat)
            writer.add_node(mutable.Node(id=node + copy * step_node, location=place))
    for copy in range(copies):
        for way, refs, tags in ways:
            moved = [ref + copy * step_node for ref in refs]
            writer.add_way(mutable.Way(id=way + copy * step_way, nodes=moved, tags=tags))
        if copy:
            first = ways[0][1][0]
            join = [first + (copy - 1) * step_node, first + copy * step_node]
            writer.add_way(
                mutable.Way(id=step_way * copy - 1, nodes=join, tags={"highway": "trunk"})
            )
    writer.close()


def read_in_a_process(path: Path) -> dict[str, float]:
    """Return seconds (by the clock and of the processor) and peak memory of reading a file anew.

    The memory is that of the larger of the two processes: one has ended when the other loads.
    """
    code = (
        "import resource as r,sys,time;from pathlib import Path;"
        "from safepassage.roads.apart import read_network;"
        "t=time.perf_counter();n=read_network(Path(sys.argv[1]));s=time.perf_counter()-t;"
        "u=[r.getrusage(w) for w in (r.RUSAGE_SELF, r.RUSAGE_CHILDREN)];"
        "m=max(w.ru_maxrss for w in u);c=sum(w.ru_utime+w.ru_stime for w in u);"
        "print(s, c, m/1024, n.nodes, n.edges)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    seconds, cpu, megabytes, nodes, edges = map(float, done.stdout.split())
    return {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "peak_mb": megabytes,
        "nodes": nodes,
        "edges": edges,
    }


def timed(task: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the median milliseconds of some runs, and the last answer."""
    took, answer = [], None
    for _ in range(runs):
        begun = time.perf_counter()
        answer = task()
        took.append((time.perf_counter() - begun) * 1000)
    return float(np.median(took)), answer


def matrices(network: RoadNetwork, runs: int) -> list[dict[str, object]]:
    """Return a row an engine: build, and closures to a new matrix, checked against scipy."""
    rng = np.random.default_rng(SEED)
    seconds = profile_for("bus").seconds(network, night=False, convoy=False)
    sources = rng.integers(0, network.nodes, PAIRS).tolist()
    targets = rng.integers(0, network.nodes, PAIRS).tolist()
    closed = np.zeros(network.edges, dtype=np.bool_)
    closed[rng.choice(network.edges, CLOSED, replace=False)] = True
    opened = arc_milliseconds(network, seconds, np.zeros_like(closed))
    times = arc_milliseconds(network, seconds, closed)
    rows: list[dict[str, object]] = []
    expected = None
    engines: list[tuple[str, Callable[[], Engine]]] = [
        ("scipy", lambda: ScipyEngine(network)),
        ("contraction hierarchies", lambda: ContractionEngine(network)),
    ]
    for name, make in engines:
        build, engine = timed(make, 1)
        engine.set_times(opened)
        engine.matrix(sources, targets)

        def close_and_ask(engine: Engine = engine) -> Any:
            engine.set_times(arc_milliseconds(network, seconds, closed))
            return engine.matrix(sources, targets)

        begun = time.process_time()
        rounds = runs if name != "scipy" else 1
        took, answer = timed(close_and_ask, rounds)
        cpu = (time.process_time() - begun) * 1000 / rounds
        expected = answer if expected is None else expected
        rows.append(
            {
                "engine": name,
                "build_ms": build,
                "closed_to_matrix_ms": took,
                "cpu_ms": cpu,
                "equal": bool((answer == expected).all()),
            }
        )
    rows += peers(network, times, sources, targets, expected)
    return rows


def peers(
    network: RoadNetwork, times: Any, sources: list[int], targets: list[int], expected: Any
) -> list[dict[str, object]]:
    """Return rows of igraph and networkx on the same closed network, where installed."""
    tail, head, _ = network.arcs()
    usable = times >= 0
    arcs = np.stack([tail[usable], head[usable]], axis=1)
    weights = times[usable]
    rows: list[dict[str, object]] = []
    try:
        import igraph

        build, graph = timed(
            lambda: igraph.Graph(n=network.nodes, edges=arcs.tolist(), directed=True), 1
        )
        unique = sorted(set(targets))
        at = {node: index for index, node in enumerate(unique)}
        took, answer = timed(lambda: graph.distances(sources, unique, weights=weights.tolist()), 1)
        found = np.array(answer)[:, [at[t] for t in targets]]
        rows.append(row("igraph", build, took, found, expected))
    except ModuleNotFoundError:
        rows.append({"engine": "igraph", "left_out": "not installed"})
    try:
        import networkx as nx

        def build_graph() -> Any:
            graph = nx.DiGraph()
            graph.add_nodes_from(range(network.nodes))
            for (one, other), weight in zip(arcs.tolist(), weights.tolist(), strict=True):
                old = graph.get_edge_data(one, other, {"weight": weight})["weight"]
                graph.add_edge(one, other, weight=min(weight, old))
            return graph

        build, graph = timed(build_graph, 1)
        few = sources[:5]

        def ask() -> Any:
            reached = [nx.single_source_dijkstra_path_length(graph, s) for s in few]
            return [[one.get(t, np.inf) for t in targets] for one in reached]

        took, answer = timed(ask, 1)
        one = row("networkx", build, took * len(sources) / 5, np.array(answer), expected[:5])
        one["note"] = "5 sources measured, scaled to 100"
        rows.append(one)
    except ModuleNotFoundError:
        rows.append({"engine": "networkx", "left_out": "not installed"})
    return rows


def row(name: str, build: float, took: float, found: Any, expected: Any) -> dict[str, object]:
    """Return a peer's row, its answer held against ours."""
    whole = np.where(np.isfinite(found), found, -1).astype(np.int64)
    return {
        "engine": name,
        "build_ms": build,
        "closed_to_matrix_ms": took,
        "equal": bool((whole == np.where(expected == UNREACHABLE, -1, expected)).all()),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="2 copies instead of 25 and 8")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    asked = parser.parse_args()
    country, town = (2, 2) if asked.quick else (25, 8)
    with tempfile.TemporaryDirectory() as folder:
        big, small = Path(folder) / "country.osm.pbf", Path(folder) / "town.osm.pbf"
        join_copies(country, big)
        reading = read_in_a_process(big)
        join_copies(town, small)
        network = read_pbf(small)
        save_network(network, Path(folder) / "town.npz")
        again, _ = timed(lambda: load_network(Path(folder) / "town.npz"), 3)
        rows = matrices(network, runs=5)
    answer = {
        "version": __version__,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "seed": SEED,
        "copies": {"read": country, "matrix": town},
        "read": reading,
        "stored_read_ms": again,
        "nodes": network.nodes,
        "matrix": rows,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if asked.json:
        print(json.dumps(answer, indent=1))
    else:
        print(f"read {reading['edges']:,.0f} edges in {reading['seconds']:.1f} s,", end=" ")
        print(f"peak {reading['peak_mb']:.0f} MB; from the stored file {again:.0f} ms")
        for one in rows:
            print(one)
    return 0


if __name__ == "__main__":
    sys.exit(main())
