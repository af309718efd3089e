"""Keeps what the rule said in the ledger, and gives a go as a signed lease."""

from datetime import datetime

from safepassage.clearance.asking import Answer
from safepassage.clearance.lease import grant, token
from safepassage.clearance.way import way_of
from safepassage.ledger.decided import LeaseGiven, Verdict
from safepassage.ledger.entry import Message
from safepassage.ledger.log import Ledger
from safepassage.ledger.signer import Signer
from safepassage.ledger.source import Source
from safepassage.planner.verified import VerifiedPlan


def record_answer(
    answer: Answer, ledger: Ledger, signer: Signer, *, verified: VerifiedPlan, at: datetime
) -> dict[str, str] | None:
    """Write the verdict, and for a go the lease; return the lease's token and words.

    The same answer at the same time is written once.
    """
    clearance = answer.clearance
    source = Source(channel="room", device=signer.device)
    mark = f"{clearance.convoy}:{clearance.upto}:{at.isoformat()}"
    verdict = Verdict(
        convoy=clearance.convoy,
        plan_hash=clearance.plan_hash,
        go=clearance.go,
        at=at,
        upto=clearance.upto,
        reasons=tuple(dict.fromkeys(one.code.replace(" ", "-") for one in clearance.reasons)),
    )
    messages = [Message(f"verdict:{mark}", verdict, source, at)]
    given = None
    if clearance.go and clearance.ends is not None:
        convoy = clearance.convoy.removeprefix("road-team:")
        head = next(row.hash for row in ledger.store.rows(clearance.upto - 1, clearance.upto)).hex()
        lease = grant(
            clearance,
            head=head,
            commit_points=way_of(verified, convoy).commit_points,
            signer=signer,
        )
        text = token(lease)
        given = {"token": text, "words": lease.words, "ends": lease.ends.isoformat()}
        body = LeaseGiven(
            convoy=clearance.convoy,
            plan_hash=clearance.plan_hash,
            begins=lease.begins,
            ends=lease.ends,
            token=text,
        )
        messages.append(Message(f"lease:{mark}", body, source, at))
    ledger.append(messages, at=at)
    return given
