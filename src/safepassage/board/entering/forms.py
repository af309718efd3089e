"""The form of a kind: its fields in the order in which they are typed, with what may be chosen.

Made from the ledger's fields, so that a kind that gets a field has it in the form as well. Who is
logged in is never typed: nobody enters in another's name.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from safepassage.board.labels import plainly
from safepassage.board.naming import Names
from safepassage.board.picture import Picture
from safepassage.board.wall.going import stretch_name
from safepassage.board.wording import later, words
from safepassage.ledger.fields import Taker, WrongError, flag, names, sayings, tally, when
from safepassage.ledger.kinds import KINDS
from safepassage.ledger.on_board import TOLD
from safepassage.ledger.said import EVERYWHERE
from safepassage.ledger.source import CHANNELS
from safepassage.scenario.scenario import Scenario

Widget = Literal["choice", "line", "text", "time", "many", "numbers", "number", "versions"]
OURS = frozenset({"person", "heard_by"})
"""Fields that are always the call sign of who is logged in."""
TYPED_CHANNELS = tuple(one for one in CHANNELS if one not in {"device", "room", "reader"})
_LONG = frozenset({"text", "quote", "what", "why", "says", "alternatives", "terms", "how", "note"})
_STRETCHES = frozenset({"covers", "legs", "route"})
_FIRST: Mapping[str, Sequence[str]] = {
    "guarantee": ("party", "until", "covers", "contact"),
    "withdrawal": ("party", "covers"),
    "movement": ("convoy", "what", "place", "vehicle", "at"),
    "count": ("people", "what", "place", "convoy", "counter", "as_of"),
    "incident": ("what", "covers", "at", "killed", "hurt", "event"),
    "condition": ("place", "what", "state", "as_of"),
    "confirmation": ("about", "known_contact"),
    "check": ("what", "ready", "convoy", "place", "note"),
    "term": ("term", "agreement", "text", "versions", "state", "shared", "linked_to"),
    "closure": ("covers", "state", "until", "why"),
}
"""What is typed first, where that is another order than the ledger's."""
_ASIDE: Mapping[str, frozenset[str]] = {
    "guarantee": frozenset({"since", "convoys", "terms", "given_by"}),
    "movement": frozenset(
        {
            *("to", "legs", "leg", "metres", "load", "groups", "staff", "who", "due", "note"),
            # What those on board need has a page of its own.
            *TOLD,
        }
    ),
    "count": frozenset({"person_class", "group", "low", "high", "cumulative", "vehicles"}),
    "incident": frozenset({"convoy"}),
    "statement": frozenset({"about", "event", "doubts"}),
}
"""What stands folded away: typed now and then only."""
NOW = frozenset({"as_of"})
"""Times that are now unless somebody types another."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be chosen: its value and its word."""

    value: str
    word: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form."""

    name: str
    about: str
    widget: Widget
    needed: bool
    choices: tuple[Choice, ...] = ()
    given: str = ""
    aside: bool = False
    chosen: frozenset[str] = field(default_factory=frozenset)


def fields_of(
    kind: str, scenario: Scenario, picture: Picture, *, who: str, language: str
) -> tuple[Asked, ...]:
    """Return the fields of a kind's form, those that are typed first in front."""
    asked = [
        _asked(kind, one, scenario, picture, who=who, language=language)
        for one in dataclasses.fields(KINDS[kind])
        if one.name not in OURS
    ]
    order = list(_FIRST.get(kind, ()))
    asked.sort(key=lambda one: order.index(one.name) if one.name in order else len(order))
    return tuple(asked)


def _asked(
    kind: str,
    one: "dataclasses.Field[Any]",
    scenario: Scenario,
    picture: Picture,
    *,
    who: str,
    language: str,
) -> Asked:
    take: Taker = one.metadata["take"]
    name = one.name
    needed = one.default is dataclasses.MISSING
    widget, choices = _widget(name, take)
    suggested = _suggested(kind, name, scenario, picture, language)
    given = ""
    chosen: frozenset[str] = frozenset()
    if widget == "many":
        suggested = suggested or choices
        if kind in {"guarantee", "withdrawal"} and name == "covers":
            chosen = frozenset({EVERYWHERE})
    elif widget == "line" and suggested and name in _CLOSED:
        widget = "choice"
    if name in NOW:
        given = "now"
    if name == "counter":
        given = who
    return Asked(
        name=name,
        about=plainly(str(one.metadata["about"])),
        widget=widget,
        needed=needed,
        choices=choices or suggested,
        given=given,
        aside=name in _ASIDE.get(kind, ()),
        chosen=chosen,
    )


_CLOSED = frozenset({"party", "place", "leg", "group", "linked", "person_class", "to", "wants"})
"""Names that the scenario knows all of: chosen, not typed."""


def _widget(name: str, take: Taker) -> tuple[Widget, tuple[Choice, ...]]:
    if take is when:
        return "time", ()
    if take is flag:
        return "choice", (Choice("yes", later("yes")), Choice("no", later("no")))
    if take is tally:
        return "numbers", ()
    if take is sayings:
        return "versions", ()
    if take is names:
        return "many", ()
    wanted = _wanted(take)
    if wanted.startswith("one of "):
        words = wanted.removeprefix("one of ").split(", ")
        return "choice", tuple(Choice(one, one) for one in words)
    if wanted == "a whole number":
        return "number", ()
    return ("text" if name in _LONG else "line"), ()


def shown_choices(one: "dataclasses.Field[Any]") -> tuple[str, ...]:
    """Return the words among which a field lets choose."""
    _, choices = _widget(one.name, one.metadata["take"])
    return tuple(choice.word for choice in choices)


def _wanted(take: Taker) -> str:
    """Return what a taker wants, by showing it nothing."""
    try:
        take(None)
    except WrongError as error:
        return str(error)
    return ""


def _suggested(
    kind: str, name: str, scenario: Scenario, picture: Picture, language: str
) -> tuple[Choice, ...]:
    """Return what a field may name, as the scenario, the plan and the ledger know it."""
    called = Names(scenario, words(language), picture.numbers.get)
    if name in _STRETCHES:
        legs = [Choice(one.id, stretch_name(scenario, one.id, language)) for one in scenario.legs]
        if name == "legs":
            return tuple(legs)
        posts = [Choice(one.id, one.name(language)) for one in scenario.places]
        whole = [Choice(EVERYWHERE, later("all that it holds"))]
        first = whole if kind in {"guarantee", "withdrawal", "incident"} else []
        return (*first, *legs, *posts)
    if name == "about":
        return tuple(_entries(kind, picture, called))
    if name == "versions":
        return tuple(Choice(one.id, one.name(language)) for one in scenario.parties)
    if name in {"load", "groups", "staff", "classes"}:
        return _numbers(name, scenario, called)
    known: Mapping[str, Sequence[tuple[str, str]]] = {
        "party": [(one.id, one.name(language)) for one in scenario.parties],
        "parties": [(one.id, one.name(language)) for one in scenario.parties],
        "place": [(one.id, one.name(language)) for one in scenario.places],
        "to": [(one.id, one.name(language)) for one in scenario.places],
        "wants": [(one.id, one.name(language)) for one in scenario.places if one.arrived],
        "leg": [(one.id, stretch_name(scenario, one.id, language)) for one in scenario.legs],
        "group": [(one.id, called.group(one.id)) for one in scenario.groups],
        "person_class": [(one.id, called.people(one.id)) for one in scenario.classes],
        "linked": [(one.id, one.name) for one in scenario.linked],
        "convoy": [(one, one) for one in _convoys(picture)],
        "convoys": [(one, one) for one in picture.left],
        "vehicle": [(one, one) for one in sorted(picture.situation.on_the_road)],
        "event": [(one, one) for one in reversed(tuple(picture.situation.open_events))],
        "term": [(c.id, c.text) for a in scenario.agreements for c in a.clauses],
        "agreement": [(one.id, one.id) for one in scenario.agreements],
        "notification": _of_kind("notification", picture, called),
        "guarantee": _of_kind("guarantee", picture, called),
    }
    return tuple(Choice(value, word) for value, word in known.get(name, ()))


def _convoys(picture: Picture) -> list[str]:
    now = picture.situation
    rolling = [one.convoy for one in now.convoys.values() if one.state != "arrived"]
    return [*rolling, *picture.left[:12]]


def _numbers(name: str, scenario: Scenario, called: Names) -> tuple[Choice, ...]:
    if name == "groups":
        return tuple(Choice(one.id, called.group(one.id)) for one in scenario.groups)
    if name == "staff":
        return tuple(Choice(one.kind, called.kind(one.kind)) for one in scenario.staff)
    used = {one.class_id for one in scenario.groups} | {"companion"}
    return tuple(
        Choice(one.id, called.people(one.id)) for one in scenario.classes if one.id in used
    )


def _of_kind(kind: str, picture: Picture, called: Names) -> list[tuple[str, str]]:
    """Return the entries of a kind by number and whose they are, newest first."""
    return [
        (one.id, f"{called.entry(one.id)} {called.party(getattr(one.body, 'party', ''))}".strip())
        for one in reversed(picture.said)
        if one.kind == kind
    ]


def _entries(kind: str, picture: Picture, called: Names) -> list[Choice]:
    """Return entries that may be meant, newest first: what waits for a confirmation in front."""
    said = [one for one in reversed(picture.said) if one.kind not in {"verdict", "clock", "role"}]
    if kind == "confirmation":
        waits = {one.id for one in picture.situation.promises if not one.confirmed}
        said.sort(key=lambda one: one.id not in waits)
    return [Choice(one.id, f"{one.seq} {called.said(one.kind)}") for one in said[:60]]
