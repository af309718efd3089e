"""The people of a mission: classes by what a person uses, and groups by place and wish.

Knows what a class of people needs in a vehicle and who travels with whom. Counts, never names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from safepassage.scenario.figure import Figure

COMPANION = "companion"
"""The class of those who accompany a person; built in, uses one seat."""

NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PersonClass:
    """A class of people: the slots that one person of it uses, and how many companions he has.

    `uses` maps a slot kind (seat, stretcher, wheelchair, oxygen) to a whole number. Companions are
    counted in addition to the people of a group, ride in the same vehicle, and use what the class
    `companion` uses.
    """

    id: str
    uses: Mapping[str, int]
    companions: int = 0
    weight: float = 1.0
    weight_reason: str | None = None
    built_in: bool = False


BUILT_IN_CLASSES: tuple[PersonClass, ...] = (
    PersonClass("walking", {"seat": 1}, built_in=True),
    PersonClass("seated", {"seat": 1}, built_in=True),
    PersonClass("stretcher", {"stretcher": 1}, built_in=True),
    PersonClass("wheelchair", {"wheelchair": 1}, built_in=True),
    PersonClass("oxygen", {"seat": 1, "oxygen": 1}, built_in=True),
    PersonClass(COMPANION, {"seat": 1}, built_in=True),
)


@dataclass(frozen=True, slots=True)
class Ready:
    """From `after` (since the start of the scenario) on, `people` more are ready to board."""

    after: timedelta
    people: int


@dataclass(frozen=True, slots=True)
class Group:
    """People of one class at one place, counted by their wish.

    Only `leave` is planned for. `stay` and `unknown` are kept apart and shown apart. `ready` holds
    increments whose sum is the picked `leave`; empty means that all are ready at the start.
    `wants` names the destinations that the group accepts; empty means any that counts as arrival.
    `households` is the number of households: none of them is split between vehicles.
    """

    id: str
    at: str
    class_id: str
    leave: Figure[int]
    stay: Figure[int] | None = None
    unknown: Figure[int] | None = None
    ready: tuple[Ready, ...] = ()
    wants: tuple[str, ...] = ()
    households: Figure[int] | None = None
    consent: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
