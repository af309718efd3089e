"""Folds entries into what they add up to, on plain data: a million of them in seconds.

Which entries count is decided before: `ledger.promises.Corrections` knows what was corrected and
what nobody has confirmed.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime
from typing import Any

from safepassage.ledger.classes import PERSONS
from safepassage.ledger.moves import Moves
from safepassage.ledger.promises import Corrections, Promise
from safepassage.ledger.sealing import Opened
from safepassage.ledger.situation import (
    ConsentNow,
    CountKey,
    HoldNow,
    PlanInForce,
    Situation,
    StretchState,
    Tally,
    TermNow,
)

Fields = Mapping[str, Any]


class Fold:
    """What entries taken in order add up to so far."""

    def __init__(self) -> None:
        self._moves = Moves()
        self._stretches: dict[str, StretchState] = {}
        self._holds: dict[str, HoldNow] = {}
        self._terms: dict[str, TermNow] = {}
        self._counts: dict[CountKey, dict[str, Tally]] = {}
        self._consent: dict[str, dict[str, int]] = {}
        self._tokens: dict[str, tuple[str, str, int]] = {}
        self._released: dict[str, dict[int, str]] = {}
        self._events: dict[str, int] = {}
        self._plan: PlanInForce | None = None
        self._erased = 0
        self._left_out: dict[str, None] = {}
        self._takes: dict[str, Callable[[int, str, str, Fields], None]] = {
            "count": self._count,
            "consent": self._wish,
            "closure": self._closure,
            "hold": self._hold,
            "lift": self._lift,
            "term": self._term,
            "plan": self._adopted,
            "release": self._release,
            "incident": self._incident,
            "uncleared": self._moved_uncleared,
        }

    @property
    def left_out(self) -> Container[str]:
        """The ids of entries that were corrected or that nobody has confirmed."""
        return self._left_out

    def take(self, entries: Iterable[Opened], corrections: Corrections) -> None:
        """Take entries in order, as `Ledger.opened` yields them, as far as they count."""
        takes, counts, report = self._takes, corrections.counts, self._moves.report
        for seq, id_, kind, heard, fields, erased in entries:
            body: Fields | None = fields.get("body")
            if body is None or (erased and PERSONS not in erased):
                self._erased += bool(erased)
                continue
            source: Fields = fields.get("source") or {}
            if not counts(id_, kind, source.get("channel")):
                self._left_out[id_] = None
            elif kind == "movement":
                report(seq, heard, body)
            else:
                takes[kind](seq, id_, heard, body)

    def situation(
        self, at: datetime, last: int, head: str, promises: tuple[Promise, ...]
    ) -> Situation:
        """Return what it adds up to; nothing that is taken later changes it."""
        moves = self._moves
        return Situation(
            upto=last,
            head=head,
            at=at,
            plan=self._plan,
            vehicles=moves.vehicles(at),
            convoys=moves.convoys(),
            brought=_copied(moves.brought),
            brought_groups=_copied(moves.brought_groups),
            taken=_copied(moves.taken),
            taken_groups=_copied(moves.taken_groups),
            staff_moved={key: number for key, number in moves.staff.items() if number},
            staff=dict(moves.numbered.staff),
            promises=promises,
            stretches=dict(self._stretches),
            holds=tuple(self._holds.values()),
            terms=dict(self._terms),
            counts={key: dict(one) for key, one in self._counts.items()},
            consent={key: ConsentNow(**one) for key, one in self._consent.items()},
            released={key: dict(one) for key, one in self._released.items()},
            open_events=dict(self._events),
            unaccounted=dict(moves.unaccounted),
            aboard=moves.on_board.now(),
            erased=self._erased,
            left_out=tuple(self._left_out),
        )

    # --- what was said, counted, decided

    def _count(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        del id_, heard
        get = body.get
        key = CountKey(body["what"], get("place"), get("convoy"), get("person_class"), get("group"))
        as_of = datetime.fromisoformat(body["as_of"])
        by_counter = self._counts.setdefault(key, {})
        before = by_counter.get(body["counter"])
        if before is None or before.as_of <= as_of:
            by_counter[body["counter"]] = Tally(
                body["counter"],
                body["people"],
                get("low"),
                get("high"),
                bool(get("cumulative")),
                as_of,
                seq,
            )

    def _wish(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        del seq, id_, heard
        token, group = body.get("token"), body["group"]
        tally = self._consent.setdefault(group, {})
        if token is not None:
            if token in self._tokens:
                old_group, old_wish, people = self._tokens[token]
                self._consent[old_group][old_wish] -= people
            self._tokens[token] = (group, body["wish"], body["people"])
        elif body["wish"] == "withdrawn":
            tally["yes"] = max(0, tally.get("yes", 0) - body["people"])
        tally[body["wish"]] = tally.get(body["wish"], 0) + body["people"]

    def _closure(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        del id_
        since = datetime.fromisoformat(body.get("since") or heard)
        until = datetime.fromisoformat(body["until"]) if body.get("until") else None
        for stretch in body["covers"]:
            self._stretches[stretch] = StretchState(stretch, body["state"], since, until, seq)

    def _hold(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        since = datetime.fromisoformat(heard)
        self._holds[id_] = HoldNow(
            id_, seq, body.get("convoy"), body["person"], body["why"], since, {}
        )

    def _lift(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        del seq, id_, heard
        held = self._holds.get(body["hold"])
        if held is not None:
            lifted = {**held.lifted_by, body["person"]: body["role"]}
            self._holds[held.id] = HoldNow(
                held.id, held.seq, held.convoy, held.person, held.why, held.since, lifted
            )

    def _term(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        del id_, heard
        before = self._terms.get(body["term"])
        versions = dict(before.versions) if before is not None else {}
        self._terms[body["term"]] = TermNow(
            body["term"],
            body["agreement"],
            body["text"],
            body["state"],
            body.get("linked_to") or (before.linked_to if before is not None else None),
            {**versions, **(body.get("versions") or {})},
            seq,
            bool(body.get("shared", before is not None and before.shared)),
        )

    def _adopted(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        del id_
        at = datetime.fromisoformat(heard)
        self._plan = PlanInForce(body["plan_hash"], body["plan"], seq, at)
        self._moves.adopt(body["plan"])

    def _release(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        del seq, id_, heard
        self._released.setdefault(body["linked"], {})[body["batch"]] = body["state"]

    def _incident(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        del seq, id_, heard
        self._events[body["event"]] = self._events.get(body["event"], 0) + 1

    def _moved_uncleared(self, seq: int, id_: str, heard: str, body: Fields) -> None:
        del id_
        self._moves.uncleared(seq, heard, body["convoy"])


FOLDED = frozenset({"movement", *Fold()._takes})  # noqa: SLF001 - its own module
"""Kinds that are folded; promises are related to each other by `ledger.promises`."""


def _copied(by_place: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {key: dict(one) for key, one in by_place.items()}
