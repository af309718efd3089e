"""The map of a plan's roads on paper: one A4 page drawn by matplotlib, for the cell alone.

What it shows is what the map page shows: roads by class, legs by use, closed and doubtful
stretches, places by name. It is readable in black and white.
"""

import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.drawing import text_width
from safepassage.report.leg_ways import leg_ways
from safepassage.report.map_signs import GREY, LegUse, Sign, signs_of, uses_of
from safepassage.report.typeset import FONT, plain
from safepassage.roads.network import ROAD_CLASSES, RoadNetwork
from safepassage.roads.travel import Roads, Travel
from safepassage.roads.ways import geometry
from safepassage.scenario.places import Place

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_IDS = re.compile(r"""(\bid="|href="#|url\(#)""")
"""Where an id of an SVG picture is made or meant: two pictures on one page must share none."""
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
ATTRIBUTION = "Roads © OpenStreetMap contributors, ODbL 1.0"
A4 = (8.27, 11.69)
INK = "#1b1f24"
MAP_PART = (0.06, 0.30, 0.88, 0.60)
"""Left, bottom, width and height of the map on the page, as parts of it."""
MAP_WIDE, MAP_HIGH = MAP_PART[2] * A4[0] * 72, MAP_PART[3] * A4[1] * 72
"""The size of the map in points."""
LABEL = 8.0
"""Size of the names of places, in points."""
LONGEST_NAME = 110
MOST_ROWS = 28
"""Legs that the key has room for; of more it says how many are left out."""
STYLES: tuple[tuple[frozenset[str], str, float], ...] = (
    (frozenset({"service", "track", "pedestrian", "footway", "path", "steps"}), "#dddddd", 0.25),
    (frozenset({"unclassified", "residential", "living_street"}), "#cccccc", 0.4),
    (frozenset({"tertiary", "secondary"}), "#b5b5b5", 0.8),
    (frozenset({"primary", "trunk", "motorway"}), "#9a9a9a", 1.4),
)
"""Classes of road from below to above: colour and width in points."""
THINNER = 0.45
"""Points on paper for a pixel of a sign's width."""
SHAPES_ARABIC = tuple(int(part) for part in mpl.__version__.split(".")[:2]) >= (3, 11)
"""Older matplotlib draws Arabic letters apart and from the left: then Latin names stand alone."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle on the map, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.top - self.bottom)

    def shared(self, other: "_Box") -> float:
        """Return the area that two boxes share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(wide, 0.0) * max(high, 0.0)


@dataclass(frozen=True, slots=True)
class _Side:
    """A side of a place on which its name may stand: -1, 0 or 1 across and up."""

    x: int
    y: int

    def box(self, x: float, y: float, wide: float, high: float) -> _Box:
        """Return where a name of this size lies beside the place."""
        left = x + 6 * self.x - wide * (1 - self.x) / 2
        bottom = y + 6 * self.y - high * (1 - self.y) / 2
        return _Box(left, bottom, left + wide, bottom + high)


SIDES = tuple(_Side(x, y) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1),
                                       (-1, -1)))  # fmt: skip
"""Where a name may stand, the first that is free wins."""


@dataclass(frozen=True)
class _Frame:
    """What part of the earth the map shows, in degrees."""

    west: float
    east: float
    south: float
    north: float

    def on_paper(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point lies on the map, in points from its lower left corner."""
        across = (lon - self.west) / (self.east - self.west)
        return across * MAP_WIDE, (lat - self.south) / (self.north - self.south) * MAP_HIGH

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return the longitude and latitude of a spot on the map."""
        lon = self.west + x / MAP_WIDE * (self.east - self.west)
        return lon, self.south + y / MAP_HIGH * (self.north - self.south)

    def outside(self, box: "_Box") -> float:
        """Return how much of a box lies off the map, counted tenfold: it would be unreadable."""
        return 10 * (box.area - box.shared(_Box(0, 0, MAP_WIDE, MAP_HIGH)))

    @property
    def metres_wide(self) -> float:
        middle = math.radians((self.south + self.north) / 2)
        return (self.east - self.west) * 111_320 * math.cos(middle)


def road_map_pdf(roads: Roads, travel: Travel, *, plan: VerifiedPlan | None = None) -> bytes:
    """Return the map as a PDF of one A4 page; `plan` draws each leg by its use.

    The same input gives the same bytes.
    """
    with mpl.rc_context({"font.family": FONT, "pdf.fonttype": 42, "text.usetex": False}):
        figure = _page(roads, travel, plan)
        out = io.BytesIO()
        FigureCanvasPdf(figure)
        figure.savefig(
            out,
            format="pdf",
            metadata={
                "Title": f"{plain(travel.scenario.name)}: roads of the plan, for the cell alone",
                "Creator": "Safe Passage",
                "CreationDate": None,
            },
        )
    return out.getvalue()


def road_map_svg(roads: Roads, travel: Travel, *, plan: VerifiedPlan, name: str, dots: int) -> str:
    """Return the map with its key as an SVG picture for the report; `name` keeps its ids apart.

    Roads that are no legs are a picture inside it, of `dots` an inch: they are many. The same input
    gives the same text.
    """
    with mpl.rc_context(
        {"font.family": FONT, "svg.fonttype": "path", "svg.hashsalt": name, "text.usetex": False}
    ):
        figure = _page(roads, travel, plan)
        for one in figure.axes[0].collections:
            one.set_rasterized(one.get_zorder() <= len(STYLES))
        keys = len(figure.legends[0].get_texts())
        bottom = MAP_PART[1] * A4[1] - 0.22 - 0.152 * ((keys + 1) // 2)
        part = Bbox([[0.4, bottom], [A4[0] - 0.4, (MAP_PART[1] + MAP_PART[3]) * A4[1] + 0.08]])
        out = io.StringIO()
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", dpi=dots, bbox_inches=part,
                       metadata={"Date": None, "Creator": None})  # fmt: skip
    text = _METADATA.sub("", out.getvalue())
    return _IDS.sub(rf"\1{name}-", text[text.index("<svg") :])


def _page(roads: Roads, travel: Travel, plan: VerifiedPlan | None) -> Figure:
    figure = Figure(figsize=A4, facecolor="white")
    scenario = travel.scenario
    uses = None if plan is None else uses_of(plan.plan.trips)
    signs = signs_of([leg.id for leg in scenario.legs], uses)
    lines = {
        leg: [(lon, lat) for lat, lon in geometry(roads.network, way)]
        for leg, way in leg_ways(roads, travel).items()
        if way is not None
    }
    placed = [place for place in scenario.places if place.position is not None]
    points = [point for line in lines.values() for point in line]
    points += [(p.position.lon, p.position.lat) for p in placed if p.position is not None]
    frame = _frame(points)
    axes = figure.add_axes(MAP_PART)
    axes.set_xlim(frame.west, frame.east)
    axes.set_ylim(frame.south, frame.north)
    axes.set_aspect("auto")
    axes.set_xticks([])
    axes.set_yticks([])
    _draw_roads(axes, roads.network, frame)
    for leg in sorted(lines, key=lambda one: (signs[one].colour != GREY, -signs[one].width)):
        _draw_leg(axes, lines[leg], signs[leg])
    _draw_closures(axes, travel)
    _draw_places(axes, placed, frame)
    _draw_scale(axes, frame)
    _write_words(figure, travel, plan)
    _draw_key(figure, signs, uses, lines)
    return figure


def _frame(points: Sequence[tuple[float, float]]) -> _Frame:
    """Return the frame round the points with the shape of the map's part of the page."""
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    narrow = math.cos(math.radians(lat))
    shape = (MAP_PART[2] * A4[0]) / (MAP_PART[3] * A4[1])
    # Names stand beside the places: they need room to the right, so a fifth is added.
    high = max((max(lats) - min(lats)) * 1.14, (max(lons) - min(lons)) * narrow * 1.3 / shape)
    high = max(high, 0.002)
    wide = high * shape / narrow
    return _Frame(lon - wide / 2, lon + wide / 2, lat - high / 2, lat + high / 2)


def _draw_roads(axes: "Axes", network: RoadNetwork, frame: _Frame) -> None:
    lat, lon = network.shape_lat, network.shape_lon
    shown = (lon >= frame.west) & (lon <= frame.east) & (lat >= frame.south) & (lat <= frame.north)
    before = np.concatenate([[0], np.cumsum(shown)])
    seen = before[network.shape_at[1:]] > before[network.shape_at[:-1]]
    for order, (classes, colour, width) in enumerate(STYLES):
        codes = [code for code, name in enumerate(ROAD_CLASSES) if name in classes]
        edges = np.flatnonzero(seen & np.isin(network.road, codes)).tolist()
        _draw(axes, (_line(network, edge) for edge in edges), colour, width, order + 1)


def _line(network: RoadNetwork, edge: int) -> list[tuple[float, float]]:
    return [(lon, lat) for lat, lon in network.points(edge)]


def _draw(
    axes: "Axes",
    lines: Iterable[Sequence[tuple[float, float]]],
    colour: str,
    width: float,
    order: float,
    dashes: tuple[float, ...] = (),
) -> None:
    axes.add_collection(
        LineCollection(
            [np.array(line) for line in lines],
            colors=colour,
            linewidths=width,
            linestyles=(0, dashes) if dashes else "solid",
            capstyle="butt",
            zorder=order,
        ),
        autolim=False,
    )


def _draw_leg(axes: "Axes", line: Sequence[tuple[float, float]], sign: Sign) -> None:
    width = sign.width * THINNER
    _draw(axes, [line], "white", width + 1.2, 10)
    _draw(axes, [line], sign.colour, width, 10, sign.dash)


def _draw_closures(axes: "Axes", travel: Travel) -> None:
    """Draw what is closed black and white in short pieces, what is doubtful in long ones."""
    for state, gaps in (("closed", (0.5, 0.5)), ("unknown", (1.6, 0.6))):
        lines = [
            _line(travel.network, edge)
            for stretch in travel.stretches
            if stretch.closure.state == state
            for edge in stretch.edges.tolist()
        ]
        if lines:
            _draw(axes, lines, INK, 2.6, 20)
            _draw(axes, lines, "white", 1.7, 21, gaps)


def _draw_places(axes: "Axes", places: Sequence[Place], frame: _Frame) -> None:
    """Draw the places, each name on the side on which it hides least of the others."""
    spots = [
        (place, *frame.on_paper(place.position.lon, place.position.lat))
        for place in places
        if place.position is not None
    ]
    taken = [_Box(x - 4, y - 4, x + 4, y + 4) for _, x, y in spots]
    for place, x, y in spots:
        label = _label(place)
        lines = label.split("\n")
        wide = text_width(max(lines, key=len), LABEL)
        high = 1.25 * LABEL * len(lines)
        side, box = min(
            ((side, side.box(x, y, wide, high)) for side in SIDES),
            key=lambda one: sum(one[1].shared(other) for other in taken) + frame.outside(one[1]),
        )
        taken.append(box)
        position = frame.point(x, y)
        axes.plot(*position, "o", ms=5.5, mfc="white", mec=INK, mew=1.6, zorder=30)
        # A halo is drawn as an outline; the words themselves follow as words, to be searched.
        for effects in ([withStroke(linewidth=2.2, foreground="white")], []):
            axes.annotate(
                label,
                position,
                xytext=(side.x * 6, side.y * 6),
                textcoords="offset points",
                ha=("center", "left", "right")[side.x],
                va=("center", "bottom", "top")[side.y],
                fontsize=LABEL,
                color=INK,
                zorder=31,
                parse_math=False,
                path_effects=effects,
            )


def _label(place: Place) -> str:
    """Return a place's names, one a line: Latin, and Arabic where it can be shaped."""
    local = [place.name("ar")] if SHAPES_ARABIC else []
    return "\n".join(dict.fromkeys(plain(name) for name in (place.name("en"), *local)))


def _draw_scale(axes: "Axes", frame: _Frame) -> None:
    """Draw a bar of a round number of metres, about a fifth of the map wide."""
    about = frame.metres_wide / 5
    power = 10.0 ** math.floor(math.log10(about))
    metres = max(step * power for step in (1, 2, 5) if step * power <= about)
    part = metres / frame.metres_wide
    name = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    white = [withStroke(linewidth=3, foreground="white")]
    axes.plot([0.03, 0.03 + part], [0.025, 0.025], "-", color=INK, lw=2, zorder=32,
              transform=axes.transAxes, path_effects=white)  # fmt: skip
    axes.text(0.03, 0.033, name, fontsize=8, zorder=32, transform=axes.transAxes,
              path_effects=white)  # fmt: skip
    axes.annotate("N", (0.965, 0.975), (0.965, 0.93), xycoords="axes fraction", ha="center",
                  fontsize=9, zorder=32, arrowprops={"arrowstyle": "-|>", "color": INK},
                  path_effects=white)  # fmt: skip


def _write_words(figure: Figure, travel: Travel, plan: VerifiedPlan | None) -> None:
    start = travel.scenario.start.strftime("%d %B %Y %H:%M %z")
    made = f" Plan {plan.plan_hash[:8]}." if plan is not None else " No plan is drawn."
    doubt = {"use": "are used", "avoid": "are avoided"}.get(travel.doubt or "")
    unknown = f" Stretches of unknown state {doubt}." if doubt else ""
    name = plain(travel.scenario.name)
    name = name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"
    words = (
        (0.957, 11, "bold", f"{name}: roads of the plan"),
        (0.936, 9.5, "bold", "FOR THE CELL ALONE. PLAN, NOT A CLEARANCE."),
        (0.917, 8, "normal", f"Ways as at the start, {start}.{made}{unknown}"),
    )
    for height, size, weight, text in words:
        figure.text(0.06, height, text, fontsize=size, fontweight=weight, parse_math=False,
                    wrap=True)  # fmt: skip
    wide = "" if plan is None else "The wider a line, the more people. "
    figure.text(0.06, 0.022, f"{wide}{ATTRIBUTION}", fontsize=7.5)


def _draw_key(
    figure: Figure,
    signs: dict[str, Sign],
    uses: dict[str, LegUse] | None,
    drawn: Iterable[str],
) -> None:
    """Write what each line means: leg, people and trips; then closed, doubtful and unused."""
    on_map = set(drawn)
    legs = [leg for leg in signs if uses is None or leg in uses]
    handles = [
        Line2D([], [], color=signs[leg].colour, lw=max(signs[leg].width * THINNER, 1.5),
               ls=(0, signs[leg].dash) if signs[leg].dash else "-",
               label=_key_words(leg, uses, drawn=leg in on_map))
        for leg in legs[:MOST_ROWS]
    ]  # fmt: skip
    if len(legs) > MOST_ROWS:
        handles.append(Line2D([], [], lw=0, label=f"and {len(legs) - MOST_ROWS} more legs"))
    if len(legs) < len(signs):
        handles.append(Line2D([], [], color=GREY, lw=0.7, label="leg that the plan does not use"))
    labels = [str(one.get_label()) for one in handles]
    keys: list[Any] = [*handles]  # matplotlib takes pairs too, drawn over each other
    for label, gaps in (("closed at some hour", (0.5, 0.5)), ("state unknown", (1.6, 0.6))):
        dark = Line2D([], [], color=INK, lw=2.6, solid_capstyle="butt")
        keys.append((dark, Line2D([], [], color="white", lw=1.7, ls=(0, gaps))))
        labels.append(label)
    legend = figure.legend(keys, labels, loc="upper left", bbox_to_anchor=(0.055, 0.29), ncols=2,
                           fontsize=7.5, frameon=False, handlelength=5.5)  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)


def _key_words(leg: str, uses: dict[str, LegUse] | None, *, drawn: bool) -> str:
    none = "" if drawn else " (no way at the start)"
    if uses is None:
        return f"{leg}{none}"
    use = uses[leg]
    convoys = f", convoys: {len(use.convoys)}" if use.convoys else ""
    return f"{leg}: {use.people:,} people, trips: {use.trips:,}{convoys}{none}"
