"""What is released: by two people of two roles, not taken down since, and whether it still holds.

A pure reading of entries. A line that rests on something that no longer stands is not told on: the
page says that it is being checked again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from safepassage.ledger.entry import Entry
from safepassage.ledger.promises import Corrections
from safepassage.ledger.roles_held import RolesHeld
from safepassage.ledger.said import Guarantee, Term
from safepassage.ledger.situation import Situation
from safepassage.ledger.told import Notice as NoticeEntry
from safepassage.ledger.told import Publication, Takedown
from safepassage.report.public.notice import Notice, NoticeError, read_notice

KINDS = ("notice", "publication", "takedown", "role", "revoke", "correction", "confirmation")
"""The kinds of entries that say what is released."""
RELEASING_ROLES = frozenset({"head", "movement", "radio", "medical", "reporting"})
"""Observers and field devices release nothing."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A notice that has been proposed, and who has released exactly this text (person -> role)."""

    notice: Notice
    seq: int
    proposed_by: str
    released_by: tuple[tuple[str, str], ...] = ()

    @property
    def released(self) -> bool:
        """Whether two people of two roles have released it."""
        return any(
            first[0] != second[0] and first[1] != second[1]
            for first in self.released_by
            for second in self.released_by
        )


@dataclass(frozen=True, slots=True)
class Released:
    """The notice in force, released at `since` by the entry `seq`.

    `doubted` are its lines, by number, that rest on what no longer stands, with the reason.
    """

    notice: Notice
    since: datetime
    seq: int
    doubted: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PublicState:
    """What the public is told now (None: nothing), and every notice still waiting for release.

    `replaced` is the notice in force before this one or before it was taken down.
    """

    current: Released | None
    waiting: tuple[Proposal, ...]
    replaced: Released | None = None
    taken_down: bool = False


def public_state(entries: Sequence[Entry], *, upto: int | None = None) -> PublicState:
    """Return what is released by entries of `KINDS`, in the order of the log."""
    known = [one for one in entries if upto is None or one.seq <= upto]
    corrections = Corrections([one for one in known if one.kind in {"correction", "confirmation"}])
    waiting: dict[str, Proposal] = {}
    current: Released | None = None
    replaced: Released | None = None
    taken_down = False
    for entry in known:
        body = entry.body
        channel = None if entry.source is None else entry.source.channel
        # A takedown is not corrected away: the notice is released anew, by two people.
        counted = corrections.counts(entry.id, entry.kind, channel) or entry.kind == "takedown"
        if body is None or not counted:
            continue
        if isinstance(body, NoticeEntry):
            notice = _notice_of(body)
            if notice is not None:
                waiting[notice.id] = Proposal(notice, entry.seq, body.person)
        elif isinstance(body, Publication):
            proposal = waiting.get(body.notice)
            if proposal is None or proposal.notice.text_hash != body.text_hash:
                continue
            roles = RolesHeld([one for one in known if one.seq < entry.seq], entry.entered_at)
            if body.role not in RELEASING_ROLES or not roles.hold(body.person, body.role):
                continue
            others = tuple(one for one in proposal.released_by if one[0] != body.person)
            proposal = Proposal(
                proposal.notice,
                proposal.seq,
                proposal.proposed_by,
                (*others, (body.person, body.role)),
            )
            waiting[body.notice] = proposal
            if proposal.released:
                replaced, taken_down = current, False
                current = Released(proposal.notice, entry.entered_at, entry.seq)
                del waiting[body.notice]
        elif isinstance(body, Takedown):
            waiting.pop(body.notice, None)
            if current is not None and current.notice.id == body.notice:
                replaced, current, taken_down = current, None, True
    return PublicState(current, tuple(waiting.values()), replaced, taken_down)


def with_doubts(
    released: Released, situation: Situation, entries: Iterable[Entry], *, at: datetime
) -> Released:
    """Return the same notice with the lines marked that rest on what no longer stands.

    `entries` are those that the notice's lines may name (their ids are looked up in it).
    """
    by_id = {one.id: one for one in entries}
    doubted: list[tuple[int, str]] = []
    for number, line in enumerate(released.notice.lines):
        for id_ in line.rests_on:
            why = _fallen(by_id.get(id_), id_, situation, at)
            if why is not None:
                doubted.append((number, why))
                break
    return Released(released.notice, released.since, released.seq, tuple(doubted))


def _fallen(entry: Entry | None, id_: str, situation: Situation, at: datetime) -> str | None:
    if entry is None or entry.body is None:
        return f"the entry {id_} is not there, or can no longer be read"
    if id_ in situation.left_out:
        return f"the entry {id_} was corrected, or nobody has confirmed it"
    body = entry.body
    if isinstance(body, Guarantee):
        promise = next((one for one in situation.promises if one.id == id_), None)
        if promise is None or promise.void or (body.until is not None and body.until <= at):
            return f"the guarantee {id_} no longer stands"
    if isinstance(body, Term):
        now = situation.terms.get(body.term)
        if now is None or now.state != body.state:
            return f"the clause '{body.term}' is no longer {body.state}"
    return None


def _notice_of(body: NoticeEntry) -> Notice | None:
    """Return the notice of an entry; None where it is not the text that it says it is."""
    try:
        notice = read_notice(body.text)
    except NoticeError:
        return None
    if notice.text_hash != body.text_hash or notice.id != body.notice:
        return None
    return notice
