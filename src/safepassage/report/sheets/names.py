"""Names in print: English and Arabic side by side, and none where a language has none."""

from dataclasses import dataclass

from safepassage.planner.names import English
from safepassage.report.sheets.words import WORDS, Words
from safepassage.report.wording import plural
from safepassage.scenario.people import PersonClass
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Name:
    """A name in English and, where the scenario states one, in Arabic (else empty)."""

    en: str
    ar: str = ""


def place_name(scenario: Scenario, place: str) -> Name:
    """Return the name of a place."""
    one = scenario.place[place]
    return Name(one.name("en"), one.names.get("ar", ""))


def party_name(scenario: Scenario, party: str) -> Name:
    """Return the name of a party."""
    one = scenario.party.get(party)
    return Name(party) if one is None else Name(one.name("en"), one.names.get("ar", ""))


def kind_name(scenario: Scenario, kind: str) -> Name:
    """Return the name of a kind of vehicle or of staff; its id where it has none."""
    stated = [one.names for one in scenario.vehicles if one.kind == kind]
    stated += [one.names for one in scenario.staff if one.kind == kind]
    names = next((one for one in stated if one), {})
    return Name(names.get("en") or English(scenario).kind(kind), names.get("ar", ""))


def counted_kind(scenario: Scenario, kind: str, count: int) -> Name:
    """Return the name of a kind as it stands after a number: "bus" of 1, "buses" of 5."""
    name = kind_name(scenario, kind)
    own, of, whose = name.en.partition(" of ")
    return name if count == 1 else Name(f"{plural(own)}{of}{whose}", name.ar)


def corridor_name(scenario: Scenario, corridor: str) -> Name:
    """Return the name of a corridor."""
    one = scenario.corridor[corridor]
    return Name(one.names.get("en") or one.id, one.names.get("ar", ""))


def mission_name(scenario: Scenario) -> Name:
    """Return the name of the mission."""
    return Name(scenario.names.get("en") or scenario.name, scenario.names.get("ar", ""))


def class_name(scenario: Scenario, class_id: str) -> Name:
    """Return what a class of people is called: by its id, in Arabic by what it uses."""
    built_in = WORDS.get(f"class_{class_id}")
    if built_in is not None:
        return _name(built_in)
    one = scenario.person_class.get(class_id)
    return Name(class_id.replace("-", " "), "" if one is None else _by_use(one))


def slot_name(slot: str) -> Name:
    """Return what a slot of a vehicle is called."""
    known = WORDS.get(f"slot_{slot}")
    return Name(slot) if known is None else _name(known)


def counted_slot(slot: str, count: int) -> Name:
    """Return what slots are called after a number: "stretcher" of 1, "stretchers" of 2."""
    name = slot_name(slot)
    return Name(name.en.removesuffix("s"), name.ar) if count == 1 else name


def _by_use(one: PersonClass) -> str:
    """Return the Arabic for the most demanding slot that a class uses."""
    for slot in ("stretcher", "wheelchair", "oxygen", "seat"):
        if one.uses.get(slot):
            return _name(WORDS[f"slot_{slot}"]).ar
    return ""


def label(key: str) -> Name:
    """Return a label of the sheets as a name."""
    return _name(WORDS[key])


def _name(words: Words) -> Name:
    """Return words as a name."""
    return Name(words.en, words.ar)
