"""Who boards a vehicle: orders of groups that fill slots well, or as people stand in the queue."""

from safepassage.planner.problem import FOREVER, Crowd, Fleet, Problem
from safepassage.planner.schedule import NOBODY, Load, Schedule
from safepassage.planner.ways import Way


def share_of(crowd: Crowd, fleet: Fleet) -> float:
    """Return the share of a vehicle that one person takes with his companions; inf if he cannot."""
    shares = []
    for slot, uses in crowd.uses.items():
        slots = fleet.slots.get(slot, 0)
        if slots < uses:
            return float("inf")
        shares.append(uses / slots)
    return max(shares, default=0.0)


class BestFilling:
    """Fill with the most worth: per share of the vehicle, scarce slots first, or per head."""

    def __init__(self) -> None:
        self._orders: dict[tuple[str, str], list[list[Crowd]]] = {}
        self._problem: Problem | None = None

    def orders(self, schedule: Schedule, fleet: Fleet, place: str) -> list[list[Crowd]]:
        """Return the orders of groups that are tried for a kind of vehicle at a place."""
        if schedule.problem is not self._problem:
            self._problem, self._orders = schedule.problem, {}
        key = (fleet.id, place)
        if key not in self._orders:
            fits = [
                one
                for one in schedule.crowds_at.get(place, ())
                if share_of(one, fleet) < float("inf")
            ]
            tried = [
                sorted(fits, key=lambda one: -one.worth / max(share_of(one, fleet), 1e-9)),
                sorted(fits, key=lambda one: (set(one.uses) <= {"seat"}, -one.worth / one.each)),
                sorted(fits, key=lambda one: -one.worth / one.each),
            ]
            kept: list[list[Crowd]] = []
            for one in tried:
                if one not in kept:
                    kept.append(one)
            self._orders[key] = kept
        return self._orders[key]

    def load(
        self,
        schedule: Schedule,
        fleet: Fleet,
        way: Way,
        depart: int,
        arrive: int,
        without: frozenset[str] = frozenset(),
        most: int = FOREVER,
    ) -> Load:
        """Return the load of most worth, or nobody where leaving is worth less than waiting."""
        if schedule.changing.worth(depart, arrive, way.end) <= 0:
            return NOBODY
        persons = min(most, schedule.can_take(way.end, arrive))
        best = NOBODY
        for order in self.orders(schedule, fleet, way.start):
            found = schedule.fill(
                fleet, way.start, way.end, depart - fleet.load, persons, order, without
            )
            if found.worth > best.worth:
                best = found
        return best


class QueueFilling(BestFilling):
    """Fill in the order in which the groups stand in the scenario, as people come forward."""

    def orders(self, schedule: Schedule, fleet: Fleet, place: str) -> list[list[Crowd]]:
        """Return the one order of the scenario."""
        del fleet
        return [list(schedule.crowds_at.get(place, ()))]
