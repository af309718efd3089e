"""Words of the charts: each stands where its line is, and none over another."""

import re
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest

from safepassage.report.chart_arrivals import ArrivalsPicture, draw_arrivals
from safepassage.report.chart_timetable import TimetablePicture, apart, bent, draw_timetable
from safepassage.report.closures import Closures
from safepassage.report.drawing import text_width
from safepassage.report.hours import holds_of
from safepassage.report.way import Run, Stop, Way
from tests.report.handmade import START, scenario

WORDS = re.compile(
    r'<text x="([-\d.]+)" y="([-\d.]+)" font-size="([\d.]+)" text-anchor="(\w+)"'
    r"([^>]*)>([^<]*)<"
)
ACROSS = re.compile(r'<path d="M([-\d.]+) ([-\d.]+) L([-\d.]+) \2"')
DAY = 24 * 3600
ARABIC = "\u0645\u0639\u0628\u0631"

# A corridor of 9 km with posts at km 2 and 6, and a camp 30 km on: drawn to scale on 200 points,
# the first four lines would lie within 46.
STOPS = (("out", 0.0), ("post1", 2.0), ("post2", 6.0), ("ex", 9.0), ("camp", 39.0))


def picture(
    runs: tuple[Run, ...] = (), *, local: tuple[str, str] | None = None
) -> TimetablePicture:
    stops = tuple(Stop(one, 0.0, km, km / 39.0) for one, km in STOPS)
    return TimetablePicture(
        START,
        DAY,
        Way("k", (), stops),
        runs,
        Closures((), (), ()),
        {one: (one, local) for one, _ in STOPS},
    )


def words_of(drawn: str) -> list[tuple[float, float, float, float, str]]:
    """Return (begins, ends, top, baseline, words) of each text but the rims."""
    found = []
    for x, y, size, anchor, look, words in WORDS.findall(drawn):
        if "aria-hidden" in look:
            continue
        long = text_width(words, float(size)) * (1.15 if "bold" in look else 1.0)
        begins = float(x) - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
        found.append((begins, begins + long, float(y) - 0.76 * float(size), float(y), words))
    return found


@pytest.mark.parametrize("width", [760.0, 340.0])
@pytest.mark.parametrize("local", [None, ("ar", ARABIC)])
def test_each_name_of_a_timetable_is_nearest_to_the_line_of_its_own_place(
    width: float, local: tuple[str, str] | None
) -> None:
    drawn = draw_timetable(picture(local=local), width, "t")[0]
    lines = sorted({float(y) for _, y, _ in ACROSS.findall(drawn)})
    assert len(lines) == len(STOPS)
    names = {one[4]: one for one in words_of(drawn)}
    for line, (name, _) in zip(lines, STOPS, strict=True):
        _, _, top, baseline, _ = names[name]
        middle = (top + baseline) / 2
        nearest = min(lines, key=lambda one: abs(one - middle))
        assert nearest == line, name
        # One row of words stands on its line; two rows stand on both sides of it.
        assert abs(middle - line) <= (8 if local else 2), name


@pytest.mark.parametrize("local", [None, ("ar", ARABIC)])
def test_no_two_names_of_a_timetable_touch(local: tuple[str, str] | None) -> None:
    drawn = draw_timetable(picture(local=local), 760.0, "t")[0]
    rows = sorted(
        (top, baseline)
        for _, _, top, baseline, words in words_of(drawn)
        if words in dict(STOPS) or words == ARABIC
    )
    assert len(rows) == len(STOPS) * (2 if local else 1)
    assert all(above[1] + 1 < below[0] for above, below in pairwise(rows))


def test_lines_take_the_least_distance_and_the_rest_is_in_proportion() -> None:
    # By hand: gaps of 1, 1, 4 and 4 tenths on 100 with at least 15 leave 70 for the last two.
    assert apart([0.0, 0.1, 0.2, 0.6, 1.0], 100, least=15) == pytest.approx([0, 15, 30, 65, 100])
    assert apart([0.0, 0.5, 1.0], 100, least=15) == pytest.approx([0, 50, 100])
    # The gap of 0.2 has room at first and none once the two small ones are wide.
    assert apart([0.0, 0.01, 0.02, 0.22, 1.0], 100, least=18) == pytest.approx([0, 18, 36, 54, 100])


def test_a_passage_crosses_each_line_at_the_time_at_which_it_is_there() -> None:
    # By hand: 0 to 100 s over shares 0 to 1, with lines of 0, 0.1 and 1 drawn at 0, 50 and 100.
    lines = ([0.0, 0.1, 1.0], [0.0, 50.0, 100.0])
    cases = (
        ([(0.0, 0.0), (100.0, 1.0)], [(0, 0), (10, 50), (100, 100)]),
        ([(0.0, 1.0), (100.0, 0.0)], [(0, 100), (90, 50), (100, 0)]),
        ([(0.0, 0.0), (10.0, 0.1), (20.0, 1.0)], [(0, 0), (10, 50), (20, 100)]),
    )
    for corners, wanted in cases:
        found = bent(corners, *lines)
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            assert one == pytest.approx(other)


@pytest.mark.parametrize("every", [20, 30, 45, 60])
@pytest.mark.parametrize("width", [760.0, 340.0])
def test_no_two_words_above_or_below_a_timetable_touch(every: int, width: float) -> None:
    runs = tuple(
        Run(
            f"c{number:03d}",
            ((60.0 * every * number, 0.0), (60.0 * every * number + 3600, 1.0)),
            182 if number % 3 else 4,
            forward=True,
        )
        for number in range(24 * 60 // every)
    )
    back = tuple(
        replace(one, corners=tuple((second, 1.0 - share) for second, share in one.corners))
        for one in runs
    )
    drawn = draw_timetable(picture(runs + back), width, "t")[0]
    rows: dict[float, list[tuple[float, float, str]]] = defaultdict(list)
    for begins, ends, _, baseline, words in words_of(drawn):
        rows[baseline].append((begins, ends, words))
    assert any(words in {"182", "4"} for row in rows.values() for _, _, words in row)
    for row in rows.values():
        for before, after in pairwise(sorted(row)):
            assert before[1] < after[0], (before, after)


@pytest.mark.parametrize("width", [760.0, 340.0])
def test_the_axis_of_the_belief_and_that_of_time_keep_apart(width: float) -> None:
    made = ArrivalsPicture(
        START, DAY, ((3600, 40),), ((3600, 40),), None, ((7200, 40),), holds_of(scenario())
    )
    words = words_of(draw_arrivals(made, width, "a"))
    zero = next(one for one in words if one[4].replace("\u00a0", " ") == "0 %")
    first = next(one for one in words if one[4] == "08:00")
    assert first[2] - zero[3] >= 3
