"""Says what the program says in the language of who reads, with names in place of ids.

The scenario names places, parties and staff; the record names entries by number. Times stand in the
room's clock. What nobody has translated is marked as English, never passed off as translated.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

from safepassage.board.ours import OURS
from safepassage.board.sentences import DEEPEST, LONGEST, fitting, knows
from safepassage.board.wording import Words, later
from safepassage.clearance.saying import Saying, Value
from safepassage.ledger.faults import EntryError, Fault
from safepassage.ledger.said import EVERYWHERE
from safepassage.scenario.people import BUILT_IN_CLASSES
from safepassage.scenario.scenario import Scenario

NumberOf = Callable[[str], tuple[int, str] | None]
"""From the id of an entry to its number and kind; None where it is not known."""
TIMES = frozenset(
    {
        "a time such as 2016-12-15T14:30+02:00",
        "a time with its zone, such as 2016-12-15T14:30+02:00",
    }
)
"""What the ledger wants of a time; people at the board type hours of the room's clock."""
TYPED = later("a time of the room's clock: 14:30, now, +2h, or 15.12. 14:30")
WORDS = frozenset({"check", "gate", "role", "line", "state"})
"""Values that are words of the record."""
BUILT_IN = frozenset(one.id for one in BUILT_IN_CLASSES)
NEEDS = ("stretcher", "wheelchair", "oxygen")
"""What a person may need, the most demanding first."""
STRETCHES = frozenset({"stretch", "stretches", "place", "places", "leg", "to", "wants"})


def nobody(id_: str) -> tuple[int, str] | None:
    """Know no entry."""
    del id_
    return None


class Names:
    """The names of one scenario in one language."""

    def __init__(self, scenario: Scenario, said: Words, number_of: NumberOf = nobody) -> None:
        self.scenario = scenario
        self.said = said
        self.language = said.language
        self.number_of = number_of

    @property
    def mission(self) -> str:
        """The name of the mission."""
        names = self.scenario.names
        return names.get(self.language) or names.get("en") or self.scenario.name

    def stretch(self, id_: str) -> str:
        """Return the name of a place, both ends of a leg, or a corridor; else the id."""
        if id_ == EVERYWHERE:
            return self.said("all")
        place = self.scenario.place.get(id_)
        if place is not None:
            return place.name(self.language)
        leg = self.scenario.leg.get(id_)
        if leg is not None:
            return f"{self.stretch(leg.start)} – {self.stretch(leg.end)}"
        corridor = self.scenario.corridor.get(id_)
        if corridor is not None:
            return corridor.names.get(self.language) or corridor.names.get("en") or id_
        return id_

    def party(self, id_: str) -> str:
        """Return the name of a party, else its id."""
        found = self.scenario.party.get(id_)
        return id_ if found is None else found.name(self.language)

    def group(self, id_: str) -> str:
        """Return the name of a group; where it has none, who they are and where they live."""
        group = self.scenario.group.get(id_)
        if group is None:
            return id_
        stated = group.names.get(self.language) or group.names.get("en")
        if stated:
            return stated
        alike = [
            one
            for one in self.scenario.groups
            if (one.at, one.class_id) == (group.at, group.class_id)
        ]
        number = "" if len(alike) == 1 else f" {alike.index(group) + 1}"
        return f"{self.people(group.class_id)}{number}, {self.stretch(group.at)}"

    def people(self, id_: str) -> str:
        """Return what a class of people is called."""
        one = self.scenario.person_class.get(id_)
        if one is None or id_ in BUILT_IN:
            return self.said(id_)
        if self.language == "en":
            return id_.replace("-", " ")
        # A class of the mission's own has no name: it is called by the most that it needs.
        need = next((use for use in NEEDS if use in one.uses), "seated")
        if not one.companions:
            return self.said(need)
        return self.said(later("%(need)s, with companions"), need=self.said(need))

    def kind(self, kind: str) -> str:
        """Return what a kind of vehicle or of staff is called."""
        stated = [one.names for one in self.scenario.vehicles if one.kind == kind]
        stated += [one.names for one in self.scenario.staff if one.kind == kind]
        names: Mapping[str, str] = next((one for one in stated if one), {})
        own = names.get(self.language)
        return own or (self.said(kind) if knows(self.said, kind) else names.get("en") or kind)

    def linked(self, id_: str) -> str:
        """Return the name of a counterpart evacuation; else the words as they are."""
        return next((one.name for one in self.scenario.linked if one.id == id_), id_)

    def term(self, id_: str) -> str:
        """Return a clause in its own words; else its id."""
        for agreement in self.scenario.agreements:
            for clause in agreement.clauses:
                if clause.id == id_:
                    return f"“{clause.text}”"
        return id_

    def convoy(self, id_: str) -> str:
        """Return a convoy by its id, and the team that clears its road as such."""
        team, _, convoy = id_.rpartition(":")
        if team == "road-team":
            return self.said(later("road team of %(convoy)s"), convoy=convoy)
        return id_

    def entry(self, id_: str) -> str:
        """Return an entry by its number and kind."""
        found = self.number_of(id_)
        if found is not None:
            return self.said(
                later("entry %(number)s (%(kind)s)"), number=found[0], kind=self.said(found[1])
            )
        phone, _, number = id_.rpartition(".")
        digits = number.rstrip("cmihtx")
        if phone.startswith("phone-") and digits.isdecimal():
            word = phone.removeprefix("phone-").upper()
            return self.said(later("report %(number)s of phone %(word)s"), number=digits, word=word)
        return self.said(later("an earlier entry"))

    def knows_entry(self, id_: str) -> bool:
        """Tell whether an id is that of an entry that is known."""
        return self.number_of(id_) is not None

    def hold(self, id_: str) -> str:
        """Return a hold by the number of its entry."""
        found = self.number_of(id_)
        return self.entry(id_) if found is None else str(found[0])

    def anything(self, id_: str) -> str:
        """Return the name of whatever the mission calls by an id; else the id."""
        if id_ in self.scenario.party:
            return self.party(id_)
        if id_ in self.scenario.group:
            return self.group(id_)
        if id_ in self.scenario.person_class:
            return self.people(id_)
        if id_ in {one.kind for one in self.scenario.vehicles} | {
            one.kind for one in self.scenario.staff
        }:
            return self.kind(id_)
        if any(one.id == id_ for one in self.scenario.linked):
            return self.linked(id_)
        return self.stretch(id_)

    def ready(self, what: str, kind: str) -> str:
        """Return of what kind something stands ready: of vehicles or staff, or which place."""
        return self.stretch(kind) if what == "place" else self.kind(kind)

    def slot(self, name: str, id_: str) -> str:
        """Return the value of a sentence by what it is."""
        if name in WORDS:
            return self.said(id_)
        if name in STRETCHES:
            return self.stretch(id_)
        makers: Mapping[str, Callable[[str], str]] = {
            "party": self.party,
            "convoy": self.convoy,
            "hold": self.hold,
            "term": self.term,
            "linked": self.linked,
            "tied": self.linked,
            "group": self.group,
            "entry": self.entry,
            "kind": self.kind,
        }
        make = makers.get(name)
        return id_ if make is None else make(id_)


class Teller:
    """Says sentences of the program to one reader."""

    def __init__(
        self,
        scenario: Scenario,
        said: Words,
        *,
        number_of: NumberOf = nobody,
        zone: tzinfo | None = None,
        labels: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self.names = Names(scenario, said, number_of)
        self.said = said
        self.zone = zone
        self._labels = labels

    def __call__(self, what: object) -> str:
        """Return a sentence, a fault, an error or a text of the program as this reader has it."""
        if isinstance(what, Saying):
            return self.saying(what)
        if isinstance(what, EntryError):
            return "; ".join(self.fault(one) for one in what.faults)
        if isinstance(what, Fault):
            return self.fault(what)
        return self.text(str(what))

    def saying(self, one: Saying) -> str:
        """Return a sentence with its values named."""
        values = {key: self.value(key, value) for key, value in one.values.items()}
        return self.said(one.text, **values) if values else self.said(one.text)

    def value(self, name: str, value: Value) -> str:
        """Return one value of a sentence."""
        if isinstance(value, Saying):
            return self.saying(value)
        if isinstance(value, tuple):
            return self.said.listed(self.names.slot(name, one) for one in value)
        return f"{value:,}" if isinstance(value, int) else self.names.slot(name, value)

    def code(self, code: str) -> str:
        """Return a reason that the record keeps as a code: line and state."""
        line, _, state = code.partition(":-")
        if not state:
            return self.text(code)
        return f"{self.said(line)}: {self.said(state.replace('-', ' '))}"

    def about(self, text: str) -> str:
        """Return what a job is about: words of ours are translated, names stay."""
        return self._inner(text, 0)

    def ours(self, text: str) -> str:
        """Return words of the record: those that this program wrote are translated, no others."""
        found = fitting(text)
        ours = found is not None and found.sentence in OURS
        return self._known(text, 0) or text if text in OURS or ours else text

    def fault(self, one: Fault) -> str:
        """Return what is wrong with one thing that was typed."""
        where = self._labels(one.where) or self.text(one.where)
        if not one.found:
            return self.said(later("%(where)s: %(wanted)s"), where=where, wanted=self.wanted(one))
        return self.said(
            later("%(where)s: got %(found)s, want %(wanted)s"),
            where=where,
            found=self.found(one),
            wanted=self.wanted(one),
        )

    def found(self, one: Fault) -> str:
        """Return what was found, as it was typed."""
        return self._inner(one.found, 0)

    def wanted(self, one: Fault) -> str:
        """Return what is wanted, in the terms of the form."""
        return self.said(TYPED) if one.wanted in TIMES else self.text(one.wanted)

    def text(self, text: str, depth: int = 0) -> str:
        """Return an English text of the program in this language; marked as English if need be."""
        known = self._known(text, depth)
        if known is not None:
            return known
        if not text or self.said.language == "en" or not any(one.isalpha() for one in text):
            return text
        # Nothing is passed off as translated: what no table knows is said to be English.
        return self.said(later("(in English) %(words)s"), words=text)

    def _known(self, text: str, depth: int) -> str | None:
        clock = self._in_clock(text)
        if clock != text:
            return clock
        if knows(self.said, text):
            return self.said(text)
        if depth >= DEEPEST:
            return None
        found = fitting(text)
        if found is not None and (self.said.language == "en" or knows(self.said, found.sentence)):
            values = {
                # What a library says of an error is in no table: it is marked as English.
                key: self.text(value, depth + 1) if key == "error" else self._inner(value, depth)
                for key, value in found.values.items()
            }
            return self.said(found.sentence, **values)
        return None

    def _inner(self, text: str, depth: int) -> str:
        if len(text) > LONGEST:
            return text
        if self.names.knows_entry(text):
            return self.names.entry(text)
        known = self._known(text, depth + 1)
        if known is not None:
            return known
        parts = text.split(", ")
        if len(parts) > 1:
            return self.said.listed(self._inner(one, depth + 1) for one in parts)
        return self.names.anything(text)

    def clock(self, text: str) -> str:
        """Return a time of machines as an hour of the room's clock, with its day."""
        return self._in_clock(text)

    def _in_clock(self, text: str) -> str:
        """Return a text that is a time of machines in the room's clock."""
        if len(text) < 16 or not text[:4].isdecimal() or "T" not in text[:11]:
            return text
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        if at.tzinfo is None:
            return text
        shown = at.astimezone(self.zone).strftime("%d.%m. %H:%M")
        # Isolated, or the day and the hour change places on a line from right to left.
        return f"\u2066{shown}\u2069" if self.said.direction == "rtl" else shown
