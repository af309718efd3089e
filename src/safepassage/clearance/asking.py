"""Asks for the clearance of one convoy: reads the ledger, verifies its chain, applies the rule."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from safepassage.clearance.actions import Act, shortest_acts
from safepassage.clearance.case import Case, Kind
from safepassage.clearance.gathering import case_of, node_of, relevant_entries
from safepassage.clearance.limits import LEASE
from safepassage.clearance.rules import Clearance, decide
from safepassage.clearance.standing import standings
from safepassage.clearance.way import convoy_ids
from safepassage.ledger.log import JUMP, Ledger
from safepassage.ledger.verify import verify_chain
from safepassage.planner.verified import VerifiedPlan


@dataclass(frozen=True, slots=True)
class Answer:
    """A clearance with the facts that it was given on, and the shortest way to a go."""

    clearance: Clearance
    case: Case
    acts: tuple[Act, ...]


def answer(case: Case, *, at: datetime, length: timedelta = LEASE) -> Answer:
    """Return the rule's answer to a case."""
    clearance = decide(
        standings(case, at),
        convoy=case.convoy,
        plan_hash=case.plan_hash,
        at=at,
        upto=case.upto,
        doubts=sorted(case.doubts),
        length=length,
    )
    return Answer(clearance, case, shortest_acts(case, clearance))


def ask(
    verified: VerifiedPlan,
    ledger: Ledger,
    convoy: str,
    *,
    at: datetime,
    contact_at: datetime,
    keys: Mapping[str, str],
    device: str = "room",
    upto: int | None = None,
    kind: Kind = "convoy",
) -> Answer:
    """Return the clearance of one convoy as of an entry (None: the last) at a time.

    Asked about now (`upto` None), a clock that stands behind the ledger raises an alarm there.
    `contact_at` is when this computer last read the ledger, `keys` the public keys of the devices
    that may sign heads.

    Raises
    ------
    KeyError
        If the plan has no such convoy.
    """
    if upto is None:
        ledger.watch_clock(at=at)
    last = ledger.tail()[0] if upto is None else upto
    entries = relevant_entries(ledger, last)
    whole = verify_chain(ledger.store, keys).whole
    node = node_of(entries, device, at=at, contact_at=contact_at, chain_whole=whole)
    newest = next((row.entered for row in ledger.store.rows(last - 1, last)), None)
    if newest is not None and datetime.fromisoformat(newest) > at + JUMP:
        # The clock stands before what it has written itself: nobody knows what it says.
        node = replace(node, skew=None)
    return answer(case_of(verified, entries, convoy, at=at, node=node, upto=last, kind=kind), at=at)


def next_convoy(verified: VerifiedPlan, ledger: Ledger, upto: int) -> str | None:
    """Return the first convoy of the plan that has not departed up to an entry."""
    departed = {
        getattr(one.body, "convoy", None)
        for one in ledger.entries(0, upto, ("movement",))
        if getattr(one.body, "what", None) == "departed"
    }
    return next((one for one in convoy_ids(verified) if one not in departed), None)
