"""How many, per whom: several counters side by side, with spread and as-of, never summed.

Two counters who count the same people make two figures, not one sum. Only what one and the same
counter says of different convoys may be added, and is then called a sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from safepassage.ledger.situation import CountKey, Situation, Tally


@dataclass(frozen=True, slots=True)
class Spread:
    """All counters' last figures of one thing, and how far they are apart."""

    key: CountKey
    tallies: tuple[Tally, ...]

    @property
    def lowest(self) -> int:
        """The lowest figure that any counter allows."""
        return min(one.people if one.low is None else one.low for one in self.tallies)

    @property
    def highest(self) -> int:
        """The highest figure that any counter allows."""
        return max(one.people if one.high is None else one.high for one in self.tallies)


@dataclass(frozen=True, slots=True)
class CounterTotal:
    """One counter's own total of one thing: stated by them, or the sum of their own parts."""

    counter: str
    people: int
    summed_from: int
    """0 where the counter states the total; else how many of their counts were added."""


@dataclass(frozen=True, slots=True)
class ConvoyBalance:
    """Departed against arrived of one convoy, each counter apart.

    `missing_low` and `missing_high` span what may be missing over all counters; None where one
    side has not been counted at all. Below zero more were counted on arrival than on departure.
    """

    convoy: str
    departed: Mapping[str, Tally]
    arrived: Mapping[str, Tally]
    turned_back: Mapping[str, Tally]
    missing_low: int | None
    missing_high: int | None


def spreads(now: Situation) -> tuple[Spread, ...]:
    """Return every counted thing with all its counters, in the order of first counting."""
    return tuple(
        Spread(key, tuple(sorted(tallies.values(), key=lambda one: one.seq)))
        for key, tallies in now.counts.items()
    )


def totals(now: Situation, what: str) -> tuple[CounterTotal, ...]:
    """Return, counter by counter, the total of what each has counted of everybody.

    A counter's latest cumulative figure is their total. Where there is none, their own counts by
    convoy are added, as far as those are of all classes and groups.
    """
    stated: dict[str, Tally] = {}
    parts: dict[str, list[int]] = {}
    for key, tallies in now.counts.items():
        if key.what != what or key.person_class is not None or key.group is not None:
            continue
        for counter, tally in tallies.items():
            if tally.cumulative:
                before = stated.get(counter)
                if before is None or before.as_of <= tally.as_of:
                    stated[counter] = tally
            elif key.convoy is not None:
                parts.setdefault(counter, []).append(tally.people)
    result = [CounterTotal(counter, one.people, 0) for counter, one in stated.items()]
    result += [
        CounterTotal(counter, sum(people), len(people))
        for counter, people in parts.items()
        if counter not in stated
    ]
    return tuple(result)


def balances(now: Situation) -> tuple[ConvoyBalance, ...]:
    """Return departed against arrived, convoy by convoy, over all counters."""
    by_convoy: dict[str, dict[str, dict[str, Tally]]] = {}
    for key, tallies in now.counts.items():
        whole = key.person_class is None and key.group is None
        if key.convoy is not None and whole and key.what in {"departed", "arrived", "turned back"}:
            sides = by_convoy.setdefault(key.convoy, {})
            for counter, tally in tallies.items():
                # The same counter at two places: the later count stands for the convoy.
                before = sides.setdefault(key.what, {}).get(counter)
                if before is None or before.as_of <= tally.as_of:
                    sides[key.what][counter] = tally
    return tuple(_balance(convoy, sides) for convoy, sides in by_convoy.items())


def _balance(convoy: str, sides: Mapping[str, Mapping[str, Tally]]) -> ConvoyBalance:
    departed, arrived = sides.get("departed", {}), sides.get("arrived", {})
    low = high = None
    if departed and arrived:
        out, came = _range(departed), _range(arrived)
        low, high = out[0] - came[1], out[1] - came[0]
    return ConvoyBalance(convoy, departed, arrived, sides.get("turned back", {}), low, high)


def _range(tallies: Mapping[str, Tally]) -> tuple[int, int]:
    spread = Spread(CountKey("", None, None, None, None), tuple(tallies.values()))
    return spread.lowest, spread.highest
