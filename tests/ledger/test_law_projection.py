"""A situation that is kept tells what a rebuilding tells, whatever is entered in between."""

import copy
import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from safepassage.ledger.decided import Correction, Hold, Lift, PlanAdopted
from safepassage.ledger.folding import Projection, situation
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.said import Confirmation, Dispute, Guarantee, Term, Withdrawal
from safepassage.ledger.seen import Closure, Consent, Count, Incident, Movement, Release
from safepassage.ledger.source import Source
from tests.clearance.world import world
from tests.ledger.writing import NOON, RADIO, clock, enter, new_ledger

READER = Source(channel="reader", person="reader")
PLAN = json.dumps(
    {
        "start": clock(8).isoformat(),
        "convoys": [
            {"id": "c1", "start": "A", "end": "D", "who": {"delegate": ["delegate-01"]}},
            {"id": "c2", "start": "D", "end": "A", "who": {"delegate": ["delegate-01"]}},
        ],
        "trips": [
            {
                "vehicle": vehicle,
                "convoy": "c1",
                "from": "A",
                "to": "D",
                "legs": ["A-R", "R-D"],
                "arrive": 456,
                "load": {"walking": 40},
                "groups": {"people": 40},
                "staff": {"driver": 1},
                "who": {"driver": [f"driver-{vehicle[-2:]}"]},
            }
            for vehicle in ("bus-01", "bus-02")
        ],
    }
)
WHAT = ("departed", "through", "held", "arrived", "turned back")
PLACES = st.sampled_from(["A", "R", "K", "D"])
MOVES = st.builds(
    Movement,
    what=st.sampled_from(WHAT),
    place=PLACES | st.none(),
    vehicle=st.sampled_from(["bus-01", "bus-02"]) | st.none(),
    convoy=st.sampled_from(["c1", "c2"]) | st.none(),
    to=st.sampled_from(["D", "A"]) | st.none(),
    load=st.none() | st.builds(dict, walking=st.integers(1, 50)),
    staff=st.none() | st.just({"delegate": 1}),
    who=st.sampled_from([(), ("delegate-01",), ("delegate-02", "driver-01")]),
)
BODIES = st.one_of(
    MOVES,
    MOVES,
    st.just(PlanAdopted("a" * 64, PLAN, "move-1")),
    st.builds(
        Count,
        st.sampled_from(["gate", "icrc"]),
        st.just("arrived"),
        st.integers(0, 9),
        st.just(NOON),
    ),
    st.builds(
        Consent,
        st.just("people"),
        st.sampled_from(["yes", "withdrawn"]),
        st.integers(1, 9),
        st.none() | st.just("slip-1"),
    ),
    st.builds(Closure, st.just(("A-R",)), st.sampled_from(["open", "closed"])),
    st.builds(Hold, st.just("head-1"), st.just("shots")),
    st.builds(
        Term, st.just("t"), st.just("exit"), st.just("words"), st.sampled_from(["open", "met"])
    ),
    st.builds(
        Guarantee, st.sampled_from(["gov", "militia"]), st.just(("all",)), st.just("radio-1")
    ),
    st.builds(Withdrawal, st.sampled_from(["gov", "militia"]), st.just(("all",))),
    st.builds(Incident, st.just("e"), st.just("shots"), st.sampled_from([("R-D",), ()])),
)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, object]]:
    """Draw what is entered in turn: a body from the radio or the reader, a word about an entry."""
    steps: list[tuple[str, object]] = []
    for _ in range(draw(st.integers(1, 14))):
        kind = draw(st.sampled_from(["said", "said", "said", "read", "about", "about", "purge"]))
        if kind in {"said", "read"}:
            steps.append((kind, draw(BODIES)))
        elif kind == "about":
            which = draw(st.sampled_from(["correct", "confirm", "confirm", "dispute", "lift"]))
            steps.append((which, draw(st.integers(0, 20))))
        else:
            steps.append((kind, draw(st.sampled_from(["positions", "record", "persons"]))))
    return steps


def do(ledger: Ledger, ids: list[str], step: tuple[str, object]) -> None:
    """Take one step of a history."""
    kind, what = step
    if kind in {"said", "read"}:
        ids += enter(ledger, what, source=READER if kind == "read" else RADIO)  # type: ignore[arg-type]
        return
    if kind == "purge":
        names = [one for one in ledger._keyring.names if one.startswith(str(what))]
        if names:
            ledger.purge(at=NOON, names=names)
        return
    about = ids[int(str(what)) % len(ids)] if ids else "nothing"
    person = ("head-1", "move-1")[int(str(what)) % 2]
    body: Body = {
        "correct": Correction(about, "another bus"),
        "confirm": Confirmation(about, person, known_contact=True),
        "dispute": Dispute(about, "it was not so", "militia"),
        "lift": Lift(about, person, "head"),
    }[kind]
    ids += enter(ledger, body)


@given(histories(), st.integers(1, 4))
def test_a_kept_situation_is_the_rebuilt_one_after_every_entry(
    steps: list[tuple[str, object]], every: int
) -> None:
    ledger, _ = new_ledger()
    kept, of_a_mission = Projection(ledger), Projection(ledger, world())
    ids: list[str] = []
    shown = []
    for number, step in enumerate(steps):
        do(ledger, ids, step)
        if number % every == 0:
            at = NOON + timedelta(minutes=number)
            now = kept.situation(at)
            assert now == situation(ledger, at=at)
            mission = of_a_mission.situation(at)
            assert mission == situation(ledger, at=at, scenario=world())
            shown.append((now, copy.deepcopy(now)))
    # What was handed out stays what it was, whatever is entered later.
    assert all(now == before for now, before in shown)


@given(histories(), st.integers(0, 20))
def test_a_kept_situation_goes_back_to_an_earlier_entry_and_forward_again(
    steps: list[tuple[str, object]], back: int
) -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    ids: list[str] = []
    for step in steps:
        do(ledger, ids, step)
    last = kept.situation(NOON)
    upto = min(back, ledger.tail()[0])
    assert kept.situation(NOON, upto) == situation(ledger, at=NOON, upto=upto)
    assert kept.situation(NOON) == last
    assert situation(ledger, at=NOON, upto=0).head == situation(ledger, at=NOON, upto=-3).head


def test_a_correction_of_a_confirmation_takes_away_what_it_confirmed() -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    (told,) = enter(ledger, Count("gate", "arrived", 7, NOON), source=READER)
    enter(ledger, Confirmation(told, "head-1", known_contact=True))
    assert kept.situation(NOON).left_out == (told,)
    (second,) = enter(ledger, Confirmation(told, "move-1", known_contact=True))
    assert kept.situation(NOON).left_out == ()
    enter(ledger, Correction(second, "it was another count"))
    assert kept.situation(NOON).left_out == (told,)
    assert kept.situation(NOON) == situation(ledger, at=NOON)


def test_a_confirmed_correction_of_a_closure_counts_from_its_confirmation_on() -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    (closed,) = enter(ledger, Closure(("A-R",), "closed"))
    (corrected,) = enter(ledger, Correction(closed, "another road"))
    assert [one.stretch for one in kept.situation(NOON).closed_legs] == ["A-R"]
    enter(ledger, Confirmation(corrected, "head-1", known_contact=True))
    assert kept.situation(NOON).closed_legs == ()


def test_nothing_that_a_situation_holds_changes_when_more_is_entered() -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    first: list[Body] = [
        Closure(("A-R",), "closed"),
        Count("gate", "arrived", 7, NOON),
        Term("t", "exit", "words", "open"),
        Release("foua", 1, "departed"),
        Incident("e", "shots"),
        Movement("departed", "A", "bus-01", to="D", load={"walking": 5}, who=("driver-01",)),
    ]
    enter(ledger, *first)
    now = kept.situation(NOON)
    before = copy.deepcopy(now)
    enter(
        ledger,
        Closure(("R-D",), "closed"),
        Count("icrc", "arrived", 8, NOON),
        Term("u", "exit", "words", "open"),
        Release("foua", 2, "departed"),
        Incident("f", "shots"),
        Movement("departed", "A", "bus-01", to="D", load={"walking": 6}),
        Movement("arrived", "D", "bus-01"),
    )
    assert kept.situation(NOON) != now
    assert now == before
