"""The odds: what a plan came to when it was rehearsed through truces that break.

Two numbers stand together wherever one of them does: arrived and caught. There is no single
"probability of success". Chances are said as so many in 20.
"""

import math
from collections.abc import Sequence
from typing import Final

from safepassage.rehearsal.result import Difference, Driver, Estimate, Hour, Rehearsal, Wait, Worth
from safepassage.report import wording
from safepassage.report.document import (
    Block,
    Bullets,
    Chart,
    Column,
    Number,
    Numbers,
    Paragraph,
    Section,
    Table,
    Text,
    strong,
    text,
)
from safepassage.report.material import Material
from safepassage.report.rehearsal_bars import Bar, draw_bars
from safepassage.report.rehearsal_caught import draw_exceedance, draw_wait
from safepassage.report.rehearsal_fan import FanPicture, draw_all_out, draw_fan

WIDE, NARROW = 720.0, 350.0
MOST_ROWS: Final = 13
"""Rows of a table over the hours; hours between them are in the file."""
MOST_BARS: Final = 12
BOTH: Final = (
    Column("Arrived", numeric=True, share=0.9),
    Column("95 % of arrived", numeric=True, share=1.6),
    Column("Caught", numeric=True, share=0.8),
    Column("95 % of caught", numeric=True, share=1.4),
)
"""Both sides of a difference, never one alone."""
NAMED: Final = 3
"""How many inputs the answer depends on most are named in the text."""


def rehearsal_section(material: Material) -> Section | None:
    """Return the odds of the plan; None where it was not rehearsed."""
    found = material.rehearsal
    if found is None:
        return None
    blocks: list[Block] = [
        Paragraph(_headline(found), "lead"),
        Numbers(_tiles(found)),
        Paragraph(text(_what_it_is(found)), "small"),
        _fan(material, found),
        _all_out(material, found),
        _exceedance(found),
        _wait_on_board(found),
    ]
    if found.waits:
        blocks.append(_go_or_wait(found.waits))
    if found.drivers:
        blocks.append(_tornado(found.drivers))
        blocks.append(Paragraph(_depends_on(found.drivers)))
    if found.worths:
        blocks.append(_one_more(found.worths))
    blocks.append(_beliefs(found))
    return Section("rehearsal", "The odds, rehearsed", tuple(blocks))


def _headline(found: Rehearsal) -> Text:
    out, caught = found.out, found.caught
    return text(
        strong(f"{_people(out.estimate.mean)} arrive"),
        " and ",
        strong(f"{_people(caught.estimate.mean)} are caught on the road"),
        f", on average of {wording.count(found.runs)} runs of this plan through truces that may "
        f"break. In half of the runs {_people(out.quantiles.q25)} to "
        f"{_people(out.quantiles.q75)} arrive; somebody is caught {_chance(found.caught.any)}.",
    )


def _tiles(found: Rehearsal) -> tuple[Number, ...]:
    out, caught, wait = found.out, found.caught, found.wait_on_board
    last = found.hours[-1].all_out if found.hours else None
    tiles = [
        Number(
            wording.count(round(out.estimate.mean)),
            "arrive, on average",
            f"9 runs of 10: {_people(out.quantiles.q05)} to {_people(out.quantiles.q95)}",
        ),
        Number(
            wording.count(round(caught.estimate.mean)),
            "caught on the road, on average",
            f"anybody: {wording.in_twenty(caught.any.mean)}"
            + ("" if caught.if_any is None else f"; then {_people(caught.if_any)} on average"),
        ),
        Number(
            f"{wait.worst.q50:.1f} h",
            "longest wait on board",
            f"over {wait.limit:g} h: {wording.in_twenty(wait.over.mean)}",
        ),
    ]
    if last is not None:
        words = wording.in_twenty(last.mean)
        tiles.insert(
            1,
            Number(
                words.removeprefix("in "),
                f"all out by {found.horizon_hours:g} h",
                f"95 % of it: {wording.percent(last.low)} to {wording.percent(last.high)}",
            ),
        )
    return tuple(tiles)


def _what_it_is(found: Rehearsal) -> str:
    return (
        f"Caught means: on a held stretch when the truce broke; nothing is said of what becomes of "
        f"them. These are odds under beliefs, listed below; most of them are judgements. They are "
        f"no forecast and no part of go or no-go. {wording.count(found.runs)} runs of "
        f"{wording.count(found.asked)} asked for ({found.stopped}), seed {found.seed}, "
        f"{found.level} level, version {found.version}, inputs {found.inputs[:12]}, plan "
        f"{found.plan[:12]}. Ranges of means are 95 % intervals from {found.blocks} independent "
        "sets of draws."
    )


def _picture(material: Material, found: Rehearsal) -> FanPicture:
    return FanPicture(material.verified.scenario.start, found.hours, material.verified.people_total)


def _some_hours(found: Rehearsal) -> list[Hour]:
    """Return the hours for a table: all of a short rehearsal, every so many of a long one."""
    hours = list(found.hours)
    step = -(-len(hours) // MOST_ROWS)
    kept = [one for one in hours if one.hour % max(step, 1) == 0]
    return kept if not hours or kept[-1:] == hours[-1:] else [*kept, hours[-1]]


def _fan(material: Material, found: Rehearsal) -> Chart:
    picture = _picture(material, found)
    start = material.verified.scenario.start
    rows = tuple(
        (
            text(f"{one.hour} h"),
            text(wording.moment(wording.at(start, one.hour * 3600))),
            text(wording.count(one.planned)),
            text(f"{_people(one.arrived.q05)} to {_people(one.arrived.q95)}"),
            text(f"{_people(one.arrived.q25)} to {_people(one.arrived.q75)}"),
            text(_people(one.arrived.q50)),
        )
        for one in _some_hours(found)
    )
    return Chart(
        "fan",
        "Arrived by hour, over all runs",
        "The wide band holds 9 runs of 10, the narrow one half of them; the line is the run in the "
        "middle. The dashed line is the plan, if nothing slips.",
        (draw_fan(picture, WIDE, "fan-wide"),),
        (draw_fan(picture, NARROW, "fan-narrow"),),
        Table(
            "fan-table",
            "Arrived by hour",
            (
                Column("By", share=0.6),
                Column("Local time", share=1.2),
                Column("Plan", numeric=True, share=0.8),
                Column("9 runs of 10", numeric=True, share=1.5),
                Column("Half of the runs", numeric=True, share=1.5),
                Column("Middle run", numeric=True),
            ),
            rows,
        ),
        (
            ("pale", "9 runs of 10"),
            ("slant", "half of the runs"),
            ("line", "the run in the middle"),
            ("dashed", "the plan, if nothing slips"),
        ),
    )


def _all_out(material: Material, found: Rehearsal) -> Chart:
    picture = _picture(material, found)
    start = material.verified.scenario.start
    rows = tuple(
        (
            text(f"{one.hour} h"),
            text(wording.moment(wording.at(start, one.hour * 3600))),
            text(wording.in_twenty(one.all_out.mean)),
            text(_range_of_chance(one.all_out)),
        )
        for one in _some_hours(found)
    )
    return Chart(
        "all-out",
        "The odds that all are out, by hour",
        "All who are believed to wish to leave. People who come forward later make it later. The "
        "band is the 95 % interval.",
        (draw_all_out(picture, WIDE, "all-out-wide"),),
        (draw_all_out(picture, NARROW, "all-out-narrow"),),
        Table(
            "all-out-table",
            "Odds that all are out",
            (
                Column("By", share=0.6),
                Column("Local time"),
                Column("Odds", numeric=True),
                Column("95 % interval", numeric=True),
            ),
            rows,
        ),
        (("line", "odds"), ("slant", "95 % interval")),
    )


def _exceedance(found: Rehearsal) -> Chart:
    shown = [one for one in found.caught.exceedance if one.chance.mean > 0]
    step = -(-len(shown) // MOST_ROWS) or 1
    rows = tuple(
        (
            text(f"more than {wording.count(one.people)}" if one.people else "anybody"),
            text(wording.in_twenty(one.chance.mean)),
            text(_range_of_chance(one.chance)),
        )
        for one in shown[::step]
    )
    return Chart(
        "caught",
        "People caught on the road",
        "How likely it is that more than so many are caught in one run. Each line down the scale "
        "is ten times less likely.",
        (draw_exceedance(found.caught.exceedance, found.runs, WIDE, "caught-wide"),),
        (draw_exceedance(found.caught.exceedance, found.runs, NARROW, "caught-narrow"),),
        Table(
            "caught-table",
            "Chance of more caught",
            (
                Column("Caught"),
                Column("Chance", numeric=True),
                Column("95 % interval", numeric=True),
            ),
            rows or ((text("nobody"), text("in every run"), text("")),),
        ),
        (("line", "chance"), ("slant", "95 % interval")),
    )


def _wait_on_board(found: Rehearsal) -> Chart:
    wait = found.wait_on_board
    names = ("1 run of 20 at most", "a quarter at most", "half at most", "three quarters at most",
             "19 runs of 20 at most")  # fmt: skip
    rows = tuple(
        (text(name), text(f"{hours:.1f} h"))
        for name, hours in zip(names, wait.worst.row(), strict=True)
    )
    over = (
        text(f"over {wait.limit:g} h"),
        text(f"{wording.in_twenty(wait.over.mean)} ({_range_of_chance(wait.over)})"),
    )
    return Chart(
        "wait-on-board",
        "Waiting in a loaded vehicle",
        f"The longest wait of each run. A loaded vehicle that does not drive waits; over all "
        f"movements the mean is {wait.mean:.1f} h. In Aleppo people sat 10 to 16 hours on loaded "
        "buses.",
        (draw_wait(wait, WIDE, "wait-wide"),),
        (draw_wait(wait, NARROW, "wait-narrow"),),
        Table(
            "wait-table",
            "Longest wait on board in a run",
            (Column("Runs"), Column("Hours", numeric=True)),
            (*rows, over),
        ),
        (("slant", "half of the runs"), ("whisker", "9 runs of 10"), ("dashed", "the limit")),
    )


def _go_or_wait(waits: Sequence[Wait]) -> Chart:
    bars = [Bar(f"wait {one.hours:g} h", one.change) for one in waits]
    rows = tuple(
        (
            text(f"wait {one.hours:g} h"),
            *_both(one.change),
            text(_cut(one)),
        )
        for one in waits
    )
    return Chart(
        "go-or-wait",
        "Go now, or wait for a better word",
        "What waiting costs while the risk stays as it is, against going now; and by how much the "
        "talks must cut the rate of breaks for the waiting to pay.",
        (draw_bars(bars, WIDE, "go-wait-wide"),),
        (draw_bars(bars, NARROW, "go-wait-narrow"),),
        Table(
            "go-or-wait-table",
            "Waiting against going now",
            (
                Column("Instead", share=0.9),
                *BOTH,
                Column("It pays if the risk falls by", share=1.9),
            ),
            rows,
        ),
        (("full", "difference to going now"), ("whisker", "95 % interval")),
    )


def _cut(one: Wait) -> str:
    if one.cut is None:
        return "never: not even without any break"
    words = wording.percent(one.cut)
    if one.cut_low is None and one.cut_high is None:
        return words
    low = "0 %" if one.cut_low is None else wording.percent(max(one.cut_low, 0.0))
    high = "never" if one.cut_high is None else wording.percent(one.cut_high)
    return f"{words} ({low} to {high})"


def _largest(drivers: Sequence[Driver]) -> list[Driver]:
    """Return the drivers that move arrivals most, the largest first."""
    return sorted(drivers, key=lambda one: -abs(one.change.arrived.mean))[:MOST_BARS]


def _tornado(drivers: Sequence[Driver]) -> Chart:
    shown = _largest(drivers)
    bars = [Bar(one.words, one.change, filled=one.kind == "fix") for one in shown]
    rows = tuple(
        (
            text(one.words),
            text("to fix" if one.kind == "fix" else "would hurt"),
            *_both(one.change),
        )
        for one in shown
    )
    return Chart(
        "tornado",
        "What hurts most, and what to fix first",
        "One thing changed at a time, with the same truces in every run; both sides of the risk "
        "stand beside each other.",
        (draw_bars(bars, WIDE, "tornado-wide"),),
        (draw_bars(bars, NARROW, "tornado-narrow"),),
        Table(
            "tornado-table",
            "What one change does",
            (
                Column("Change", share=2.2),
                Column("Kind", share=0.9),
                *BOTH,
            ),
            rows,
        ),
        (("full", "to fix"), ("slant", "would hurt"), ("whisker", "95 % interval")),
    )


def _depends_on(drivers: Sequence[Driver]) -> Text:
    names = [one.words for one in _largest(drivers)[:NAMED]]
    return text("The answer depends most on: ", strong("; ".join(names)), ".")


def _one_more(worths: Sequence[Worth]) -> Chart:
    bars = [Bar(f"one more {one.what}", one.change) for one in worths]
    rows = tuple(
        (
            text(f"one more {one.what}"),
            *_both(one.change),
        )
        for one in worths
    )
    return Chart(
        "one-more",
        "What one more brings",
        "Planned again with one more of each, and rehearsed through the same truces.",
        (draw_bars(bars, WIDE, "one-more-wide"),),
        (draw_bars(bars, NARROW, "one-more-narrow"),),
        Table(
            "one-more-table",
            "One more of each",
            (
                Column("One more", share=1.4),
                *BOTH,
            ),
            rows,
        ),
        (("full", "difference"), ("whisker", "95 % interval")),
    )


def _beliefs(found: Rehearsal) -> Table | Bullets:
    if not found.beliefs:
        return Bullets((text("The file names no beliefs: it was made by an older version."),))
    return Table(
        "rehearsal-beliefs",
        "What the odds rest on",
        (
            Column("Belief", share=2.2),
            Column("Where it comes from", share=2.4),
            Column("Stated", share=0.9),
        ),
        tuple(
            (
                text(one.words),
                text(one.origin),
                text("in the scenario" if one.stated else "by default"),
            )
            for one in found.beliefs
        ),
    )


def _both(change: Difference) -> tuple[Text, Text, Text, Text]:
    """Return a difference as cells: arrived and caught, each with its interval."""
    return (
        text(wording.signed(change.arrived.mean)),
        text(_interval(change.arrived)),
        text(wording.signed(change.caught.mean)),
        text(_interval(change.caught)),
    )


def _interval(change: Estimate) -> str:
    if not math.isfinite(change.half_width):
        return "not known"
    return f"{wording.signed(change.low)} to {wording.signed(change.high)}"


def _people(number: float) -> str:
    return wording.count(round(number))


def _chance(chance: Estimate) -> str:
    words = wording.in_twenty(chance.mean)
    return words if words.startswith("in ") else f"in {words.replace(' in ', ' of ')} runs"


def _range_of_chance(chance: Estimate) -> str:
    if chance.high <= 0:
        return "not seen"
    low, high = max(chance.low, 0.0), min(chance.high, 1.0)
    return f"{_share(low)} to {_share(high)}"


def _share(share: float) -> str:
    """Return a share as per cent; what is not nothing is never shown as 0."""
    if 0 < share < 0.0005:
        return "under 0.1\u00a0%"
    return wording.percent(share, decimals=1)
