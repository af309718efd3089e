"""The event search: the best chain of convoys under people prices, and a bound on every chain.

A beam keeps the most hopeful states of each moment; whatever it drops enters the bound with its
hope, so a narrow beam costs tightness and never validity.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from safepassage.planner.corridor.counted import Arcs, Resource, most_counted, uses
from safepassage.planner.corridor.expand import (
    HEAD,
    LATE,
    MOST_AWAY,
    MOST_GROUPS,
    STALE,
    expand,
    hashes,
    rest_table,
)
from safepassage.planner.corridor.gains import Gains
from safepassage.planner.corridor.machine import Machine
from safepassage.planner.corridor.model import Corridor

UNLIMITED = 10**6
SPAN = 900
"""Seconds of the events that share a beam: states of like moments are compared."""

MOST_ESCORTS = 8
"""More escorts than this are never all on the road at once in any plan of a day."""


@dataclass(frozen=True, slots=True)
class Step:
    """One convoy of a chain: when it enters, outward or back, and vehicles by part and pickup."""

    at: int
    outward: bool
    sent: np.ndarray


@dataclass(frozen=True)
class Found:
    """The best chains of a search and the bound on all chains, both under its prices.

    `counted` is the bound where the search also counted a resource; `dropped_most` says that a
    wider beam would make it lower.
    """

    value: float
    bound: float
    chains: tuple[tuple[Step, ...], ...]
    finished: bool
    counted: float = float("inf")
    dropped_most: bool = False


def machine(corridor: Corridor, gains: Gains, resource: Resource | None = None) -> Machine:
    """Return a corridor under given gains as arrays.

    Where a resource is counted, what one vehicle does matters to the others.
    """
    parts = corridor.parts
    most = max(len(one.turns) for one in parts)
    off = np.full((2 * len(parts), most), LATE, dtype=np.int64)
    bays = np.full((len(parts), most), UNLIMITED, dtype=np.int64)
    earliest = np.zeros((len(parts), most), dtype=np.int64)
    few = _few_groups(corridor)
    for f, part in enumerate(parts):
        for p, turn in enumerate(part.turns):
            off[f, p] = min(LATE, turn.into + part.fleet.load + turn.out)
            off[len(parts) + f, p] = min(LATE, part.first_off[p])
            earliest[f, p] = max(0, corridor.problem.opening) + turn.out
            if turn.bays is not None and few and gains.led[f] < 0:
                bays[f, p] = max(1, turn.bays)
    lane = corridor.lane
    escorts = corridor.escorts if corridor.escorts <= MOST_ESCORTS else -1
    waves = (bays < UNLIMITED).any(axis=1)
    last = np.where(off < LATE, off, -LATE).max(axis=1)
    # The first trips wait for bays until all are loaded; later groups until the next ones come.
    number_of = np.array([len(one.fleet.vehicles) for one in parts], dtype=np.int64)
    loads = np.array([one.fleet.load for one in parts], dtype=np.int64)
    rounds = -(-number_of // bays.min(axis=1)) * loads
    first = np.maximum(last[len(parts) :], earliest.max(axis=1)) + rounds
    settled = np.concatenate([last[: len(parts)] + np.where(waves, corridor.apart, 0), first])
    limited = np.isfinite(gains.together).all(axis=(1, 2)) & (gains.together.shape[1] > 1)
    largest = UNLIMITED if lane.largest is None else lane.largest
    number = sum(len(one.fleet.vehicles) for one in parts)
    free = all(one.most >= len(one.fleet.vehicles) for one in parts)
    return Machine(
        turns=np.array([len(one.turns) for one in parts], dtype=np.int64),
        off=off,
        bays=bays,
        earliest=earliest,
        settled=settled,
        lane=np.array([one.lane_time for one in parts], dtype=np.int64),
        back=np.array([one.back_time for one in parts], dtype=np.int64),
        far=np.array([min(one.far) for one in parts], dtype=np.int64),
        load=np.array([one.fleet.load for one in parts], dtype=np.int64),
        vehicles=np.array([len(one.fleet.vehicles) for one in parts], dtype=np.int64),
        most=np.array([min(one.most, UNLIMITED) for one in parts], dtype=np.int64),
        waits=gains.waits,
        seat=gains.seat,
        cost=gains.cost,
        together=gains.together,
        later=gains.later,
        limited=limited,
        out_first=_column(corridor.out_entries, 0),
        out_last=_column(corridor.out_entries, 1),
        in_first=_column(corridor.in_entries, 0),
        in_last=_column(corridor.in_entries, 1),
        headway=lane.headway,
        apart=corridor.apart,
        one_way=bool(lane.one_way),
        least=corridor.least_lane,
        least_off=int(off.min()),
        alone=bool(
            resource is None
            and free
            and number <= largest
            and not limited.any()
            and not waves.any()
            and (gains.led < 0).all()
        ),
        waves=bool(waves.any()),
        largest=largest,
        escorts=escorts,
        slots=2 * max(0, escorts) + (2 * MOST_AWAY if (gains.led >= 0).any() else 0),
        kinds=2 * len(parts),
        step=corridor.step,
        led=gains.led,
        free=gains.free,
        away=gains.away,
        scarce=-1 if resource is None or resource.klass >= 0 else resource.part,
        scarce_at=np.zeros(most, dtype=np.bool_) if resource is None else resource.pickups,
    )


def _few_groups(corridor: Corridor) -> bool:
    """Whether the vehicles on the near side at first fit the groups of a state as they are.

    Only then bays are counted: groups that are joined would wait for each other.
    """
    return len({at for one in corridor.parts for at in one.near_times}) <= MOST_GROUPS


def _column(spans: tuple[tuple[int, int], ...], index: int) -> np.ndarray:
    return np.array([one[index] for one in spans], dtype=np.int64)


def _first_state(corridor: Corridor, m: Machine) -> np.ndarray | None:
    """Return the state before the first convoy, None where it has more groups than fit."""
    wide = 1 + m.kinds
    near: dict[int, np.ndarray] = {}
    far: dict[int, np.ndarray] = {}

    def put(side: dict[int, np.ndarray], at: int, kind: int, number: int) -> None:
        side.setdefault(at, np.zeros(m.kinds, dtype=np.int64))[kind] += number

    for f, part in enumerate(corridor.parts):
        # The second half of a row of a group: those that have not moved yet; on the far side
        # those for whom it costs nothing to be back early.
        for at in part.near_times:
            put(near, at, len(corridor.parts) + f, 1)
        for at in part.far_times:
            put(far, at, len(corridor.parts) + f, 1)
    row = np.zeros(HEAD + m.slots + 2 * MOST_GROUPS * wide, dtype=np.int64)
    row[1] = row[2] = STALE
    for e in range(max(0, m.escorts)):
        ready, is_far = corridor.escort_ready[e]
        row[HEAD + 2 * e] = ready + (m.least if is_far else 0)
        row[HEAD + 2 * e + 1] = ready + (0 if is_far else m.least)
    for i in range(HEAD + 2 * max(0, m.escorts), HEAD + m.slots, 2):
        row[i] = STALE
    for side, start in ((near, HEAD + m.slots), (far, HEAD + m.slots + MOST_GROUPS * wide)):
        times = sorted(side)
        while len(times) > MOST_GROUPS:
            gaps = [b - a for a, b in pairwise(times)]
            index = int(np.argmin(gaps))
            side[times[index]] = side[times[index]] + side.pop(times[index + 1])
            times = sorted(side)
        for g in range(MOST_GROUPS):
            row[start + g * wide] = LATE
        for g, at in enumerate(times):
            row[start + g * wide] = at
            row[start + g * wide + 1 : start + (g + 1) * wide] = side[at]
    return row


@dataclass(slots=True)
class _Cell:
    rows: list[np.ndarray] = field(default_factory=list)
    values: list[np.ndarray] = field(default_factory=list)
    hopes: list[np.ndarray] = field(default_factory=list)
    parents: list[np.ndarray] = field(default_factory=list)
    ways: list[np.ndarray] = field(default_factory=list)
    times: list[np.ndarray] = field(default_factory=list)
    sent: list[np.ndarray] = field(default_factory=list)
    used: list[np.ndarray] = field(default_factory=list)
    losses: list[np.ndarray] = field(default_factory=list)
    gains: list[np.ndarray] = field(default_factory=list)


class EventSearch:
    """Runs the search for one corridor again and again under changing prices."""

    def __init__(self, corridor: Corridor) -> None:
        self.corridor = corridor
        self.room = 1 << 14
        self.buffers: tuple[np.ndarray, ...] | None = None

    def run(
        self,
        gains: Gains,
        *,
        width: int,
        least: float = -1.0,
        chains: int = 5,
        stop: Callable[[], bool] | None = None,
        resource: Resource | None = None,
    ) -> Found:
        """Return the best chains and the bound; states with no hope above `least` are dropped.

        When stopped early the bound is what the states not yet expanded still hope for.
        """
        m = machine(self.corridor, gains, resource)
        number = gains.seat.shape[2]
        rest = rest_table(m, number)
        first = _first_state(self.corridor, m)
        if first is None or m.escorts == 0:
            bound = 0.0 if m.escorts == 0 else float("inf")
            return Found(0.0, bound, (), finished=True)
        return self._search(m, rest, first, width, least, chains, stop, resource)

    def _search(
        self,
        m: Machine,
        rest: np.ndarray,
        first: np.ndarray,
        width: int,
        least: float,
        chains: int,
        stop: Callable[[], bool] | None,
        resource: Resource | None,
    ) -> Found:
        corridor = self.corridor
        arcs: list[Arcs] = []
        span = max(SPAN, corridor.step)
        shape = (len(corridor.parts), gains_width(m))
        cells: dict[int, _Cell] = {0: _Cell()}
        cells[0].rows.append(first[None, :])
        cells[0].values.append(np.zeros(1))
        cells[0].hopes.append(np.full(1, np.inf))
        cells[0].parents.append(np.full(1, -1, dtype=np.int64))
        cells[0].ways.append(np.zeros(1, dtype=np.int8))
        cells[0].times.append(np.zeros(1, dtype=np.int64))
        cells[0].sent.append(np.zeros((1, *shape), dtype=np.int16))
        cells[0].used.append(np.zeros(1, dtype=np.int16))
        cells[0].losses.append(np.zeros(1))
        cells[0].gains.append(np.zeros(1))
        queue = [0]
        dropped = -1.0
        pruned = False
        kept: list[tuple[np.ndarray, ...]] = []
        total = 0
        tops: list[tuple[float, int]] = []
        finished = True
        while queue:
            key = heapq.heappop(queue)
            cell = cells.pop(key)
            if stop is not None and stop():
                finished = False
                dropped = max(dropped, *(float(one.max()) for one in cell.hopes))
                continue
            rows = np.concatenate(cell.rows)
            values = np.concatenate(cell.values)
            hopes = np.concatenate(cell.hopes)
            chosen, lost = _choose(rows, values, hopes, width)
            dropped = max(dropped, lost)
            if resource is not None and total:
                arcs.append(_arcs(cell, rows, chosen, total))
            parents = np.concatenate(cell.parents)[chosen]
            rows, values = rows[chosen], values[chosen]
            ways = np.concatenate(cell.ways)[chosen]
            times = np.concatenate(cell.times)[chosen]
            sent = np.concatenate(cell.sent)[chosen]
            kept.append((parents, ways, times, sent))
            begin = total
            total += len(values)
            best = np.argsort(-values)[:chains]
            tops.extend((float(values[i]), begin + int(i)) for i in best)
            tops.sort(reverse=True)
            del tops[chains:]
            made = self._expand(rows, values, m, rest)
            count, no_room = made[0], made[1]
            dropped = max(dropped, no_room)
            if count == 0:
                continue
            out_rows, out_gains, out_hopes, out_parents, out_ways, out_times, out_sent, out_used = (
                made[2]
            )
            fine = out_hopes[:count] > least
            if not fine.all():
                pruned = True
            index = np.flatnonzero(fine)
            if len(index) == 0:
                continue
            used = out_used
            losses = np.zeros(count)
            if resource is not None:
                uses(
                    rows,
                    out_parents[:count],
                    out_ways[:count],
                    out_times[:count],
                    out_sent[:count],
                    m,
                    resource.part,
                    resource.pickups,
                    resource.klass,
                    used,
                    losses,
                )
            keys = out_times[index] // span
            order = np.argsort(keys, kind="stable")
            index, keys = index[order], keys[order]
            edges = np.flatnonzero(np.diff(keys)) + 1
            for part in np.split(index, edges):
                at = int(out_times[part[0]] // span)
                if at not in cells:
                    cells[at] = _Cell()
                    heapq.heappush(queue, at)
                there = cells[at]
                there.rows.append(out_rows[part])
                there.values.append(out_gains[part])
                there.hopes.append(out_hopes[part])
                there.parents.append(out_parents[part] + begin)
                there.ways.append(out_ways[part])
                there.times.append(out_times[part])
                there.sent.append(out_sent[part])
                there.used.append(used[part])
                there.losses.append(losses[part])
                there.gains.append(out_gains[part] - values[out_parents[part]])
        value = tops[0][0] if tops else 0.0
        bound = max(value, dropped, least if pruned else -1.0)
        counted = float("inf")
        dropped_most = False
        if resource is not None and finished:
            most = max(most_counted(total, arcs, resource.most), least if pruned else -1.0)
            counted = max(most, dropped)
            dropped_most = dropped > most
        found = tuple(_chain(kept, node) for _, node in tops)
        return Found(value, bound, found, finished, counted, dropped_most)

    def _expand(
        self, rows: np.ndarray, values: np.ndarray, m: Machine, rest: np.ndarray
    ) -> tuple[int, float, tuple[np.ndarray, ...]]:
        while True:
            if self.buffers is None:
                self.buffers = (
                    np.empty((self.room, rows.shape[1]), dtype=np.int64),
                    np.empty(self.room),
                    np.empty(self.room),
                    np.empty(self.room, dtype=np.int64),
                    np.empty(self.room, dtype=np.int8),
                    np.empty(self.room, dtype=np.int64),
                    np.empty((self.room, len(m.turns), gains_width(m)), dtype=np.int16),
                    np.empty(self.room, dtype=np.int16),
                )
            count, lost = expand(rows, values, m, rest, *self.buffers)
            if count >= 0:
                return int(count), float(lost), self.buffers
            self.room *= 2
            self.buffers = None


def _arcs(cell: _Cell, rows: np.ndarray, chosen: np.ndarray, begin: int) -> Arcs:
    """Return the convoys that lead to the states chosen of a cell, numbered from `begin` on."""
    code = hashes(rows, len(rows))
    order = np.argsort(code[chosen], kind="stable")
    place = np.searchsorted(code[chosen][order], code)
    place = np.minimum(place, len(chosen) - 1)
    at = order[place]
    fine = code[chosen][at] == code
    return Arcs(
        np.concatenate(cell.parents)[fine],
        begin + at[fine],
        np.concatenate(cell.gains)[fine],
        np.concatenate(cell.used)[fine],
        np.concatenate(cell.losses)[fine],
    )


def gains_width(m: Machine) -> int:
    """Return the most pickups of any part."""
    return int(m.off.shape[1])


def _choose(
    rows: np.ndarray, values: np.ndarray, hopes: np.ndarray, width: int
) -> tuple[np.ndarray, float]:
    """Return the states to keep (one of equal ones, the most hopeful), and the most hope lost."""
    code = hashes(rows, len(rows))
    order = np.lexsort((-values, code))
    same = np.concatenate([[True], code[order][1:] != code[order][:-1]])
    kept = order[same]
    if len(kept) <= width:
        return kept, -1.0
    by_hope = np.argsort(-hopes[kept], kind="stable")
    return kept[by_hope[:width]], float(hopes[kept[by_hope[width]]])


def _chain(kept: list[tuple[np.ndarray, ...]], node: int) -> tuple[Step, ...]:
    """Return the convoys that lead to a state, in order of time."""
    starts = np.cumsum([0] + [len(one[0]) for one in kept])
    steps = []
    while node > 0:
        block = int(np.searchsorted(starts, node, side="right")) - 1
        parents, ways, times, sent = kept[block]
        row = node - int(starts[block])
        steps.append(Step(int(times[row]), int(ways[row]) == 0, sent[row].copy()))
        node = int(parents[row])
    return tuple(reversed(steps))
