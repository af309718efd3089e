# ruff: noqa: S106 - a token is a slip of paper here
"""The situation worked by hand: who is where, who has arrived, what is open, as of any entry."""

from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.ledger.counts import balances, spreads, totals
from safepassage.ledger.decided import Correction, Hold, Lift, PlanAdopted, Uncleared
from safepassage.ledger.disputes import events
from safepassage.ledger.folding import entries_known_at, holders_of, situation
from safepassage.ledger.history import attempts, conditions, terms_sheets
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.said import (
    Agreement,
    Attribution,
    Confirmation,
    Dispute,
    Guarantee,
    Statement,
    Term,
    Withdrawal,
)
from safepassage.ledger.seen import (
    Attempt,
    Closure,
    Condition,
    Consent,
    Count,
    Incident,
    Movement,
)
from safepassage.ledger.situation import CountKey, Situation
from safepassage.ledger.situation_form import (
    counts_json,
    counts_lines,
    situation_json,
    situation_lines,
)
from safepassage.ledger.source import Source
from tests.clearance.world import world
from tests.ledger.writing import NOON, clock, enter, new_ledger

PLAN = """{"start": "2016-12-15T08:00:00+02:00", "trips": [
 {"vehicle": "bus-01", "convoy": "c1", "from": "A", "to": "D", "legs": ["A-R", "R-D"],
  "depart": 390, "arrive": 456, "load": {"walking": 50}, "groups": {"people": 50},
  "staff": {"delegate": 1}},
 {"vehicle": "bus-02", "convoy": "c1", "from": "A", "to": "D", "legs": ["A-R", "R-D"],
  "depart": 390, "arrive": 456, "load": {"walking": 40}, "groups": {"people": 40}, "staff": {}}]}"""


def after(*bodies: Body) -> Situation:
    ledger, _ = new_ledger()
    enter(ledger, *bodies)
    return situation(ledger, at=NOON, scenario=world())


def leaves(vehicle: str, people: int = 50) -> Movement:
    return Movement(
        what="departed",
        place="A",
        vehicle=vehicle,
        convoy="c1",
        at=clock(11, 30),
        to="D",
        legs=("A-R", "R-D"),
        load={"walking": people},
        groups={"people": people},
        staff={"delegate": 1},
        due=clock(12, 36),
    )


def test_a_bus_on_the_road_carries_whom_it_left_with() -> None:
    now = after(leaves("bus-01"), Movement(what="held", place="R", vehicle="bus-01"))
    bus = now.vehicles["bus-01"]
    assert (bus.state, bus.place, bus.to, bus.convoy) == ("held", "R", "D", "c1")
    assert bus.aboard == {"walking": 50}
    assert bus.due == clock(12, 36)
    assert now.on_the_road == {"bus-01": bus}
    assert not bus.stale
    assert now.arrived(world()) == {}
    assert now.still_at(world()) == {"people": 150}
    assert now.staff_moved == {("delegate", "A"): -1}


def test_an_arrival_counts_those_at_the_gate_where_they_were_counted() -> None:
    counted = Movement(
        what="arrived", place="D", vehicle="bus-02", load={"walking": 47}, groups={"people": 47}
    )
    now = after(
        leaves("bus-01"),
        leaves("bus-02"),
        Movement(what="arrived", place="D", vehicle="bus-01"),
        counted,
    )
    assert now.arrived(world()) == {"walking": 97}
    assert now.arrived_groups(world()) == {"people": 97}
    assert now.on_the_road == {}
    assert now.staff_moved == {("delegate", "A"): -2, ("delegate", "D"): 2}
    assert now.vehicles["bus-01"].place == "D"


def test_a_waiting_place_is_not_arrival() -> None:
    here = Movement(what="arrived", place="R", vehicle="bus-01")
    now = after(leaves("bus-01"), here)
    assert now.arrived(world()) == {}
    assert now.waiting("R") == {"people": 50}
    on = replace(leaves("bus-03", 20), place="R")
    assert after(leaves("bus-01"), here, on).waiting("R") == {"people": 30}


def test_a_vehicle_that_turned_back_goes_where_it_came_from_with_its_people() -> None:
    now = after(leaves("bus-01"), Movement(what="turned back", place="K", vehicle="bus-01"))
    bus = now.vehicles["bus-01"]
    assert (bus.to, bus.place, bus.aboard) == ("A", "K", {"walking": 50})
    home = after(
        leaves("bus-01"),
        Movement(what="turned back", place="K", vehicle="bus-01"),
        Movement(what="arrived", vehicle="bus-01"),
    )
    assert home.brought == {"A": {"walking": 50}}
    assert home.arrived(world()) == {}


def test_a_convoy_report_moves_its_vehicles_as_planned_and_says_so() -> None:
    adopted = PlanAdopted(plan_hash="a" * 64, plan=PLAN, person="move-1")
    gone = Movement(what="departed", convoy="c1", at=clock(11, 50))
    now = after(adopted, gone)
    assert now.plan is not None
    assert now.plan.plan_hash == "a" * 64
    assert {key: one.aboard for key, one in now.vehicles.items()} == {
        "bus-01": {"walking": 50},
        "bus-02": {"walking": 40},
    }
    assert all(one.as_planned and one.to == "D" for one in now.vehicles.values())
    assert now.vehicles["bus-01"].due == clock(15, 36)
    assert [one.convoy for one in now.departed] == ["c1"]
    held = after(adopted, gone, Movement(what="held", place="K", convoy="c1"))
    assert {one.place for one in held.vehicles.values()} == {"K"}
    there = after(adopted, gone, Movement(what="arrived", place="D", convoy="c1"))
    assert there.arrived(world()) == {"walking": 90}
    assert there.convoys["c1"].arrived_at == NOON


def test_a_convoy_has_arrived_when_its_last_vehicle_has() -> None:
    first = Movement(what="arrived", place="D", vehicle="bus-01", convoy="c1")
    now = after(leaves("bus-01"), leaves("bus-02"), first)
    assert now.convoys["c1"].state == "departed"
    assert now.convoys["c1"].arrived_at is None
    both = after(leaves("bus-01"), leaves("bus-02"), first, replace(first, vehicle="bus-02"))
    assert both.convoys["c1"].state == "arrived"
    assert both.convoys["c1"].departed_at == clock(11, 30)
    assert both.convoys["c1"].vehicles == ("bus-01", "bus-02")


def test_silence_makes_a_vehicle_on_the_road_stale_and_no_other() -> None:
    ledger, _ = new_ledger()
    enter(ledger, replace(leaves("bus-01"), at=NOON), Movement(what="held", place="A", vehicle="b"))
    for minutes, stale in ((15, ()), (16, ("bus-01",))):
        assert situation(ledger, at=NOON + timedelta(minutes=minutes)).stale == stale


def test_moved_without_clearance_stays_red() -> None:
    body = Uncleared(convoy="c1", first="head-1", second="move-1", why="fire")
    now = after(leaves("bus-01"), body, Movement(what="arrived", place="D", vehicle="bus-01"))
    assert now.convoys["c1"].uncleared
    assert "MOVED WITHOUT CLEARANCE" in "\n".join(situation_lines(now, None))


def test_as_of_an_earlier_entry_later_ones_are_not_known() -> None:
    ledger, _ = new_ledger()
    enter(ledger, leaves("bus-01"), Movement(what="arrived", place="D", vehicle="bus-01"))
    early = situation(ledger, at=NOON, upto=2)
    assert early.upto == 2
    assert early.vehicles["bus-01"].on_the_road
    assert not situation(ledger, at=NOON).vehicles["bus-01"].on_the_road
    assert early.head != situation(ledger, at=NOON).head


def test_what_was_known_at_a_time_is_the_log_up_to_then() -> None:
    ledger, _ = new_ledger(at=clock(8))
    for hour in (9, 10, 11):
        enter(ledger, Statement(speaker="x", quote=str(hour)), at=clock(hour))
    assert [entries_known_at(ledger, clock(hour)) for hour in (7, 8, 9, 10, 23)] == [0, 1, 2, 3, 4]


def test_a_correction_takes_a_report_out_and_both_stay() -> None:
    ledger, _ = new_ledger()
    (wrong,) = enter(ledger, leaves("bus-01"))
    enter(ledger, Correction(about=wrong, why="it was bus-02"), leaves("bus-02"))
    now = situation(ledger, at=NOON)
    assert set(now.vehicles) == {"bus-02"}
    assert now.left_out == (wrong,)
    assert ledger.find(wrong) is not None


def test_what_the_public_page_says_moves_nothing_until_two_confirm_it() -> None:
    ledger, _ = new_ledger()
    page = Source(channel="public page", person="a caller")
    (id_,) = enter(ledger, Movement(what="held", place="K", vehicle="bus-01"), source=page)
    assert situation(ledger, at=NOON).left_out == (id_,)
    for person in ("head-1", "move-1"):
        assert situation(ledger, at=NOON).vehicles == {}
        enter(ledger, Confirmation(about=id_, person=person, known_contact=True))
    assert situation(ledger, at=NOON).vehicles["bus-01"].place == "K"


def test_erased_positions_are_counted_as_erased_and_not_as_nothing() -> None:
    ledger, _ = new_ledger()
    enter(ledger, leaves("bus-01"), Statement(speaker="x", quote="y"))
    ledger.purge(at=NOON + timedelta(days=31))
    now = situation(ledger, at=NOON + timedelta(days=31))
    assert now.vehicles == {}
    assert now.erased == 1
    assert "1 entries are erased" in "\n".join(situation_lines(now, None))


def test_what_is_unknown_is_not_open_and_a_closure_ends_only_when_someone_said_so() -> None:
    now = after(
        Closure(covers=("A-R",), state="closed", until=clock(12, 30)),
        Closure(covers=("R-D",), state="unknown"),
        Closure(covers=("K",), state="closed"),
        Closure(covers=("K",), state="open"),
    )
    assert [one.stretch for one in now.closed_legs] == ["A-R", "R-D"]
    later = replace(now, at=clock(12, 30))
    assert [one.stretch for one in later.closed_legs] == ["R-D"]


def test_promises_holds_and_terms_are_in_it() -> None:
    ledger, _ = new_ledger()
    body = Guarantee(party="gov", covers=("A-R", "R"), heard_by="radio-1", until=clock(18))
    (given,) = enter(ledger, body)
    assert situation(ledger, at=NOON).guarantee_ends() == {}
    enter(ledger, Confirmation(about=given, person="head-1", known_contact=True))
    assert situation(ledger, at=NOON).guarantee_ends() == {"A-R": clock(18), "R": clock(18)}
    enter(ledger, Withdrawal(party="gov", covers=("R",)))
    now = situation(ledger, at=NOON)
    assert now.guarantee_ends() == {"A-R": clock(18)}
    assert now.promises[0].voided_at("R") is not None
    (hold,) = enter(ledger, Hold(person="x", why="shots"))
    assert [one.id for one in situation(ledger, at=NOON).open_holds] == [hold]
    enter(
        ledger,
        Lift(hold=hold, person="head-1", role="head"),
        Lift(hold=hold, person="head-1", role="head"),
    )
    assert situation(ledger, at=NOON).open_holds
    enter(ledger, Lift(hold=hold, person="move-1", role="movement"))
    assert not situation(ledger, at=NOON).open_holds


def test_a_dispute_by_a_holder_needs_the_scenario_to_know_who_holds() -> None:
    ledger, _ = new_ledger()
    (given,) = enter(ledger, Guarantee(party="gov", covers=("all",), heard_by="radio-1"))
    (objection,) = enter(ledger, Dispute(about=given, says="no", party="militia"))
    with_holders = situation(ledger, at=NOON, scenario=world()).promises[0]
    assert with_holders.voided_at("K") == ("disputed", objection)
    assert with_holders.voided_at("A-R") is None
    without = situation(ledger, at=NOON).promises[0]
    assert without.doubts == (objection,)
    assert holders_of(world())["way"] == frozenset({"gov", "militia"})


def test_the_last_answer_of_a_token_counts_and_untold_numbers_add_up() -> None:
    now = after(
        Consent(group="people", wish="yes", people=5, token="s1"),
        Consent(group="people", wish="withdrawn", people=5, token="s1"),
        Consent(group="people", wish="yes", people=3, token="s2"),
        Consent(group="people", wish="yes", people=10),
        Consent(group="people", wish="withdrawn", people=4),
        Consent(group="people", wish="no", people=2),
    )
    assert now.consent["people"].yes == 9
    assert now.consent["people"].withdrawn == 9
    assert now.consent["people"].no == 2


# --- counts


def count(counter: str, people: int, what: str = "departed", **more: object) -> Count:
    given: dict[str, object] = {
        "counter": counter,
        "what": what,
        "people": people,
        "as_of": NOON,
    }
    return Count(**{**given, **more})  # type: ignore[arg-type]


def test_counters_stand_side_by_side_with_their_spread_and_are_never_summed() -> None:
    now = after(
        count("ICRC", 10_000, cumulative=True),
        count("Russia", 6462, cumulative=True, low=6000, high=7000),
        count("SOHR", 8500, cumulative=True),
        count("SOHR", 8000, cumulative=True, as_of=clock(11)),
    )
    (spread,) = spreads(now)
    assert [(one.counter, one.people) for one in spread.tallies] == [
        ("ICRC", 10_000),
        ("Russia", 6462),
        ("SOHR", 8500),
    ]
    assert (spread.lowest, spread.highest) == (6000, 10_000)
    numbers = {one.people for one in totals(now, "departed")}
    assert numbers == {10_000, 6462, 8500}
    text = "\n".join(counts_lines(now))
    for wrong in (10_000 + 6462, 10_000 + 6462 + 8500, 6462 + 8500):
        assert f"{wrong:,}" not in text
        assert str(wrong) not in str(counts_json(now))


def test_one_counters_convoys_add_up_and_are_called_a_sum() -> None:
    now = after(
        count("gate", 951, convoy="c1"),
        count("gate", 900, convoy="c2"),
        count("army", 940, convoy="c1"),
        count("gate", 50, convoy="c1", person_class="stretcher"),
    )
    found = {one.counter: (one.people, one.summed_from) for one in totals(now, "departed")}
    assert found == {"gate": (1851, 2), "army": (940, 1)}


def test_departed_against_arrived_convoy_by_convoy_spans_all_counters() -> None:
    now = after(
        count("gate", 951, convoy="c1"),
        count("army", 940, convoy="c1"),
        count("far side", 930, "arrived", convoy="c1", low=925),
        count("gate", 800, convoy="c2"),
    )
    first, second = balances(now)
    assert (first.missing_low, first.missing_high) == (10, 26)
    assert (second.missing_low, second.missing_high) == (None, None)
    assert "counted on one side only" in "\n".join(counts_lines(now))


def test_a_count_of_zero_is_a_count_and_no_count_is_none() -> None:
    now = after(count("gate", 0, "inside", place="A"))
    (spread,) = spreads(now)
    assert (spread.lowest, spread.highest) == (0, 0)
    assert CountKey("inside", "B", None, None, None) not in now.counts


# --- disputes and history


def filled() -> Ledger:
    ledger, _ = new_ledger(attribution=True)
    first, second = enter(
        ledger,
        Incident(event="shots", what="shots near the post", killed=1, hurt=4),
        Incident(event="shots", what="the same", killed=4),
    )
    (objection,) = enter(ledger, Dispute(about=second, says="nobody was killed"))
    enter(
        ledger,
        Statement(speaker="x", quote="we regret", about=(objection,)),
        Correction(about=first, why="two were hurt"),
        Attribution(about="shots", accused="one side", by="the other", grade="claimed"),
        Incident(event="fire", what="a fire"),
        Statement(speaker="y", quote="nothing"),
    )
    (alone,) = enter(ledger, Guarantee(party="gov", covers=("all",), heard_by="radio-1"))
    enter(ledger, Dispute(about=alone, says="not for us"))
    return ledger


def test_rival_claims_on_one_event_stand_side_by_side() -> None:
    found = {one.id: one for one in events(filled().entries())}
    shots = found["shots"]
    assert [len(side) for side in (shots.claims, shots.disputes, shots.statements)] == [2, 1, 1]
    assert len(shots.corrections) == len(shots.attributions) == 1
    assert shots.disputed
    assert shots.rival
    assert [one.body.killed for one in shots.claims] == [1, 4]  # type: ignore[union-attr]
    assert not found["fire"].rival
    promise = next(one for key, one in found.items() if key.startswith("guarantee"))
    assert promise.disputed
    assert len(promise.claims) == 1


def test_attempts_keep_planned_beside_actual_per_whom() -> None:
    ledger, _ = new_ledger()
    enter(
        ledger,
        Attempt(attempt="a1", state="planned", per="TASS", people=5000),
        Attempt(attempt="a1", state="failed", per="AP", people=0, why="shelling"),
        Attempt(attempt="a1", state="planned", per="government", people=2000),
        Attempt(attempt="a2", state="begun", per="ICRC"),
    )
    first, second = attempts(ledger.entries())
    assert (first.planned, first.moved) == ((5000, 2000), (0,))
    assert [one.per for one in second.said("begun")] == ["ICRC"]


def test_conditions_and_terms_as_they_are_read_to_evacuees() -> None:
    ledger, _ = new_ledger()
    other = Source(channel="phone", outlet="WHO")
    enter(
        ledger,
        Condition(place="A", what="water", state="sporadic", as_of=clock(9)),
        Condition(place="A", what="water", state="none", as_of=clock(11)),
        Condition(place="A", what="water", state="working", as_of=clock(10)),
        Agreement(agreement="exit", parties=("gov", "opposition"), text="People leave."),
        Term(
            term="arms", agreement="exit", text="Light arms.", state="open", versions={"gov": "n"}
        ),
        Term(
            term="arms", agreement="exit", text="Light arms.", state="agreed", versions={"opp": "y"}
        ),
        Term(term="list", agreement="other", text="A name list.", state="open"),
    )
    enter(ledger, Condition(place="A", what="water", state="working", as_of=NOON), source=other)
    water = conditions(ledger.entries())["A", "water"]
    assert [one.body.state for one in water] == ["none", "working"]  # type: ignore[union-attr]
    now = situation(ledger, at=NOON)
    exit_, unknown = terms_sheets(ledger.entries(), now.terms)
    assert exit_.terms[0].versions == {"gov": "n", "opp": "y"}
    assert exit_.not_agreed == ()
    assert unknown.not_agreed[0].term == "list"
    assert "not in the ledger" in unknown.agreement.text


def test_the_json_of_a_situation_is_plain_and_whole() -> None:
    import json  # noqa: PLC0415

    ledger = filled()
    enter(ledger, leaves("bus-01"), Closure(covers=("A-R",), state="closed"))
    now = situation(ledger, at=NOON, scenario=world())
    document = json.loads(json.dumps(situation_json(now, world())))
    assert document["upto"] == now.upto
    assert document["vehicles"]["bus-01"]["to"] == "D"
    assert document["still_at"] == {"people": 150}
    assert document["closed"] == ["A-R"]
    assert situation_json(now, None)["arrived"] is None


@pytest.mark.parametrize("plan", ["{}", "[]", "not json", '{"start": "x", "trips": []}'])
def test_an_adopted_plan_that_cannot_be_read_moves_nothing(plan: str) -> None:
    adopted = PlanAdopted(plan_hash="a" * 64, plan=plan, person="move-1")
    now = after(adopted, Movement(what="departed", convoy="c1"))
    assert now.vehicles == {}
    assert now.convoys["c1"].state == "departed"
