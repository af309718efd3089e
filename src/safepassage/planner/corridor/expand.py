"""One step of the event search, compiled: from states to the states after the next convoy.

A state is one row of whole numbers: when the last event was, when the last convoys entered, where
and when escorts are free, and the vehicles on either side in groups of equal time. Groups that
have long been ready carry the time STALE. Everything here errs to the good of the bound only.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.corridor.machine import Machine, Reals, Whole

STALE = -(10**9)
LATE = 10**10
HEAD = 3
MOST_GROUPS = 10
MOST_HELD = 3


@numba.njit(cache=True, nogil=True)
def next_entry(firsts: Whole, lasts: Whole, at: int) -> int:
    """Return the earliest second from `at` on inside a span, LATE if there is none."""
    for i in range(len(firsts)):
        if at <= lasts[i]:
            return int(max(at, firsts[i]))
    return LATE


@numba.njit(cache=True, nogil=True)
def chain(f: int, at: int, floor: int, m: Machine, rest: Reals) -> float:
    """Return the most that one vehicle can still gain from a time at the near end on."""
    best = 0.0
    for p in range(m.turns[f]):
        entry = next_entry(m.out_first, m.out_last, max(at + m.off[f, p], floor))
        if entry >= LATE:
            continue
        k = entry // m.step
        gain = m.plain[f, p, k] + m.staffed[f, p, k]
        again = next_entry(m.in_first, m.in_last, entry + m.lane[f] + m.far[f])
        if again < LATE:
            kk = (again + m.back[f]) // m.step
            if kk < rest.shape[1]:
                gain += rest[f, kk]
        best = max(best, gain)
    return best


@numba.njit(cache=True, nogil=True)
def rest_table(m: Machine, number: int) -> Reals:
    """Return the most one vehicle of a part can still gain by time, then the most convoys can."""
    parts = len(m.turns)
    rest = np.zeros((2 * parts, number))
    for f in range(parts):
        for k in range(number - 1, -1, -1):
            rest[f, k] = chain(f, k * m.step, 0, m, rest)
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
                if m.together.shape[1] > 1:
                    total += m.together[f, m.together.shape[1] - 1, kk]
                else:
                    best = 0.0
                    for p in range(m.turns[f]):
                        best = max(best, m.plain[f, p, kk] + m.staffed[f, p, kk])
                    total += best * min(m.vehicles[f], m.largest)
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
            if row[a] < LATE and row[a + 1 + f] > 0:
                alone += row[a + 1 + f] * chain(f, row[a], floor_out, m, rest)
            b = far + g * wide
            if row[b] < LATE and row[b + 1 + f] > 0:
                again = next_entry(m.in_first, m.in_last, max(row[b], floor_in))
                if again < LATE:
                    at = again + m.back[f]
                    alone += row[b + 1 + f] * chain(f, at, row[0], m, rest)
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
                if is_near and c < parts:
                    ready = max(ready, table[g, 0] + m.off[c, m.turns[c] - 1])
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
    while count > MOST_GROUPS:
        least = LATE
        at = -1
        for g in range(count - 1):
            fresh = done[g, 0]
            staff = m.kinds > parts and (done[g, 1 + parts] > 0 or done[g + 1, 1 + parts] > 0)
            if is_near and not staff:
                fresh += m.least_off
            if fresh >= clock and done[g + 1, 0] - done[g, 0] < least:
                least = done[g + 1, 0] - done[g, 0]
                at = g
        if at < 0:
            return False
        for c in range(m.kinds):
            done[at, 1 + c] += done[at + 1, 1 + c]
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
    it may ride with any convoy, or go alone. The one leads that could be at the other end last.
    """
    chosen = -1
    for e in range(m.escorts):
        if header[HEAD + 2 * e + way] <= at and (
            chosen < 0 or header[HEAD + 2 * e + 1 - way] > header[HEAD + 2 * chosen + 1 - way]
        ):
            chosen = e
    for e in range(m.escorts):
        here = HEAD + 2 * e + way
        there = HEAD + 2 * e + 1 - way
        if e == chosen:
            header[there] = at + m.least
            header[here] = at + 2 * m.least
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
def _remove(table: Whole, kind: int, number: int, limit: int) -> None:
    """Take away a number of one kind, those that came last first, of groups up to a time."""
    for g in range(len(table) - 1, -1, -1):
        if number <= 0:
            return
        if table[g, 0] <= limit and table[g, 1 + kind] > 0:
            taken = min(number, table[g, 1 + kind])
            table[g, 1 + kind] -= taken
            number -= taken


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
    candidates = np.empty(256, dtype=np.int64)
    ready = np.zeros(parts, dtype=np.int64)
    low = np.zeros(parts, dtype=np.int64)
    high = np.zeros(parts, dtype=np.int64)
    pick = np.zeros(parts, dtype=np.int64)
    held = np.zeros(MOST_HELD, dtype=np.int64)
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
            number = 0
            if base >= clock:
                candidates[number] = base
                number += 1
            for g in range(MOST_GROUPS):
                at = row[side + g * wide]
                if at >= LATE:
                    continue
                for c in range(m.kinds):
                    if row[side + g * wide + 1 + c] <= 0:
                        continue
                    steps = m.turns[c] if outward and c < parts else 1
                    for p in range(steps):
                        r = at + m.off[c, p] if outward and c < parts else at
                        r = next_entry(firsts, lasts, r)
                        if r > base and r >= clock and r < LATE and number < 255:
                            candidates[number] = r
                            number += 1
            if number == 0:
                continue
            number = _sorted_once(candidates, number)
            for turn in range(number):
                at = candidates[turn]
                k = at // m.step
                _read(row, side, table, m)
                # Groups that could wait for a better pickup: each goes as one, or stays as one.
                holds = 0
                if outward:
                    for g in range(MOST_GROUPS - 1, -1, -1):
                        if table[g, 0] >= LATE or holds >= MOST_HELD:
                            continue
                        may = False
                        for f in range(parts):
                            if table[g, 1 + f] <= 0 or table[g, 0] + m.off[f, 0] > at:
                                continue
                            at_hand = 0.0
                            best = 0.0
                            for p in range(m.turns[f]):
                                seat = m.plain[f, p, k] + m.staffed[f, p, k]
                                best = max(best, seat)
                                if table[g, 0] + m.off[f, p] <= at:
                                    at_hand = max(at_hand, seat)
                            if best > at_hand + 1e-12:
                                may = True
                        if may:
                            held[holds] = g
                            holds += 1
                for mask in range(1 << holds):
                    total = 0
                    for f in range(parts):
                        ready[f] = 0
                    for g in range(MOST_GROUPS):
                        if table[g, 0] >= LATE:
                            continue
                        stays = False
                        for h in range(holds):
                            if held[h] == g and (mask >> h) & 1:
                                stays = True
                        if stays:
                            continue
                        for f in range(parts):
                            due = table[g, 0] + (m.off[f, 0] if outward else 0)
                            if table[g, 1 + f] > 0 and due <= at:
                                ready[f] += table[g, 1 + f]
                    helpers = 0
                    if m.kinds > parts:
                        for g in range(MOST_GROUPS):
                            if table[g, 0] <= at:
                                helpers += table[g, 1 + parts]
                    for f in range(parts):
                        total += ready[f]
                        high[f] = ready[f]
                        low[f] = ready[f]
                    if total == 0:
                        continue
                    crowded = total > m.largest
                    for f in range(parts):
                        if crowded:
                            low[f] = max(0, m.largest - (total - ready[f]))
                            high[f] = min(ready[f], m.largest)
                        if outward and ready[f] > 0:
                            best = 0.0
                            bare = 0.0
                            for p in range(m.turns[f]):
                                best = max(best, m.plain[f, p, k] + m.staffed[f, p, k])
                                bare = max(bare, m.plain[f, p, k])
                            if m.together.shape[1] > 1:
                                # Beyond some number the destinations take in no more people at
                                # once: a vehicle that gains nothing, or less, may rather stay.
                                while (
                                    high[f] > 0
                                    and m.together[f, high[f] - 1, k]
                                    >= m.together[f, high[f], k] - 1e-9
                                ):
                                    high[f] -= 1
                                for one in range(1, high[f]):
                                    if m.bend[f, one, k]:
                                        low[f] = min(low[f], one)
                                        break
                                low[f] = min(low[f], high[f])
                            if f == m.staff_part and m.kinds > parts:
                                led = min(ready[f], helpers * m.per)
                                low[f] = min(low[f], led)
                                if bare <= 0:
                                    high[f] = min(high[f], led)
                                    low[f] = min(low[f], high[f])
                    for f in range(parts):
                        low[f] = min(low[f], high[f])
                        pick[f] = low[f]
                    while True:
                        chosen_total = 0
                        for f in range(parts):
                            chosen_total += pick[f]
                        fits = chosen_total <= m.largest
                        if outward and not crowded and m.together.shape[1] > 1:
                            for f in range(parts):
                                if pick[f] < high[f] and f != m.staff_part:
                                    fits = fits and m.bend[f, pick[f], k]
                        if fits and chosen_total > 0:
                            if count >= len(rows):
                                return -1, lost
                            _read(row, start, near, m)
                            _read(row, start + span, other, m)
                            here = near if outward else other
                            there = other if outward else near
                            gain = 0.0
                            fits = True
                            for f in range(parts):
                                for p in range(sent.shape[2]):
                                    sent[count, f, p] = 0
                            for f in range(parts):
                                if pick[f] <= 0:
                                    continue
                                if outward:
                                    part_gain = 0.0
                                    left = pick[f]
                                    led = 10**9
                                    if f == m.staff_part and m.kinds > parts:
                                        led = min(left, helpers * m.per)
                                        used = (led + m.per - 1) // m.per
                                        if used > 0:
                                            _remove(here, parts, used, at)
                                            fits = fits and _add(there, at + m.least, parts, used)
                                    for g in range(MOST_GROUPS):
                                        if left <= 0:
                                            break
                                        if table[g, 0] >= LATE or table[g, 1 + f] <= 0:
                                            continue
                                        stays = False
                                        for h in range(holds):
                                            if held[h] == g and (mask >> h) & 1:
                                                stays = True
                                        if stays or table[g, 0] + m.off[f, 0] > at:
                                            continue
                                        taken = min(left, table[g, 1 + f])
                                        best = 0.0
                                        bare = 0.0
                                        where = 0
                                        for p in range(m.turns[f]):
                                            if table[g, 0] + m.off[f, p] > at:
                                                break
                                            full_gain = m.plain[f, p, k] + m.staffed[f, p, k]
                                            if full_gain > best:
                                                best = full_gain
                                                where = p
                                            bare = max(bare, m.plain[f, p, k])
                                        with_staff = min(taken, led)
                                        led -= with_staff
                                        part_gain += with_staff * best
                                        part_gain += (taken - with_staff) * bare
                                        sent[count, f, where] += taken
                                        left -= taken
                                    if m.together.shape[1] > 1:
                                        part_gain = min(part_gain, m.together[f, pick[f], k])
                                    gain += part_gain
                                    # Those who came last leave, of the groups that go.
                                    left = pick[f]
                                    for g in range(MOST_GROUPS - 1, -1, -1):
                                        if left <= 0:
                                            break
                                        stays = False
                                        for h in range(holds):
                                            if held[h] == g and (mask >> h) & 1:
                                                stays = True
                                        if stays or table[g, 0] + m.off[f, 0] > at:
                                            continue
                                        taken = min(left, here[g, 1 + f])
                                        here[g, 1 + f] -= taken
                                        left -= taken
                                    fits = fits and _add(
                                        there, at + m.lane[f] + m.far[f], f, pick[f]
                                    )
                                else:
                                    sent[count, f, 0] = pick[f]
                                    _remove(here, f, pick[f], at)
                                    left = pick[f]
                                    time = at + m.back[f]
                                    while left > 0:
                                        some = min(left, m.bays[f])
                                        fits = fits and _add(there, time, f, some)
                                        left -= some
                                        time += m.load[f]
                            if not outward and m.kinds > parts and helpers > 0:
                                _remove(here, parts, helpers, at)
                                fits = fits and _add(there, at + m.least, parts, helpers)
                            for i in range(start):
                                header[i] = row[i]
                            header[0] = at
                            if outward:
                                header[1] = at
                            else:
                                header[2] = at
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
                        f = 0
                        while f < parts:
                            if pick[f] < high[f]:
                                pick[f] += 1
                                break
                            pick[f] = low[f]
                            f += 1
                        if f == parts:
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
