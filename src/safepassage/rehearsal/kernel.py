"""The compiled kernel: one run of a stage, from the opening of the window to the horizon.

Movements are taken in the plan's order. Each leaves when its vehicles and people are ready, its
staff has come, the road before it is free, and the decision table says go; what the draws do to it
on the way is written below in the order in which it can happen. docs/reference/rehearsal.md states
the rules in words; names of streams are those of `rehearsal.draws`.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from safepassage.rehearsal import draws, gate
from safepassage.rehearsal.draws import uniform
from safepassage.rehearsal.event import EVENT_KINDS
from safepassage.rehearsal.laws import TABLE, normal_quantile, quantile
from safepassage.rehearsal.stage import LATE, OUTSIDE, SICK, Counts, Reals, Records, Stage
from safepassage.scenario.rehearsal import UNCERTAIN

KEYS = tuple(UNCERTAIN)
Flags = NDArray[np.bool_]
MOST_BREAKS = 96
MOST_BROUGHT = 64
MOST_BATCHES = 1024
ALL = 63
"""The number of what stops everybody: the weather, a scripted halt, the end of the window."""
HALF_HOUR = 1800.0
_BY_54, _BY_44 = np.uint64(54), np.uint64(44)
_TEN_BITS = np.uint64(TABLE - 1)
"""Loading and unloading take the two highest tens of bits of one draw: TABLE has 2^10 entries."""
HOUR = 3600.0
RECENT = 64
"""Entries into a lane that are remembered to keep the headway."""

# The columns of a row; the same order as event.Row after its number.
(
    ARRIVED,
    CAUGHT,
    MEDICAL,
    BY_CAR,
    LEFT,
    WISHED,
    LAST,
    WAIT,
    WORST,
    MOVED,
    THEIRS,
) = range(11)
COLUMNS = 11

FRAILTY, MEAN, SHARED, DEMAND, CROWD, RATE, SENT, OPENING, FIRST_HALT, FIRST_END, STEPS = range(11)
FIRST_BREAK = 11
FIRST_BREAKS = 5
"""How many parties have their first break filled evenly; those after them draw by hash."""
DIMENSIONS = FIRST_BREAK + FIRST_BREAKS
"""Unknowns of the whole operation that are filled evenly (Sobol), in this order; the first break
of each party, its halt and whether it is the end are among them: they decide most of a run."""

K_MEAN = KEYS.index("truce.mean")
K_SHAPE = KEYS.index("truce.shape")
K_FRAILTY = KEYS.index("truce.frailty")
K_ENDS = KEYS.index("truce.ends_for_good")
K_HALT = KEYS.index("truce.halt")
K_LEARN = KEYS.index("truce.learn")
K_OUTSIDE = KEYS.index("truce.outside")
K_SENT_BACK = KEYS.index("caught.sent_back")
K_GOES_ON = KEYS.index("caught.goes_on")
K_WAY_BACK = KEYS.index("caught.way_back")
K_SLIP_CHANCE = KEYS.index("start.chance")
K_SLIP = KEYS.index("start.slip")
K_SHARED = KEYS.index("travel.shared")
K_NIGHT = KEYS.index("travel.night")
K_DETOUR_CHANCE = KEYS.index("travel.detour_chance")
K_DETOUR = KEYS.index("travel.detour")
K_DETOUR_LEAVES = KEYS.index("travel.detour_leaves")
K_POST_RATE = KEYS.index("checkpoint.rate")
K_SCREENING_CHANCE = KEYS.index("checkpoint.screening_chance")
K_SCREENING = KEYS.index("checkpoint.screening")
K_CALM = KEYS.index("crowding.calm")
K_PRESSED = KEYS.index("crowding.pressed")
K_CRUSH = KEYS.index("crowding.crush")
K_PRESSED_CHANCE = KEYS.index("crowding.pressed_chance")
K_CRUSH_CHANCE = KEYS.index("crowding.crush_chance")
K_LUGGAGE = KEYS.index("crowding.luggage")
K_FAMILIES = KEYS.index("crowding.families")
K_LYING = KEYS.index("crowding.lying_in_buses")
K_LYING_SEATS = KEYS.index("crowding.lying_seats")
K_GROWTH = KEYS.index("demand.growth")
K_LEAVES_LIST = KEYS.index("demand.leaves_list")
K_SENT = KEYS.index("fleet.sent")
K_REFUSAL = KEYS.index("receiving.refusal")
K_REFUSED_FOR = KEYS.index("receiving.wait")
K_TURNED_BACK = KEYS.index("receiving.turned_back")
K_CARS = KEYS.index("cars.number")
K_CAR_PEOPLE = KEYS.index("cars.people")
K_CAR_RATE = KEYS.index("cars.rate")
K_CARS_LATE = KEYS.index("cars.late")
K_STEPS_CHANCE = KEYS.index("counterpart.chance")
K_RELEASE = KEYS.index("counterpart.release")
K_BLOCKED = KEYS.index("counterpart.blocked")
K_PATIENCE = KEYS.index("dispatch.patience")

EVENT_LEVEL = frozenset(
    {
        "truce.halt",
        "truce.learn",
        "start.slip",
        "travel.each",
        "travel.detour",
        "loading.load",
        "loading.unload",
        "checkpoint.screening",
        "crowding.calm",
        "crowding.pressed",
        "crowding.crush",
        "receiving.wait",
        "counterpart.release",
    }
)
"""Quantities that are drawn anew each time; all others are drawn once for a run."""

E_OPENS = EVENT_KINDS.index("opens")
E_BREAK = EVENT_KINDS.index("break")
E_HALT_ENDS = EVENT_KINDS.index("halt ends")
E_ENDS = EVENT_KINDS.index("ends for good")
E_BOARDS = EVENT_KINDS.index("boards")
E_WAITS = EVENT_KINDS.index("waits for go")
E_DEPARTS = EVENT_KINDS.index("departs")
E_PASSES = EVENT_KINDS.index("passes")
E_SCREENED = EVENT_KINDS.index("screened")
E_CAUGHT = EVENT_KINDS.index("caught")
E_HELD = EVENT_KINDS.index("held")
E_GOES_ON = EVENT_KINDS.index("goes on")
E_SENT_BACK = EVENT_KINDS.index("sent back")
E_REFUSED = EVENT_KINDS.index("refused")
E_TURNED_BACK = EVENT_KINDS.index("turned back")
E_ARRIVES = EVENT_KINDS.index("arrives")
E_VOID = EVENT_KINDS.index("void")
E_NOT_RUN = EVENT_KINDS.index("not run")
E_LEAVES = EVENT_KINDS.index("leaves list")
E_CARS = EVENT_KINDS.index("cars arrive")
E_STEP = EVENT_KINDS.index("counterpart moves")
LOG_WIDTH = 6


CLOCK = np.dtype(
    [
        ("horizon", "f8"),
        ("delay", "f8"),  # from the room knowing of a break to the field acting on it
        ("drawn", "i8"),  # whether breaks are drawn
        ("day_second", "f8"),  # local second of day at the start
        ("night_from", "f8"),
        ("night_to", "f8"),
        ("cars_from", "f8"),
        ("cars_to", "f8"),
        ("cars_first", "i8"),
        ("ratio", "f8"),
        ("standing", "i8"),
        ("board_on_gate", "i8"),
        ("by_timetable", "i8"),
        ("plan_again", "i8"),
        ("goes_on", "i8"),
        ("later", "f8"),
        ("hazard", "f8"),
        ("now", "f8"),  # when the rehearsal begins; 0: with the day
        ("opened", "f8"),  # when the window opened, where that is known; -1: it is drawn
        ("since", "f8"),  # since when the word that holds now has held; -LATE: none does
        ("broken", "f8"),  # since when it is broken now; -LATE: it is not
        ("broken_by", "i8"),
        ("broken_for_good", "f8"),  # chance that this is the end
        ("arrived", "i8"),  # persons who had arrived by then
        ("boarded", "i8"),  # who had left by then, those on the road apart
        ("released", "i8"),  # loaded convoys that had
        ("ours", "i8"),  # batches of either side that had arrived by then
        ("theirs", "i8"),
    ],
    align=True,
)
HALT = np.dtype([("begins", "f8"), ("ends", "f8")], align=True)
WEATHER = np.dtype([("begins", "f8"), ("ends", "f8"), ("speed", "f8")], align=True)
BATCH = np.dtype([("at", "f8"), ("people", "i8"), ("theirs", "i8")], align=True)


class Given(NamedTuple):
    """What a run depends on besides its stage: laws, levers, what is scripted, the clock.

    `laws` has a row for each of KEYS; `wide` lists those drawn once a run by a hash of their own,
    `fixed` holds the values of those that are not drawn at all. `hour` is how much likelier a break
    is in each local hour. `ends` tabulates when the weather ends the window. For a rehearsal that
    begins in the middle of the day `opens` tabulates when a window opens that has not opened yet,
    `heals` when a halt ends that is on, and `rate` how often the truce breaks after what has been
    seen of it (in place of the mean and the frailty); all evenly in probability, else empty.
    """

    clock: Records
    laws: Reals
    wide: Counts
    fixed: Reals
    opening: Reals
    ends: Reals
    opens: Reals
    heals: Reals
    rate: Reals
    hour: Reals
    halt: Records
    weather: Records
    batch: Records
    steps: Counts
    table: Flags
    states: Counts


STOP = np.dtype([("at", "f8"), ("known", "f8"), ("to", "f8"), ("by", "i8")], align=True)
UNIT_NOW = np.dtype([("place", "i8"), ("free", "f8"), ("present", "i8")], align=True)
MOVE_NOW = np.dtype([("depart", "f8"), ("arrive", "f8")], align=True)
RIDE_NOW = np.dtype([("ready", "f8"), ("riders", "i8"), ("runs", "i8")], align=True)
POOL_NOW = np.dtype(
    [
        ("demand", "i8"),
        ("shown", "i8"),
        ("told", "i8"),
        ("gone", "i8"),
        ("left", "i8"),
        ("brought_count", "i8"),
        ("halted", "f8"),
        ("waiting", "i8"),  # who can board the movement `counted`
        ("counted", "i8"),
    ],
    align=True,
)
BROUGHT = np.dtype([("at", "f8"), ("heads", "i8")], align=True)
PLACE_NOW = np.dtype([("room", "i8"), ("intake", "f8")], align=True)
ENTRY = np.dtype([("at", "f8"), ("leaves", "f8")], align=True)
POST_NOW = np.dtype([("free", "f8"), ("last", "f8")], align=True)


class Scratch(NamedTuple):
    """Working memory of one thread; every run begins by clearing what it reads."""

    value: Reals
    stop: Records
    unit: Records
    move: Records
    local: Records
    takes: Counts
    pool: Records
    brought: Records
    place: Records
    entry: Records
    entered: Counts
    latest: Reals
    left: Counts
    moved: Counts
    moved_at: Reals
    post: Records
    queue: Reals
    states: Counts


def scratch_for(stage: Stage, given: Given) -> Scratch:
    """Return working memory for a stage."""
    rides = int(np.max(stage.movement["ride1"] - stage.movement["ride0"], initial=1))
    boards = int(np.max(stage.ride["pool1"] - stage.ride["pool0"], initial=1))
    lanes = max(2, 2 * len(stage.lane))
    posts = int(np.max(stage.post["place"], initial=0)) + 1
    steps = int(given.clock[0]["horizon"] / HALF_HOUR) + 2
    return Scratch(
        value=np.zeros(len(KEYS)),
        stop=np.zeros(MOST_BREAKS, dtype=STOP),
        unit=np.zeros(max(1, len(stage.unit)), dtype=UNIT_NOW),
        move=np.zeros(max(1, len(stage.movement)), dtype=MOVE_NOW),
        local=np.zeros(rides, dtype=RIDE_NOW),
        takes=np.zeros((rides, boards), dtype=np.int64),
        pool=np.zeros(max(1, len(stage.pool)), dtype=POOL_NOW),
        brought=np.zeros((max(1, len(stage.pool)), MOST_BROUGHT), dtype=BROUGHT),
        place=np.zeros(max(1, len(stage.place)), dtype=PLACE_NOW),
        entry=np.zeros((lanes, RECENT), dtype=ENTRY),
        entered=np.zeros(lanes, dtype=np.int64),
        latest=np.zeros(lanes),
        left=np.zeros(2, dtype=np.int64),
        moved=np.zeros(2, dtype=np.int64),
        moved_at=np.zeros((2, MOST_BATCHES)),
        post=np.zeros(posts, dtype=POST_NOW),
        queue=np.zeros(steps),
        states=given.states.copy(),
    )


@njit(cache=True)
def _note(log, count, at, kind, movement, unit, people, about):  # type: ignore[no-untyped-def]
    """Write one event where a log is kept; return how many there are."""
    if count < log.shape[0]:
        log[count, 0] = at
        log[count, 1] = kind
        log[count, 2] = movement
        log[count, 3] = unit
        log[count, 4] = people
        log[count, 5] = about
        return count + 1
    return count


@njit(cache=True)
def _age_at(need, scale, shape, begins, given, opening):  # type: ignore[no-untyped-def]
    """Return after how long a hazard of an age and an hour of day has added up to `need`.

    From the first departure on (the opening and `later`) the hazard is `hazard` times as large.
    """
    better = given.clock[0].hazard
    if better != 1.0:
        usual = (max(0.0, opening + given.clock[0].later - begins) / scale) ** shape
        if need > usual:
            if better <= 0.0:
                return LATE
            need = usual + (need - usual) / better
    flat = True
    for hour in range(24):
        if given.hour[hour] != 1.0:
            flat = False
    if flat:
        return scale * need if shape == 1.0 else scale * need ** (1.0 / shape)
    age = 0.0
    done = 0.0
    while begins + age < given.clock[0].horizon:
        clock = begins + age + given.clock[0].day_second
        hour = int(clock / HOUR) % 24
        step = HOUR - (clock - math.floor(clock / HOUR) * HOUR)
        rise = ((age + step) / scale) ** shape - (age / scale) ** shape
        times = given.hour[hour]
        if times > 0.0 and done + rise * times >= need:
            inside = (need - done) / times + (age / scale) ** shape
            return scale * inside ** (1.0 / shape)
        done += rise * times
        age += step
    return LATE


@njit(cache=True)
def _lived(scale, shape, begins, until, given):  # type: ignore[no-untyped-def]
    """Return what a hazard of an age and an hour of day has added up to by a moment."""
    flat = True
    for hour in range(24):
        if given.hour[hour] != 1.0:
            flat = False
    if flat:
        return ((until - begins) / scale) ** shape
    age = 0.0
    done = 0.0
    while begins + age < until:
        clock = begins + age + given.clock[0].day_second
        hour = int(clock / HOUR) % 24
        step = min(until - begins - age, HOUR - (clock - math.floor(clock / HOUR) * HOUR))
        rise = ((age + step) / scale) ** shape - (age / scale) ** shape
        done += rise * given.hour[hour]
        age += step
    return done


@njit(cache=True)
def _at(table, draw):  # type: ignore[no-untyped-def]
    """Return the value of a table that is even in probability."""
    place = draw * (table.shape[0] - 1)
    cell = min(int(place), table.shape[0] - 2)
    low, high = table[cell], table[cell + 1]
    return low if high >= LATE else low + (place - cell) * (high - low)


@njit(cache=True)
def _insert(work, count, at, known, to, by):  # type: ignore[no-untyped-def]
    """Put one break among the others, by its beginning."""
    if count >= MOST_BREAKS:
        return count
    place = count
    while place > 0 and work.stop[place - 1].at > at:
        work.stop[place].at = work.stop[place - 1].at
        work.stop[place].known = work.stop[place - 1].known
        work.stop[place].to = work.stop[place - 1].to
        work.stop[place].by = work.stop[place - 1].by
        place -= 1
    work.stop[place].at = at
    work.stop[place].known = known
    work.stop[place].to = to
    work.stop[place].by = by
    return count + 1


@njit(cache=True)
def _breaks(stage, given, work, key, points, opening):  # type: ignore[no-untyped-def]
    """Draw every break of the run; the same for all plans under the same laws."""
    count = 0
    value = work.value
    if given.clock[0].drawn:
        shape = value[K_SHAPE]
        scale = value[K_MEAN]
        if shape != 1.0:
            scale /= math.gamma(1.0 + 1.0 / shape)
        frailty = math.exp(value[K_FRAILTY] * normal_quantile(points[FRAILTY]))
        if stage.share.shape[0] == 0:
            # Nobody guarantees anything: the law of the window is taken as it is.
            frailty = 1.0
        elif given.rate.shape[0] > 1:
            # With what has been seen of it; the mean is one second then.
            frailty = _at(given.rate, points[FRAILTY])
        parties = stage.share.shape[0]
        at = opening
        number = 0
        lived = 0.0
        age_so_far = 0.0
        if given.clock[0].broken > -LATE:
            to = LATE
            if points[FIRST_END] >= given.clock[0].broken_for_good and given.heals.shape[0] > 1:
                to = _at(given.heals, points[FIRST_HALT])
            begins = given.clock[0].broken
            count = _insert(work, count, begins, begins, to, given.clock[0].broken_by)
            at = to
            number = 1
        elif given.clock[0].since > -LATE:
            # It has held until now: what breaks it comes later.
            at = given.clock[0].since
            age_so_far = given.clock[0].now - at
            lived = _lived(scale, shape, at, given.clock[0].now, given)
        while at < given.clock[0].horizon and number < MOST_BREAKS - 8:
            first = LATE
            by = -1
            for party in range(parties):
                pull = stage.share[party] * frailty
                if pull > 0.0:
                    draw = uniform(key, draws.BREAKS, number * 64 + party)
                    if number == 0 and party < FIRST_BREAKS:
                        draw = points[FIRST_BREAK + party]
                    need = lived - math.log(draw) / pull
                    age = _age_at(need, scale, shape, at, given, opening)
                    if age < first:
                        first = age
                        by = party
            if parties == 0 and frailty > 0.0:
                draw = points[FIRST_BREAK] if number == 0 else uniform(key, draws.BREAKS, number)
                need = lived - math.log(draw) / frailty
                first = _age_at(need, scale, shape, at, given, opening)
                by = ALL
            if value[K_OUTSIDE] > 0.0:
                draw = uniform(key, draws.BREAKS, number * 64 + OUTSIDE)
                age = age_so_far - math.log(draw) * value[K_OUTSIDE]
                if age < first:
                    first = age
                    by = OUTSIDE
            lived = 0.0
            age_so_far = 0.0
            broken = at + first
            if broken >= given.clock[0].horizon:
                break
            learn = quantile(given.laws[K_LEARN], uniform(key, draws.LEARNS, number))
            to = LATE
            last = points[FIRST_END] if number == 0 else uniform(key, draws.ENDS, number)
            if parties > 0 and last >= value[K_ENDS]:
                draw = points[FIRST_HALT] if number == 0 else uniform(key, draws.HALTS, number)
                to = broken + quantile(given.laws[K_HALT], draw)
            known = min(to, broken + learn + given.clock[0].delay)
            count = _insert(work, count, broken, known, to, by)
            at = to
            number += 1
    for halt in range(given.halt.shape[0]):
        begins, to = given.halt[halt].begins, given.halt[halt].ends
        learn = quantile(given.laws[K_LEARN], uniform(key, draws.LEARNS, 1000 + halt))
        known = min(to, begins + learn + given.clock[0].delay)
        if begins <= given.clock[0].now and given.clock[0].now > 0.0:
            known = begins
        count = _insert(work, count, begins, known, to, ALL)
    if given.ends.shape[0] > 1:
        draw = uniform(key, draws.ENDS, 1000) * (given.ends.shape[0] - 1)
        cell = int(draw)
        low, high = given.ends[cell], given.ends[cell + 1]
        end = low if high >= LATE else low + (draw - cell) * (high - low)
        if given.clock[0].opened >= 0.0:
            opening = given.clock[0].opened
        if low < LATE and high < LATE and opening + end < given.clock[0].horizon:
            end += opening
            learn = quantile(given.laws[K_LEARN], uniform(key, draws.LEARNS, 2000))
            count = _insert(work, count, end, end + learn + given.clock[0].delay, LATE, ALL)
    return count


@njit(cache=True)
def _stops(by, holders):  # type: ignore[no-untyped-def]
    """Return whether a break by a party stops what goes over a way held by these."""
    if by == ALL:
        return True
    if by == OUTSIDE:
        return holders != 0
    return (holders >> by) & 1 == 1


@njit(cache=True)
def _go_at(stage, given, work, breaks, movement, at, release, loaded, gone):  # type: ignore[no-untyped-def]
    """Return the first moment from `at` on at which the decision table says go; LATE for never.

    What is believed counts: a break is known only when the room has learnt of it and the last lease
    has run out.
    """
    states = work.states
    holders = stage.movement[movement].holders
    while at < given.clock[0].horizon:
        nxt = at
        promise = gate.STANDS
        for number in range(breaks):
            if (
                work.stop[number].known <= at
                and at < work.stop[number].to
                and _stops(work.stop[number].by, holders)
            ):
                promise = gate.INCIDENT
                nxt = max(nxt, work.stop[number].to)
        road = gate.CLOSED
        opens = LATE
        for span in range(stage.movement[movement].span0, stage.movement[movement].span1):
            if stage.span[span].opens <= at <= stage.span[span].closes:
                road = gate.PROVED
                break
            if stage.span[span].opens > at:
                opens = min(opens, stage.span[span].opens)
        if road == gate.CLOSED:
            nxt = max(nxt, opens)
        other = gate.MOVED
        if loaded and at < release:
            other = gate.WAITING
            nxt = max(nxt, release)
        if loaded and given.batch.shape[0] > 0:
            may = 0
            batch = LATE
            for number in range(given.batch.shape[0]):
                if given.batch[number].at <= at:
                    may += given.batch[number].people
                else:
                    batch = min(batch, given.batch[number].at)
            if may - gone <= 0:
                other = gate.WAITING
                nxt = max(nxt, batch)
        states[gate.PROMISE] = promise
        states[gate.ROAD] = road
        states[gate.COUNTERPART] = other
        if gate.allowed(given.table, states):
            return at
        if nxt <= at:
            return LATE
        at = nxt
    return LATE


@njit(cache=True)
def _headway(stage, work, movement, at, drive):  # type: ignore[no-untyped-def]
    """Return the first moment from `at` on that keeps the headway and a one-way road free."""
    lane = stage.movement[movement].lane
    if lane < 0:
        return at
    gap = stage.lane[lane // 2].headway
    one_way = stage.lane[lane // 2].one_way
    if gap <= 0.0 and not one_way:
        return at
    other = lane ^ 1
    if not one_way and at >= work.latest[lane] + gap:
        return at
    moved = True
    while moved:
        moved = False
        # Entries stand in the order of time: those near `at` are the last ones, or nearly.
        number = work.entered[lane]
        while number > 0 and work.entry[lane, number - 1].at > at - gap:
            number -= 1
        while number < work.entered[lane] and work.entry[lane, number].at < at + gap:
            if work.entry[lane, number].at + gap > at:
                at = work.entry[lane, number].at + gap
                moved = True
            number += 1
        if one_way:
            for number in range(work.entered[other]):
                entry = work.entry[other, number].at
                leaves = work.entry[other, number].leaves
                if entry < at + drive and at < leaves:
                    at = leaves
                    moved = True
    return at


@njit(cache=True)
def _enter(work, lane, at, leaves):  # type: ignore[no-untyped-def]
    """Remember an entry into a lane, in the order of time; when full, forget the oldest half."""
    if work.entered[lane] == RECENT:
        for number in range(RECENT // 2):
            work.entry[lane, number].at = work.entry[lane, number + RECENT // 2].at
            work.entry[lane, number].leaves = work.entry[lane, number + RECENT // 2].leaves
        work.entered[lane] = RECENT // 2
    place = work.entered[lane]
    while place > 0 and work.entry[lane, place - 1].at > at:
        work.entry[lane, place].at = work.entry[lane, place - 1].at
        work.entry[lane, place].leaves = work.entry[lane, place - 1].leaves
        place -= 1
    work.entry[lane, place].at = at
    work.entry[lane, place].leaves = leaves
    work.entered[lane] += 1


@njit(cache=True)
def _other_side(stage, work, side):  # type: ignore[no-untyped-def]
    """Return when as many batches of the other side have moved as this one has sent; LATE if never.

    A side all of whose people have left keeps nobody waiting.
    """
    sent = work.left[side]
    if sent == 0:
        return 0.0
    other = 1 - side
    if work.moved[other] >= sent:
        latest = 0.0
        for batch in range(sent):
            latest = max(latest, work.moved_at[other, batch])
        return latest
    still = 0
    for pool in range(stage.pool.shape[0]):
        if stage.pool[pool].theirs == other:
            still += work.pool[pool].shown - work.pool[pool].gone - work.pool[pool].left
    return LATE if still > 0 else 0.0


@njit(cache=True)
def _by_night(given, at):  # type: ignore[no-untyped-def]
    """Return whether a moment lies in the local hours of the night."""
    clock = (at + given.clock[0].day_second) % 86400.0
    begins, ends = given.clock[0].night_from, given.clock[0].night_to
    if begins > ends:
        return begins <= clock or clock < ends
    return begins <= clock < ends


@njit(cache=True)
def _waiting(stage, work, pool, at):  # type: ignore[no-untyped-def]
    """Return how many of a pool can board at a moment."""
    share = 0.0
    for step in range(stage.pool[pool].ready0, stage.pool[pool].ready1):
        if stage.ready[step].at <= at:
            share = stage.ready[step].share
    count = int(share * work.pool[pool].shown + 1e-9) + work.pool[pool].told
    for batch in range(work.pool[pool].brought_count):
        if work.brought[pool, batch].at <= at:
            count += work.brought[pool, batch].heads
    return max(0, count - work.pool[pool].gone - work.pool[pool].left)


@njit(cache=True)
def _cars(given, work, breaks, value, row, by_hour, log, count):  # type: ignore[no-untyped-def]
    """Let the private cars pass, in half hours: released over their hours with a late share.

    `queue` keeps how many wait before the post at each half hour. Cars pass only while the road is
    open to all; their people are counted when they pass.
    """
    steps = work.queue.shape[0]
    cars = value[K_CARS]
    each = value[K_CAR_PEOPLE]
    late = value[K_CARS_LATE]
    length = max(HALF_HOUR, given.clock[0].cars_to - given.clock[0].cars_from)
    waiting = 0.0
    passed = 0.0
    people = 0
    last = 0.0
    all_came = 0.0
    for step in range(steps):
        begins = step * HALF_HOUR
        middle = begins + HALF_HOUR / 2.0
        came = 0.0
        if begins < given.clock[0].now:
            # What came before is through, or on no record.
            work.queue[step] = 0.0
            continue
        if given.clock[0].cars_from <= middle < given.clock[0].cars_to:
            came = cars * (1.0 - late) * HALF_HOUR / length
        elif given.clock[0].cars_to <= middle < given.clock[0].cars_to + length:
            came = cars * late * HALF_HOUR / length
        waiting += came
        all_came += came
        shut = False
        for number in range(breaks):
            if work.stop[number].at <= middle < work.stop[number].to:
                shut = True
        if not shut:
            through = min(waiting, value[K_CAR_RATE] * 0.5)
            waiting -= through
            passed += through
        work.queue[step] = waiting
        total = int(passed * each + 1e-6)
        if total > people and begins + HALF_HOUR <= given.clock[0].horizon:
            last = begins + HALF_HOUR
            hour = math.ceil(last / HOUR)
            if hour < by_hour.shape[0]:
                by_hour[hour] += total - people
            count = _note(log, count, last, E_CARS, -1, -1, total - people, -1)
            people = total
    row[BY_CAR] = people
    row[ARRIVED] += people
    row[WISHED] += int((all_came if given.clock[0].now > 0.0 else cars) * each)
    return last, count


@njit(cache=True, nogil=True, error_model="numpy")
def play(stage, given, seed, first_run, points, work, rows, hours, log):  # type: ignore[no-untyped-def]
    """Play runs from number `first_run` on, one for each row of `points`; fill `rows` and `hours`.

    One function for all runs: it is compiled once, not once more for each that calls it. `log` is
    kept where it has room; return the number of events in it.
    """
    count = 0
    logging = log.shape[0] > 0
    value = work.value
    for number_of_run in range(points.shape[0]):
        key = draws.run_key(seed, first_run + number_of_run)
        point = points[number_of_run]
        row = rows[number_of_run]
        by_hour = hours[number_of_run]
        for column in range(COLUMNS):
            row[column] = 0.0
        for hour in range(by_hour.shape[0]):
            by_hour[hour] = 0
        for which in range(value.shape[0]):
            value[which] = given.fixed[which]
        for number in range(given.wide.shape[0]):
            which = given.wide[number]
            value[which] = quantile(given.laws[which], uniform(key, draws.WIDE, which))
        value[K_MEAN] = quantile(given.laws[K_MEAN], point[MEAN])
        value[K_SHARED] = quantile(given.laws[K_SHARED], point[SHARED])
        value[K_POST_RATE] = quantile(given.laws[K_POST_RATE], point[RATE])
        value[K_SENT] = quantile(given.laws[K_SENT], point[SENT])

        # ---------------------------------------------------------------- the window
        opening = quantile(given.opening, point[OPENING])
        if uniform(key, draws.SLIPS, 1) < value[K_SLIP_CHANCE]:
            opening += quantile(given.laws[K_SLIP], uniform(key, draws.SLIPS, 0))
        now = given.clock[0].now
        if given.opens.shape[0] > 1:
            opening = _at(given.opens, point[OPENING])
        if given.clock[0].opened >= 0.0:
            opening = now
        opening = max(opening, now)
        if given.rate.shape[0] > 1:
            value[K_MEAN] = 1.0
        breaks = _breaks(stage, given, work, key, point, opening)
        opening += given.clock[0].later
        if logging:
            count = _note(log, count, opening, E_OPENS, -1, -1, -1, -1)
            for number in range(breaks):
                by = work.stop[number].by
                count = _note(log, count, work.stop[number].at, E_BREAK, -1, -1, -1, by)
                if work.stop[number].to < LATE:
                    count = _note(log, count, work.stop[number].to, E_HALT_ENDS, -1, -1, -1, by)
                else:
                    count = _note(log, count, work.stop[number].at, E_ENDS, -1, -1, -1, by)

        # ---------------------------------------------------------------- people and vehicles
        pools = stage.pool.shape[0]
        wished = 0
        for pool in range(pools):
            place = point[DEMAND] * (stage.demand.shape[1] - 1)
            cell = min(int(place), stage.demand.shape[1] - 2)
            low, high = stage.demand[pool, cell], stage.demand[pool, cell + 1]
            demand = int(low + (place - cell) * (high - low) + 0.5)
            work.pool[pool].demand = demand
            work.pool[pool].shown = min(demand, stage.pool[pool].planned)
            work.pool[pool].told = 0
            work.pool[pool].gone = 0
            work.pool[pool].left = 0
            work.pool[pool].brought_count = 0
            work.pool[pool].halted = 0.0
            work.pool[pool].counted = -1
            wished += demand * stage.pool[pool].each
        for side in range(2):
            gone = given.clock[0].ours if side == 0 else given.clock[0].theirs
            work.left[side] = gone
            work.moved[side] = gone
            for batch in range(gone):
                work.moved_at[side, batch] = 0.0
        for unit in range(stage.unit.shape[0]):
            work.unit[unit].place = stage.unit[unit].at
            work.unit[unit].free = stage.unit[unit].ready
            come = value[K_SENT] * stage.unit[unit].vehicles + uniform(key, draws.PRESENT, unit)
            work.unit[unit].present = min(
                stage.unit[unit].vehicles, max(stage.unit[unit].sure, int(come))
            )
        for place in range(stage.place.shape[0]):
            work.place[place].room = stage.place[place].room
            work.place[place].intake = 0.0
        for lane in range(work.entered.shape[0]):
            work.entered[lane] = 0
            work.latest[lane] = -LATE
        for post in range(work.post.shape[0]):
            work.post[post].free = 0.0
            work.post[post].last = -1.0
        row[WISHED] = wished + given.clock[0].arrived
        row[ARRIVED] = given.clock[0].arrived
        if given.clock[0].arrived > 0:
            by_hour[min(by_hour.shape[0] - 1, math.ceil(now / HOUR))] += given.clock[0].arrived
        last = 0.0
        if value[K_CARS] > 0.0:
            last, count = _cars(given, work, breaks, value, row, by_hour, log, count)

        step_by_step = point[STEPS] < value[K_STEPS_CHANCE]
        release = 0.0
        released = given.clock[0].released
        boarded = given.clock[0].boarded
        loaded_moves = 0
        this_round = 0
        moved_in_round = False
        waits = 0.0
        worst = 0.0
        horizon = given.clock[0].horizon

        for movement in range(stage.movement.shape[0]):
            work.move[movement].depart = -1.0
            work.move[movement].arrive = 0.0
            loaded = stage.movement[movement].loaded
            rolling = stage.movement[movement].rolling == 1
            ride0, ride1 = stage.movement[movement].ride0, stage.movement[movement].ride1
            draw = stage.movement[movement].draw

            # ------------------------------------------------------------ is there anything to do
            still = 0
            for pool in range(pools):
                still += work.pool[pool].demand - work.pool[pool].gone - work.pool[pool].left
                for batch in range(work.pool[pool].brought_count):
                    still += work.brought[pool, batch].heads
            if still <= 0:
                break

            # ------------------------------------------------------------ vehicles ready
            first = LATE
            replanned = False
            if given.clock[0].plan_again:
                for number in range(breaks):
                    if work.stop[number].to < LATE:
                        replanned = replanned or work.stop[number].to <= max(
                            stage.movement[movement].plan, 0.0
                        )
            goes_on = given.clock[0].goes_on or (given.clock[0].plan_again and breaks > 0)
            if stage.movement[movement].round > 0 and not goes_on:
                break
            if stage.movement[movement].round != this_round:
                # Where nothing moved in a round nothing has changed for the next.
                if this_round > 0 and not moved_in_round:
                    break
                this_round = stage.movement[movement].round
                moved_in_round = False
            planned = 0.0
            if (
                given.clock[0].by_timetable
                and stage.movement[movement].round == 0
                and not replanned
            ):
                planned = max(now, stage.movement[movement].plan) + given.clock[0].later
            anybody = False
            for ride in range(ride0, ride1):
                here = ride - ride0
                work.local[here].runs = False
                unit = stage.ride[ride].unit
                if rolling:
                    work.local[here].ready = now
                    work.local[here].runs = True
                    anybody = True
                    continue
                if work.unit[unit].present == 0 or work.unit[unit].place != stage.ride[ride].start:
                    continue
                ready = work.unit[unit].free
                if ready >= horizon:
                    continue
                if stage.ride[ride].loaded:
                    bay = stage.ride[ride].bay
                    if bay >= 0 and work.move[bay].depart >= 0.0:
                        ready = max(ready, work.move[bay].depart - stage.ride[ride].before)
                    length = stage.ride[ride].load
                    # Nobody sits down before the word that the window opens is near.
                    begin = max(planned, opening) - length - stage.ride[ride].before
                    ready = max(ready, begin)
                    if given.clock[0].board_on_gate:
                        begin = _go_at(
                            stage,
                            given,
                            work,
                            breaks,
                            movement,
                            max(ready, opening),
                            release,
                            loaded,
                            boarded,
                        )
                        if begin >= LATE:
                            continue
                        ready = begin
                    bits = draws.bits_of(key, draws.LOADS, draw * 4096 + here)
                    ready += length * stage.tables[stage.ride[ride].load_table, bits >> _BY_54]
                work.local[here].ready = ready
                work.local[here].runs = True
                anybody = True
                first = min(first, ready + stage.ride[ride].before)
            if not anybody and ride1 > ride0:
                if logging:
                    count = _note(log, count, planned, E_VOID, movement, -1, -1, -1)
                continue

            # ------------------------------------------------------------ when it may leave
            drive = stage.movement[movement].drive
            at = max(planned, now)
            if ride1 > ride0 and not rolling:
                at = max(at, first)
            at = max(at, stage.movement[movement].crew)
            if loaded or stage.movement[movement].lane >= 0:
                at = max(at, opening)
            for number in range(stage.movement[movement].staff0, stage.movement[movement].staff1):
                brought_by = stage.staff[number]
                if work.move[brought_by].depart >= 0.0:
                    at = max(at, work.move[brought_by].arrive)
            after = release
            side = stage.movement[movement].side
            if loaded and side >= 0:
                # No side is more than one batch ahead: their n-th before our n+1-th.
                after = max(after, _other_side(stage, work, side))
            wanted = at
            if rolling:
                wanted = now
                at = now
            else:
                at = _go_at(stage, given, work, breaks, movement, at, after, loaded, boarded)
            going = at
            if at < LATE and not rolling:
                upto = at + value[K_PATIENCE]
                for ride in range(ride0, ride1):
                    here = ride - ride0
                    if work.local[here].runs:
                        gate_at = work.local[here].ready + stage.ride[ride].before
                        if gate_at <= upto:
                            at = max(at, gate_at)
                        else:
                            work.local[here].runs = False
                at = _headway(stage, work, movement, at, drive)
                while at < LATE and at != going:
                    at = _go_at(stage, given, work, breaks, movement, at, after, loaded, boarded)
                    going = at
                    if at < LATE:
                        at = _headway(stage, work, movement, at, drive)
            if at >= horizon:
                if logging:
                    count = _note(log, count, wanted, E_NOT_RUN, movement, -1, -1, -1)
                continue

            # ------------------------------------------------------------ who rides
            people = 0
            vehicles = 0
            may = 1 << 40
            if loaded and given.batch.shape[0] > 0:
                may = -boarded
                for number in range(given.batch.shape[0]):
                    if given.batch[number].at <= at:
                        may += given.batch[number].people
            crowd = 1.0
            if loaded and not rolling:
                count = _count_waiting(
                    stage, work, breaks, value, movement, ride0, ride1, at, now, log, count
                )
                crowd = _crowd(stage, given, work, key, value, point, movement)
            for ride in range(ride0, ride1):
                here = ride - ride0
                work.local[here].riders = 0
                if not work.local[here].runs:
                    continue
                unit = stage.ride[ride].unit
                vehicles += work.unit[unit].present
                if not stage.ride[ride].loaded:
                    continue
                left = may - people
                if rolling:
                    work.local[here].riders = _aboard(stage, work, ride, here)
                    people += work.local[here].riders
                    continue
                work.local[here].riders = _board(stage, work, value, ride, here, crowd, left)
                people += work.local[here].riders
            if loaded and people == 0:
                if logging:
                    count = _note(log, count, at, E_NOT_RUN, movement, -1, 0, -1)
                continue
            work.move[movement].depart = at
            moved_in_round = True
            boarded += people
            if loaded and side >= 0:
                work.left[side] += 1
            if loaded and not rolling:
                for ride in range(ride0, ride1):
                    here = ride - ride0
                    if work.local[here].runs and stage.ride[ride].loaded:
                        unit = stage.ride[ride].unit
                        if logging:
                            count = _note(
                                log,
                                count,
                                work.local[here].ready,
                                E_BOARDS,
                                movement,
                                unit,
                                work.local[here].riders,
                                -1,
                            )
            if logging and at > wanted:
                count = _note(log, count, wanted, E_WAITS, movement, -1, people, -1)
            # What is on the road has departed long ago.
            begun = stage.movement[movement].plan if rolling else at
            if logging:
                count = _note(log, count, begun, E_DEPARTS, movement, -1, people, -1)
            lane = stage.movement[movement].lane

            # ------------------------------------------------------------ the other side's step
            if loaded and (step_by_step or given.batch.shape[0] > 0):
                theirs = int(people * given.clock[0].ratio)
                if released < given.steps.shape[0]:
                    theirs = given.steps[released]
                row[THEIRS] += theirs
                released += 1
                if step_by_step:
                    draw_at = uniform(key, draws.RELEASES, 2 * released)
                    release = at + quantile(given.laws[K_RELEASE], draw_at)
                    if uniform(key, draws.RELEASES, 2 * released + 1) < value[K_BLOCKED]:
                        draw_at = uniform(key, draws.HALTS, 5000 + released)
                        release += quantile(given.laws[K_HALT], draw_at)
                if logging:
                    count = _note(log, count, at, E_STEP, movement, -1, theirs, -1)

            # ------------------------------------------------------------ on the way
            slow = value[K_SHARED] * stage.each[int(uniform(key, draws.TRAVELS, draw) * TABLE)]
            if value[K_NIGHT] != 1.0 and _by_night(given, at):
                slow /= max(0.01, value[K_NIGHT])
            for number in range(given.weather.shape[0]):
                if given.weather[number].begins <= at < given.weather[number].ends:
                    slow /= max(0.01, given.weather[number].speed)
            if (
                loaded
                and not rolling
                and value[K_DETOUR_CHANCE] > 0.0
                and uniform(key, draws.DETOURS, 2 * draw) < value[K_DETOUR_CHANCE]
            ):
                slow *= quantile(given.laws[K_DETOUR], uniform(key, draws.DETOURS, 2 * draw + 1))
                for pool in range(pools):
                    waiting = _waiting(stage, work, pool, at)
                    work.pool[pool].left += int(waiting * value[K_DETOUR_LEAVES])
            held = 0.0
            screened = (
                loaded
                and value[K_SCREENING_CHANCE] > 0.0
                and stage.movement[movement].caught_to >= 0.0
                and uniform(key, draws.SCREENINGS, draw) < value[K_SCREENING_CHANCE]
            )
            post0, post1 = stage.movement[movement].post0, stage.movement[movement].post1
            if rolling and post0 == post1:
                screened = False
            if stage.movement[movement].held == 1:
                # How much longer it is held nobody knows: as long as a check takes.
                length = quantile(given.laws[K_SCREENING], uniform(key, draws.SCREENED_FOR, draw))
                held += length
                screened = False
                if logging:
                    count = _note(log, count, now, E_SCREENED, movement, -1, people, -1)
            for number in range(post0, post1):
                post = stage.post[number].place
                reaches = at + stage.post[number].after * slow + held
                passes = reaches
                if reaches >= work.post[post].last:
                    passes = max(reaches, work.post[post].free)
                    if given.clock[0].cars_first and value[K_CARS] > 0.0:
                        step = min(work.queue.shape[0] - 1, int(reaches / HALF_HOUR))
                        passes += work.queue[step] / max(1.0, value[K_CAR_RATE]) * HOUR
                    work.post[post].last = passes
                    work.post[post].free = passes + vehicles * HOUR / max(1.0, value[K_POST_RATE])
                held += passes - reaches
                if screened and number == post0:
                    length = quantile(
                        given.laws[K_SCREENING], uniform(key, draws.SCREENED_FOR, draw)
                    )
                    held += length
                    if logging:
                        count = _note(log, count, passes, E_SCREENED, movement, -1, people, post)
                if logging:
                    count = _note(log, count, passes, E_PASSES, movement, -1, people, post)
            if screened and post0 == post1:
                length = quantile(given.laws[K_SCREENING], uniform(key, draws.SCREENED_FOR, draw))
                held += length
                if logging:
                    count = _note(
                        log,
                        count,
                        at + stage.movement[movement].caught_from * slow,
                        E_SCREENED,
                        movement,
                        -1,
                        people,
                        -1,
                    )

            # ------------------------------------------------------------ caught?
            exits = at + drive * slow + held
            fate = E_ARRIVES
            back = 0.0
            if stage.movement[movement].caught_to >= 0.0:
                enters = at + stage.movement[movement].caught_from * slow
                leaves = at + stage.movement[movement].caught_to * slow + held
                was_caught = False
                for number in range(breaks):
                    if fate != E_ARRIVES:
                        break
                    if work.stop[number].to <= enters:
                        continue
                    hit = max(work.stop[number].at, enters)
                    if hit >= leaves:
                        continue
                    if not _stops(work.stop[number].by, stage.movement[movement].holders):
                        continue
                    if not was_caught:
                        row[CAUGHT] += people
                        was_caught = True
                    if logging:
                        count = _note(
                            log, count, hit, E_CAUGHT, movement, -1, people, work.stop[number].by
                        )
                    if uniform(key, draws.FATES, 8 * draw) < value[K_SENT_BACK]:
                        fate = E_SENT_BACK
                        back = hit + (hit - begun) * value[K_WAY_BACK]
                    elif uniform(key, draws.FATES, 8 * draw + 1) < value[K_GOES_ON]:
                        if logging:
                            count = _note(log, count, hit, E_GOES_ON, movement, -1, people, -1)
                        leaves = enters
                    else:
                        fate = E_HELD if work.stop[number].to >= LATE else fate
                        pause = min(work.stop[number].to, max(horizon, hit)) - hit
                        if logging:
                            count = _note(log, count, hit, E_HELD, movement, -1, people, -1)
                        held += pause
                        leaves += pause
                        exits += pause
                        enters = work.stop[number].to
            if lane >= 0:
                leaves_lane = exits if fate == E_ARRIVES else max(at, back)
                _enter(work, lane, begun, leaves_lane)
                work.latest[lane] = max(work.latest[lane], begun)

            # ------------------------------------------------------------ at the far end
            ends = exits
            if fate == E_ARRIVES and ride1 > ride0:
                lead = -1
                for ride in range(ride0, ride1):
                    if work.local[ride - ride0].runs:
                        lead = ride
                        break
                to = stage.ride[lead].end if lead >= 0 else 0
                gate_at = max(exits + stage.ride[lead].after, stage.place[to].opens)
                if loaded:
                    if (
                        value[K_REFUSAL] > 0.0
                        and stage.place[to].arrived
                        and uniform(key, draws.REFUSALS, 2 * draw) < value[K_REFUSAL]
                    ):
                        length = quantile(
                            given.laws[K_REFUSED_FOR], uniform(key, draws.REFUSED_FOR, draw)
                        )
                        if logging:
                            count = _note(log, count, gate_at, E_REFUSED, movement, -1, people, to)
                        held += length
                        gate_at += length
                        if uniform(key, draws.REFUSALS, 2 * draw + 1) < value[K_TURNED_BACK]:
                            fate = E_TURNED_BACK
                            back = gate_at + drive * slow
                    if fate == E_ARRIVES and stage.place[to].pace > 0.0 and people > 0:
                        pace, burst = stage.place[to].pace, stage.place[to].burst
                        enters = max(
                            gate_at, work.place[to].intake - max(0.0, burst - people) / pace
                        )
                        work.place[to].intake = max(work.place[to].intake, enters) + people / pace
                        held += enters - gate_at
                        gate_at = enters
                exits = gate_at - stage.ride[lead].after
            work.move[movement].arrive = exits if fate == E_ARRIVES else max(back, at)
            if loaded and side >= 0 and fate == E_ARRIVES and work.moved[side] < MOST_BATCHES:
                work.moved_at[side, work.moved[side]] = exits
                work.moved[side] += 1

            # ------------------------------------------------------------ waits on board
            if loaded:
                longest = 0.0
                for ride in range(ride0, ride1):
                    here = ride - ride0
                    if work.local[here].runs and work.local[here].riders > 0:
                        sat = at - stage.ride[ride].before - work.local[here].ready
                        longest = max(longest, sat)
                sat = min(horizon - min(horizon, at), held) + max(0.0, longest)
                loaded_moves += 1
                waits += sat
                worst = max(worst, sat)

            # ------------------------------------------------------------ where everybody is now
            for ride in range(ride0, ride1):
                here = ride - ride0
                if not work.local[here].runs:
                    continue
                unit = stage.ride[ride].unit
                rest = 0.0
                if stage.ride[ride].loaded:
                    # The other ten bits of the draw that its loading took.
                    bits = draws.bits_of(key, draws.LOADS, draw * 4096 + here)
                    cell = (bits >> _BY_44) & _TEN_BITS
                    rest = (
                        stage.ride[ride].unload * stage.tables[stage.ride[ride].unload_table, cell]
                    )
                if fate == E_HELD:
                    work.unit[unit].free = LATE
                    continue
                if fate != E_ARRIVES:
                    work.unit[unit].place = stage.ride[ride].start
                    work.unit[unit].free = back + stage.ride[ride].before + rest
                    _return(stage, work, ride, here, back + rest)
                    continue
                reaches = exits + stage.ride[ride].after
                work.unit[unit].place = stage.ride[ride].end
                work.unit[unit].free = reaches + rest
                if work.local[here].riders > 0:
                    ends = max(ends, reaches)
                    _alight(stage, work, value, ride, here, reaches, rest, horizon, row, by_hour)
                    if reaches <= horizon and stage.place[stage.ride[ride].end].arrived:
                        last = max(last, reaches)
                    if logging:
                        count = _note(
                            log,
                            count,
                            reaches,
                            E_ARRIVES,
                            movement,
                            unit,
                            work.local[here].riders,
                            stage.ride[ride].end,
                        )
            if fate != E_ARRIVES:
                boarded -= people if fate != E_HELD else 0
                if logging and fate != E_HELD:
                    count = _note(log, count, back, fate, movement, -1, people, -1)

        left = 0
        for pool in range(pools):
            left += work.pool[pool].left * stage.pool[pool].each
        row[LEFT] = left
        row[LAST] = last if row[ARRIVED] >= row[WISHED] - left else math.inf
        row[MOVED] = loaded_moves
        row[WAIT] = waits / loaded_moves / HOUR if loaded_moves > 0 else 0.0
        row[WORST] = worst / HOUR
    return count


@njit(cache=True)
def _crowd(stage, given, work, key, value, points, movement):  # type: ignore[no-untyped-def]
    """Return how many people board for each seat of this movement's buses.

    Vehicles leave calm where no more wait than there are seats. Where more do, how full they leave
    is a draw for the whole operation, and within it one for the convoy.
    """
    waiting = 0
    seats = 0
    ride0, ride1 = stage.movement[movement].ride0, stage.movement[movement].ride1
    for ride in range(ride0, ride1):
        if work.local[ride - ride0].runs and stage.ride[ride].loaded:
            unit = stage.ride[ride].unit
            seats += stage.unit[unit].seats * work.unit[unit].present // stage.unit[unit].vehicles
    place = stage.ride[ride0].start
    for pool in range(stage.pool.shape[0]):
        if stage.pool[pool].at == place and work.pool[pool].counted == movement:
            waiting += work.pool[pool].waiting * stage.pool[pool].seats
    which = K_CALM
    if waiting > seats:
        if points[CROWD] < value[K_CRUSH_CHANCE]:
            which = K_CRUSH
        elif points[CROWD] < value[K_CRUSH_CHANCE] + value[K_PRESSED_CHANCE]:
            which = K_PRESSED
    draw = uniform(key, draws.CROWDS, stage.movement[movement].draw)
    crowd = quantile(given.laws[which], draw)
    if not given.clock[0].standing:
        crowd = min(crowd, 1.0)
    return crowd * value[K_LUGGAGE] * value[K_FAMILIES]


@njit(cache=True)
def _board(stage, work, value, ride, here, crowd, left):  # type: ignore[no-untyped-def]
    """Let people board one ride, the lying first; return how many persons."""
    unit = stage.ride[ride].unit
    share = work.unit[unit].present / stage.unit[unit].vehicles
    other = int(stage.unit[unit].other * share + 1e-9)
    seats = stage.unit[unit].seats * share
    if stage.unit[unit].other == 0:
        seats *= crowd
    room = int(seats + 1e-9)
    lying = 0
    if stage.unit[unit].other == 0:
        lying = int(seats * value[K_LYING] / max(1.0, value[K_LYING_SEATS]))
    to = stage.ride[ride].end
    persons = 0
    pool0, pool1 = stage.ride[ride].pool0, stage.ride[ride].pool1
    for number in range(pool0, pool1):
        pool = stage.boards[number]
        work.takes[here, number - pool0] = 0
        each = stage.pool[pool].each
        heads = work.pool[pool].waiting
        if heads <= 0:
            continue
        if stage.place[to].arrived:
            heads = min(heads, work.place[to].room // each)
        heads = min(heads, left // each)
        if heads <= 0:
            continue
        needs = stage.pool[pool].seats
        if stage.pool[pool].other > 0:
            if stage.unit[unit].other > 0:
                heads = min(heads, other // stage.pool[pool].other)
            else:
                heads = min(heads, lying)
                needs += int(value[K_LYING_SEATS])
        if needs > 0:
            heads = min(heads, room // needs)
        if heads <= 0:
            continue
        if stage.unit[unit].other > 0:
            other -= heads * stage.pool[pool].other
        elif stage.pool[pool].other > 0:
            lying -= heads
        room -= heads * needs
        left -= heads * each
        persons += heads * each
        work.takes[here, number - pool0] = heads
        work.pool[pool].gone += heads
        work.pool[pool].waiting -= heads
        if stage.place[to].arrived:
            work.place[to].room -= heads * each
    return persons


@njit(cache=True)
def _count_waiting(stage, work, breaks, value, movement, ride0, ride1, at, now, log, count):  # type: ignore[no-untyped-def]
    """Count who can board a movement, once a pool; let those leave the list who lose patience.

    Patience is lost in the halts so far, a share of those who wait for each day of halt.
    """
    halted = 0.0
    for number in range(breaks):
        # Who lost patience before a rehearsal begins has left already.
        begins = max(work.stop[number].at, now)
        if begins >= at:
            break
        halted += min(work.stop[number].to, at) - begins
    for ride in range(ride0, ride1):
        if not work.local[ride - ride0].runs:
            continue
        for number in range(stage.ride[ride].pool0, stage.ride[ride].pool1):
            pool = stage.boards[number]
            if work.pool[pool].counted == movement:
                continue
            work.pool[pool].counted = movement
            waiting = _waiting(stage, work, pool, at)
            days = (halted - work.pool[pool].halted) / 86400.0
            if days > 0.0 and value[K_LEAVES_LIST] > 0.0:
                work.pool[pool].halted = halted
                some = int(waiting * (1.0 - (1.0 - min(1.0, value[K_LEAVES_LIST])) ** days))
                work.pool[pool].left += some
                waiting -= some
                if some > 0 and log.shape[0] > 0:
                    people = some * stage.pool[pool].each
                    count = _note(log, count, at, E_LEAVES, -1, -1, people, stage.pool[pool].at)
            work.pool[pool].waiting = waiting
    return count


@njit(cache=True)
def _aboard(stage, work, ride, here):  # type: ignore[no-untyped-def]
    """Take all who are aboard what is on the road already; return how many persons."""
    persons = 0
    pool0, pool1 = stage.ride[ride].pool0, stage.ride[ride].pool1
    for number in range(pool0, pool1):
        pool = stage.boards[number]
        heads = work.pool[pool].demand - work.pool[pool].gone
        work.takes[here, number - pool0] = heads
        work.pool[pool].gone += heads
        persons += heads * stage.pool[pool].each
    return persons


@njit(cache=True)
def _return(stage, work, ride, here, at):  # type: ignore[no-untyped-def]
    """Put the people of a ride back where they boarded, at a moment."""
    to = stage.ride[ride].end
    pool0, pool1 = stage.ride[ride].pool0, stage.ride[ride].pool1
    for number in range(pool0, pool1):
        heads = work.takes[here, number - pool0]
        if heads > 0:
            pool = stage.boards[number]
            if stage.pool[pool].at < 0:
                _brought(work, stage.follows[pool, stage.ride[ride].start], heads, at)
            else:
                work.pool[pool].gone -= heads
            if stage.place[to].arrived:
                work.place[to].room += heads * stage.pool[pool].each
            work.takes[here, number - pool0] = 0


@njit(cache=True)
def _brought(work, target, heads, at):  # type: ignore[no-untyped-def]
    """Let people wait among those of a pool from a moment on."""
    if target < 0:
        return
    batch = work.pool[target].brought_count
    if batch < MOST_BROUGHT:
        work.brought[target, batch].at = at
        work.brought[target, batch].heads = heads
        work.pool[target].brought_count += 1
    else:
        work.brought[target, MOST_BROUGHT - 1].heads += heads
        work.brought[target, MOST_BROUGHT - 1].at = at


@njit(cache=True)
def _alight(stage, work, value, ride, here, at, rest, horizon, row, by_hour):  # type: ignore[no-untyped-def]
    """Count the people of a ride where they arrive; where they change, let them wait there."""
    to = stage.ride[ride].end
    pool0, pool1 = stage.ride[ride].pool0, stage.ride[ride].pool1
    for number in range(pool0, pool1):
        heads = work.takes[here, number - pool0]
        if heads <= 0:
            continue
        work.takes[here, number - pool0] = 0
        pool = stage.boards[number]
        if not stage.place[to].arrived:
            _brought(work, stage.follows[pool, to], heads, at + rest)
            continue
        if at > horizon:
            continue
        persons = heads * stage.pool[pool].each
        row[ARRIVED] += persons
        if stage.pool[pool].theirs == 1:
            row[THEIRS] += persons
        if stage.pool[pool].stream <= SICK:
            row[MEDICAL] += heads
        hour = math.ceil(at / HOUR)
        if hour < by_hour.shape[0]:
            by_hour[hour] += persons
        hidden = work.pool[pool].demand - work.pool[pool].shown - work.pool[pool].told
        if hidden > 0:
            work.pool[pool].told += min(hidden, int(heads * value[K_GROWTH]))
