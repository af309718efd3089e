"""The edges of the ledger: what is refused, what cannot be read, what happens when others write."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from safepassage.ledger import canonical, fields
from safepassage.ledger.anchor import anchor_code, anchor_line, read_file
from safepassage.ledger.decided import Correction, Hold, PlanAdopted
from safepassage.ledger.disputes import events
from safepassage.ledger.entry import Message, check_message, from_parts
from safepassage.ledger.faults import DamagedError, EntryError, LedgerError, TakenError
from safepassage.ledger.folding import Projection, situation
from safepassage.ledger.history import (
    history_json,
    history_lines,
    terms_json,
    terms_lines,
    terms_sheets,
)
from safepassage.ledger.kept import Alarm, Enrol
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.log import TRIES, Ledger
from safepassage.ledger.place import Place, make_ledger, open_store, place_of
from safepassage.ledger.row import Head, Row
from safepassage.ledger.said import (
    Agreement,
    Confirmation,
    Dispute,
    Guarantee,
    Statement,
    Term,
    Withdrawal,
)
from safepassage.ledger.sealing import opened
from safepassage.ledger.seen import Attempt, Closure, Condition, Count, Incident, Movement
from safepassage.ledger.situation_form import situation_lines
from safepassage.ledger.source import Source
from safepassage.ledger.sqlite import SqliteStore, open_sqlite
from safepassage.ledger.store import Store
from safepassage.ledger.verify import verify_chain, verify_whole
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Staff
from tests.clearance.world import world
from tests.ledger.test_known_tamper import Rows
from tests.ledger.writing import (
    NOON,
    RADIO,
    clock,
    enter,
    memory_store,
    new_ledger,
    said,
    seeded,
)

# --- what is shown


def test_the_lines_of_a_situation_say_all_that_a_radio_room_reads_out() -> None:
    ledger, _ = new_ledger(at=clock(8))
    enter(ledger, PlanAdopted("a" * 64, "{}", "move-1"), at=clock(9))
    leaves = Movement("departed", "A", "bus-01", "c1", to="D", load={"walking": 40}, metres=3)
    enter(ledger, leaves, at=clock(11))
    enter(ledger, Movement("departed", vehicle="bus-02", to="D"), at=clock(11, 50))
    enter(
        ledger, Closure(("A-R",), "closed", until=clock(18)), Closure(("R-D",), "unknown"), at=NOON
    )
    (g,) = enter(ledger, Guarantee("gov", ("A-R",), "radio-1", until=clock(18)), at=NOON)
    enter(ledger, Confirmation(g, "head-1", known_contact=True), at=NOON)
    enter(ledger, Guarantee("militia", ("R-D",), "radio-1"), at=NOON)
    enter(ledger, Withdrawal("gov", ("A-R",)), Hold("counter-7", "shots"), at=NOON)
    enter(ledger, Term("t1", "exit", "who leaves", "open", linked_to="prisoners"), at=NOON)
    enter(ledger, Term("t2", "exit", "buses", "agreed"), Incident("e", "shots", ("R-D",)), at=NOON)
    enter(ledger, Movement("departed", "D", "bus-01", to="A"), at=NOON)
    (wrong,) = enter(ledger, Count("gate", "arrived", 3, NOON), at=NOON)
    enter(ledger, Correction(wrong, "another gate"), at=NOON)
    text = "\n".join(situation_lines(situation(ledger, at=clock(12, 10)), None))
    for line in (
        "as of entry 17, 2016-12-15T12:10+02:00",
        "plan in force: aaaaaaaaaaaa (entry 2)",
        "convoy c1: departed at A, reported 70 min ago",
        "bus-02: departed, last not known, to D, aboard nobody or not known, reported 20 min",
        "ago, STALE",
        "A-R: closed, until 2016-12-15T18:00+02:00 (entry 5)",
        "R-D: unknown, no end stated (entry 6)",
        "gov promises A-R until 2016-12-15T18:00+02:00, confirmed by head-1, radio-1; A-R: with",
        "militia promises R-D no end stated, NOT CONFIRMED (heard by radio-1); R-D: incident by",
        "HOLD by counter-7 since 2016-12-15T12:00+02:00: shots",
        "term t1: open, tied to prisoners: who leaves",
        "term t2: agreed: buses",
        "left, arrival never reported: 40 walking",
        f"left out (corrected or not confirmed): {wrong}",
    ):
        assert line in text


def test_staff_stand_where_the_scenario_put_them_and_where_reports_moved_them() -> None:
    ledger, _ = new_ledger()
    of = world(staff=(Staff("d", "delegate", sure(3), "A"), Staff("e", "delegate", sure(1), "D")))
    enter(ledger, Movement("departed", "A", "bus-01", to="D", staff={"delegate": 2}))
    assert situation(ledger, at=NOON).staff_at(of) == {("delegate", "A"): 1, ("delegate", "D"): 1}
    enter(ledger, Movement("departed", "A", "bus-02", to="D", staff={"delegate": 1}))
    assert situation(ledger, at=NOON).staff_at(of) == {("delegate", "D"): 1}


def test_a_convoy_that_reaches_the_far_end_has_passed_it_where_its_vehicles_go_on() -> None:
    trips = [
        {
            "vehicle": "bus-01",
            "convoy": "c1",
            "from": "A",
            "to": "H",
            "legs": ["A-R"],
            "arrive": 480,
        },
        {"vehicle": None, "convoy": "c1", "from": "A", "to": "D", "legs": [], "arrive": 480},
        {"vehicle": "bus-07", "from": "A", "to": "D", "legs": [], "arrive": 480},
    ]
    text = json.dumps({"start": clock(8).isoformat(), "trips": trips})
    ledger, _ = new_ledger()
    enter(ledger, PlanAdopted("a" * 64, text, "move-1"), Movement("departed", convoy="c1"))
    enter(ledger, Movement("held", "K", convoy="c1"), Movement("arrived", "D", convoy="c1"))
    now = situation(ledger, at=NOON)
    assert set(now.vehicles) == {"bus-01"}
    bus = now.vehicles["bus-01"]
    assert (bus.state, bus.place, bus.to) == ("through", "D", "H")


def test_what_is_said_about_words_about_an_event_belongs_to_that_event() -> None:
    ledger, _ = new_ledger()
    (shots,) = enter(ledger, Incident("e", "shots"))
    (denied,) = enter(ledger, Statement("gov", "no shots", about=(shots,)))
    (doubt,) = enter(ledger, Dispute(denied, "we heard them"))
    (confirmed,) = enter(ledger, Confirmation(doubt, "head-1", known_contact=True))
    enter(ledger, Correction(confirmed, "it was not checked"))
    enter(ledger, Dispute("nothing-we-know", "it was otherwise"))
    found = {one.id: one for one in events(ledger.entries())}
    assert [one.id for one in found["e"].statements] == [denied]
    assert [one.id for one in found["e"].disputes] == [doubt]
    assert len(found["e"].corrections) == 1
    assert len(found["nothing-we-know"].disputes) == 1


# --- promises


def test_a_confirmation_from_before_the_promise_is_none_of_it() -> None:
    ledger, _ = new_ledger()
    enter(ledger, Confirmation("g-1", "head-1", known_contact=True))
    ledger.append([said("g-1", Guarantee("gov", ("all",), "radio-1"))], at=NOON)
    (promise,) = situation(ledger, at=NOON).promises
    assert promise.people == {"radio-1"}


def test_a_party_that_disputes_its_own_promise_voids_it_everywhere() -> None:
    ledger, _ = new_ledger()
    (given,) = enter(ledger, Guarantee("gov", ("A-R", "R-D"), "radio-1"))
    (by,) = enter(ledger, Dispute(given, "we never said so", "gov"))
    enter(ledger, Statement("an ally", "it will not hold", about=("x", given), doubts=True))
    (promise,) = situation(ledger, at=NOON).promises
    assert promise.void == {"A-R": ("disputed", by), "R-D": ("disputed", by)}
    assert len(promise.doubts) == 1


# --- at the door


@pytest.mark.parametrize(
    ("take", "value"),
    [
        (fields.document(10), ""),
        (fields.document(10), "x" * 11),
        (fields.document(10), "a\x00b"),
        (fields.document(100), '{"lat": 36}'),
        (fields.whole(1, 5), 6),
        (fields.whole(1, 5), "0"),
        (fields.whole(), True),
        (fields.when, "0001-01-01T00:00:00+14:00"),
        (fields.when, "2101-01-01T00:00:00+00:00"),
        (fields.flag, "maybe"),
        (fields.tally, 7),
        (fields.tally, "walking"),
        (fields.sayings, 7),
        (fields.sayings, "party"),
        (fields.names, {"a": 1}),
        (fields.names, ["a"] * 1001),
        (fields.public_key, "ab"),
        (fields.digest, 7),
    ],
)
def test_a_field_says_what_it_wants(take: fields.Taker, value: object) -> None:
    with pytest.raises(fields.WrongError) as caught:
        take(value)
    assert str(caught.value)


def test_yes_and_no_are_taken_as_words_too() -> None:
    assert (fields.flag("Yes"), fields.flag("no"), fields.flag(value=True)) == (True, False, True)


def test_an_entry_has_a_largest_size_whatever_its_fields() -> None:
    crowd = tuple(f"entry-{number:04}-{'x' * 80}" for number in range(900))
    with pytest.raises(EntryError, match="at most 65536 bytes"):
        check_message(said("m", Statement("x", "y", about=crowd)), at=NOON)
    check_message(said("m", Statement("x", "y", about=crowd[:300])), at=NOON)


def test_what_has_no_single_spelling_is_never_written() -> None:
    with pytest.raises(TypeError, match="float"):
        canonical.plain({"share": 0.5})


def test_nobody_writes_what_the_ledger_writes_itself() -> None:
    ledger, _ = new_ledger()
    with pytest.raises(EntryError, match="does not write itself"):
        ledger.append([said("m", Alarm("clock jumped", "room", "back"))], at=NOON)


def test_a_ledger_is_founded_once_and_has_no_head_before() -> None:
    ledger, signer = new_ledger()
    with pytest.raises(LedgerError, match="has entries already"):
        ledger.found(at=NOON)
    empty = Ledger(memory_store(), Keyring(), signer)
    with pytest.raises(LedgerError, match="no entry yet"):
        empty.sign_head(at=NOON)


def test_lines_of_a_holder_that_are_no_anchor_are_named(tmp_path: Path) -> None:
    ledger, _ = new_ledger()
    head = ledger.sign_head(at=NOON)
    path = tmp_path / "anchors"
    path.write_text(f"{anchor_line(head)}\n\n{anchor_line(head)}\n")
    assert read_file(path) == (head, head)
    path.write_text('{"format": "another/1"}\n')
    with pytest.raises(LedgerError, match="line 1: got format 'another/1'"):
        read_file(path)


# --- others write at the same time


class Busy:
    """A store in which somebody else is quicker, a number of times."""

    def __init__(self, store: Store, times: int) -> None:
        self._store, self.times = store, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def append(self, rows: Sequence[Row]) -> None:
        if self.times:
            self.times -= 1
            raise TakenError("somebody was quicker")
        self._store.append(rows)


def test_who_is_too_late_tries_again_and_gives_up_in_words_in_the_end() -> None:
    ledger, signer = new_ledger()
    busy: Any = Busy(ledger.store, 3)
    second = Ledger(busy, ledger._keyring, signer)
    assert second.append([said("m", Count("gate", "arrived", 1, NOON))], at=NOON)[0].seq == 2
    head = second.sign_head(at=NOON)
    busy.times = 2
    second.note_anchor(head, "second node", at=NOON)
    assert [one.kind for one in second.entries()][-1] == "anchored"
    # The same is noted once.
    second.note_anchor(head, "second node", at=NOON)
    assert second.tail()[0] == 3
    busy.times = TRIES
    with pytest.raises(LedgerError, match=f"{TRIES} times in a row"):
        second.append([said("n", Count("gate", "arrived", 1, NOON))], at=NOON)
    busy.times = TRIES
    with pytest.raises(LedgerError, match=f"{TRIES} times in a row"):
        second.note_anchor(head, "third node", at=NOON)


def test_a_ledger_opened_for_reading_refuses_a_forged_batch_without_an_alarm() -> None:
    from safepassage.ledger.batch import SignedBatch, sign_batch  # noqa: PLC0415
    from safepassage.ledger.signer import new_signer  # noqa: PLC0415

    ledger, _ = new_ledger()
    phone = new_signer("phone-1", entropy=seeded(3))
    enter(ledger, Enrol("phone-1", phone.key))
    batch = sign_batch([said("p", Count("gate", "arrived", 1, NOON))], phone)
    forged = SignedBatch(batch.device, batch.messages, bytes(64))
    reader = Ledger(ledger.store, ledger._keyring)
    assert reader.receive(forged, at=NOON)[0].state == "refused"
    assert ledger.tail()[0] == 2


# --- what cannot be read


def test_open_fields_that_are_rubbish_are_a_damaged_entry() -> None:
    with pytest.raises(DamagedError, match="entry 3: not readable"):
        list(opened([(3, "m", "count", b"{}", b"")], Keyring(), kinds=("count",)))


class Torn(Rows):
    """A store whose disk fails after some rows, and whose heads cannot be read."""

    def rows(self, after: int = 0, until: int | None = None, kinds: object = ()) -> object:
        yield from super().rows(after, until, kinds)  # type: ignore[misc]
        raise DamagedError("cannot be read: the disk is gone")

    def heads(self) -> object:
        raise DamagedError("heads cannot be read")


def test_a_log_that_cannot_be_read_to_its_end_is_not_whole() -> None:
    ledger, signer = new_ledger()
    rows = list(ledger.store.rows())
    torn: Any = Torn(rows, [])
    found = verify_chain(torn, {"room": signer.key})
    assert found.faults == ("heads cannot be read", "cannot be read: the disk is gone")
    odd: Any = Rows([rows[0]._replace(kind=7)], [])  # type: ignore[arg-type]
    assert "entry 1: not readable" in verify_chain(odd, {}).faults[0]
    unsigned = json.loads(rows[0].meta)
    del unsigned["s"]
    bare: Any = Rows([rows[0]._replace(meta=json.dumps(unsigned).encode())], [])
    assert "entry 1: not signed" in verify_whole(bare, {}, ledger._keyring).faults


def everything(store: Store) -> list[Callable[[], object]]:
    """Return every call of a store, as something to do."""
    row = Row(1, "m", "count", "room", "t", b"{}", b"", b"h" * 32)
    return [
        store.tail,
        lambda: store.append([row]),
        lambda: store.find("m"),
        lambda: list(store.rows(0, 1)),
        lambda: list(store.rows(0, 1, ("count",))),
        lambda: list(store.words(0, 1)),
        lambda: store.add_head(Head(1, b"h" * 32, "t", "room", b"s" * 64)),
        lambda: list(store.heads()),
    ]


def test_every_call_on_a_store_that_is_gone_is_an_error_in_words(tmp_path: Path) -> None:
    store = open_sqlite(tmp_path / "ledger.db")
    store.close()
    for call in everything(store):
        with pytest.raises(LedgerError):
            call()


def test_every_call_on_a_server_that_is_gone_is_an_error_in_words(postgres_server: object) -> None:
    from safepassage.ledger.postgres import open_postgres  # noqa: PLC0415 - an extra

    store = open_postgres(postgres_server.new_database())  # type: ignore[attr-defined]
    store.close()
    for call in everything(store):
        with pytest.raises(LedgerError):
            call()


def test_an_address_without_a_server_or_with_tables_of_another_program_is_refused(
    postgres_server: object, tmp_path: Path
) -> None:
    import psycopg  # noqa: PLC0415 - an extra

    from safepassage.ledger.postgres import open_postgres  # noqa: PLC0415

    with pytest.raises(LedgerError, match="cannot connect"):
        open_postgres("postgresql://nobody@127.0.0.1:1/x?connect_timeout=2")
    address = postgres_server.new_database()  # type: ignore[attr-defined]
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("CREATE VIEW safepassage_entry AS SELECT 1 AS mine")
    with pytest.raises(LedgerError, match="not usable as a ledger"):
        open_postgres(address)
    # A ledger that has entries is not made anew with other keys.
    address = postgres_server.new_database()  # type: ignore[attr-defined]
    ledger, _ = make_ledger(place_of(address, tmp_path / "keys"))
    ledger.found(at=NOON)
    with pytest.raises(LedgerError, match="has entries already"):
        make_ledger(place_of(address, tmp_path / "other"))
    ledger.close()


class Careless:
    """A connection to a server that does not wait for its disk."""

    autocommit = False

    def execute(self, sql: str) -> Any:
        class Answer:
            def fetchone(self) -> tuple[str]:
                return ("off" if "full_page_writes" in sql else "on",)

        return Answer()


def test_a_server_that_may_lose_data_in_a_power_cut_is_refused() -> None:
    pytest.importorskip("psycopg")
    from safepassage.ledger.postgres import PostgresStore  # noqa: PLC0415 - an extra

    with pytest.raises(LedgerError, match="full_page_writes off"):
        PostgresStore(Careless())  # type: ignore[arg-type]


def test_a_ledger_of_another_version_and_a_disk_without_wal_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    open_sqlite(path).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 9")
    other.close()
    with pytest.raises(LedgerError, match="ledger of version 9, this program reads 1"):
        open_sqlite(path)
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with pytest.raises(LedgerError, match="does not allow WAL"):
        SqliteStore(memory)
    memory.close()


class Failing:
    """A connection on which one statement fails, as on a full disk."""

    def __init__(self, connection: sqlite3.Connection, at: str) -> None:
        self._connection, self._at = connection, at

    def execute(self, sql: str, bindings: Any = (), /) -> Any:
        if sql.startswith(self._at):
            raise sqlite3.OperationalError("database or disk is full")
        return self._connection.execute(sql, bindings)

    def close(self) -> None:
        self._connection.close()


def test_a_ledger_that_cannot_be_made_whole_is_not_made_at_all(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    with pytest.raises(LedgerError, match="disk is full"):
        SqliteStore(Failing(connection, "CREATE INDEX"))
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    store = SqliteStore(connection)
    busy = SqliteStore(Failing(connection, "BEGIN"))
    with pytest.raises(LedgerError, match="cannot write now"):
        busy.append([Row(1, "m", "count", "room", "t", b"{}", b"", b"h" * 32)])
    store.close()


def test_two_processes_that_make_the_same_ledger_make_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    first = sqlite3.connect(path, isolation_level=None)
    made = SqliteStore(first)
    second = sqlite3.connect(path, isolation_level=None)
    late = SqliteStore.__new__(SqliteStore)
    late._connection, late._errors = second, sqlite3.Error
    late._make()
    assert late.tail() == made.tail()
    made.close()
    second.close()


# --- a kept situation


def test_a_kept_situation_begins_anew_when_corrections_can_no_longer_be_read() -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    (told,) = enter(ledger, Count("gate", "arrived", 3, NOON))
    kept.situation(NOON)
    enter(ledger, Correction(told, "another gate"))
    ledger._keyring.destroy(["record/2016-12-15"])
    assert kept.situation(NOON) == situation(ledger, at=NOON)


def test_a_message_that_repeats_after_a_confirmation_of_nothing_changes_nothing() -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    enter(ledger, Count("gate", "arrived", 3, NOON))
    before = kept.situation(NOON)
    enter(ledger, Confirmation("nothing", "head-1", known_contact=True))
    enter(ledger, Correction("nothing", "a slip"))
    now = kept.situation(NOON)
    assert (now.counts, now.left_out) == (before.counts, ())
    assert now == situation(ledger, at=NOON)


def test_a_client_that_sends_one_message_twice_in_one_breath_is_told_so() -> None:
    ledger, _ = new_ledger()
    one = Message("m", Count("gate", "arrived", 3, NOON), RADIO, NOON)
    assert [receipt.state for receipt in ledger.append([one, one], at=NOON)] == [
        "stored",
        "repeated",
    ]


def test_attempts_and_those_who_stay_are_told_per_each_who_said_so() -> None:
    ledger, _ = new_ledger()
    press = Source(channel="press", outlet="agency")
    enter(ledger, Attempt("first", "planned", "room", people=1000), at=NOON)
    enter(ledger, Attempt("first", "failed", "room", people=0, why="shots at the gate"), at=NOON)
    enter(ledger, Attempt("first", "failed", "agency", people=40), at=NOON, source=press)
    enter(ledger, Attempt("second", "begun", "room"), at=NOON)
    enter(ledger, Condition("amiriyah", "water", "none", clock(9)), at=NOON)
    enter(ledger, Condition("amiriyah", "water", "sporadic", clock(10)), at=NOON, source=press)
    nine, ten = (f"as of 2016-12-15T{hour}:00+02:00" for hour in ("09", "10"))
    lines = history_lines(ledger.entries())
    assert lines == [
        "attempt first: planned 1,000, moved 0 | 40",
        "  planned per room (entry 2)",
        "  failed per room: shots at the gate (entry 3)",
        "  failed per agency (entry 4)",
        "attempt second: planned not known, moved not known",
        "  begun per room (entry 5)",
        f"water at amiriyah: none {nine} per radio-1 | sporadic {ten} per agency",
    ]
    found = history_json(ledger.entries())
    assert (found["attempts"][0]["planned"], found["attempts"][0]["moved"]) == ([1000], [0, 40])
    assert [one["by"] for one in found["conditions"][0]["reports"]] == ["radio-1", "agency"]
    ledger.purge(at=NOON, names=["contacts/2016-12-15"])
    assert "per somebody whose name is erased" in "\n".join(history_lines(ledger.entries()))


def test_what_is_stored_but_would_not_come_in_is_an_error_and_no_entry() -> None:
    with pytest.raises(EntryError, match=r"count\.people"):
        from_parts("count", {"body": {"people": "many"}, "source": {"channel": "radio"}})


def test_a_code_from_paper_counts_without_a_line_end_a_torn_line_of_json_does_not(
    tmp_path: Path,
) -> None:
    ledger, _ = new_ledger()
    head = ledger.sign_head(at=NOON)
    path = tmp_path / "anchors"
    path.write_text(anchor_line(head) + "\n" + anchor_code(head))
    assert read_file(path) == (head, head)
    path.write_text(anchor_line(head) + "\n" + anchor_line(head)[:40])
    assert read_file(path) == (head,)


def test_a_place_of_nothing_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="neither a file nor an address"):
        open_store(Place(None, None, tmp_path / "a", tmp_path / "b"))


def test_a_long_log_in_a_server_is_read_a_group_at_a_time(
    postgres_server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safepassage.ledger import postgres  # noqa: PLC0415 - an extra

    monkeypatch.setattr(postgres, "FETCHED_AT_ONCE", 2)
    store = postgres.open_postgres(postgres_server.new_database())  # type: ignore[attr-defined]
    ledger, _ = new_ledger(store=store)
    enter(ledger, *(Count("gate", "arrived", number, NOON) for number in range(4)))
    assert (
        [row.seq for row in store.rows()]
        == [words[0] for words in store.words()]
        == [1, 2, 3, 4, 5]
    )
    assert [row.seq for row in store.rows(2, 4)] == [3, 4]
    store.close()


def test_the_terms_are_told_as_they_are_now_with_each_partys_version() -> None:
    ledger, _ = new_ledger()
    enter(ledger, Agreement("exit", ("gov", "opposition"), "People leave by one corridor."))
    enter(ledger, Term("how-many", "exit", "How many leave.", "open", {"gov": "2,000"}))
    enter(ledger, Term("how-many", "exit", "How many leave.", "broken", {"opposition": "10,000"}))
    enter(ledger, Term("buses", "exit", "Buses come.", "met", linked_to="aid"))
    enter(ledger, Term("aid", "other", "Aid goes in.", "agreed"))
    sheets = terms_sheets(ledger.entries(), situation(ledger, at=NOON).terms)
    assert terms_lines(sheets) == [
        "exit (gov, opposition): People leave by one corridor.",
        "  agreed (met, hangs on aid): Buses come.",
        "  NOT agreed (broken): How many leave.",
        "    gov says: 2,000",
        "    opposition says: 10,000",
        "other (unknown): (the agreement itself is not in the ledger)",
        "  agreed (agreed): Aid goes in.",
    ]
    assert terms_json(sheets)[0]["terms"][0]["versions"] == {"gov": "2,000", "opposition": "10,000"}
