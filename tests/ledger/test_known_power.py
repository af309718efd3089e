"""Power cuts and crashes at random moments: nothing acknowledged is lost, nothing is doubled."""

import random
import sys
from typing import Any

import apsw
import pytest

from safepassage.ledger.faults import LedgerError
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.log import Ledger
from safepassage.ledger.said import Statement
from safepassage.ledger.signer import new_signer
from safepassage.ledger.sqlite import SqliteStore
from safepassage.ledger.verify import verify_chain
from tests.ledger.disk import Disk
from tests.ledger.writing import NOON, said, seeded


class Weak:
    """A connection that ignores what the store asks of durability: the test must see it fail."""

    def __init__(self, connection: apsw.Connection, setting: str) -> None:
        self._connection, self._setting = connection, setting

    def execute(self, sql: str, bindings: Any = None, /) -> Any:
        if sql == "PRAGMA synchronous = FULL":
            sql = f"PRAGMA synchronous = {self._setting}"
        return self._connection.execute(sql, bindings)

    def close(self) -> None:
        self._connection.close()


def open_on(disk: Disk, weak: str | None = None) -> SqliteStore:
    connection: Any = disk.connect()
    return SqliteStore(connection if weak is None else Weak(connection, weak), errors=apsw.Error)


def one_history(seed: int, *, cuts: int = 1, weak: str | None = None) -> tuple[int, int, int]:
    """Write with power cuts; return (cuts, acknowledged and lost, doubled)."""
    rng = random.Random(seed)  # noqa: S311 - a test must replay
    entropy = seeded(seed)
    keyring, signer = Keyring(entropy=entropy), new_signer("room", entropy=entropy)
    disk = Disk(rng)
    ledger = Ledger(open_on(disk, weak), keyring, signer, entropy=entropy)
    ledger.found(at=NOON)
    acknowledged: list[str] = []
    lost = doubled = done = 0
    number = 0
    for _ in range(cuts):
        if rng.random() < 0.5:
            disk.writes_left = rng.randrange(40)
        else:
            disk.syncs_left = rng.randrange(6)
        waiting: list[str] = []
        try:
            for _ in range(60):
                size = rng.choice((1, 1, 3))
                waiting = [f"m-{number + place}" for place in range(size)]
                number += size
                messages = [said(one, Statement(speaker="x", quote=one)) for one in waiting]
                acknowledged += [one.id for one in ledger.append(messages, at=NOON)]
        except LedgerError:
            pass
        done += 1
        disk = disk.after_power_cut()
        try:
            ledger = Ledger(open_on(disk, weak), keyring, signer, entropy=entropy)
            found = [one.id for one in ledger.entries()]
            whole = verify_chain(ledger.store, {"room": signer.key}).whole
        except LedgerError:
            return done, lost + 1, doubled
        lost += len(set(acknowledged) - set(found)) + (not whole)
        doubled += len(found) - len(set(found))
        # The client sends again what was not acknowledged; it counts once.
        messages = [said(one, Statement(speaker="x", quote=one)) for one in waiting]
        acknowledged += [one.id for one in ledger.append(messages, at=NOON)]
    found = [one.id for one in ledger.entries()]
    lost += len(set(acknowledged) - set(found))
    doubled += len(found) - len(set(found))
    disk.unregister()
    return done, lost, doubled


def test_no_acknowledged_entry_is_lost_or_doubled_over_power_cuts() -> None:
    total = [one_history(seed, cuts=5) for seed in range(30)]
    assert sum(cuts for cuts, _, _ in total) == 150
    assert sum(lost for _, lost, _ in total) == sum(doubled for _, _, doubled in total) == 0


@pytest.mark.proof
def test_ten_thousand_power_cuts_lose_and_double_nothing() -> None:
    total = [one_history(1000 + seed, cuts=20) for seed in range(500)]
    cuts = sum(cuts for cuts, _, _ in total)
    lost, doubled = sum(one for _, one, _ in total), sum(one for _, _, one in total)
    sys.stdout.write(f"power cuts: {cuts}, lost {lost}, doubled {doubled}\n")
    assert cuts == 10_000
    assert (lost, doubled) == (0, 0)


@pytest.mark.parametrize("setting", ["NORMAL", "OFF"])
def test_the_test_has_teeth_a_weaker_setting_loses_entries(setting: str) -> None:
    assert any(one_history(seed, weak=setting)[1] for seed in range(30))


def test_a_crash_of_the_process_at_every_write_loses_nothing() -> None:
    for writes in range(60):
        rng = random.Random(writes)  # noqa: S311 - a test must replay
        entropy = seeded(5)
        keyring, signer = Keyring(entropy=entropy), new_signer("room", entropy=entropy)
        disk = Disk(rng)
        ledger = Ledger(open_on(disk), keyring, signer, entropy=entropy)
        ledger.found(at=NOON)
        disk.writes_left = writes
        acknowledged = []
        try:
            for number in range(20):
                message = said(f"m-{number}", Statement(speaker="x", quote="y"))
                acknowledged += [one.id for one in ledger.append([message], at=NOON)]
        except LedgerError:
            pass
        disk = disk.after_process_crash()
        again = Ledger(open_on(disk), keyring, signer, entropy=entropy)
        found = [one.id for one in again.entries(1)]
        assert found[: len(acknowledged)] == acknowledged
        assert len(found) <= len(acknowledged) + 1
        assert verify_chain(again.store, {"room": signer.key}).whole
        disk.unregister()


def test_a_disk_that_is_full_at_any_point_refuses_cleanly_and_goes_on_when_there_is_room() -> None:
    for room in range(0, 60_000, 1500):
        rng = random.Random(room)  # noqa: S311 - a test must replay
        entropy = seeded(5)
        keyring, signer = Keyring(entropy=entropy), new_signer("room", entropy=entropy)
        disk = Disk(rng)
        ledger = Ledger(open_on(disk), keyring, signer, entropy=entropy)
        ledger.found(at=NOON)
        disk.room_left = room
        acknowledged = []
        try:
            for number in range(20):
                message = said(f"m-{number}", Statement(speaker="x", quote="y"))
                acknowledged += [one.id for one in ledger.append([message], at=NOON)]
        except LedgerError as error:
            assert "full" in str(error) or "space" in str(error)  # noqa: PT017 - may not occur
        disk.room_left = None
        message = said("after", Statement(speaker="x", quote="y"))
        acknowledged += [one.id for one in ledger.append([message], at=NOON)]
        assert [one.id for one in ledger.entries(1)] == acknowledged
        assert verify_chain(ledger.store, {"room": signer.key}).whole
        disk.unregister()
