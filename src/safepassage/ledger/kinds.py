"""All kinds of entries by name, and which class of data each is."""

from collections.abc import Mapping
from types import MappingProxyType

from safepassage.ledger import carried, decided, kept, said, seen, told
from safepassage.ledger.classes import ATTRIBUTION, POSITIONS, RECORD, STRUCTURE

Body = (
    said.Agreement
    | said.Term
    | said.Statement
    | said.Guarantee
    | said.Confirmation
    | said.Withdrawal
    | said.Notification
    | said.Acknowledgement
    | said.Dispute
    | said.Attribution
    | seen.Condition
    | seen.Attempt
    | seen.Count
    | seen.Consent
    | seen.Movement
    | seen.Incident
    | seen.Closure
    | seen.Release
    | carried.Household
    | carried.Passage
    | carried.HandOver
    | carried.Sweep
    | carried.Referral
    | decided.PlanAdopted
    | decided.Approval
    | decided.Hold
    | decided.Lift
    | decided.GateLine
    | decided.Proof
    | decided.Check
    | decided.Readiness
    | decided.Decision
    | decided.Verdict
    | decided.LeaseGiven
    | decided.Uncleared
    | decided.Correction
    | told.Notice
    | told.Publication
    | told.Takedown
    | kept.Enrol
    | kept.Revoke
    | kept.Role
    | kept.Clock
    | kept.Alarm
    | kept.Purge
    | kept.Anchored
)

KINDS: Mapping[str, type[Body]] = MappingProxyType(
    {
        "agreement": said.Agreement,
        "term": said.Term,
        "statement": said.Statement,
        "guarantee": said.Guarantee,
        "confirmation": said.Confirmation,
        "withdrawal": said.Withdrawal,
        "notification": said.Notification,
        "acknowledgement": said.Acknowledgement,
        "dispute": said.Dispute,
        "attribution": said.Attribution,
        "condition": seen.Condition,
        "attempt": seen.Attempt,
        "count": seen.Count,
        "consent": seen.Consent,
        "movement": seen.Movement,
        "incident": seen.Incident,
        "closure": seen.Closure,
        "release": seen.Release,
        "household": carried.Household,
        "passage": carried.Passage,
        "handover": carried.HandOver,
        "sweep": carried.Sweep,
        "referral": carried.Referral,
        "plan": decided.PlanAdopted,
        "approval": decided.Approval,
        "hold": decided.Hold,
        "lift": decided.Lift,
        "gate": decided.GateLine,
        "proof": decided.Proof,
        "check": decided.Check,
        "readiness": decided.Readiness,
        "decision": decided.Decision,
        "verdict": decided.Verdict,
        "lease": decided.LeaseGiven,
        "uncleared": decided.Uncleared,
        "correction": decided.Correction,
        "notice": told.Notice,
        "publication": told.Publication,
        "takedown": told.Takedown,
        "enrol": kept.Enrol,
        "revoke": kept.Revoke,
        "role": kept.Role,
        "clock": kept.Clock,
        "alarm": kept.Alarm,
        "purge": kept.Purge,
        "anchored": kept.Anchored,
    }
)
"""The name of each kind and what it holds."""

KIND_OF: Mapping[type, str] = MappingProxyType({body: kind for kind, body in KINDS.items()})

_MAIN_CLASS = {
    "movement": POSITIONS,
    "passage": POSITIONS,
    "attribution": ATTRIBUTION,
    "enrol": STRUCTURE,
    "revoke": STRUCTURE,
    "alarm": STRUCTURE,
    "purge": STRUCTURE,
    "anchored": STRUCTURE,
}

MAIN_CLASS: Mapping[str, str] = MappingProxyType(
    {kind: _MAIN_CLASS.get(kind, RECORD) for kind in KINDS}
)
"""The class of data of each kind's fields, where a field does not name another one."""

WRITTEN_BY_THE_LEDGER = frozenset({"alarm", "purge", "anchored"})
"""Kinds that no client may send."""
