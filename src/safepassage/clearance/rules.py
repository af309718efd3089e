"""The one go/no-go rule: a go only if every line stands in a state that allows it. Default: no.

There is no override. A state that the table does not know is a no, and so is a line that nobody
has looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from safepassage.clearance.limits import LEASE
from safepassage.clearance.saying import Saying, Value
from safepassage.clearance.standing import Line, Standing

DECISION_TABLE: Mapping[Line, Mapping[str, bool]] = MappingProxyType(
    {
        "parties": {"named": True, "none": False},
        "holder": {"unknown": False},
        "promise": {
            "stands": True,
            "none": False,
            "not confirmed": False,
            "not yet": False,
            "ends too early": False,
            "to be reconfirmed": False,
            "withdrawn": False,
            "disputed": False,
            "incident": False,
            "replaced": False,
        },
        "plan": {"in force": True, "another": False, "none": False},
        "approvals": {"two people": True, "missing": False},
        "hold": {"lifted": True, "open": False},
        "gate": {"signed": True, "not signed": False, "unmet": False},
        "road": {"proved": True, "not proved": False, "incident since": False, "closed": False},
        "check": {"ready": True, "not ready": False, "not checked": False, "too old": False},
        "term": {
            "met": True,
            "agreed": True,
            "open": False,
            "broken": False,
            "versions differ": False,
        },
        "counterpart": {"moved": True, "waiting": False, "blocked": False},
        "clock": {"known": True, "unknown": False, "too far off": False},
        "chain": {"whole": True, "broken": False},
        "contact": {"fresh": True, "stale": False},
        "departure": {
            "now": True,
            "too early": False,
            "too late": False,
            "lapses before": False,
        },
    }
)
"""Line -> state -> whether it allows a go. The go is the AND of all lines."""

ALWAYS_ASKED: frozenset[Line] = frozenset(
    {"parties", "plan", "approvals", "gate", "clock", "chain", "contact", "departure"}
)
"""Lines that every clearance has; one that is missing was forgotten, and that is a no."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: the line of the table, its state, whom it concerns, and the entries behind it.

    `saying` is the whole reason as a sentence; its values are ids, or words of the record.
    """

    line: str
    state: str
    about: Saying | str
    saying: Saying
    rests_on: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Whom it concerns, by ids."""
        return str(self.about)

    @property
    def words(self) -> str:
        """The reason in English, with ids as they are."""
        return str(self.saying)

    @property
    def code(self) -> str:
        """The reason in one word for a record: line and state."""
        return f"{self.line}: {self.state}"


@dataclass(frozen=True, slots=True)
class Clearance:
    """The answer for one convoy at one time, with all that it rests on.

    `ends` is when a go lapses by itself (None for a no). `upto` is the last entry it has read.
    """

    convoy: str
    plan_hash: str
    at: datetime
    upto: int
    go: bool
    ends: datetime | None
    reasons: tuple[Reason, ...]
    standings: tuple[Standing, ...]
    doubts: tuple[str, ...] = ()

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The ids of all entries behind it."""
        return tuple(dict.fromkeys(id_ for one in self.standings for id_ in one.rests_on))


def allows(one: Standing) -> bool:
    """Tell whether one standing allows a go; what the table does not know does not."""
    return DECISION_TABLE.get(one.line, {}).get(one.state, False)


def is_go(found: Sequence[Standing]) -> bool:
    """Tell whether all that a go needs has been looked at, and all of it allows it."""
    asked = {one.line for one in found}
    return asked >= ALWAYS_ASKED and all(allows(one) for one in found)


def lease_end(found: Sequence[Standing], at: datetime, length: timedelta = LEASE) -> datetime:
    """Return when a go that is given now lapses: its length, or whatever lapses first."""
    return min([at + length, *(one.until for one in found if one.until is not None)])


def decide(
    found: Sequence[Standing],
    *,
    convoy: str,
    plan_hash: str,
    at: datetime,
    upto: int,
    doubts: Sequence[str] = (),
    length: timedelta = LEASE,
) -> Clearance:
    """Return go or no, with every reason for no."""
    reasons = [_reason(one) for one in found if not allows(one)]
    missing = sorted(ALWAYS_ASKED - {one.line for one in found})
    reasons += [_not_asked(line, convoy) for line in missing]
    go = not reasons
    return Clearance(
        convoy=convoy,
        plan_hash=plan_hash,
        at=at,
        upto=upto,
        go=go,
        ends=lease_end(found, at, length) if go else None,
        reasons=tuple(reasons),
        standings=tuple(found),
        doubts=tuple(doubts),
    )


_WORDS: Mapping[tuple[str, str], str] = {
    ("parties", "none"): "the approved plan names no party that holds the way",
    ("holder", "unknown"): "nobody has stated who holds %(subject)s",
    ("promise", "none"): "%(subject)s: no guarantee",
    ("promise", "not confirmed"): "%(subject)s: heard by one person, not confirmed by a second",
    ("promise", "not yet"): "%(subject)s: the guarantee begins later",
    ("promise", "ends too early"): "%(subject)s: the guarantee ends before arrival and margin",
    (
        "promise",
        "to be reconfirmed",
    ): "%(subject)s: no end was stated, and it has to be reconfirmed",
    ("promise", "withdrawn"): "%(subject)s: the guarantee was withdrawn",
    ("promise", "disputed"): "%(subject)s: a party that holds it disputes the guarantee",
    ("promise", "incident"): "%(subject)s: an incident there since the guarantee",
    ("promise", "replaced"): "%(subject)s: a later word of that party has taken its place",
    ("plan", "another"): "another plan is in force",
    ("plan", "none"): "no plan has been adopted",
    ("approvals", "missing"): "%(count)s more approval(s): two people of two roles, same plan, "
    "having read all that bears on it",
    ("hold", "open"): "hold %(subject)s by %(person)s: %(count)s more to lift it",
    ("gate", "not signed"): "gate of participation, %(subject)s: %(count)s more signature(s)",
    ("gate", "unmet"): "gate of participation, %(subject)s: not met",
    ("road", "not proved"): "%(subject)s: nobody has proved the road",
    ("road", "incident since"): "%(subject)s: an incident since the road was proved",
    ("road", "closed"): "%(subject)s: not open",
    ("check", "not ready"): "%(subject)s: not ready",
    ("check", "not checked"): "%(subject)s: nobody has checked",
    ("check", "too old"): "%(subject)s: checked too long ago",
    ("term", "open"): "condition %(subject)s is open: %(tied)s",
    ("term", "broken"): "term %(subject)s is broken",
    ("term", "versions differ"): "term %(subject)s is called agreed, and the versions differ",
    ("counterpart", "waiting"): "%(subject)s: their step has not moved yet",
    ("counterpart", "blocked"): "%(subject)s: their convoy is held",
    ("clock", "unknown"): "nobody knows how far this room's clock is off",
    ("clock", "too far off"): "this room's clock is too far off",
    ("chain", "broken"): "the ledger's chain is broken",
    ("contact", "stale"): "the ledger has not been read for too long",
    ("departure", "too early"): "the departure is later than a go can last",
    ("departure", "too late"): "it can no longer arrive within the window",
    ("departure", "lapses before"): "something it rests on lapses before the departure",
}


NOT_ASKED = "%(line)s: nobody looked"
OTHERWISE = "%(subject)s: %(line)s is %(state)s"
"""What is said where the table knows no sentence: it is a no all the same."""
SENTENCES = (*_WORDS.values(), NOT_ASKED, OTHERWISE)
"""Every sentence of a reason, for those who translate them."""


def _not_asked(line: str, convoy: str) -> Reason:
    about = Saying("%(convoy)s", {"convoy": convoy})
    return Reason(line, "not asked", about, Saying(NOT_ASKED, {"line": line}))


def _reason(one: Standing) -> Reason:
    text = _WORDS.get((one.line, one.state), OTHERWISE)
    values: dict[str, Value] = {
        "subject": one.about,
        "count": one.count,
        "line": one.line,
        "state": one.state,
        "person": one.note,
        "tied": one.note,
    }
    used = {key: value for key, value in values.items() if f"%({key})s" in text}
    return Reason(one.line, one.state, one.about, Saying(text, used), one.rests_on)
