"""A scenario: everything that is given before a plan is made, checked whole at the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from safepassage.scenario.fleet import Staff, Vehicles
from safepassage.scenario.linked import Linked
from safepassage.scenario.parties import Agreement, Party, Source
from safepassage.scenario.people import Group, PersonClass
from safepassage.scenario.places import Corridor, Leg, Place
from safepassage.scenario.rehearsal import RehearsalWanted
from safepassage.scenario.roads import RoadsWanted
from safepassage.scenario.rules import Rules
from safepassage.scenario.window import Law, Opening, Window


@dataclass(frozen=True)
class Scenario:
    """One mission as it is known at `start` (minute 0).

    `sha256` is the hash of scenario.toml, `inputs` that of every other file read, by path.
    `classes` holds the built-in ones too. Tuples keep the order of the file.
    """

    name: str
    start: datetime
    horizon: timedelta
    sha256: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    parties: tuple[Party, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    places: tuple[Place, ...] = ()
    legs: tuple[Leg, ...] = ()
    corridors: tuple[Corridor, ...] = ()
    classes: tuple[PersonClass, ...] = ()
    groups: tuple[Group, ...] = ()
    vehicles: tuple[Vehicles, ...] = ()
    staff: tuple[Staff, ...] = ()
    windows: tuple[Window, ...] = ()
    opening: Opening | None = None
    ending: Law = field(default_factory=Law)
    rules: Rules = field(default_factory=Rules)
    linked: tuple[Linked, ...] = ()
    roads: RoadsWanted | None = None
    rehearsal: RehearsalWanted | None = None
    summary: str | None = None
    as_of: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def place(self) -> Mapping[str, Place]:
        """Places by id."""
        return {one.id: one for one in self.places}

    @cached_property
    def leg(self) -> Mapping[str, Leg]:
        """Legs by id."""
        return {one.id: one for one in self.legs}

    @cached_property
    def corridor(self) -> Mapping[str, Corridor]:
        """Corridors by id."""
        return {one.id: one for one in self.corridors}

    @cached_property
    def person_class(self) -> Mapping[str, PersonClass]:
        """Classes of people by id, the built-in ones included."""
        return {one.id: one for one in self.classes}

    @cached_property
    def group(self) -> Mapping[str, Group]:
        """Groups by id."""
        return {one.id: one for one in self.groups}

    @cached_property
    def source(self) -> Mapping[str, Source]:
        """Sources by id."""
        return {one.id: one for one in self.sources}

    @cached_property
    def party(self) -> Mapping[str, Party]:
        """Parties by id."""
        return {one.id: one for one in self.parties}
