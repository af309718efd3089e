"""The hazard of a guarantor, against numbers worked by hand (shared notes, rehearsal 2.4)."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from safepassage.ledger.entry import Entry, read_message
from safepassage.ledger.said import Dispute, Guarantee, Withdrawal
from safepassage.ledger.seen import Attempt, Closure, Incident
from safepassage.rehearsal.hazard import (
    PRIORS,
    Hazard,
    HazardError,
    chance_all_open,
    shared_out,
)
from safepassage.rehearsal.hazard_form import hazard_json, hazard_lines
from safepassage.rehearsal.hazard_today import KINDS, HazardToday, guarantor_weights, hazard_today
from safepassage.scenario.load import load_scenario
from safepassage.scenario.parties import Agreement
from tests.clearance.world import world
from tests.ledger.writing import clock, enter, new_ledger

CASE = Path(__file__).parents[2] / "cases" / "aleppo-2016"
HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("stops", "hours", "short", "long"),
    [
        (0, 0, (0.974, 0.974), (0.67, 0.72)),
        (0, 12, (0.977, 0.983), (0.70, 0.79)),
        (1, 12, (0.966, 0.949), (0.58, 0.50)),
        (2, 12, (0.954, 0.917), (0.49, 0.31)),
    ],
)
def test_the_update_gives_the_chances_worked_by_hand(
    stops: int, hours: int, short: tuple[float, float], long: tuple[float, float]
) -> None:
    for prior, near, far in zip((PRIORS["firm"], PRIORS["loose"]), short, long, strict=True):
        belief = prior.seen(stops, hours)
        assert belief.chance_open(1.2) == pytest.approx(near, abs=0.0006)
        assert belief.chance_open(20) == pytest.approx(far, abs=0.006)


def test_one_belief_shared_out_over_three_is_the_same_belief_together() -> None:
    parts = shared_out(PRIORS["firm"], {"a": 1.0, "b": 1.0, "c": 2.0})
    assert [one.stops for one in parts.values()] == [0.5, 0.5, 1.0]
    assert chance_all_open(parts.values(), 20) == pytest.approx((90 / 110) ** 2)


def test_a_hazard_of_nothing_is_refused() -> None:
    with pytest.raises(HazardError, match="0 stops in 90"):
        Hazard(0, 90)
    with pytest.raises(HazardError, match="neither below 0"):
        PRIORS["firm"].seen(-1, 2)
    with pytest.raises(HazardError, match="at least one"):
        shared_out(PRIORS["firm"], {})


def entered(*bodies: tuple[object, datetime]) -> list[Entry]:
    """Return the entries of a ledger in which each body was entered at its time."""
    ledger, _ = new_ledger(at=clock(0))
    for body, at in bodies:
        enter(ledger, body, at=at)  # type: ignore[arg-type] - a body each
    return list(ledger.entries(0, ledger.tail()[0], KINDS))


def promised(hour: int = 0, *, until: int | None = None) -> list[tuple[object, datetime]]:
    end = None if until is None else clock(until)
    return [
        (Guarantee(party=party, covers=("all",), heard_by="radio-1", until=end), clock(hour))
        for party in ("gov", "militia")
    ]


def shot(hour: int, event: str = "e1", *covers: str) -> tuple[object, datetime]:
    return Incident(event=event, what="fire on the road", covers=covers or ("K",)), clock(hour)


def of(found: HazardToday, party: str) -> tuple[float, float, float]:
    one = next(one for one in found.guarantors if one.party == party)
    return one.hours, one.stops, one.stops_undisputed


def test_twelve_quiet_hours_count_as_hours_at_risk_for_each_who_promised() -> None:
    found = hazard_today(world(), entered(*promised()), at=clock(12), ahead=20 * HOURS)
    assert of(found, "gov") == of(found, "militia") == (12.0, 0.0, 0.0)
    assert found.together is not None
    assert found.together.low == pytest.approx(0.70, abs=0.005)
    assert found.together.high == pytest.approx(0.79, abs=0.005)


def test_a_promise_without_its_end_stated_ends_at_risk_where_it_was_said_to_end() -> None:
    found = hazard_today(world(), entered(*promised(until=6)), at=clock(12), ahead=HOURS)
    assert of(found, "gov")[0] == 6.0


def test_an_incident_that_stopped_nothing_counts_three_tenths_of_a_stop() -> None:
    found = hazard_today(world(), entered(*promised(), shot(4)), at=clock(12), ahead=HOURS)
    assert of(found, "militia") == (12.0, 0.3, 0.3)
    assert of(found, "gov") == (12.0, 0.0, 0.0)


def test_an_incident_after_which_the_road_was_closed_is_a_stop_and_ends_the_spell() -> None:
    closed = (Closure(covers=("K",), state="closed"), clock(5))
    found = hazard_today(world(), entered(*promised(), shot(4), closed), at=clock(12), ahead=HOURS)
    assert of(found, "militia") == (4.0, 1.0, 1.0)


def test_an_event_where_two_parties_hold_is_one_stop_between_them() -> None:
    failed = (Attempt(attempt="a", state="failed", per="AP", at=clock(5)), clock(5))
    entries = entered(*promised(), shot(4, "e1", "R-D"), failed)
    found = hazard_today(world(), entries, at=clock(12), ahead=HOURS)
    assert sum(one.stops for one in found.guarantors) == pytest.approx(1.0)


def test_three_reports_of_one_event_count_once() -> None:
    entries = entered(*promised(), shot(4), shot(5), shot(6))
    found = hazard_today(world(), entries, at=clock(12), ahead=HOURS)
    assert len(found.happenings) == 1
    assert of(found, "militia")[1] == 0.3
    assert len(found.happenings[0].rests_on) == 3


def test_a_disputed_event_is_shown_with_and_without_and_by_its_entries() -> None:
    ledger, _ = new_ledger(at=clock(0))
    enter(ledger, *(body for body, _ in promised()), at=clock(0))  # type: ignore[arg-type] - bodies
    enter(ledger, shot(4)[0], at=clock(4))  # type: ignore[arg-type] - a body
    enter(ledger, Closure(covers=("K",), state="closed"), at=clock(4, 30))
    incident = next(one for one in ledger.entries(0, ledger.tail()[0]) if one.kind == "incident")
    enter(ledger, Dispute(about=incident.id, says="nobody fired"), at=clock(5))
    found = hazard_today(
        world(), ledger.entries(0, ledger.tail()[0], KINDS), at=clock(12), ahead=20 * HOURS
    )
    assert of(found, "militia")[1:] == (1.0, 0.0)
    (event,) = found.happenings
    assert event.disputed
    assert incident.id in event.rests_on
    assert len(event.rests_on) == 2
    assert found.together is not None
    assert found.together_undisputed is not None
    assert event.chance_without == found.together_undisputed
    assert found.together.low < found.together_undisputed.low


def test_a_promise_taken_back_after_an_event_is_the_same_stop_not_a_second_one() -> None:
    taken = (Withdrawal(party="militia", covers=("all",)), clock(5))
    found = hazard_today(world(), entered(*promised(), shot(4), taken), at=clock(12), ahead=HOURS)
    assert of(found, "militia") == (4.0, 1.0, 1.0)
    alone = hazard_today(world(), entered(*promised(), taken), at=clock(12), ahead=HOURS)
    assert of(alone, "militia") == (5.0, 1.0, 1.0)


def test_beyond_the_longest_spell_on_record_the_chance_is_not_known() -> None:
    found = hazard_today(world(), entered(*promised()), at=clock(12), ahead=42 * HOURS)
    assert found.together is None
    assert all(one.chance is None for one in found.guarantors)
    assert hazard_json(found)["together"] is None
    assert any("not known" in line for line in hazard_lines(found, world()))


def test_what_is_entered_later_does_not_count() -> None:
    closed = (Closure(covers=("K",), state="closed"), clock(5))
    entries = entered(*promised(), shot(4), closed)
    assert not hazard_today(world(), entries, at=clock(3), ahead=HOURS).happenings


def test_a_party_outside_every_agreement_weighs_twice() -> None:
    given = world(agreements=(Agreement("deal", ("gov",)),))
    assert guarantor_weights(given) == {"gov": 1.0, "militia": 2.0}
    assert guarantor_weights(world()) == {"gov": 1.0, "militia": 1.0}


def test_a_span_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 0"):
        hazard_today(world(), [], at=clock(3), ahead=timedelta(0))


def test_aleppo_on_the_16th_counts_three_events_however_many_reported_them() -> None:
    ledger, _ = new_ledger(at=clock(12, day=13))
    at = clock(12, day=16)
    raws = json.loads((CASE / "hindsight" / "days.json").read_text(encoding="utf-8"))["entries"]
    for one in raws:
        heard = datetime.fromisoformat(one["at"])
        if heard > at:
            break
        raw = {key: one[key] for key in ("id", "kind", "body", "source")}
        ledger.append([read_message({**raw, "heard_at": one["at"]}, at=heard)], at=heard)
    found = hazard_today(
        load_scenario(CASE), ledger.entries(0, ledger.tail()[0], KINDS), at=at, ahead=2 * HOURS
    )
    # 14 Dec: an attempt that failed; 15 Dec: the road team, movement not said to have stopped;
    # 16 Dec: the convoy sent back, after which Russia withdrew.
    assert [(one.id, one.weight) for one in found.happenings] == [
        ("truce-broken-14", 1.0),
        ("road-team-15", 0.3),
        ("second-post-16", 1.0),
    ]
    militias = next(one for one in found.guarantors if one.party == "militias")
    assert militias.hours == pytest.approx(20.9, abs=0.1)
    assert found.spells[0] == 13
