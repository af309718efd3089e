# ruff: noqa: FBT003 - an example states every field in order
"""One example of every kind of entry, with every field stated."""

from collections.abc import Mapping

from safepassage.ledger import carried, decided, kept, said, seen, told
from safepassage.ledger.kinds import Body
from tests.ledger.writing import clock

H = "a" * 64

EXAMPLES: Mapping[str, Body] = {
    "agreement": said.Agreement("exit", ("gov", "opposition"), "People leave by one corridor."),
    "term": said.Term(
        "how-many",
        "exit",
        "How many leave.",
        "open",
        {"gov": "2,000", "opposition": "10,000"},
        "x",
        True,
    ),
    "statement": said.Statement("someone", "نحن في الطريق", ("g-1",), "truce", True),
    "guarantee": said.Guarantee(
        "gov", ("leg-1", "post-1"), "radio-1", clock(13), clock(18), ("c1",), "t", "a", "desk"
    ),
    "confirmation": said.Confirmation("g-1", "head-1", True),
    "withdrawal": said.Withdrawal("gov", ("all",), "g-1"),
    "notification": said.Notification(
        "gov",
        "A convoy leaves at 14:30.",
        "amiriyah",
        clock(14, 30),
        ("leg-1",),
        "20 buses",
        clock(14),
        clock(18),
        clock(18),
        "desk",
    ),
    "acknowledgement": said.Acknowledgement("gov", "n-1", "we have it"),
    "dispute": said.Dispute("g-1", "nobody has asked us", "militia", "truce"),
    "attribution": said.Attribution("truce", "one side", "the other side", "claimed"),
    "condition": seen.Condition("amiriyah", "water", "sporadic", clock(9)),
    "attempt": seen.Attempt("second", "begun", "room", clock(14, 30), 1000, H, "within hours"),
    "count": seen.Count(
        "ICRC", "departed", 951, clock(15), "d", "c1", "walking", "others", 900, 1000, True, 20
    ),
    "consent": seen.Consent("others", "yes", 5, "slip-0007", "rashidin4", "ar", "terms read"),
    "movement": seen.Movement(
        "departed",
        "amiriyah",
        "bus-01",
        "c1",
        clock(14, 30),
        "rashidin4",
        ("leg-1", "leg-2"),
        "leg-1",
        6800,
        {"walking": 48},
        {"others": 48},
        {"delegate": 1},
        clock(15, 36),
        "late",
        ("delegate-01",),
        clock(14),
        2,
        3,
        5,
        400,
        "women and children",
        clock(15),
    ),
    "incident": seen.Incident("shots", "shots near the post", ("post-1",), clock(10), 1, 4, "c1"),
    "closure": seen.Closure(("leg-1",), "closed", clock(10), clock(12), "rubble"),
    "household": carried.Household(
        "2047-4", "others", 5, {"walking": 5}, ("2048-2",), 2, 1, "a children's organisation"
    ),
    "passage": carried.Passage("2047-4", "boarded", "amiriyah", clock(14, 20), 5, "c1", "bus-01"),
    "handover": carried.HandOver(
        "ho-1", "gives", "children", 2, "Move-1", "the cell", "d", "c1", ("2047-4",), "desk"
    ),
    "sweep": carried.Sweep("amiriyah", 3, "Move-1", clock(16), 1, "cellars not reached"),
    "referral": carried.Referral(("2047-4",), 5, "family links", "Head-1", "c1", "not seen"),
    "release": seen.Release("foua", 1, "departed", 250),
    "plan": decided.PlanAdopted(H, '{"trips": []}', "move-1", H),
    "approval": decided.Approval("head-1", "head", H, "c1", 40, ("d-1",)),
    "hold": decided.Hold("counter-7", "shots heard", "c1"),
    "lift": decided.Lift("h-1", "head-1", "head", "a tyre"),
    "gate": decided.GateLine("voluntary", True, "head-1", "head", "asked at the buses"),
    "proof": decided.Proof(("leg-1",), "road team", clock(13), "driven both ways"),
    "check": decided.Check("fuel", True, "move-1", "c1", "post-1", "all full"),
    "readiness": decided.Readiness("vehicles", "bus", 18, clock(12), "two tyres", "depot"),
    "decision": decided.Decision("wait", ("head-1",), "no word from the post", "go at once"),
    "verdict": decided.Verdict("c1", H, False, clock(14), 40, ("promise:-none",)),
    "lease": decided.LeaseGiven("c1", H, clock(14, 25), clock(14, 35), "SPL1.x.y"),
    "uncleared": decided.Uncleared("c1", "head-1", "move-1", "fire came closer"),
    "correction": decided.Correction("m-1", "the other bus", "m-2"),
    "notice": told.Notice("buses", '{"id": "buses"}', H, "report-1"),
    "publication": told.Publication("buses", H, "head-1", "head", ("amiriyah",)),
    "takedown": told.Takedown("buses", "radio-1", "no longer true"),
    "enrol": kept.Enrol("phone-1", H, False, "counter-7"),
    "revoke": kept.Revoke("phone-1", "counter-7", "lost"),
    "role": kept.Role("head-1", "head", clock(20)),
    "clock": kept.Clock("room", -400, "a receiver"),
    "alarm": kept.Alarm("clock jumped", "room", "back by an hour"),
    "purge": kept.Purge(("contacts/2016-12-15",), "its date has come"),
    "anchored": kept.Anchored(40, H, "second node"),
}
