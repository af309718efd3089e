"""What the record says of attempts, of those who stay, and of the terms read to evacuees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from safepassage.ledger.entry import Entry
from safepassage.ledger.said import Agreement, Term
from safepassage.ledger.seen import Attempt, Condition
from safepassage.ledger.situation import TermNow


@dataclass(frozen=True, slots=True)
class AttemptSoFar:
    """One attempt: all that was said of it, in order, planned beside actual."""

    attempt: str
    entries: tuple[Entry, ...]

    def said(self, state: str) -> tuple[Attempt, ...]:
        """Return what was said of one state: planned, begun, failed, completed."""
        bodies = (one.body for one in self.entries)
        return tuple(one for one in bodies if isinstance(one, Attempt) and one.state == state)

    @property
    def planned(self) -> tuple[int, ...]:
        """How many were planned, per each who said so."""
        return tuple(one.people for one in self.said("planned") if one.people is not None)

    @property
    def moved(self) -> tuple[int, ...]:
        """How many moved, per each who said so; never summed."""
        ended = (*self.said("failed"), *self.said("completed"))
        return tuple(one.people for one in ended if one.people is not None)


def attempts(entries: Iterable[Entry]) -> tuple[AttemptSoFar, ...]:
    """Return the attempts in the order in which they were first named."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if isinstance(entry.body, Attempt):
            found.setdefault(entry.body.attempt, []).append(entry)
    return tuple(AttemptSoFar(key, tuple(listed)) for key, listed in found.items())


def conditions(entries: Iterable[Entry]) -> Mapping[tuple[str, str], tuple[Entry, ...]]:
    """Return, by (place, water or power or medical care), each outlet's or person's last report."""
    found: dict[tuple[str, str], dict[object, Entry]] = {}
    for entry in entries:
        if isinstance(entry.body, Condition):
            source = entry.source
            who = None if source is None else (source.person, source.device, source.outlet)
            here = found.setdefault((entry.body.place, entry.body.what), {})
            before = here.get(who)
            old = before.body if before is not None else None
            if not isinstance(old, Condition) or old.as_of <= entry.body.as_of:
                here[who] = entry
    return {key: tuple(by.values()) for key, by in found.items()}


@dataclass(frozen=True, slots=True)
class TermsSheet:
    """An agreement as it is read to evacuees: its words, and each clause with its state."""

    agreement: Agreement
    terms: tuple[TermNow, ...]

    @property
    def not_agreed(self) -> tuple[TermNow, ...]:
        """Clauses that are open or broken: people are told these too."""
        return tuple(one for one in self.terms if one.state in {"open", "broken"})


def terms_sheets(entries: Iterable[Entry], terms: Mapping[str, TermNow]) -> tuple[TermsSheet, ...]:
    """Return a sheet an agreement, its last wording, with the last state of each clause."""
    last: dict[str, Agreement] = {}
    for entry in entries:
        if isinstance(entry.body, Agreement):
            last[entry.body.agreement] = entry.body
        elif isinstance(entry.body, Term) and entry.body.agreement not in last:
            body = entry.body
            words = "(the agreement itself is not in the ledger)"
            last[body.agreement] = Agreement(body.agreement, ("unknown",), words)
    return tuple(
        TermsSheet(body, tuple(one for one in terms.values() if one.agreement == key))
        for key, body in last.items()
    )


def terms_json(sheets: Iterable[TermsSheet]) -> list[dict[str, Any]]:
    """Return terms sheets as plain data."""
    return [
        {
            "agreement": one.agreement.agreement,
            "parties": list(one.agreement.parties),
            "text": one.agreement.text,
            "terms": [
                {
                    "term": term.term,
                    "state": term.state,
                    "text": term.text,
                    "linked_to": term.linked_to,
                    "versions": dict(term.versions),
                    "entry": term.seq,
                }
                for term in one.terms
            ],
        }
        for one in sheets
    ]


def terms_lines(sheets: Iterable[TermsSheet]) -> list[str]:
    """Return terms sheets as they are read aloud: what is agreed, and what is not."""
    lines = []
    for one in sheets:
        parties = ", ".join(one.agreement.parties)
        lines.append(f"{one.agreement.agreement} ({parties}): {one.agreement.text}")
        agreed = [term for term in one.terms if term not in one.not_agreed]
        for word, terms in (("agreed", agreed), ("NOT agreed", one.not_agreed)):
            for term in terms:
                tied = f", hangs on {term.linked_to}" if term.linked_to else ""
                lines.append(f"  {word} ({term.state}{tied}): {term.text}")
                lines += [f"    {party} says: {said}" for party, said in term.versions.items()]
    return lines


HISTORY_KINDS = ("attempt", "condition")
"""Kinds that `history_json` and `history_lines` read."""


def history_json(entries: Iterable[Entry]) -> dict[str, Any]:
    """Return attempts, planned beside moved, and the last word on those who stay, as plain data."""
    listed = list(entries)
    return {
        "attempts": [
            {
                "attempt": one.attempt,
                "planned": list(one.planned),
                "moved": list(one.moved),
                "said": [_attempt_json(entry.seq, body) for entry, body in _bodies(one)],
            }
            for one in attempts(listed)
        ],
        "conditions": [
            {
                "place": place,
                "what": what,
                "reports": [
                    {
                        "state": body.state,
                        "as_of": body.as_of.isoformat(),
                        "by": _by(entry),
                        "entry": entry.seq,
                    }
                    for entry in reports
                    if isinstance(body := entry.body, Condition)
                ],
            }
            for (place, what), reports in conditions(listed).items()
        ],
    }


def history_lines(entries: Iterable[Entry]) -> list[str]:
    """Return the same as lines for people; figures of several observers stand side by side."""
    listed = list(entries)
    lines = []
    for one in attempts(listed):
        planned, moved = _figures(one.planned), _figures(one.moved)
        lines.append(f"attempt {one.attempt}: planned {planned}, moved {moved}")
        for entry, body in _bodies(one):
            why = f": {body.why}" if body.why else ""
            lines.append(f"  {body.state} per {body.per}{why} (entry {entry.seq})")
    for (place, what), reports in conditions(listed).items():
        said = [
            f"{found.state} as of {found.as_of.isoformat(timespec='minutes')} per {_by(entry)}"
            for entry in reports
            if isinstance(found := entry.body, Condition)
        ]
        lines.append(f"{what} at {place}: {' | '.join(said)}")
    return lines


def _bodies(one: AttemptSoFar) -> list[tuple[Entry, Attempt]]:
    return [(entry, entry.body) for entry in one.entries if isinstance(entry.body, Attempt)]


def _attempt_json(seq: int, body: Attempt) -> dict[str, Any]:
    return {
        "state": body.state,
        "per": body.per,
        "at": None if body.at is None else body.at.isoformat(),
        "people": body.people,
        "why": body.why,
        "entry": seq,
    }


def _by(entry: Entry) -> str:
    source = entry.source
    named = source and (source.outlet or source.person or source.device)
    return named or "somebody whose name is erased"


def _figures(found: tuple[int, ...]) -> str:
    return " | ".join(f"{one:,}" for one in found) or "not known"
