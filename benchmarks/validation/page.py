"""docs/validation.md as text, from what was measured; a test holds the two together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.validation import shuttle
from benchmarks.validation.score import scored
from benchmarks.validation.targets import TARGETS, WIDEST, Target

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Results:
    """What was measured: (P10, P50, P90) by row, and of which model.

    `commit` is the one at which the predicted rows were run, `frozen_commit` the one at which the
    frozen rows were, once.
    """

    rows: Mapping[str, tuple[float, float, float]]
    runs: int
    seed: int
    version: str
    date: str
    commit: str
    frozen_commit: str
    frozen_date: str


def verdict(target: Target, row: Sequence[float]) -> str:
    """Return "hit", or by how much of the nearest edge the middle run misses the band."""
    middle = row[1]
    if target.low <= middle <= target.high:
        return "hit"
    edge = target.low if middle < target.low else target.high
    return f"**miss** by {abs(middle - edge) / edge:.1%}"


def too_wide(target: Target, row: Sequence[float]) -> bool:
    """Tell whether the 80 % interval is wider than it may be."""
    low, _, high = row
    return low <= 0 or high / low > WIDEST[target.kind]


def page(results: Results) -> str:
    """Return the whole page."""
    predicted = [one for one in TARGETS if one.standing == "predicted"]
    frozen = [one for one in TARGETS if one.standing == "frozen"]
    restated = [one for one in TARGETS if one.standing == "restated"]
    hits = sum(verdict(one, results.rows[one.row]) == "hit" for one in predicted)
    narrow = sum(not too_wide(one, results.rows[one.row]) for one in predicted)
    later = sum(verdict(one, results.rows[one.row]) == "hit" for one in frozen)
    found = (
        f"**{hits} of {len(predicted)}** predicted rows in their band; {narrow} of them with an "
        "80 % interval no wider\nthan P90 / P10 = 2 (people, rates) or 3 (durations). "
        f"**{later} of {len(frozen)}** frozen rows in their band."
    )
    how = (
        f"{results.runs:,} runs an operation, seed {results.seed}, version {results.version}, "
        f"{results.date}, model of commit `{results.commit[:12]}`."
    )
    still = (
        f"The model stood still at commit `{results.frozen_commit[:12]}`; these rows were run "
        f"with it on {results.frozen_date}\nand are not run again. They had been looked at once "
        "before, while this page was made; no number was changed\nbecause of them."
    )
    same = _text("same").format(
        held=shuttle.HELD_KMH,
        convoy=shuttle.CONVOY_KMH,
        empty=shuttle.EMPTY_KMH,
        seats=shuttle.SEATS,
        load=round(shuttle.BUS_LOADS.total_seconds() / 60),
        unload=round(shuttle.BUS_UNLOADS.total_seconds() / 60),
    )
    parts = [
        _text("head"),
        found,
        how,
        same,
        "## Predicted",
        _table(predicted, results),
        "## Frozen",
        still,
        _table(frozen, results),
        "## Restated: made of their own answer",
        _table(restated, results),
        "## Beside two nulls",
        _text("nulls"),
        _scores(results),
        _text("tail"),
    ]
    return "\n\n".join(one.strip("\n") for one in parts) + "\n"


def _text(name: str) -> str:
    return (HERE / f"{name}.md").read_text(encoding="utf-8")


def _table(targets: Sequence[Target], results: Results) -> str:
    lines = [
        "| | operation | what | band | model: middle run (80 %) | P90/P10 | | given |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in targets:
        row = results.rows[one.row]
        low, middle, high = (f"{number:,.{one.digits}f}" for number in row)
        band = f"{one.low:,g}" if one.low == one.high else f"{one.low:,g} to {one.high:,g}"
        width = f"{row[2] / row[0]:.2f}" if row[0] > 0 else "-"
        wide = " (too wide)" if one.standing == "predicted" and too_wide(one, row) else ""
        said = "" if one.standing == "restated" else verdict(one, row)
        lines.append(
            f"| {one.row.partition(' ')[0]} | {one.operation} | {one.what} | {band} | "
            f"{middle} ({low} to {high}) | {width}{wide} | {said} | {one.inputs} |"
        )
    return "\n".join(lines) + "\n"


def _scores(results: Results) -> str:
    lines = [
        "| operation | rows | model | 47 a bus, announced day | pooled mean of the others |",
        "|---|---|---|---|---|",
    ]
    for one in scored(results.rows):
        numbers = f"{one.model:.2f} | {one.announced:.2f} | {one.pooled:.2f}"
        lines.append(f"| {one.operation} | {one.rows} | {numbers} |")
    return "\n".join(lines) + "\n"
