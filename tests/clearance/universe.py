"""The boundary states of a clearance, component by component, and how they are put together.

Each component is a list of values at and around every limit of the rule. The whole universe is each
combination of both parties' promises with every approval set, hold and a few states of the room's
computer, and of every pair of components; the reduced one varies one or two at a time.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from safepassage.clearance.case import (
    ApprovalFacts,
    Case,
    CheckFacts,
    HoldFacts,
    LinkedFacts,
    Need,
    Node,
    PromiseFacts,
    RoadFacts,
    Signature,
    TermFacts,
)
from safepassage.ledger.decided import GATE_LINES
from tests.ledger.writing import clock

AT = clock(14, 25)
LEAVES = clock(14, 30)
TRAVEL = timedelta(minutes=66)
MARGIN = timedelta(minutes=30)
TICK = timedelta(microseconds=1)
SKEW = timedelta(seconds=20)
CLEAR = LEAVES + TRAVEL + MARGIN + SKEW
PLAN, OTHER = "a" * 64, "b" * 64
NEEDS = (Need("gov", "R"), Need("militia", "K"))


def promise(need: Need, **more: object) -> PromiseFacts:
    """Return a promise that stands, with changes."""
    given: dict[str, object] = {
        "id": f"{need.party}-1",
        "party": need.party,
        "stretch": need.stretch,
        "since": clock(13),
        "until": clock(18),
        "last_heard": clock(14),
        "people": frozenset({"a", "b"}),
    }
    return PromiseFacts(**{**given, **more})  # type: ignore[arg-type]


def promise_sets(need: Need) -> list[tuple[PromiseFacts, ...]]:
    """Return what one party may have promised: nothing, each boundary, and pairs."""
    ends: list[datetime | None] = [CLEAR - TICK, CLEAR, CLEAR + TICK, clock(18)]
    heard = [LEAVES - timedelta(hours=1), LEAVES - timedelta(hours=1) - TICK, clock(14)]
    starts = [LEAVES, LEAVES + TICK, clock(13)]
    people = [frozenset[str](), frozenset({"a"}), frozenset({"a", "b"}), frozenset("abc")]
    single = [promise(need, until=end) for end in ends]
    single += [promise(need, until=None, last_heard=one) for one in heard]
    single += [promise(need, since=one) for one in starts]
    single += [promise(need, since=one, until=None) for one in starts]
    single += [promise(need, people=one) for one in people]
    single += [promise(need, people=one, people_needed=3) for one in people]
    voids = ("withdrawn", "disputed", "incident", "replaced")
    single += [promise(need, void=one, void_by="x") for one in voids]
    single += [promise(need, void="withdrawn", void_by="x", until=None)]
    bad = promise(need, void="replaced", void_by="y")
    other = promise(Need(need.party, "elsewhere"))
    stranger = promise(Need("stranger", need.stretch))
    sets: list[tuple[PromiseFacts, ...]] = [(), (other,), (stranger,)]
    sets += [(one,) for one in single]
    sets += [(bad, promise(need)), (promise(need), bad), (bad, bad)]
    sets += [(promise(need, until=CLEAR), promise(need, until=CLEAR + TICK))]
    sets += [(promise(need, until=CLEAR + TICK), promise(need, until=CLEAR))]
    sets += [(promise(need, until=None, last_heard=heard[0]), promise(need, until=CLEAR - TICK))]
    return sets


def approval(person: str, role: str, **more: object) -> ApprovalFacts:
    """Return an approval that counts, with changes."""
    given: dict[str, object] = {
        "id": f"ok-{person}-{role}",
        "person": person,
        "role": role,
        "role_held": True,
        "plan_hash": PLAN,
        "convoy": "c1",
        "seen": 50,
        "acknowledges": frozenset({"doubt"}),
        "at": clock(14, 20),
    }
    return ApprovalFacts(**{**given, **more})  # type: ignore[arg-type]


def approval_sets() -> list[tuple[ApprovalFacts, ...]]:
    """Return sets of approvals: none to three, each second one at a boundary."""
    head = approval("ann", "head")
    life = timedelta(minutes=30)
    seconds = [
        approval("ben", "movement"),
        approval("ben", "medical"),
        approval("ben", "radio"),
        approval("ben", "head"),
        approval("ben", "observer"),
        approval("ben", "field"),
        approval("ann", "movement"),
        approval("ann", "head"),
        approval("ben", "movement", role_held=False),
        approval("ben", "movement", plan_hash=OTHER),
        approval("ben", "movement", convoy="c2"),
        approval("ben", "movement", seen=49),
        approval("ben", "movement", seen=51),
        approval("ben", "movement", acknowledges=frozenset()),
        approval("ben", "movement", acknowledges=frozenset({"doubt", "other"})),
        approval("ben", "movement", at=AT),
        approval("ben", "movement", at=AT + TICK),
        approval("ben", "movement", at=AT - life),
        approval("ben", "movement", at=AT - life - TICK),
        approval("ben", "movement", at=LEAVES - life),
        approval("ben", "movement", at=LEAVES - life - TICK),
    ]
    late = approval("cid", "radio", at=LEAVES - life + timedelta(minutes=1))
    sets: list[tuple[ApprovalFacts, ...]] = [(), (head,)]
    sets += [(head, one) for one in seconds]
    sets += [(one, head) for one in seconds[:2]]
    sets += [(seconds[19], late, head), (seconds[3], seconds[6], head), (seconds[3], seconds[6])]
    sets += [(late, seconds[19]), (late, seconds[20]), (head, late, seconds[19])]
    return sets


def signature(person: str, role: str, **more: object) -> Signature:
    """Return a signature under one line of the gate, with changes."""
    given: dict[str, object] = {
        "id": f"gate-{person}",
        "person": person,
        "role": role,
        "role_held": True,
        "met": True,
    }
    return Signature(**{**given, **more})  # type: ignore[arg-type]


def gates() -> list[dict[str, tuple[Signature, ...]]]:
    """Return gates: all signed, and one line at each boundary."""
    both: tuple[Signature, ...] = (signature("ann", "head"), signature("ben", "movement"))
    full: dict[str, tuple[Signature, ...]] = dict.fromkeys(GATE_LINES, both)
    found: list[dict[str, tuple[Signature, ...]]] = [full, {}]
    found += [{line: both for line in GATE_LINES if line != left} for left in GATE_LINES]
    odd: list[tuple[Signature, ...]] = [
        (),
        both[:1],
        (both[0], signature("ann", "movement")),
        (both[0], signature("ben", "head")),
        (both[0], signature("ben", "movement", role_held=False)),
        (both[0], signature("ben", "observer")),
        (*both, signature("cid", "radio", met=False)),
        (*both, signature("cid", "observer", met=False, role_held=False)),
        (both[0], signature("ben", "movement", met=False)),
        (both[0], signature("ann", "radio"), signature("ben", "head"), both[1]),
    ]
    found += [{**full, GATE_LINES[2]: one} for one in odd]
    return found


def check(what: str, **more: object) -> CheckFacts:
    """Return a check that is ready, with changes."""
    given: dict[str, object] = {"ready": True, "at": clock(14), "id": f"check-{what}"}
    return CheckFacts(what, "c1", **{**given, **more})  # type: ignore[arg-type]


COMPONENTS: dict[str, list[object]] = {}


def _components() -> dict[str, list[object]]:
    life = timedelta(hours=2)
    two = frozenset({"ann", "ben"})
    good_road = RoadFacts("R-D", 10, "team", None, None)
    moved = LinkedFacts("foua", 1, 1, 0, None, None)
    return {
        "promises": [
            (*first, *second)
            for first, second in itertools.product(promise_sets(NEEDS[0]), promise_sets(NEEDS[1]))
        ],
        "needs": [NEEDS, (), NEEDS[:1], (*NEEDS, Need("third", "K"))],
        "without_holder": [(), ("K",)],
        "approvals": list(approval_sets()),
        "holds": [
            (),
            (HoldFacts("h", "x", frozenset()),),
            (HoldFacts("h", "x", frozenset({"ann"})),),
            (HoldFacts("h", "x", two),),
            (HoldFacts("h", "x", two | {"cid"}),),
            (HoldFacts("h", "x", two), HoldFacts("i", "x", frozenset({"ann"}))),
        ],
        "gate": list(gates()),
        "plan_in_force": [PLAN, OTHER, None],
        "node": [
            Node(skew, contact, whole)
            for skew in (
                SKEW,
                -SKEW,
                None,
                timedelta(0),
                timedelta(seconds=120),
                timedelta(seconds=-120),
                timedelta(seconds=120) + TICK,
                timedelta(seconds=-120) - TICK,
            )
            for contact in (
                AT,
                None,
                AT - timedelta(seconds=120),
                AT - timedelta(seconds=120) - TICK,
                AT + timedelta(seconds=120),
                AT + timedelta(seconds=120) + TICK,
            )
            for whole in (True, False)
        ],
        "road": [
            (good_road,),
            (),
            (replace(good_road, proved=None),),
            (replace(good_road, incident=9),),
            (replace(good_road, incident=10),),
            (replace(good_road, incident=11),),
            (replace(good_road, closed_by="x"),),
            (good_road, replace(good_road, leg="A-R", proved=None, incident=3)),
        ],
        "checks": [
            (check("fuel"), check("crews")),
            (),
            (check("fuel", ready=False),),
            (check("fuel", ready=None),),
            (check("fuel", at=None),),
            (check("fuel", at=AT),),
            (check("fuel", at=AT + TICK),),
            (check("fuel", at=AT - life),),
            (check("fuel", at=AT - life - TICK),),
            (check("fuel", at=LEAVES - life),),
            (check("fuel", at=LEAVES - life - TICK),),
            (check("fuel"), check("crews", ready=False)),
        ],
        "terms": [
            (),
            (TermFacts("t", "agreed", "x", 3),),
            (TermFacts("t", "met", "x", 3),),
            (TermFacts("t", "open", "x", 3),),
            (TermFacts("t", "broken", None, 3),),
            (TermFacts("t", "agreed", None, 3, differ=True),),
            (TermFacts("t", "met", "x", 3, differ=True),),
        ],
        "linked": [
            (),
            (moved,),
            (replace(moved, batches_moved=0),),
            (replace(moved, batches_moved=2),),
            (replace(moved, blocked_by="x"),),
            (replace(moved, people_needed=50, people_moved=50),),
            (replace(moved, people_needed=50, people_moved=49),),
            (replace(moved, people_needed=50, people_moved=None),),
            (replace(moved, people_needed=1, people_moved=0),),
            (replace(moved, batches_needed=0, batches_moved=0),),
        ],
        "departs": [
            LEAVES,
            AT,
            AT - timedelta(minutes=1),
            AT + timedelta(minutes=10),
            AT + timedelta(minutes=10) + TICK,
        ],
        "latest_departure": [
            None,
            LEAVES,
            LEAVES - TICK,
            LEAVES + TICK,
            clock(20),
        ],
        "kind": ["convoy", "road team"],
        "last_relevant": [50, 49, 51],
        "doubts": [frozenset({"doubt"}), frozenset(), frozenset({"doubt", "other"})],
        "travel": [TRAVEL, TRAVEL + TICK],
        "margin": [MARGIN, MARGIN + TICK],
    }


COMPONENTS |= _components()


def good() -> Case:
    """Return the case in which everything stands."""
    return Case(
        kind="convoy",
        convoy="c1",
        plan_hash=PLAN,
        plan_in_force=PLAN,
        departs=LEAVES,
        travel=TRAVEL,
        margin=MARGIN,
        latest_departure=None,
        needs=NEEDS,
        without_holder=(),
        promises=tuple(promise(need) for need in NEEDS),
        doubts=frozenset({"doubt"}),
        approvals=(approval("ann", "head"), approval("ben", "movement")),
        last_relevant=50,
        holds=(),
        gate=dict.fromkeys(GATE_LINES, (signature("ann", "head"), signature("ben", "movement"))),
        road=(RoadFacts("R-D", 10, "team", None, None),),
        checks=(check("fuel"), check("crews")),
        terms=(),
        linked=(),
        node=Node(SKEW, AT, chain_whole=True),
        upto=60,
        contacts={},
    )


def bases() -> tuple[Case, ...]:
    """Return cases in which everything stands: well inside, at the last moment, just outlasting."""
    base = good()
    at_the_end = tuple(promise(need, until=CLEAR) for need in NEEDS)
    return (base, replace(base, departs=AT), replace(base, promises=at_the_end))


def one_at_a_time() -> Iterator[Case]:
    """Yield each base with each value of each component; promises of one party at a time."""
    for base in bases():
        yield base
        for name, values in COMPONENTS.items():
            if name == "promises":
                continue
            for value in values:
                yield replace(base, **{name: value})  # type: ignore[arg-type]
        for need, other in (NEEDS, NEEDS[::-1]):
            for given in promise_sets(need):
                yield replace(base, promises=(*given, promise(other)))


def reduced(*, seed: int = 7, pairs: int = 4000) -> Iterator[Case]:
    """Yield one at a time, then a seeded sample of two components at a time."""
    yield from one_at_a_time()
    rng = random.Random(seed)  # noqa: S311 - a test must replay
    base = good()
    names = sorted(COMPONENTS)
    for _ in range(pairs):
        first, second = rng.sample(names, 2)
        yield replace(
            base,
            **{  # type: ignore[arg-type]
                first: rng.choice(COMPONENTS[first]),
                second: rng.choice(COMPONENTS[second]),
            },
        )


def whole() -> Iterator[Case]:
    """Yield the whole universe: the great product, then every pair and small triples."""
    base = good()
    nodes = COMPONENTS["node"][::13]
    for promises, approvals, holds, node in itertools.product(
        COMPONENTS["promises"], COMPONENTS["approvals"], COMPONENTS["holds"], nodes
    ):
        yield replace(base, promises=promises, approvals=approvals, holds=holds, node=node)  # type: ignore[arg-type]
    names = sorted(COMPONENTS)
    for first, second in itertools.combinations(names, 2):
        for a, b in itertools.product(COMPONENTS[first], COMPONENTS[second]):
            yield replace(base, **{first: a, second: b})  # type: ignore[arg-type]
    small = [one for one in names if len(COMPONENTS[one]) <= 6]
    for trio in itertools.combinations(small, 3):
        for values in itertools.product(*(COMPONENTS[one] for one in trio)):
            yield replace(base, **dict(zip(trio, values, strict=True)))  # type: ignore[arg-type]
