"""A rehearsal from now: what is left is played, and what has been is taken as it was."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from safepassage.ledger.decided import PlanAdopted
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.place import make_ledger, place_of
from safepassage.ledger.said import Confirmation, Guarantee
from safepassage.ledger.seen import Incident, Movement
from safepassage.ledger.source import Source
from safepassage.planner.plan_file import plan_to_json
from safepassage.rehearsal.compare import compare
from safepassage.rehearsal.event import Replay
from safepassage.rehearsal.refused import RehearsalRefused
from safepassage.rehearsal.rest import Rest, rest_of
from safepassage.rehearsal.run import rehearse, replay
from safepassage.rehearsal.truce_so_far import (
    TruceSoFar,
    ends_to_come,
    halt_that_is_on,
    opening_to_come,
)
from safepassage.scenario.rehearsal import ScriptedHalt
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.uncertain import Uncertain
from tests.ledger.writing import said
from tests.planner.verify.worlds import START
from tests.rehearsal.small import fixed, moments, verified, wanted, world

HOUR = 3600.0
TOLD = Source(channel="radio", person="Radio-1")
ROOM = Source(channel="room", device="room")


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def halt_of(begins: float, ends: float) -> ScriptedHalt:
    between = timedelta(minutes=begins), timedelta(minutes=ends)
    return ScriptedHalt(*between, assumed="of this test")


class Day:
    """The small world with a ledger in which its plan is in force."""

    def __init__(self, ledger: Ledger, of: Scenario) -> None:
        self.ledger = ledger
        self.of = of
        self.plan = verified(of)
        text = json.dumps(plan_to_json(self.plan.plan))
        body = PlanAdopted(plan_hash=self.plan.plan_hash, plan=text, person="Move-1")
        self.tell(body, at=0, source=ROOM)

    def tell(self, *bodies: Body, at: float, source: Source = TOLD) -> list[str]:
        names = []
        for body in bodies:
            id_ = f"e{self.ledger.tail()[0] + 1}"
            message = said(id_, body, at=minute(at), source=source)
            assert self.ledger.append([message], at=minute(at))[0].state == "stored"
            names.append(id_)
        return names

    def departed(self, convoy: str, at: float) -> None:
        self.tell(Movement(what="departed", convoy=convoy), at=at)

    def arrived(self, convoy: str, at: float) -> None:
        self.tell(Movement(what="arrived", convoy=convoy, place="B"), at=at)

    def promised(self, at: float, until: float) -> None:
        given = self.tell(
            Guarantee(party="gov", covers=("all",), heard_by="Radio-1", until=minute(until)), at=at
        )
        self.tell(Confirmation(about=given[0], person="Head-1", known_contact=True), at=at)

    def rest(self, at: float) -> Rest:
        return rest_of(self.of, self.ledger, at=minute(at))

    def played(self, at: float, run: int = 0) -> Replay:
        return replay(self.of, self.plan, run=run, seed=7, block=8, rest=self.rest(at))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made, _ = make_ledger(place_of(str(tmp_path / "ledger.db")))
    made.found(at=minute(0))
    yield made
    made.close()


def test_what_is_on_the_road_arrives_when_it_was_to_and_the_rest_goes_as_planned(
    ledger: Ledger,
) -> None:
    day = Day(ledger, world(wanted()))
    day.departed("out0", 10)
    found = day.played(40)
    assert moments(found, "arrives", "out0") == [70]
    assert moments(found, "departs", "out1") == [145]
    assert found.row.arrived == 300


def test_who_has_arrived_is_counted_and_not_played_again(ledger: Ledger) -> None:
    day = Day(ledger, world(wanted()))
    day.departed("out0", 10)
    day.arrived("out0", 71)
    rest = day.rest(100)
    assert (rest.arrived, rest.aboard) == (100, 0)
    found = rehearse(day.of, day.plan, runs=8, rest=rest, decisions=False)
    assert found.out.estimate.mean == 300
    by_hour = [one.arrived.q50 for one in found.hours]
    # The past is there from the hour that now lies in; histograms have bins of a person or two.
    assert by_hour[:4] == pytest.approx([0, 0, 100, 100], abs=2)
    assert [one.planned for one in found.hours][-1] == 300
    assert found.since is not None
    assert (found.since.arrived, found.since.at) == (100, minute(100))


def test_a_convoy_that_is_late_by_now_leaves_as_soon_as_it_can(ledger: Ledger) -> None:
    """The plan has it leave at 10; at 40 nobody has seen it go, and loading takes five minutes."""
    day = Day(ledger, world(wanted()))
    load = day.of.vehicles[0].load.pick().total_seconds() / 60
    assert moments(day.played(40), "departs", "out0") == [40 + load]


def test_a_halt_holds_what_is_on_the_road_and_it_is_caught(ledger: Ledger) -> None:
    """At 40 half the way is behind it; held from 50 to 100, it needs 20 minutes more."""
    halt = halt_of(50, 100)
    day = Day(ledger, world(wanted(halts=(halt,))))
    day.departed("out0", 10)
    found = day.played(40)
    assert moments(found, "arrives", "out0") == [120]
    assert found.row.caught == 100


def test_who_is_sent_back_boards_again_where_he_left(ledger: Ledger) -> None:
    """Caught at 50, 40 minutes after leaving: back at 90; then 100 go at 145, the rest cannot."""
    halt = halt_of(50, 60)
    day = Day(ledger, world(wanted(halts=(halt,), caught__sent_back=fixed(1.0))))
    day.departed("out0", 10)
    found = day.played(40)
    assert moments(found, "sent back", "out0") == [90]
    assert moments(found, "arrives", "out1") == [205]
    assert found.row.wished == 300
    assert found.row.arrived == 200


def test_what_was_seen_has_come_whatever_share_of_the_fleet_comes(ledger: Ledger) -> None:
    day = Day(ledger, world(wanted(fleet__sent=fixed(0.0))))
    day.departed("out0", 10)
    assert day.played(40).row.arrived == 300


def test_nothing_breaks_before_now(ledger: Ledger) -> None:
    """A truce of half an hour on average, and it has held for 40 minutes."""
    law = wanted(drawn_truce=None, truce__mean=fixed(0.5 * HOUR), truce__halt=fixed(HOUR))
    day = Day(ledger, world(law))
    day.promised(0, 700)
    day.departed("out0", 10)
    times = [moment for run in range(32) for moment in moments(day.played(40, run), "break")]
    assert len(times) > 20
    assert min(times) > 40


def test_a_truce_that_is_broken_now_stops_what_wants_to_leave(ledger: Ledger) -> None:
    """Broken at 30 and no new word: a halt of two hours began then, and out1 waits for its end."""
    law = wanted(
        drawn_truce=None,
        truce__mean=fixed(1e9),
        truce__halt=fixed(140 * 60.0),
        truce__ends_for_good=fixed(0.0),
    )
    day = Day(ledger, world(law))
    day.promised(0, 700)
    day.tell(Incident(event="ev-1", what="shelling", covers=("K",), at=minute(30)), at=31)
    day.tell(Movement(what="held", convoy="out0", place="K"), at=35)
    rest = day.rest(40)
    assert rest.truce.broken == 30 * 60
    assert any("taken as broken" in one for one in rest.warnings)
    # Both words stand, but the go waits for 170 = 30 + 140, and loading is done by then.
    found = day.played(40)
    assert moments(found, "departs", "out1") == [170]


def test_a_word_that_is_given_again_mends_what_was_broken(ledger: Ledger) -> None:
    law = wanted(drawn_truce=None, truce__mean=fixed(1e12))
    day = Day(ledger, world(law))
    day.promised(0, 700)
    day.tell(Incident(event="ev-1", what="shelling", covers=("K",), at=minute(30)), at=31)
    day.tell(Movement(what="held", convoy="out0", place="K"), at=35)
    assert day.rest(40).truce.broken is not None
    day.promised(41, 700)
    truce = day.rest(50).truce
    assert (truce.broken, truce.since) == (None, 41 * 60)
    assert truce.all_stops == 1


def test_what_was_broken_before_the_day_began_is_broken(ledger: Ledger) -> None:
    """A negative time is a time: broken an hour before the start, a halt of 200 minutes."""
    law = wanted(
        drawn_truce=None,
        truce__mean=fixed(1e12),
        truce__halt=fixed(200 * 60.0),
        truce__ends_for_good=fixed(0.0),
    )
    day = Day(ledger, world(law))
    day.promised(0, 700)
    rest = day.rest(40)
    before = replace(rest, truce=replace(rest.truce, since=None, broken=-HOUR, by="gov"))
    found = replay(day.of, day.plan, run=0, seed=7, block=8, rest=before)
    assert moments(found, "departs", "out0") == [140]
    held = replace(rest, truce=replace(rest.truce, since=-HOUR))
    assert replay(day.of, day.plan, run=0, seed=7, block=8, rest=held).row.arrived == 300


def test_a_plan_of_which_nothing_is_left_is_refused(ledger: Ledger) -> None:
    day = Day(ledger, world(wanted()))
    for turn, at in enumerate((10, 145, 280)):
        day.departed(f"out{turn}", at)
        day.arrived(f"out{turn}", at + 60)
    with pytest.raises(RehearsalRefused, match="nobody is on the road"):
        rehearse(day.of, day.plan, runs=8, rest=day.rest(400))


def test_a_plan_of_another_scenario_is_refused(ledger: Ledger) -> None:
    day = Day(ledger, world(wanted()))
    other = verified(replace(day.of, sha256="b" * 64))
    with pytest.raises(RehearsalRefused, match="want one of this scenario"):
        rehearse(day.of, other, runs=8, rest=day.rest(40))


def test_a_plan_differs_from_itself_by_nothing_from_now_on(ledger: Ledger) -> None:
    day = Day(ledger, world(wanted(drawn_truce=None, truce__mean=fixed(2 * HOUR))))
    day.departed("out0", 10)
    found = compare(day.plan, day.plan, runs=64, rest=day.rest(40))
    assert (found.change.arrived.mean, found.change.caught.mean) == (0, 0)


# --- what the truce has done so far, by hand


def test_quiet_hours_make_breaks_rarer_as_the_gamma_law_has_it() -> None:
    """A frailty so wide that any rate is as likely as its double: Gamma(n, hours) is left of it."""
    truce = TruceSoFar(hours={"gov": 10.0}, stops={"gov": 2.0})
    laws = {
        "truce.shape": fixed(1.0),
        "truce.mean": fixed(10 * HOUR),
        "truce.frailty": fixed(3.0),
    }
    rate = truce.rate({"gov": 1.0}, laws)
    # The mean of Gamma(2, 10 h) is 0.2 an hour; a prior of log-sd 3 about 0.1 moves it little.
    assert np.mean(rate) * HOUR == pytest.approx(0.2, rel=0.1)


def test_stops_shift_the_part_of_who_held_the_way() -> None:
    """Believed half and half, worth two stops; one more of the first: (1 + 1) of 3."""
    truce = TruceSoFar(stops={"gov": 1.0})
    assert truce.shares({"gov": 0.5, "rebels": 0.5}) == pytest.approx(
        {"gov": 2 / 3, "rebels": 1 / 3}
    )


def test_nothing_at_risk_changes_nothing() -> None:
    assert not len(TruceSoFar().rate({"gov": 1.0}, {}))


def test_a_halt_that_has_outlasted_half_of_all_is_the_likelier_the_end() -> None:
    """Exponential halts forget: after their median 0.2 of ends are 0.2 / (0.2 + 0.8 / 2) = 1/3."""
    median = float(np.log(2) * HOUR)
    chance, lengths = halt_that_is_on(Uncertain("exponential", (HOUR,)), median, 0.2)
    assert chance == pytest.approx(1 / 3, rel=0.01)
    assert np.mean(lengths) == pytest.approx(median + HOUR, rel=0.02)


def test_a_window_that_has_not_opened_on_time_opens_late() -> None:
    """On time at 0 or, at even chances, two hours late: at one o'clock only the latter is left."""
    found = opening_to_come(fixed(0.0), fixed(2 * HOUR), 0.5, 1 * HOUR)
    assert set(found) == {2 * HOUR}
    assert set(opening_to_come(fixed(0.0), fixed(0.0), 0.5, HOUR)) == {HOUR}


def test_a_window_that_holds_yet_ends_later() -> None:
    assert list(ends_to_come(np.array([1.0, 2.0, 3.0, 4.0]), 2.0)) == [3.0, 4.0]
