"""What people call the places, vehicles, staff, groups and classes of a scenario, in English.

Knows one scenario. `IDS` gives the ids themselves back: for files, and for readers who put names of
another language in their stead.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from safepassage.scenario.scenario import Scenario

CLASS_WORDS: Final = {
    "walking": "walking",
    "seated": "seated wounded",
    "stretcher": "on a stretcher",
    "wheelchair": "in a wheelchair",
    "oxygen": "on oxygen",
    "companion": "companions",
}


class Ids:
    """Calls everything by its id."""

    def place(self, id_: str) -> str:
        """Return what a place is called."""
        return id_

    def corridor(self, id_: str) -> str:
        """Return what a corridor is called."""
        return id_

    def kind(self, kind: str) -> str:
        """Return what a kind of vehicle or of staff is called."""
        return kind

    def people(self, class_id: str) -> str:
        """Return what a class of people is called."""
        return class_id

    def group(self, id_: str) -> str:
        """Return what a group is called."""
        return id_

    def window(self, id_: str) -> str:
        """Return what a window is called."""
        return id_

    def places(self, ids: Iterable[str]) -> str:
        """Return the names of several places."""
        return ", ".join(self.place(one) for one in ids)


IDS: Final = Ids()


class English(Ids):
    """Calls everything by its English name, or by its id in words where none is stated."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._sides = {one.id: one.name for one in scenario.linked}
        self._kinds: dict[str, Mapping[str, str]] = {}
        for fleet in scenario.vehicles:
            self._kinds.setdefault(fleet.kind, fleet.names)
        for person in scenario.staff:
            self._kinds.setdefault(person.kind, person.names)

    def place(self, id_: str) -> str:
        """Return the name of a place, else its id."""
        found = self._scenario.place.get(id_)
        return (found.names.get("en") if found else None) or self._plain(id_)

    def corridor(self, id_: str) -> str:
        """Return the name of a corridor, else its id."""
        found = self._scenario.corridor.get(id_)
        return (found.names.get("en") if found else None) or self._plain(id_)

    def kind(self, kind: str) -> str:
        """Return the name of a kind of vehicle or staff, else the kind."""
        return self._kinds.get(kind, {}).get("en") or self._plain(kind)

    def people(self, class_id: str) -> str:
        """Return the words for a class of people."""
        return class_words(class_id)

    def group(self, id_: str) -> str:
        """Return the name of a group, else who they are and where."""
        found = self._scenario.group.get(id_)
        if found is None:
            return id_
        return found.names.get("en") or f"{self.people(found.class_id)} at {self.place(found.at)}"

    def window(self, id_: str) -> str:
        """Return where a window is, and its id: there may be several."""
        where = next((one.where for one in self._scenario.windows if one.id == id_), "")
        if where in self._scenario.leg:
            leg = self._scenario.leg[where]
            return f"on {self.place(leg.start)} to {self.place(leg.end)} ({id_})"
        if where in self._scenario.corridor:
            return f"on {self.corridor(where)} ({id_})"
        return id_

    def _plain(self, id_: str) -> str:
        """Return an id; what came with a counterpart's scenario is told by whose it is."""
        side, dot, own = id_.partition(".")
        return f"{own} of {self._sides[side]}" if dot and side in self._sides else id_


def class_words(class_id: str) -> str:
    """Return the words for a class of people."""
    return CLASS_WORDS.get(class_id, class_id.replace("_", " ").replace("-", " "))


def numbered(names: Sequence[str]) -> str:
    """Return vehicle or staff names shortened: "bus-01 to bus-12, bus-14"."""
    runs: list[list[str]] = []
    for name in sorted(names):
        if runs and _follows(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    return ", ".join(
        run[0] if len(run) == 1 else ", ".join(run) if len(run) == 2 else f"{run[0]} to {run[-1]}"
        for run in runs
    )


def _follows(first: str, second: str) -> bool:
    """Return whether the second name is the first's next number."""
    kind_1, _, number_1 = first.rpartition("-")
    kind_2, _, number_2 = second.rpartition("-")
    if kind_1 != kind_2 or not number_1.isdecimal() or not number_2.isdecimal():
        return False
    return int(number_2) == int(number_1) + 1
