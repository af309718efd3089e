"""What was told: the log newest on top, rival claims side by side, the state of those inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from safepassage.board.naming import NumberOf, Teller, nobody
from safepassage.board.picture import Picture
from safepassage.board.wall.going import brief_name
from safepassage.board.wording import words
from safepassage.ledger.disputes import Event, events
from safepassage.ledger.entry import Entry, fields_plain
from safepassage.ledger.history import conditions as each_last_word
from safepassage.ledger.said import Term
from safepassage.ledger.seen import Condition
from safepassage.scenario.scenario import Scenario

LINES = 9
NOT_FOR_LIAISON = frozenset(
    {
        "movement",
        "consent",
        "household",
        "passage",
        "referral",
        "handover",
        "sweep",
        "enrol",
        "revoke",
        "role",
        "clock",
        "purge",
        "anchored",
        "alarm",
        "approval",
        "hold",
        "lift",
        "gate",
        "check",
        "readiness",
        "proof",
        "lease",
        "verdict",
        "plan",
        "decision",
        "uncleared",
        "count",
        "statement",
        "incident",
        "closure",
        "attribution",
        "dispute",
        "correction",
        "confirmation",
        "notification",
        "acknowledgement",
        "guarantee",
        "withdrawal",
    }
)
"""All but what every party knows anyway: agreements, terms, conditions of those inside, attempts,
and the steps of a counterpart. What one party told the cell is not for another."""
_LEFT_OUT = frozenset(
    {
        *("plan", "token", "plan_hash", "reasons", "key", "scenario", "tokens", "together"),
        # Whom to call stands on the page of contacts, where each reading is noted.
        *("contact", "call", "given_by"),
    }
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry in a line: when it was heard, who says so, what, and who contradicts it."""

    seq: int
    id: str
    kind: str
    heard_at: datetime
    who: str
    what: str
    disputed_by: tuple[str, ...]
    corrected: bool


@dataclass(frozen=True, slots=True)
class State:
    """Water, power or medical care at a place, as of a time."""

    place: str
    what: str
    state: str
    as_of: datetime
    who: str


def log_lines(
    scenario: Scenario,
    picture: Picture,
    language: str,
    *,
    liaison: bool = False,
    hidden: frozenset[str] = frozenset(),
    most: int = LINES,
) -> tuple[LogLine, ...]:
    """Return the newest entries, newest first, without kinds that are hidden."""
    against: dict[str, list[str]] = {}
    corrected: set[str] = set()
    for entry in picture.said:
        about = getattr(entry.body, "about", None)
        if entry.kind == "dispute" and isinstance(about, str):
            against.setdefault(about, []).append(who_says(entry))
        elif entry.kind == "correction" and isinstance(about, str):
            corrected.add(about)
    newest = [
        one
        for one in reversed(picture.recent)
        if not (liaison and one.kind in NOT_FOR_LIAISON)
        and one.kind not in {"clock", "verdict", *hidden}
    ]
    return tuple(
        LogLine(
            seq=one.seq,
            id=one.id,
            kind=one.kind,
            heard_at=one.heard_at,
            who=_outlet(one) if liaison else who_says(one),
            what=in_words(
                scenario, _for_all(one) if liaison else one, language, picture.numbers.get
            ),
            disputed_by=tuple(against.get(one.id, ())),
            corrected=one.id in corrected,
        )
        for one in newest[:most]
    )


def _for_all(entry: Entry) -> Entry:
    """Return an entry as every party may see it: a version only where each knows the other's."""
    body = entry.body
    if isinstance(body, Term) and not body.shared:
        return replace(entry, body=replace(body, versions=None))
    return entry


def rival_events(picture: Picture, most: int = 3) -> tuple[Event, ...]:
    """Return the newest events of which there are rival claims."""
    kinds = {"incident", "dispute", "statement", "correction", "attempt"}
    found = events(one for one in picture.said if one.kind in kinds)
    return tuple(reversed([one for one in found if one.rival]))[:most]


def conditions(
    scenario: Scenario, said: Sequence[Entry], language: str, *, liaison: bool = False
) -> tuple[State, ...]:
    """Return the last word of each source on each place and need, the newest first.

    Who says the same as a newer report adds nothing; who says another thing stands beside it.
    """
    found: list[State] = []
    for (place, what), entries in each_last_word(said).items():
        name = brief_name(scenario, place, language)
        bodies = [(one, one.body) for one in entries if isinstance(one.body, Condition)]
        states: set[str] = set()
        for entry, body in sorted(bodies, key=lambda one: one[1].as_of, reverse=True):
            if body.state not in states:
                states.add(body.state)
                who = _outlet(entry) if liaison else who_says(entry)
                found.append(State(name, what, body.state, body.as_of, who))
    return tuple(found)


def in_words(scenario: Scenario, entry: Entry, language: str, number_of: NumberOf = nobody) -> str:
    """Return what an entry holds as a line, with names and numbers in place of ids.

    What was erased is said to be.
    """
    said = words(language)
    if entry.body is None:
        return f"({said('erased')})"
    tell = Teller(scenario, said, number_of=number_of, zone=scenario.start.tzinfo)
    parts = []
    for name, value in fields_plain(entry.body).items():
        if name in _LEFT_OUT or value in (None, [], {}):
            continue
        parts.append(_said(tell, name, value))
    return " · ".join(parts)


def _said(tell: Teller, name: str, value: object) -> str:
    said = tell.said
    label = said(name.replace("_", " "))
    if isinstance(value, bool):
        return f"{label}: {said('yes') if value else said('no')}"
    if isinstance(value, Mapping):
        return " ".join(
            f"{tell.names.anything(str(key))} {number}" for key, number in value.items()
        )
    if isinstance(value, list):
        named = tell.names.entry if name in ENTRIES else tell.names.anything
        return said.listed(named(str(one)) for one in value)
    if isinstance(value, int):
        return f"{label} {value:,}"
    text = str(value)
    if name in TIMED:
        return f"{label} {tell.clock(text)}"
    if name in ENTRIES:
        return tell.names.entry(text)
    if name in NAMED:
        return tell.names.anything(text)
    # Only a word of the record is translated, never what somebody said.
    return said(text) if name in CHOSEN else tell.ours(text)


TIMED = frozenset(
    {
        *("at", "as_of", "since", "until", "due", "begins", "ends", "time", "expires"),
        *("window_from", "window_until", "aboard_since", "next_call"),
    }
)
"""Fields that are moments."""
ENTRIES = frozenset({"about", "instead", "hold", "guarantee", "notification", "acknowledges"})
"""Fields that name other entries: by their numbers, nobody reads an id."""
NAMED = frozenset(
    {
        *("place", "to", "leg", "party", "convoy", "vehicle", "covers", "group", "wants", "kind"),
        *("person_class", "linked", "term"),
    }
)
"""Fields that name something of the scenario."""
CHOSEN = frozenset({"what", "state", "wish", "role", "line", "end", "of", "grade", "may_leave"})
"""Fields whose words are chosen from a list of ours (free words among them stay as they are)."""


def _outlet(entry: Entry) -> str:
    """Return the outlet alone: who of the room said it is not for officers of the parties."""
    return (None if entry.source is None else entry.source.outlet) or "–"


def who_says(entry: Entry) -> str:
    """Return who says so: an outlet, a role or call sign, or a device."""
    source = entry.source
    if source is None:
        return "?"
    return source.outlet or source.person or source.device or "?"
