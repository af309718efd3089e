"""Slip numbers: one a household, or one a person where households are not counted.

A slip is registered before any plan and stays valid when the plan changes: its number comes from
the scenario alone. Which slips ride when comes from the plan.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase

from safepassage.clearance.from_now import MARK
from safepassage.planner.plan import Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.fleet import fleet, seconds_to_load, seconds_to_unload
from safepassage.scenario.figure import Choice
from safepassage.scenario.scenario import Scenario


class SlipError(ValueError):
    """A plan carries households or people for which there is no slip: it cannot be called."""


@dataclass(frozen=True, slots=True)
class Series:
    """The slips of one group: `large` slips of `size + 1` people first, then the others of `size`.

    Without counted households every slip is one person, and `by_household` is False.
    """

    group: str
    prefix: str
    slips: int
    large: int
    size: int
    by_household: bool

    def number(self, slip: int) -> str:
        """Return a slip in print: A-001."""
        digits = max(3, len(str(self.slips)))
        return f"{self.prefix}-{slip:0{digits}}"

    def people(self, slip: int) -> int:
        """Return for how many people a slip is planned, companions left out."""
        return self.size + 1 if slip <= self.large else self.size


@dataclass(frozen=True, slots=True)
class Boarding:
    """Slips of one group that board one trip at its start; `slips` are sorted."""

    trip: Trip
    series: Series
    slips: tuple[int, ...]
    boards: int

    @property
    def people(self) -> int:
        """Return the people of these slips, companions left out."""
        return sum(self.series.people(slip) for slip in self.slips)


def series_of(scenario: Scenario, choice: Choice) -> Mapping[str, Series]:
    """Return the slips of each group, lettered in the order of the scenario."""
    made: dict[str, Series] = {}
    for index, group in enumerate(scenario.groups):
        people = group.leave.pick(choice)
        households = None if group.households is None else group.households.pick(choice)
        if households:
            size, large = divmod(people, households)
            one = Series(group.id, _prefix(index), households, large, size, by_household=True)
        else:
            one = Series(group.id, _prefix(index), people, 0, 1, by_household=False)
        made[group.id] = one
    return made


@dataclass
class _Stock:
    """The slips of one group that wait at one place, first come first."""

    large: deque[int] = field(default_factory=deque)
    small: deque[int] = field(default_factory=deque)


def boardings(verified: VerifiedPlan) -> tuple[Boarding, ...]:
    """Return which slips board which trip, first in first out at every place.

    Raises
    ------
    SlipError
        If a trip carries more households or people than are there with a slip.
    """
    scenario, plan = verified.scenario, verified.plan
    series = series_of(scenario, plan.people)
    stocks = {
        (scenario.group[name].at, name): _Stock(
            deque(range(1, one.large + 1)), deque(range(one.large + 1, one.slips + 1))
        )
        for name, one in series.items()
    }
    entries = fleet(scenario)
    coming: list[tuple[int, Boarding]] = []
    made: list[Boarding] = []
    loaded = [trip for trip in plan.trips if trip.vehicle is not None and trip.groups]
    start_of = {
        id(trip): trip.depart - seconds_to_load(entries[trip.vehicle or ""]) for trip in loaded
    }
    for trip in sorted(loaded, key=lambda one: (start_of[id(one)], one.depart, one.vehicle or "")):
        boards = start_of[id(trip)]
        ready = sorted((one for one in coming if one[0] <= boards), key=lambda one: one[0])
        coming = [one for one in coming if one[0] > boards]
        for _, arrived in ready:
            _put_down(stocks, arrived)
        for group, people in trip.groups.items():
            if people == 0:
                continue
            one = series[group]
            stock = stocks.get((trip.start, group), _Stock())
            boarding = Boarding(trip, one, _take(trip, one, stock, people), boards)
            made.append(boarding)
            if not scenario.place[trip.end].arrived:
                leaves = trip.arrive + seconds_to_unload(entries[trip.vehicle or ""])
                coming.append((leaves, boarding))
    return tuple(made)


def slips_called(verified: VerifiedPlan, boarding: Boarding) -> str:
    """Return whom to call for a boarding: the numbers, or how many of those who are still here.

    A plan from now does not know which slips have left, only how many people.
    """
    series = boarding.series
    if not any(one.startswith(MARK) for one in verified.plan.inputs):
        return in_ranges(series, boarding.slips)
    group = verified.scenario.group[series.group]
    # Who waits at a change of vehicle holds the slip of the place where he lives.
    home = series.group.removesuffix(f"-at-{group.at}")
    names = [one.id for one in verified.scenario.groups]
    prefix = _prefix(names.index(home)) if home in names else series.prefix
    return f"{prefix}: next {len(boarding.slips)} · التالية"


def in_ranges(series: Series, slips: tuple[int, ...]) -> str:
    """Return slips as a reader calls them: "A-001 to A-012, A-020"."""
    parts: list[str] = []
    first = last = 0
    for slip in (*sorted(slips), 0):
        if slip == last + 1 and last:
            last = slip
            continue
        if last:
            ends = series.number(first), series.number(last)
            parts.append(ends[0] if first == last else f"{ends[0]} to {ends[1]}")
        first = last = slip
    return ", ".join(parts)


def _take(trip: Trip, series: Series, stock: _Stock, people: int) -> tuple[int, ...]:
    """Take the slips for so many people from a stock: whole households, or single persons."""
    if series.by_household:
        if series.group not in trip.households:
            raise SlipError(f"{_where(trip, series)}: no count of households, want one")
        households = trip.households[series.group]
        large = people - households * series.size
    else:
        households, large = people, 0
    small = households - large
    if not 0 <= large <= len(stock.large) or not 0 <= small <= len(stock.small):
        raise SlipError(
            f"{_where(trip, series)}: {people} people in {households} slips, but there are"
            f" {len(stock.large)} of {series.size + 1} and {len(stock.small)} of {series.size}"
        )
    taken = [stock.large.popleft() for _ in range(large)]
    taken += [stock.small.popleft() for _ in range(small)]
    return tuple(sorted(taken))


def _put_down(stocks: dict[tuple[str, str], _Stock], arrived: Boarding) -> None:
    """Let the slips of a trip wait where it has brought them."""
    stock = stocks.setdefault((arrived.trip.end, arrived.series.group), _Stock())
    for slip in arrived.slips:
        (stock.large if slip <= arrived.series.large else stock.small).append(slip)


def _where(trip: Trip, series: Series) -> str:
    """Name the boarding in a fault."""
    return f"{trip.vehicle} from {trip.start} at second {trip.depart}, group {series.group}"


def _prefix(index: int) -> str:
    """Return A to Z, then AA, AB ... for the n-th group, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, len(ascii_uppercase))
        letters = ascii_uppercase[rest] + letters
    return letters
