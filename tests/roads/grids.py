"""Small made networks for the tests of roads."""

import numpy as np

from safepassage.roads.network import RoadNetwork, metres_between


def network_of(
    points: list[tuple[float, float]],
    edges: list[tuple[int, int]],
    *,
    one_way: frozenset[int] = frozenset(),
    names: dict[int, dict[str, str]] | None = None,
    bridges: frozenset[int] = frozenset(),
) -> RoadNetwork:
    """Return a network of straight residential edges; edge i belongs to way 100 + i."""
    lat = np.array([p[0] for p in points], dtype=np.float64)
    lon = np.array([p[1] for p in points], dtype=np.float64)
    start = np.array([e[0] for e in edges], dtype=np.int64)
    end = np.array([e[1] for e in edges], dtype=np.int64)
    count = len(edges)
    labels = tuple((names or {}).values())
    label = np.full(count, -1, dtype=np.int64)
    for index, edge in enumerate(names or {}):
        label[edge] = index
    return RoadNetwork(
        node_id=np.arange(1, len(points) + 1, dtype=np.int64) * 10,
        lat=lat,
        lon=lon,
        edge_start=start,
        edge_end=end,
        metres=np.asarray(metres_between(lat[start], lon[start], lat[end], lon[end])),
        way=np.arange(count, dtype=np.int64) + 100,
        road=np.full(count, 6, dtype=np.int64),
        bridge=np.array([int(i in bridges) for i in range(count)], dtype=np.int64),
        forward=np.ones(count, dtype=np.int64),
        backward=np.array([int(i not in one_way) for i in range(count)], dtype=np.int64),
        label=label,
        max_tonnes=np.full(count, np.nan),
        max_width_m=np.full(count, np.nan),
        shape_at=np.arange(count + 1, dtype=np.int64) * 2,
        shape_lat=np.stack([lat[start], lat[end]], axis=1).ravel(),
        shape_lon=np.stack([lon[start], lon[end]], axis=1).ravel(),
        labels=labels,
        origin="made for a test",
    )


def ladder() -> RoadNetwork:
    """Return two shores joined by two bridges, the second a long way round.

    0 - 1 = 2 - 3 with the near bridge 1-2 (edge 1); 1 - 4 - 5 = 6 - 2 with the far bridge 5-6
    (edge 5).
    """
    points = [(0, 0), (0, 0.01), (0, 0.02), (0, 0.03), (0.02, 0.01), (0.04, 0.01), (0.04, 0.02)]
    edges = [(0, 1), (1, 2), (2, 3), (1, 4), (4, 5), (5, 6), (6, 2)]
    return network_of(
        [(float(a), float(b)) for a, b in points],
        edges,
        names={1: {"": "Near Bridge", "ar": "الجسر القريب"}, 5: {"": "Far Bridge"}},
        bridges=frozenset({1, 5}),
    )
