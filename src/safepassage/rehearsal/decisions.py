"""What a head of cell asks of a rehearsal: go now or wait, what hurts most, what to fix first.

Every difference is taken on the same draws, block against block, and carries its interval. Nothing
here is a go: the answers say what follows from the inputs, a person decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from safepassage.rehearsal.chance import better
from safepassage.rehearsal.outcome import difference, estimate
from safepassage.rehearsal.playing import play_blocks
from safepassage.rehearsal.prepared import Prepared
from safepassage.rehearsal.result import Driver, Wait
from safepassage.rehearsal.summary import Summary
from safepassage.scenario.uncertain import Uncertain

BLOCKS, SIZE = 8, 256
"""Runs of each question: differences on the same draws need few."""
WAITS = (1.0, 2.0, 4.0, 6.0, 10.0)
"""Hours of waiting that are looked at, as far as they leave half of the horizon."""
CUTS = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Shares by which the rate of breaks is cut, between which the break-even is found."""


def decide(
    prepared: Prepared, *, seed: int, threads: int = 0
) -> tuple[tuple[Wait, ...], tuple[Driver, ...]]:
    """Return go-or-wait and the tornado of a plan."""
    base = _played(prepared, seed, threads)
    return go_or_wait(prepared, base, seed=seed, threads=threads), drivers(
        prepared, base, seed=seed, threads=threads
    )


def go_or_wait(
    prepared: Prepared, base: Summary | None = None, *, seed: int, threads: int = 0
) -> tuple[Wait, ...]:
    """Return what waiting some hours costs, and by how much it must cut the risk to pay.

    Going now is compared with going later at the same horizon. From the later departure on the rate
    of breaks is cut by a share; the break-even is the share at which as many arrive as when going
    now, each block with its own, so that it has an interval too.
    """
    base = base or _played(prepared, seed, threads)
    clock = prepared.given.clock[0]
    horizon = (clock["horizon"] - clock["now"]) / 3600.0
    found = []
    for hours in WAITS:
        if hours > horizon / 2:
            continue
        tried = [
            _played(
                prepared.changed(
                    levers=replace(prepared.levers, later=timedelta(hours=hours), hazard=1.0 - cut)
                ),
                seed,
                threads,
            )
            for cut in CUTS
        ]
        crossings = [_crossing(tried, base, number) for number in sorted(base.blocks)]
        known = [one for one in crossings if one is not None]
        cut = low = high = None
        if len(known) == len(crossings):
            even = estimate(known)
            cut, low, high = even.mean, max(0.0, even.low), min(1.0, even.high)
        found.append(Wait(hours, difference(tried[0], base), cut, low, high))
    return tuple(found)


def _crossing(tried: list[Summary], base: Summary, number: int) -> float | None:
    """Return the cut at which one block's arrivals equal those of going now; None if none does."""
    now = int(base.blocks[number].out_sum[-1])
    gains = [int(one.blocks[number].out_sum[-1]) - now for one in tried]
    if gains[0] >= 0:
        return 0.0
    for (cut, gain), (next_cut, next_gain) in pairwise(zip(CUTS, gains, strict=True)):
        if next_gain >= 0:
            return cut + (next_cut - cut) * -gain / max(1, next_gain - gain)
    return None


def drivers(
    prepared: Prepared, base: Summary | None = None, *, seed: int, threads: int = 0
) -> tuple[Driver, ...]:
    """Return the tornado: what each change does to arrived and caught, the largest first."""
    base = base or _played(prepared, seed, threads)
    found = []
    for key, words, kind, changed in _changes(prepared):
        change = difference(_played(changed, seed, threads), base)
        if change.arrived.mean or change.caught.mean:
            found.append(Driver(key, words, kind, change))
    return tuple(sorted(found, key=lambda one: (-abs(one.change.arrived.mean), one.kind, one.key)))


def _played(prepared: Prepared, seed: int, threads: int) -> Summary:
    return play_blocks(prepared, seed=seed, numbers=range(BLOCKS), size=SIZE, threads=threads)


def _changes(prepared: Prepared) -> Iterator[tuple[str, str, str, Prepared]]:
    """Yield every change: its key, words, whether it mends or hurts, and the plan under it."""
    beliefs, levers = prepared.beliefs, prepared.levers

    def law(key: str, change: Callable[[Uncertain], Uncertain]) -> Prepared:
        return prepared.changed(beliefs=beliefs.with_law(key, change(beliefs[key])))

    def fixed(key: str, value: float) -> Prepared:
        return law(key, lambda one: replace(one, law="fixed", numbers=(value,)))

    def scaled(key: str, factor: float) -> Prepared:
        return law(key, lambda one: better(one, factor))

    for party in prepared.setting.names.parties:
        name = prepared.scenario.party[party].name()
        yield f"party.{party}", f"{name} never breaks it", "fix", prepared.changed(certain=party)
    if prepared.given.clock[0]["drawn"]:
        if prepared.rest is None:
            yield "truce.mean", "breaks twice as often", "hurts", scaled("truce.mean", 0.5)
            yield "truce.mean", "breaks half as often", "fix", scaled("truce.mean", 2.0)
        else:
            # From now on: what has been stays as it was.
            often = prepared.changed(levers=replace(levers, hazard=2.0))
            yield "truce.mean", "breaks twice as often", "hurts", often
            seldom = prepared.changed(levers=replace(levers, hazard=0.5))
            yield "truce.mean", "breaks half as often", "fix", seldom
        if prepared.setting.has_parties:
            yield "truce.halt", "halts half as long", "fix", scaled("truce.halt", 0.5)
            yield "truce.frailty", "all fail together more", "hurts", fixed("truce.frailty", 1.0)
            yield "truce.learn", "a break is known at once", "fix", fixed("truce.learn", 0.0)
    if not prepared.given.clock[0]["board_on_gate"]:
        yield (
            "board_on_gate",
            "board only on a confirmed gate",
            "fix",
            prepared.changed(levers=replace(levers, board_on_gate=True)),
        )
    yield "travel.shared", "the road a fifth faster", "fix", scaled("travel.shared", 0.8)
    yield "travel.shared", "the road a fifth slower", "hurts", scaled("travel.shared", 1.2)
    yield "loading.load", "loading a third faster", "fix", scaled("loading.load", 2 / 3)
    if prepared.setting.has_parties:
        yield (
            "checkpoint.screening_chance",
            "no check that was not agreed",
            "fix",
            fixed("checkpoint.screening_chance", 0.0),
        )
        yield (
            "checkpoint.screening_chance",
            "three convoys of ten are checked",
            "hurts",
            fixed("checkpoint.screening_chance", 0.3),
        )
    if prepared.scenario.linked:
        yield (
            "counterpart.chance",
            "never step by step with the other side",
            "fix",
            fixed("counterpart.chance", 0.0),
        )
    if prepared.setting.has_parties:
        yield (
            "counterpart.chance",
            "step by step with another side",
            "hurts",
            fixed("counterpart.chance", 1.0),
        )
    yield "fleet.sent", "all vehicles promised come", "fix", fixed("fleet.sent", 1.0)
    yield "fleet.sent", "seven vehicles of ten come", "hurts", fixed("fleet.sent", 0.7)
    yield (
        "crowding.calm",
        "nobody stands: vehicles leave calm",
        "hurts",
        prepared.changed(
            beliefs=beliefs.with_law(
                "crowding.pressed_chance", _never(beliefs["crowding.pressed_chance"])
            ).with_law("crowding.crush_chance", _never(beliefs["crowding.crush_chance"]))
        ),
    )
    yield "receiving.refusal", "nobody is refused", "fix", fixed("receiving.refusal", 0.0)


def _never(law: Uncertain) -> Uncertain:
    return replace(law, law="fixed", numbers=(0.0,))
