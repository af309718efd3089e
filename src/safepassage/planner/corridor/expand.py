"""One step of the event search, compiled: from states to the states after the next convoy.

A state is one row of whole numbers: when the last event was, when the last convoys entered, where
and when escorts are free, and the vehicles on either side in groups of equal time. Groups that
have long been ready carry the time STALE. Everything here errs to the good of the bound only.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.corridor.gains import NEAR
from safepassage.planner.corridor.machine import Machine, Reals, Whole

STALE = -(10**9)
LATE = 10**10
HEAD = 3
MOST_GROUPS = 10
MOST_AWAY = 6
"""Convoys whose staff who accompany may be away at a time."""

MOST_TIMES = 255
MOST_CHOICES = 4000
MOST_HELD = 3
"""Numbers of vehicles by part that are tried for one convoy; beyond, the bound takes the hope."""


@numba.njit(cache=True, nogil=True)
def next_entry(firsts: Whole, lasts: Whole, at: int) -> int:
    """Return the earliest second from `at` on inside a span, LATE if there is none."""
    for i in range(len(firsts)):
        if at <= lasts[i]:
            return int(max(at, firsts[i]))
    return LATE


@numba.njit(cache=True, nogil=True)
def chain(c: int, at: int, floor: int, m: Machine, rest: Reals) -> float:
    """Return the most that one vehicle can still gain from a time at the near end on."""
    best = 0.0
    parts = len(m.turns)
    f = c % parts
    for p in range(m.turns[f]):
        soonest = max(at + m.off[c, p], m.earliest[f, p], floor)
        entry = next_entry(m.out_first, m.out_last, soonest)
        if entry >= LATE:
            continue
        k = entry // m.step
        best = max(best, m.seat[f, p, k])
        for d in range(m.waits.shape[1]):
            there = entry + m.lane[f] + m.far[f] + m.waits[f, d]
            again = next_entry(m.in_first, m.in_last, there)
            if again >= LATE:
                continue
            kk = (again + m.back[f]) // m.step
            if kk < rest.shape[1]:
                best = max(best, m.seat[f, p, k] - m.cost[f, d, k] + rest[f, kk])
    return best


@numba.njit(cache=True, nogil=True)
def _without(c: int, at: int, floor: int, m: Machine, rest: Reals) -> float:
    """Return the most that one vehicle can still gain whom nobody accompanies."""
    best = 0.0
    parts = len(m.turns)
    f = c % parts
    for p in range(m.turns[f]):
        soonest = max(at + m.off[c, p], m.earliest[f, p], floor)
        entry = next_entry(m.out_first, m.out_last, soonest)
        if entry >= LATE:
            continue
        gain = m.free[f, entry // m.step]
        again = next_entry(m.in_first, m.in_last, entry + m.lane[f] + m.far[f])
        if again < LATE:
            kk = (again + m.back[f]) // m.step
            if kk < rest.shape[1]:
                gain += rest[2 * parts + f, kk]
        best = max(best, gain)
    return best


@numba.njit(cache=True, nogil=True)
def _there_again(at: int, m: Machine) -> int:
    """Return when who accompanies a convoy, or what stands for an intake, is free again."""
    if m.away >= 0:
        return at + m.away
    return min(LATE, next_entry(m.in_first, m.in_last, at + m.least) + m.least)


@numba.njit(cache=True, nogil=True)
def _accompanied(f: int, at: int, m: Machine, rest: Reals) -> float:
    """Return the most that one can still add who accompanies a vehicle out again and again."""
    entry = next_entry(m.out_first, m.out_last, at)
    if entry >= LATE:
        return 0.0
    k = entry // m.step
    gain = m.seat[f, 0, k] - m.free[f, k]
    again = _there_again(entry, m)
    if again // m.step < rest.shape[1]:
        gain += rest[3 * len(m.turns) + f, again // m.step]
    return float(gain)


@numba.njit(cache=True, nogil=True)
def _with_staff(
    row: Whole, f: int, floor_out: int, floor_in: int, m: Machine, rest: Reals
) -> float:
    """Return the most that a part can still gain, those who accompany it counted apart."""
    parts = len(m.turns)
    wide = 1 + m.kinds
    near = HEAD + m.slots
    far = near + MOST_GROUPS * wide
    total = 0.0
    for g in range(MOST_GROUPS):
        a = near + g * wide
        b = far + g * wide
        for c in (f, parts + f):
            if row[a] < LATE and row[a + 1 + c] > 0:
                total += row[a + 1 + c] * _without(c, row[a], floor_out, m, rest)
            if row[b] < LATE and row[b + 1 + c] > 0:
                again = next_entry(m.in_first, m.in_last, max(row[b], floor_in))
                if again < LATE:
                    at = again + m.back[f]
                    total += row[b + 1 + c] * _without(f, at, row[0], m, rest)
    number = m.led[f]
    for i in range(HEAD + 2 * max(0, m.escorts), HEAD + m.slots, 2):
        if row[i + 1] > 0:
            number -= row[i + 1]
            total += row[i + 1] * _accompanied(f, max(row[i], floor_out), m, rest)
    return float(total + number * _accompanied(f, floor_out, m, rest))


@numba.njit(cache=True, nogil=True)
def from_far(
    f: int, ready: int, floor: int, clock: int, number: int, m: Machine, rest: Reals
) -> float:
    """Return the most that vehicles at the far end can still gain, the cost of coming early off."""
    best = 0.0
    k = sent_at(f, ready, m)
    for d in range(m.waits.shape[1]):
        again = next_entry(m.in_first, m.in_last, max(ready + m.waits[f, d], floor))
        if again >= LATE:
            continue
        gain = chain(f, again + m.back[f], clock, m, rest)
        if k >= 0:
            gain -= m.cost[f, d, k]
        best = max(best, gain)
    return number * best


@numba.njit(cache=True, nogil=True)
def sent_at(f: int, ready: int, m: Machine) -> int:
    """Return the step of time at which vehicles that are back at the far end went out, or -1."""
    return -1 if ready <= STALE // 2 else int((ready - m.lane[f] - m.far[f]) // m.step)


@numba.njit(cache=True, nogil=True)
def early_cost(f: int, ready: int, at: int, m: Machine) -> float:
    """Return what it costs a vehicle to be back at the far end at a moment."""
    k = sent_at(f, ready, m)
    if k < 0:
        return 0.0
    d = 0
    while d + 1 < m.waits.shape[1] and ready + m.waits[f, d + 1] <= at:
        d += 1
    return float(m.cost[f, d, k])


@numba.njit(cache=True, nogil=True)
def rest_table(m: Machine, number: int) -> Reals:
    """Return the most one vehicle of a part can still gain by time, then the most convoys can."""
    parts = len(m.turns)
    rest = np.zeros((4 * parts, number))
    for f in range(parts):
        for k in range(number - 1, -1, -1):
            rest[f, k] = chain(f, k * m.step, 0, m, rest)
            if m.led[f] >= 0:
                rest[2 * parts + f, k] = _without(f, k * m.step, 0, m, rest)
                rest[3 * parts + f, k] = _accompanied(f, k * m.step, m, rest)
    # Below: the most that convoys can still gain if each were as full as the fleet and what the
    # destinations take in allow, as often as headway and escorts let one leave.
    bunch = m.escorts if m.escorts > 0 else 1
    turn = 2 * m.least if m.escorts > 0 else m.headway
    if m.escorts <= 0 or bunch * m.headway >= turn:
        bunch, turn = 1, m.headway
    for f in range(parts):
        for k in range(number - 1, -1, -1):
            if turn <= 0:
                rest[parts + f, k] = np.inf
                continue
            total = 0.0
            for i in range(bunch):
                at = next_entry(m.out_first, m.out_last, k * m.step + i * m.headway)
                kk = at // m.step
                if at >= LATE or kk >= number:
                    continue
                if m.limited[f]:
                    total += m.together[f, m.together.shape[1] - 1, kk]
                else:
                    best = 0.0
                    for p in range(m.turns[f]):
                        best = max(best, m.seat[f, p, kk])
                    number_of = min(m.vehicles[f], m.largest, m.most[f])
                    if m.led[f] >= 0 and m.led[f] < number_of:
                        total += best * m.led[f] + m.free[f, kk] * (number_of - m.led[f])
                    else:
                        total += best * number_of
            later = k + turn // m.step
            if later < number and turn >= m.step:
                total += rest[parts + f, later]
            elif turn < m.step:
                total = np.inf
            rest[parts + f, k] = total
    return rest


@numba.njit(cache=True, nogil=True)
def optimistic(row: Whole, m: Machine, rest: Reals) -> float:
    """Return the most that all vehicles of a state still gain when none waits for another."""
    total = 0.0
    parts = len(m.turns)
    wide = 1 + m.kinds
    near = HEAD + m.slots
    far = near + MOST_GROUPS * wide
    floor_out = max(row[0], row[1] + m.headway)
    floor_in = max(row[0], row[2] + m.headway)
    if m.one_way:
        floor_out = max(floor_out, row[2] + m.least)
        floor_in = max(floor_in, row[1] + m.least)
    leader = LATE if m.escorts > 0 else 0
    for e in range(m.escorts):
        leader = min(leader, row[HEAD + 2 * e])
    first = next_entry(m.out_first, m.out_last, max(floor_out, leader))
    for f in range(parts):
        alone = 0.0
        for g in range(MOST_GROUPS):
            a = near + g * wide
            if row[a] < LATE:
                for c in (f, parts + f):
                    if row[a + 1 + c] > 0:
                        alone += row[a + 1 + c] * chain(c, row[a], floor_out, m, rest)
            b = far + g * wide
            if row[b] < LATE and row[b + 1 + f] > 0:
                alone += from_far(f, row[b], floor_in, row[0], row[b + 1 + f], m, rest)
            if row[b] < LATE and row[b + 1 + parts + f] > 0:
                again = next_entry(m.in_first, m.in_last, max(row[b], floor_in))
                if again < LATE:
                    at = again + m.back[f]
                    alone += row[b + 1 + parts + f] * chain(f, at, row[0], m, rest)
        if m.led[f] >= 0:
            alone = min(alone, _with_staff(row, f, floor_out, floor_in, m, rest))
        k = first // m.step
        total += min(alone, rest[parts + f, k]) if k < rest.shape[1] else 0.0
    return total


@numba.njit(cache=True, nogil=True)
def _tidy(table: Whole, clock: int, row: Whole, start: int, m: Machine, is_near: int) -> bool:
    """Mark what has long been ready, sort and join the groups of a side; say whether they fit.

    The groups of `table` (it is used up) are written into the row from `start` on.
    """
    parts = len(m.turns)
    wide = 1 + m.kinds
    many = 0
    size = 2 * MOST_GROUPS
    for g in range(size):
        if table[g, 0] >= LATE:
            continue
        some = False
        ready = table[g, 0]
        for c in range(m.kinds):
            if table[g, 1 + c] > 0:
                some = True
                f = c % parts
                if is_near:
                    ready = max(ready, table[g, 0] + m.settled[c])
                    for p in range(m.turns[f]):
                        ready = max(ready, m.earliest[f, p])
                elif c < parts:
                    for d in range(m.waits.shape[1]):
                        if m.waits[f, d] < LATE:
                            ready = max(ready, table[g, 0] + m.waits[f, d])
        if not some:
            table[g, 0] = LATE
            continue
        # In closed hours "ready" means the reopening: a moment that is still to come stays.
        if is_near:
            ready = next_entry(m.out_first, m.out_last, ready)
        else:
            ready = next_entry(m.in_first, m.in_last, ready)
        if ready < clock:
            table[g, 0] = STALE
        many += 1
    done = np.zeros((size, wide), dtype=np.int64)
    for g in range(size):
        done[g, 0] = LATE
    count = 0
    for _ in range(many):
        # The earliest group that is left; sides have few groups.
        g = 0
        for i in range(1, size):
            if table[i, 0] < table[g, 0]:
                g = i
        if count > 0 and done[count - 1, 0] == table[g, 0]:
            count -= 1
        done[count, 0] = table[g, 0]
        for c in range(m.kinds):
            done[count, 1 + c] += table[g, 1 + c]
        count += 1
        table[g, 0] = LATE
    if count > MOST_GROUPS and is_near and m.waves:
        # Two groups joined would wait for each other at the bays.
        return False
    while count > MOST_GROUPS:
        least = LATE
        at = -1
        for g in range(count - 1):
            fresh = done[g, 0]
            if is_near:
                fresh += m.least_off
            if fresh >= clock and done[g + 1, 0] - done[g, 0] < least:
                least = done[g + 1, 0] - done[g, 0]
                at = g
        if at < 0:
            return False
        for c in range(m.kinds):
            done[at, 1 + c] += done[at + 1, 1 + c]
        if not is_near:
            # Of two times out nothing is known any more: to be back early costs these nothing.
            for f in range(parts):
                done[at, 1 + parts + f] += done[at, 1 + f]
                done[at, 1 + f] = 0
        count -= 1
        for g in range(at + 1, count):
            for c in range(wide):
                done[g, c] = done[g + 1, c]
        done[count, 0] = LATE
        for c in range(m.kinds):
            done[count, 1 + c] = 0
    for g in range(MOST_GROUPS):
        for c in range(wide):
            row[start + g * wide + c] = done[g, c]
    return True


@numba.njit(cache=True, nogil=True)
def _tidy_away(row: Whole, clock: int, m: Machine) -> None:
    """Forget those who accompany who have long been back; sort the others by time."""
    begin = HEAD + 2 * max(0, m.escorts)
    for i in range(begin, HEAD + m.slots, 2):
        if row[i + 1] > 0 and next_entry(m.out_first, m.out_last, row[i]) < clock:
            row[i + 1] = 0
        if row[i + 1] == 0:
            row[i] = STALE
        j = i
        while j > begin and row[j - 2] > row[j]:
            row[j - 2], row[j] = row[j], row[j - 2]
            row[j - 1], row[j + 1] = row[j + 1], row[j - 1]
            j -= 2


@numba.njit(cache=True, nogil=True)
def _away(row: Whole, at: int, m: Machine) -> int:
    """Return how many of those who accompany are not back by a moment."""
    number = 0
    for i in range(HEAD + 2 * max(0, m.escorts), HEAD + m.slots, 2):
        if row[i] > at:
            number += row[i + 1]
    return number


@numba.njit(cache=True, nogil=True)
def _accompany(header: Whole, number: int, at: int, m: Machine) -> bool:
    """Let some accompany a convoy out; say whether there is room to note when they are back."""
    if number <= 0:
        return True
    for i in range(HEAD + 2 * max(0, m.escorts), HEAD + m.slots, 2):
        if header[i + 1] == 0 or header[i] <= at:
            header[i] = _there_again(at, m)
            header[i + 1] = number
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _finish(near: Whole, far: Whole, header: Whole, m: Machine, out: Whole) -> bool:
    """Put a state together; say whether it fits its row."""
    start = HEAD + m.slots
    for i in range(start):
        out[i] = header[i]
    if not _tidy(near, header[0], out, start, m, 1):
        return False
    if not _tidy(far, header[0], out, start + MOST_GROUPS * (1 + m.kinds), m, 0):
        return False
    clock = header[0]
    reach = m.headway
    if m.one_way:
        reach = max(reach, m.least)
    for way in range(2):
        firsts = m.out_first if way == 0 else m.in_first
        lasts = m.out_last if way == 0 else m.in_last
        for e in range(m.escorts):
            if next_entry(firsts, lasts, out[HEAD + 2 * e + way]) < clock:
                out[HEAD + 2 * e + way] = STALE
    _tidy_away(out, clock, m)
    # A convoy holds up its own direction by the headway, on one way also the other one.
    for way in range(2):
        again = out[1 + way] + reach
        own = next_entry(m.out_first, m.out_last, again)
        other_way = next_entry(m.in_first, m.in_last, again)
        if own < clock and other_way < clock:
            out[1 + way] = STALE
    # Escorts are alike: their order says nothing.
    for e in range(1, m.escorts):
        i = e
        while i > 0:
            a, b = HEAD + 2 * i - 2, HEAD + 2 * i
            if out[a] < out[b] or (out[a] == out[b] and out[a + 1] <= out[b + 1]):
                break
            out[a], out[b] = out[b], out[a]
            out[a + 1], out[b + 1] = out[b + 1], out[a + 1]
            i -= 1
    return True


@numba.njit(cache=True, nogil=True)
def _lead(header: Whole, way: int, at: int, m: Machine) -> None:
    """Let an escort lead a convoy; every other one there may ride along, or stay.

    Each escort carries the earliest time at which it could be at the near and at the far end:
    it may ride with any convoy, or go alone while the corridor is open. The one leads that could
    be at the other end last.
    """
    chosen = -1
    for e in range(m.escorts):
        if header[HEAD + 2 * e + way] <= at and (
            chosen < 0 or header[HEAD + 2 * e + 1 - way] > header[HEAD + 2 * chosen + 1 - way]
        ):
            chosen = e
    firsts = m.in_first if way == 0 else m.out_first
    lasts = m.in_last if way == 0 else m.out_last
    again = min(LATE, next_entry(firsts, lasts, at + m.least) + m.least)
    for e in range(m.escorts):
        here = HEAD + 2 * e + way
        there = HEAD + 2 * e + 1 - way
        if e == chosen:
            header[there] = at + m.least
            header[here] = again
        elif header[here] <= at:
            header[there] = min(header[there], at + m.least)


@numba.njit(cache=True, nogil=True)
def _add(table: Whole, time: int, kind: int, number: int) -> bool:
    """Add a number of one kind to the groups of a side; say whether there was room."""
    for g in range(len(table)):
        if table[g, 0] == time or table[g, 0] >= LATE:
            table[g, 0] = time
            table[g, 1 + kind] += number
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _read(row: Whole, start: int, table: Whole, m: Machine) -> None:
    """Read the groups of a side of a state into a table with room for more."""
    wide = 1 + m.kinds
    for g in range(2 * MOST_GROUPS):
        for c in range(wide):
            table[g, c] = row[start + g * wide + c] if g < MOST_GROUPS else 0
        if g >= MOST_GROUPS:
            table[g, 0] = LATE


@numba.njit(cache=True, nogil=True)
def _sorted_once(times: Whole, number: int) -> int:
    """Sort the first times in place, each kept once; return how many are left."""
    left = 0
    for i in range(number):
        time = times[i]
        place = left
        while place > 0 and times[place - 1] > time:
            place -= 1
        if place > 0 and times[place - 1] == time:
            continue
        for j in range(left, place, -1):
            times[j] = times[j - 1]
        times[place] = time
        left += 1
    return left


@numba.njit(cache=True, nogil=True)
def loaded(c: int, p: int, ready: int, at: int, number: int, m: Machine) -> int:
    """Return how many of a group are loaded at a pickup and at the near end by a moment."""
    f = c % len(m.turns)
    begin = max(ready + m.off[c, p], m.earliest[f, p])
    if at < begin or m.off[c, p] >= LATE:
        return 0
    bays = m.bays[f, p]
    # Who came in by convoy: once the next one could be here, bays bind no more (docs/proofs.md).
    free = c < len(m.turns) and at >= ready + m.off[c, p] + m.apart
    if bays >= number or m.load[f] <= 0 or free:
        return number
    return int(min(number, bays * ((at - begin) // m.load[f] + 1)))


@numba.njit(cache=True, nogil=True)
def _by_gain(f: int, k: int, order: Whole, m: Machine) -> None:
    """Write the pickups of a part into `order`, the one where a load gains most first."""
    for p in range(m.turns[f]):
        i = p
        while i > 0 and m.seat[f, order[f, i - 1], k] < m.seat[f, p, k]:
            order[f, i] = order[f, i - 1]
            i -= 1
        order[f, i] = p


@numba.njit(cache=True, nogil=True)
def _not_scarce(c: int, at: int, k: int, ready: int, number: int, m: Machine) -> tuple[int, int]:
    """Return how many of a group must go and need nothing scarce, and how many others need none.

    Each could load at a pickup that is not scarce; the former gain no less there than later.
    """
    f = c % len(m.turns)
    must = 0
    may = 0
    for p in range(m.turns[f]):
        if not m.scarce_at[p] and m.seat[f, p, k] > 0.0:
            there = loaded(c, p, ready, at, number, m)
            may += there
            if m.seat[f, p, k] >= m.later[f, k] * (1.0 - NEAR):
                must += there
    must = min(must, number)
    return must, min(may, number) - must


@numba.njit(cache=True, nogil=True)
def _at_hand(
    f: int,
    at: int,
    k: int,
    table: Whole,
    order: Whole,
    stock: Whole,
    bound: Whole,
    held: Whole,
    number: int,
    m: Machine,
) -> int:
    """Sort the vehicles of a part that can go at a moment; return how many cells may be held.

    `stock[f, i]` counts those whom waiting cannot serve, by pickup in `order`, `bound[g, c]` how
    many of each cell (a group and a sort of vehicle) they are. A cell with others is noted in
    `held`: (group, sort, how many by pickup).
    """
    parts = len(m.turns)
    for i in range(m.turns[f] + 1):
        stock[f, i] = 0
    for g in range(MOST_GROUPS):
        for c in (f, parts + f):
            bound[g, c] = 0
        if table[g, 0] >= LATE:
            continue
        for c in (f, parts + f):
            left = table[g, 1 + c]
            if left <= 0:
                continue
            if number < MOST_HELD:
                for i in range(held.shape[1]):
                    held[number, i] = 0
            size = left
            forced = size
            loose = 0
            if f == m.scarce:
                forced, loose = _not_scarce(c, at, k, table[g, 0], size, m)
            some = 0
            for i in range(m.turns[f]):
                p = order[f, i]
                if m.seat[f, p, k] <= 0.0:
                    break
                taken = min(left, loaded(c, p, table[g, 0], at, size, m))
                left -= taken
                if taken <= 0:
                    continue
                if m.seat[f, p, k] >= m.later[f, k] * (1.0 - NEAR):
                    # Who would take something scarce along may also stay.
                    here = taken if number >= MOST_HELD else min(taken, forced)
                    forced -= here
                    stock[f, i] += here
                    bound[g, c] += here
                    taken -= here
                    if taken > 0:
                        held[number, 2 + i] = taken
                        some += taken
                elif number >= MOST_HELD:
                    # Too many to follow: they go, and gain what the next convoy could bring.
                    stock[f, m.turns[f]] += taken
                    bound[g, c] += taken
                else:
                    held[number, 2 + i] = taken
                    some += taken
            if some > 0:
                held[number, 0] = g
                held[number, 1] = c
                held[number, held.shape[1] - 1] = loose
                number += 1
    return number


@numba.njit(cache=True, nogil=True)
def _leave(near: Whole, f: int, number: int, bound: Whole, m: Machine) -> bool:
    """Take vehicles of a part away that go out; who stays has come first. Say if it fits."""
    parts = len(m.turns)
    there = np.zeros(2, dtype=np.int64)
    for i in range(2):
        for g in range(MOST_GROUPS):
            there[i] += bound[g, f + i * parts]
    both = there[0] > 0 and there[1] > 0
    left = there[0] + there[1] if both else number
    for i in range(2):
        c = f + i * parts
        for g in range(MOST_GROUPS - 1, -1, -1):
            taken = min(left, bound[g, c])
            near[g, 1 + c] -= taken
            left -= taken
    stay = there[0] + there[1] - number
    # Which of the two sorts stay is not followed: those count as ready for anything.
    return not both or stay <= 0 or _add(near, STALE, f, stay)


@numba.njit(cache=True, nogil=True)
def _free_and_early(f: int, at: int, table: Whole, m: Machine, found: Whole) -> None:
    """Count who may go back at no cost, who may at a cost, and in how many groups the latter."""
    parts = len(m.turns)
    found[0] = found[1] = found[2] = 0
    for g in range(MOST_GROUPS):
        if table[g, 0] > at:
            continue
        found[0] += table[g, 1 + parts + f]
        if table[g, 1 + f] > 0:
            if early_cost(f, table[g, 0], at, m) <= 0.0:
                found[0] += table[g, 1 + f]
            else:
                found[1] += table[g, 1 + f]
                found[2] += 1


@numba.njit(cache=True, nogil=True)
def _go_back(far: Whole, f: int, number: int, at: int, m: Machine) -> float:
    """Take vehicles of a part away that go back, the free ones first; return what it costs."""
    parts = len(m.turns)
    left = number
    for g in range(len(far) - 1, -1, -1):
        if far[g, 0] > at:
            continue
        for c in (parts + f, f):
            if far[g, 1 + c] > 0 and (c != f or early_cost(f, far[g, 0], at, m) <= 0.0):
                taken = min(left, far[g, 1 + c])
                far[g, 1 + c] -= taken
                left -= taken
    cost = 0.0
    groups = 0
    for g in range(len(far)):
        if far[g, 0] <= at and far[g, 1 + f] > 0 and early_cost(f, far[g, 0], at, m) > 0.0:
            groups += 1
    while left > 0:
        best = -1
        least = np.inf
        for g in range(len(far)):
            if far[g, 0] <= at and far[g, 1 + f] > 0:
                here = early_cost(f, far[g, 0], at, m)
                if here < least:
                    least = here
                    best = g
        if best < 0:
            break
        taken = min(left, far[best, 1 + f])
        far[best, 1 + f] -= taken
        left -= taken
        cost += taken * least
    if cost > 0.0 and groups > 1:
        # Which of several groups stay is not followed: to be back early costs them nothing.
        for g in range(len(far)):
            if far[g, 0] <= at and far[g, 1 + f] > 0:
                far[g, 1 + parts + f] += far[g, 1 + f]
                far[g, 1 + f] = 0
    return cost


@numba.njit(cache=True, nogil=True)
def _moments(
    row: Whole, side: int, way: int, clock: int, base: int, m: Machine, found: Whole
) -> int:
    """Write the moments at which the next convoy of a direction may leave; -1 if too many."""
    parts = len(m.turns)
    wide = 1 + m.kinds
    firsts = m.out_first if way == 0 else m.in_first
    lasts = m.out_last if way == 0 else m.in_last
    number = 0
    if base >= clock:
        found[number] = base
        number += 1
    if way == 0:
        for i in range(HEAD + 2 * max(0, m.escorts), HEAD + m.slots, 2):
            if row[i + 1] > 0:
                then = next_entry(firsts, lasts, row[i])
                if then > base and then >= clock and then < LATE:
                    found[number] = then
                    number += 1
    for g in range(MOST_GROUPS):
        at = row[side + g * wide]
        if at >= LATE:
            continue
        for c in range(m.kinds):
            many = row[side + g * wide + 1 + c]
            if many <= 0:
                continue
            f = c % parts
            steps = m.turns[f]
            if way == 1:
                steps = m.waits.shape[1] if c < parts else 1
            for p in range(steps):
                if way == 1:
                    r = at + (m.waits[f, p] if c < parts else 0)
                else:
                    r = max(at + m.off[c, p], m.earliest[f, p])
                while r < LATE:
                    then = next_entry(firsts, lasts, r)
                    if then > base and then >= clock and then < LATE:
                        if number >= MOST_TIMES:
                            return -1
                        found[number] = then
                        number += 1
                    if way == 1 or loaded(c, p, at, r, many, m) >= many:
                        break
                    settled = at + m.off[c, p] + m.apart
                    r = r + m.load[f] if c >= parts else min(r + m.load[f], settled)
    return _sorted_once(found, number)


@numba.njit(cache=True, nogil=True)
def _limits(f: int, ready: int, k: int, able: int, m: Machine) -> tuple[int, int]:
    """Return how many of a part must go out where there is room, and how many it pays to send."""
    top = min(ready, m.most[f], m.largest)
    if m.led[f] >= 0:
        # `able` more can be accompanied.
        if m.free[f, k] <= 1e-10:
            top = min(top, able)
        return (top if m.free[f, k] >= m.later[f, k] else min(top, able)), top
    if not m.limited[f]:
        return top, top
    while top > 0 and m.together[f, top, k] <= m.together[f, top - 1, k] + 1e-10:
        top -= 1
    must = 0
    while must < top and (
        m.together[f, must + 1, k] - m.together[f, must, k] >= m.later[f, k] - 1e-10
    ):
        must += 1
    return must, top


@numba.njit(cache=True, nogil=True)
def expand(
    states: Whole,
    values: Reals,
    m: Machine,
    rest: Reals,
    rows: Whole,
    gains: Reals,
    hopes: Reals,
    parents: Whole,
    ways: NDArray[np.int8],
    times: Whole,
    sent: NDArray[np.int16],
    used: NDArray[np.int16],
) -> tuple[int, float]:
    """Write all children of states; return (how many, the most hope of a child without room).

    The number is -1 where the arrays for children are too short.
    """
    parts = len(m.turns)
    wide = 1 + m.kinds
    start = HEAD + m.slots
    span = MOST_GROUPS * wide
    count = 0
    lost = -1.0
    size = 2 * MOST_GROUPS
    moments = np.empty(MOST_TIMES + 1, dtype=np.int64)
    digits = parts + MOST_HELD
    must = np.zeros(parts, dtype=np.int64)
    useful = np.zeros(parts, dtype=np.int64)
    number_of = np.zeros(parts, dtype=np.int64)
    counts = np.zeros(3, dtype=np.int64)
    whole = np.zeros(digits, dtype=np.int64)
    low = np.zeros(digits, dtype=np.int64)
    high = np.zeros(digits, dtype=np.int64)
    pick = np.zeros(digits, dtype=np.int64)
    pickups = sent.shape[2]
    order = np.zeros((parts, pickups), dtype=np.int64)
    stock = np.zeros((parts, pickups + 1), dtype=np.int64)
    bound = np.zeros((MOST_GROUPS, m.kinds), dtype=np.int64)
    held = np.zeros((MOST_HELD + 1, 3 + pickups), dtype=np.int64)
    header = np.empty(start, dtype=np.int64)
    near = np.empty((size, wide), dtype=np.int64)
    other = np.empty((size, wide), dtype=np.int64)
    table = np.empty((size, wide), dtype=np.int64)
    for n in range(len(states)):
        row = states[n]
        clock = row[0]
        for way in range(2):
            outward = way == 0
            firsts = m.out_first if outward else m.in_first
            lasts = m.out_last if outward else m.in_last
            base = (row[1] if outward else row[2]) + m.headway
            if m.one_way:
                base = max(base, (row[2] if outward else row[1]) + m.least)
            leader = LATE
            for e in range(m.escorts):
                leader = min(leader, row[HEAD + 2 * e + way])
            if m.escorts > 0:
                base = max(base, leader)
            base = next_entry(firsts, lasts, base)
            if base >= LATE:
                continue
            side = start if outward else start + span
            number = _moments(row, side, way, clock, base, m, moments)
            if number < 0:
                # Too many moments to try: the hope of the state covers whatever follows.
                lost = max(lost, values[n] + optimistic(row, m, rest))
                continue
            _read(row, side, table, m)
            for turn in range(number):
                at = moments[turn]
                k = at // m.step
                total = 0
                cells = 0
                for i in range(digits):
                    whole[i] = low[i] = high[i] = pick[i] = 0
                if outward:
                    for f in range(parts):
                        _by_gain(f, k, order, m)
                        cells = _at_hand(f, at, k, table, order, stock, bound, held, cells, m)
                    for q in range(cells):
                        for i in range(pickups):
                            high[parts + q] += held[q, 2 + i]
                        # Vehicles that nothing sets apart do the same.
                        whole[parts + q] = 1 if m.alone else 0
                for f in range(parts):
                    if outward:
                        ready = 0
                        for i in range(m.turns[f] + 1):
                            ready += stock[f, i]
                        free = 0
                        for q in range(cells):
                            if held[q, 1] % parts == f:
                                free += high[parts + q]
                        able = m.led[f] - _away(row, at, m) if m.led[f] >= 0 else 0
                        must[f], useful[f] = _limits(f, ready + free, k, able, m)
                        high[f] = min(useful[f], ready)
                        low[f] = max(0, min(must[f], high[f]) - free)
                        total += min(useful[f], ready + free)
                    else:
                        _free_and_early(f, at, table, m, counts)
                        must[f] = min(counts[0], m.most[f], m.largest)
                        high[f] = min(counts[0] + counts[1], m.most[f], m.largest)
                        useful[f] = high[f]
                        low[f] = must[f]
                        whole[f] = 1 if m.alone and counts[2] == 1 else 0
                        total += high[f]
                if total == 0:
                    continue
                choices = 1
                for f in range(parts):
                    low[f] = min(low[f], max(0, m.largest - (total - high[f])))
                    pick[f] = low[f]
                    choices = min(MOST_CHOICES + 1, choices * (high[f] - low[f] + 1))
                for q in range(cells):
                    choices = min(MOST_CHOICES + 1, choices * (high[parts + q] + 1))
                if choices > MOST_CHOICES:
                    lost = max(lost, values[n] + optimistic(row, m, rest))
                    continue
                while True:
                    chosen = 0
                    all_go = True
                    fine = True
                    for f in range(parts):
                        number_of[f] = pick[f]
                        if whole[f] == 1 and must[f] < pick[f] < high[f]:
                            fine = False
                    for q in range(cells):
                        number_of[held[q, 1] % parts] += pick[parts + q]
                        if whole[parts + q] == 1 and 0 < pick[parts + q] < high[parts + q]:
                            fine = False
                    for f in range(parts):
                        chosen += number_of[f]
                        fine = fine and number_of[f] <= useful[f]
                        # Who gains no less now than later goes, as far as it pays.
                        stays = pick[f] < high[f] if outward else pick[f] < must[f]
                        if stays and (number_of[f] < must[f] or not outward):
                            all_go = False
                    if fine and 0 < chosen <= m.largest and (all_go or chosen == m.largest):
                        if count >= len(rows):
                            return -1, lost
                        _read(row, start, near, m)
                        _read(row, start + span, other, m)
                        gain = 0.0
                        fits = True
                        used[count] = 0
                        for i in range(start):
                            header[i] = row[i]
                        for f in range(parts):
                            for p in range(pickups):
                                sent[count, f, p] = 0
                            if number_of[f] <= 0:
                                continue
                            if outward:
                                # The best loads at hand, whoever takes them; those who came last
                                # leave, so that those who stay can do most.
                                left = pick[f]
                                alone = 0.0
                                for i in range(m.turns[f]):
                                    taken = min(left, stock[f, i])
                                    alone += taken * max(m.seat[f, order[f, i], k], m.later[f, k])
                                    sent[count, f, order[f, i]] += taken
                                    left -= taken
                                alone += left * m.later[f, k]
                                sent[count, f, order[f, 0]] += left
                                fits = fits and _leave(near, f, pick[f], bound, m)
                                for q in range(cells):
                                    c = held[q, 1]
                                    if c % parts != f:
                                        continue
                                    left = pick[parts + q]
                                    near[held[q, 0], 1 + c] -= left
                                    if f == m.scarce:
                                        used[count] += max(0, left - held[q, 2 + pickups])
                                    for i in range(m.turns[f]):
                                        taken = min(left, held[q, 2 + i])
                                        alone += taken * m.seat[f, order[f, i], k]
                                        sent[count, f, order[f, i]] += taken
                                        left -= taken
                                there = f
                                if m.led[f] >= 0:
                                    lead = min(number_of[f], m.led[f] - _away(row, at, m))
                                    most = lead * m.seat[f, 0, k]
                                    most += (number_of[f] - lead) * m.free[f, k]
                                    alone = min(alone, most)
                                    there = parts + f
                                    fits = fits and _accompany(header, lead, at, m)
                                if m.limited[f]:
                                    alone = min(alone, m.together[f, number_of[f], k])
                                    there = parts + f
                                gain += alone
                                then = at + m.lane[f] + m.far[f]
                                fits = fits and _add(other, then, there, number_of[f])
                            else:
                                sent[count, f, 0] = pick[f]
                                gain -= _go_back(other, f, pick[f], at, m)
                                fits = fits and _add(near, at + m.back[f], f, pick[f])
                        header[0] = at
                        header[1 + way] = at
                        _lead(header, way, at, m)
                        fits = fits and _finish(near, other, header, m, rows[count])
                        value = values[n] + gain
                        if fits:
                            gains[count] = value
                            hopes[count] = value + optimistic(rows[count], m, rest)
                            parents[count] = n
                            ways[count] = way
                            times[count] = at
                            count += 1
                        else:
                            # No row for it: its parent's hope covers whatever it leads to.
                            lost = max(lost, values[n] + optimistic(row, m, rest))
                    # The next choice, counted like a number with many digits.
                    i = 0
                    while i < parts + cells:
                        if pick[i] < high[i]:
                            pick[i] += 1
                            break
                        pick[i] = low[i]
                        i += 1
                    if i == parts + cells:
                        break
    return count, lost


@numba.njit(cache=True, nogil=True)
def hashes(rows: Whole, count: int) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each row."""
    found = np.empty(count, dtype=np.uint64)
    for i in range(count):
        h = np.uint64(1469598103934665603)
        for j in range(rows.shape[1]):
            h = (h ^ np.uint64(rows[i, j] & 0xFFFFFFFFFF)) * np.uint64(1099511628211)
            h ^= h >> np.uint64(29)
        found[i] = h
    return found
