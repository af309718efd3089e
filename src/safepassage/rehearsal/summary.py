"""What a chunk of runs comes to, small enough to send and exact to merge.

People are counted in whole numbers and times in whole seconds, so that any order of merging gives
the same bits. A block is one scramble of the Sobol points; blocks are never split.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

FORMAT = "safepassage/rehearsal-summary/1"
Ints = NDArray[np.int64]


class MergeRefused(ValueError):  # noqa: N818 - the word of the glossary
    """Summaries that do not belong together; the message says what differs."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which runs a summary counts: two summaries merge only where all of this is the same.

    `inputs` is the hash of everything a run depends on besides the seed: scenario, plan, laws and
    levers. `block` is the number of runs in one block. `hours` and `people_top` fix the axes.
    """

    scenario: str
    plan: str
    inputs: str
    seed: int
    level: str
    block: int
    hours: int
    people_top: int
    version: str


@dataclass(frozen=True)
class Block:
    """The sums of one block: `number` is its scramble, runs number x block up to the next.

    `out_by_hour[h, b]` counts the runs with arrivals by hour h in bin b of PEOPLE_BINS between 0
    and `people_top`; `out_sum[h]` and `out_square[h]` sum them exactly. `caught_bins` counts the
    runs with at least one person caught by how many; `all_out[h]` the runs in which all had
    arrived by hour h. `worst_bins` counts the runs by their longest wait on board, in half hours.
    `top` holds the runs with the most people caught, as (people, run).
    """

    number: int
    runs: int
    out_by_hour: Ints
    out_sum: Ints
    out_square: Ints
    caught_sum: int
    caught_square: int
    caught_any: int
    caught_bins: Ints
    all_out: Ints
    wait_seconds: int
    waits: int
    worst_bins: Ints
    medical_sum: int
    by_car_sum: int
    left_list_sum: int
    wished_sum: int
    theirs_sum: int
    top: tuple[tuple[int, int], ...] = ()


PEOPLE_BINS = 256
WORST_BINS = 2 * 24 * 7
KEPT = 5
"""How many of the worst runs a block and a summary name."""


@dataclass(frozen=True)
class Summary:
    """Blocks of one rehearsal, by number. `merge` is associative and commutative to the bit."""

    identity: Identity
    blocks: Mapping[int, Block] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        """How many runs it counts."""
        return sum(one.runs for one in self.blocks.values())

    def ordered(self) -> tuple[Block, ...]:
        """Return the blocks by number: sums are taken in this order everywhere."""
        return tuple(self.blocks[number] for number in sorted(self.blocks))


def merge(summaries: Iterable[Summary]) -> Summary:
    """Return the union of summaries of one rehearsal.

    Raises
    ------
    MergeRefused
        If there is none, if they differ in anything of their identity (seed, version, scenario,
        plan, laws), or if a block stands in two of them with other numbers.
    """
    every = list(summaries)
    if not every:
        raise MergeRefused("merge: no summary, want at least one")
    first = every[0].identity
    for one in every[1:]:
        differing = [
            f"{key.name} {getattr(first, key.name)!r} and {getattr(one.identity, key.name)!r}"
            for key in fields(Identity)
            if getattr(first, key.name) != getattr(one.identity, key.name)
        ]
        if differing:
            raise MergeRefused(f"merge: results of different rehearsals: {'; '.join(differing)}")
    blocks: dict[int, Block] = {}
    for one in every:
        for number, block in one.blocks.items():
            if number in blocks and not _same(blocks[number], block):
                raise MergeRefused(f"merge: block {number} stands in two results that differ")
            blocks[number] = block
    return Summary(first, dict(sorted(blocks.items())))


def _same(one: Block, other: Block) -> bool:
    return all(
        np.array_equal(getattr(one, key.name), getattr(other, key.name)) for key in fields(Block)
    )


def summary_to_json(summary: Summary) -> dict[str, object]:
    """Return a summary as a JSON object; histograms without their zeros."""
    return {
        "format": FORMAT,
        "identity": {key.name: getattr(summary.identity, key.name) for key in fields(Identity)},
        "blocks": [_block_to_json(one) for one in summary.ordered()],
    }


def _block_to_json(block: Block) -> dict[str, object]:
    found: dict[str, object] = {}
    for key in fields(Block):
        value = getattr(block, key.name)
        if isinstance(value, np.ndarray):
            filled = np.flatnonzero(value)
            found[key.name] = {
                "shape": list(value.shape),
                "at": filled.tolist(),
                "count": value.ravel()[filled].tolist(),
            }
        else:
            found[key.name] = [list(one) for one in value] if key.name == "top" else value
    return found


def summary_from_json(document: Mapping[str, object]) -> Summary:
    """Return the summary of a JSON object.

    Raises
    ------
    MergeRefused
        If it is no summary of this format.
    """
    if document.get("format") != FORMAT:
        raise MergeRefused(f"format: got {document.get('format')!r}, want {FORMAT!r}")
    try:
        identity = Identity(**document["identity"])  # type: ignore[arg-type]  # checked below
        rows = document["blocks"]
        assert isinstance(rows, list)  # noqa: S101 - turned into a refusal below
        blocks = [_block_from_json(one) for one in rows]
    except (TypeError, KeyError, ValueError, AssertionError, AttributeError) as error:
        raise MergeRefused(f"not a whole summary: {error!r}") from None
    return Summary(identity, {one.number: one for one in blocks})


def _block_from_json(row: Mapping[str, object]) -> Block:
    found: dict[str, object] = {}
    for key in fields(Block):
        value = row[key.name]
        if key.name == "top":
            assert isinstance(value, list)  # noqa: S101 - turned into a refusal by the caller
            found["top"] = tuple((int(people), int(run)) for people, run in value)
        elif isinstance(value, dict):
            filled = np.zeros(int(np.prod(value["shape"])), dtype=np.int64)
            filled[np.asarray(value["at"], dtype=np.int64)] = value["count"]
            found[key.name] = filled.reshape(value["shape"])
        else:
            found[key.name] = value
    return Block(**found)  # type: ignore[arg-type]  # the fields are those of Block
