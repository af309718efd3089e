"""A small mission on the Ramouseh road with two holders, its verified plan, and a cell that works.

Convoy c1 leaves the pickup at 14:30 and arrives at 15:36, c2 leaves at 16:00. `cleared` enters all
that a go needs; tests leave out or add one thing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from safepassage.clearance.asking import Answer, ask
from safepassage.ledger.decided import GATE_LINES, Approval, Check, GateLine, PlanAdopted, Proof
from safepassage.ledger.kept import Clock, Role
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.said import Confirmation, Guarantee
from safepassage.ledger.signer import Signer
from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.figure import sure
from safepassage.scenario.parties import Party
from safepassage.scenario.people import Group
from safepassage.scenario.places import Corridor, Place, Through
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from tests.ledger.writing import DAMASCUS, clock, enter, new_ledger
from tests.planner.verify.worlds import bus, fm, leg, m, plan, s, scenario

LEAVES = clock(14, 30)
ASKED = clock(14, 25)
MARGIN = timedelta(minutes=30)
PEOPLE = (("head-1", "head"), ("move-1", "movement"))


def world(**more: object) -> Scenario:
    """Return the scenario: pickup A, leg A-R, post R, leg R-D through post K, hand-over D."""
    given: dict[str, object] = {
        "start": datetime(2016, 12, 15, 8, 0, tzinfo=DAMASCUS),
        "parties": (Party("gov"), Party("militia")),
        "places": (
            Place("A", "pickup"),
            Place("R", "checkpoint", holder=("gov",)),
            Place("K", "checkpoint", holder=("militia",)),
            Place("D", "handover", arrived=True),
            Place("elsewhere", "depot"),
        ),
        "legs": (
            leg("A", "R", 18, held_by=("gov",)),
            leg("R", "D", 48, held_by=("gov", "militia"), through=(Through("K", m(24)),)),
        ),
        "corridors": (Corridor("way", ("A-R", "R-D"), sure(30), fm(30)),),
        "groups": (Group("people", "A", "walking", sure(200)),),
        "vehicles": (bus(count=4),),
        "rules": Rules(arrival_margin=MARGIN),
    }
    return scenario(**{**given, **more})


def _trip(vehicle: str, convoy: str, depart: float) -> Trip:
    return Trip(
        vehicle,
        "bus",
        "A",
        "D",
        ("A-R", "R-D"),
        s(depart),
        s(depart + 66),
        convoy,
        {"walking": 50},
        {"people": 50},
    )


def two_convoys(of: Scenario) -> Plan:
    """Return the plan: two buses at 14:30, two at 16:00."""
    trips = (
        _trip("bus-01", "c1", 390),
        _trip("bus-02", "c1", 390),
        _trip("bus-03", "c2", 480),
        _trip("bus-04", "c2", 480),
    )
    convoys = tuple(
        Convoy(name, "way", "A", "D", s(at), s(at + 66)) for name, at in (("c1", 390), ("c2", 480))
    )
    return plan(of, *trips, convoys=convoys, value=200.0)


def verified_plan(of: Scenario | None = None) -> VerifiedPlan:
    """Return the plan as verified."""
    mission = world() if of is None else of
    return verify(mission, two_convoys(mission))


def roles() -> list[Body]:
    """Return the roles of the two who approve."""
    return [Role(person=person, role=role) for person, role in PEOPLE]


def guarantee(party: str, covers: Sequence[str], until: datetime | None = None) -> Guarantee:
    """Return a promise heard by the radio room."""
    return Guarantee(party=party, covers=tuple(covers), heard_by="radio-1", until=until)


def promised(ledger: Ledger, *parties: str, at: datetime, until: datetime | None = None) -> None:
    """Enter a confirmed promise of each party over all it holds."""
    for party in parties:
        (id_,) = enter(ledger, guarantee(party, ("all",), until), at=at)
        enter(ledger, Confirmation(about=id_, person="head-1", known_contact=True), at=at)


def checks(verified: VerifiedPlan, convoy: str = "c1", but: Iterable[str] = ()) -> list[Body]:
    """Return the plan's adoption, the proved road, all checks and the signed gate."""
    bodies: list[Body] = [
        PlanAdopted(plan_hash=verified.plan_hash, plan="{}", person="move-1"),
        Proof(covers=("A-R", "R-D"), team="road team", at=clock(13), how="driven both ways"),
    ]
    bodies += [
        Check(what=what, ready=True, person="move-1", convoy=convoy)
        for what in ("vehicles", "crews", "fuel", "radios")
    ]
    bodies += [Check(what="comms", ready=True, person="radio-1", place=post) for post in ("K", "R")]
    bodies.append(Check(what="receiving side", ready=True, person="med-1", place="D"))
    bodies += [
        GateLine(line=line, met=True, person=person, role=role)
        for line in GATE_LINES
        for person, role in PEOPLE
    ]
    left_out = set(but)
    return [one for one in bodies if type(one).__name__ not in left_out]


def approvals(
    ledger: Ledger, verified: VerifiedPlan, convoy: str = "c1", acknowledges: Sequence[str] = ()
) -> list[Body]:
    """Return two approvals that have seen everything so far."""
    seen = ledger.tail()[0]
    return [
        Approval(
            person=person,
            role=role,
            plan_hash=verified.plan_hash,
            convoy=convoy,
            seen=seen,
            acknowledges=tuple(acknowledges),
        )
        for person, role in PEOPLE
    ]


def cleared(
    *, verified: VerifiedPlan | None = None, convoy: str = "c1", until: datetime | None = None
) -> tuple[Ledger, Signer, VerifiedPlan]:
    """Return a ledger in which convoy c1 has a go at 14:25."""
    given = verified_plan() if verified is None else verified
    ledger, signer = new_ledger(at=clock(12))
    enter(ledger, *roles(), at=clock(12))
    promised(ledger, "gov", "militia", at=clock(14), until=until or clock(18))
    enter(ledger, *checks(given, convoy), at=clock(14, 10))
    enter(ledger, Clock(device="room", milliseconds=400, against="time signal"), at=clock(14, 10))
    enter(ledger, *approvals(ledger, given, convoy), at=clock(14, 20))
    return ledger, signer, given


def asked(
    ledger: Ledger,
    signer: Signer,
    verified: VerifiedPlan,
    convoy: str = "c1",
    at: datetime = ASKED,
    contact_at: datetime | None = None,
) -> Answer:
    """Return the answer of the rule at a time."""
    return ask(
        verified,
        ledger,
        convoy,
        at=at,
        contact_at=at if contact_at is None else contact_at,
        keys={"room": signer.key},
    )
