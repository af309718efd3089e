"""What is different between two entries, so that a screen can mark it."""

from datetime import timedelta

from safepassage.ledger.changed import changed
from safepassage.ledger.decided import Hold
from safepassage.ledger.folding import Projection
from safepassage.ledger.seen import Count, Movement
from tests.ledger.writing import NOON, enter, new_ledger


def test_only_what_was_entered_since_is_named_with_before_and_after() -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    enter(ledger, Movement("departed", "A", "bus-01", to="D", staff={"driver": 1}))
    before = kept.situation(NOON)
    enter(ledger, Count("gate", "arrived", 7, NOON, place="D"), Hold("head-1", "shots"))
    after = kept.situation(NOON)
    found = changed(before, after)
    assert [(one.part, one.key) for one in found] == [("holds", "hold-4"), ("counts", "arrived D")]
    assert found[0].before is None
    assert found[0].after == after.holds[0]
    assert {(one.part, one.key) for one in changed(after, before)} == {
        (one.part, one.key) for one in found
    }


def test_time_alone_changes_nothing_but_what_becomes_stale() -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    enter(ledger, Movement("departed", "A", "bus-01", to="D", staff={"driver": 1}))
    now = kept.situation(NOON)
    assert changed(now, kept.situation(NOON + timedelta(minutes=10))) == ()
    late = changed(now, kept.situation(NOON + timedelta(minutes=20)))
    assert [(one.part, one.key, one.after.stale) for one in late] == [("vehicles", "bus-01", True)]
