"""What lapses next, as facts: stated ends, and intervals that this program assumes."""

from datetime import timedelta

from safepassage.clearance.expiring import EXPIRING_KINDS, Expiry, expiries
from safepassage.clearance.form import expiries_json, expiries_lines
from safepassage.ledger.decided import LeaseGiven
from safepassage.ledger.kept import Clock, Role
from safepassage.ledger.kinds import Body
from safepassage.ledger.said import Guarantee, Notification
from safepassage.ledger.seen import Closure
from safepassage.scenario.window import Window
from tests.clearance.world import asked, cleared, promised, verified_plan, world
from tests.ledger.writing import clock, enter


def found(*bodies: Body, until: object = clock(18)) -> tuple[Expiry, ...]:
    ledger, signer, verified = cleared(until=until)  # type: ignore[arg-type]
    enter(ledger, *bodies, at=clock(14, 22))
    answer = asked(ledger, signer, verified)
    return expiries(answer, ledger.entries(kinds=EXPIRING_KINDS))


def test_the_soonest_comes_first_and_stated_ends_are_told_from_assumed_ones() -> None:
    all_ = found()
    assert [one.at for one in all_] == sorted(one.at for one in all_)
    assert (all_[0].what, all_[0].at, all_[0].assumed) == ("approvals", clock(14, 50), True)
    gov = next(one for one in all_ if one.subject == "gov on A-R")
    # Arrival after 66 min, 30 min of margin and a clock 0.4 s off: 96 min before the stated end.
    leave = clock(18) - timedelta(minutes=96, seconds=0.4)
    assert (gov.what, gov.at, gov.leave_by, gov.assumed) == ("guarantee", clock(18), leave, False)
    clocks = [one for one in all_ if one.what == "clock"]
    assert [(one.at, one.assumed) for one in clocks] == [(clock(2, 10, day=16), True)]
    assert {one.at for one in all_ if one.what == "check"} == {clock(16, 10)}


def test_whom_to_call_stands_beside_a_promise() -> None:
    spoken = Guarantee("gov", ("all",), "radio-1", until=clock(19), contact="desk 4")
    gov = [one for one in found(spoken) if one.call == "desk 4"]
    # It is confirmed by nobody yet: it supports nothing, so nothing of it lapses.
    assert gov == []


def test_leases_roles_notices_and_closures_lapse_by_their_last_word() -> None:
    notice = Notification("gov", "a convoy", expires=clock(16), contact="desk 4")
    all_ = found(
        LeaseGiven("c0", "a" * 64, clock(14, 20), clock(14, 30), "SPL1.x.y"),
        Role("med-1", "medical", clock(20)),
        Role("med-2", "medical", clock(20)),
        Role("med-2", "medical"),
        notice,
        Closure(("R-K",), "closed", until=clock(15)),
        Closure(("K-D",), "closed", until=clock(15)),
        Closure(("K-D",), "open"),
        Closure(("old",), "closed", until=clock(13)),
        Clock("phone-1", 5, "time signal"),
    )
    rest = [one for one in all_ if one.what in {"lease", "role", "notice", "closure"}]
    assert [(one.what, one.subject, one.at) for one in rest] == [
        ("lease", "c0", clock(14, 30)),
        ("closure", "R-K", clock(15)),
        ("notice", "gov", clock(16)),
        ("role", "med-1 as medical", clock(20)),
    ]
    assert rest[2].call == "desk 4"
    assert {one.subject for one in all_ if one.what == "clock"} == {"room", "phone-1"}


def test_the_lines_name_the_first_few_and_count_the_rest() -> None:
    all_ = found()
    lines = expiries_lines(all_, most=1)
    assert lines[1] == "  2016-12-15T14:50+02:00  approvals: c1 (interval assumed)"
    assert lines[2] == f"  and {len(all_) - 1} more"
    assert expiries_lines(()) == []
    assert "leave by 16:23" in "\n".join(expiries_lines(all_, most=50))
    assert expiries_json(all_)[0]["at"] == "2016-12-15T14:50:00+02:00"


def test_a_promise_without_a_stated_end_falls_due_for_reconfirmation() -> None:
    ledger, signer, verified = cleared()
    promised(ledger, "gov", at=clock(14, 22))
    all_ = expiries(asked(ledger, signer, verified))
    due = next(one for one in all_ if one.what == "reconfirmation")
    # Confirmed at 14:22, again within 60 minutes, which is this program's interval.
    assert (due.at, due.leave_by, due.assumed) == (clock(15, 22), clock(15, 22), True)


def test_the_window_of_the_way_lapses_too() -> None:
    day = Window("day", "way", timedelta(0), timedelta(hours=12))
    verified = verified_plan(world(windows=(day,)))
    ledger, signer, _ = cleared(verified=verified, until=clock(23))
    window = next(one for one in expiries(asked(ledger, signer, verified)) if one.what == "window")
    # It closes at 20:00: 66 minutes of driving and 30 of margin before that.
    assert window.at == clock(20) - timedelta(minutes=96)
