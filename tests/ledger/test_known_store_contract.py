"""The contract of every store: SQLite and PostgreSQL pass the same tests."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from safepassage.ledger.faults import LedgerError, TakenError
from safepassage.ledger.folding import situation
from safepassage.ledger.kinds import Body
from safepassage.ledger.row import GENESIS, Head, Row
from safepassage.ledger.said import Statement
from safepassage.ledger.seen import Movement
from safepassage.ledger.sqlite import open_sqlite
from safepassage.ledger.store import Store
from safepassage.ledger.verify import verify_chain, verify_whole
from tests.ledger.writing import NOON, enter, new_ledger, said


def row(seq: int, id_: str = "", hash_: bytes = b"h" * 32) -> Row:
    return Row(seq, id_ or f"id-{seq}", "statement", "room", NOON.isoformat(), b"{}", b"s", hash_)


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Return a function that opens the same, at first empty store, as often as asked."""
    opened: list[Store] = []
    if request.param == "sqlite":
        path = tmp_path / "ledger.db"

        def make() -> Store:
            return open_sqlite(path)

    else:
        server = request.getfixturevalue("postgres_server")
        from safepassage.ledger.postgres import open_postgres  # noqa: PLC0415 - an extra

        address = server.new_database()

        def make() -> Store:
            return open_postgres(address)

    def remembered() -> Store:
        store = make()
        opened.append(store)
        return store

    yield remembered
    for store in opened:
        store.close()


def test_an_empty_store_ends_in_the_genesis(fresh: Callable[[], Store]) -> None:
    store = fresh()
    assert store.tail() == (0, GENESIS)
    assert list(store.rows()) == []
    assert list(store.heads()) == []
    assert store.find("id-1") is None


def test_what_is_appended_comes_back_the_same_in_order(fresh: Callable[[], Store]) -> None:
    store = fresh()
    rows = [row(1), row(2, hash_=b"\0" * 32), row(3)]
    store.append(rows)
    assert list(store.rows()) == rows
    assert list(store.rows(1, 2)) == rows[1:2]
    assert list(store.rows(kinds=("statement",))) == rows
    assert list(store.rows(kinds=("count",))) == []
    words = [(one.seq, one.id, one.kind, one.meta, one.sealed) for one in rows]
    assert list(store.words()) == words
    assert list(store.words(1, 2)) == words[1:2]
    assert store.find("id-2") == rows[1]
    assert store.tail() == (3, b"h" * 32)


def test_another_connection_sees_what_was_acknowledged(fresh: Callable[[], Store]) -> None:
    fresh().append([row(1)])
    assert fresh().tail() == (1, b"h" * 32)


@pytest.mark.parametrize(
    "rows",
    [
        [row(1)],  # the number is taken
        [row(2, "id-1")],  # the id is taken
        [row(3)],  # a gap
        [row(0)],
        [row(2), row(3, "id-2")],  # twice in one batch
        [row(2), row(4)],
    ],
)
def test_a_taken_number_or_id_or_a_gap_is_refused_whole(
    fresh: Callable[[], Store], rows: list[Row]
) -> None:
    store = fresh()
    store.append([row(1)])
    with pytest.raises(TakenError):
        store.append(rows)
    assert list(store.rows()) == [row(1)]


def test_heads_come_back_the_same_in_order(fresh: Callable[[], Store]) -> None:
    store = fresh()
    heads = [Head(1, b"h" * 32, NOON.isoformat(), "room", b"s" * 64) for _ in range(2)]
    for head in heads:
        store.add_head(head)
    assert list(store.heads()) == heads


def test_a_ledger_is_the_same_in_every_store(fresh: Callable[[], Store]) -> None:
    ledger, signer = new_ledger(store=fresh())
    other, _ = new_ledger()
    bodies: list[Body] = [
        Movement(what="departed", place="a", to="b", vehicle="bus-01", load={"walking": 48}),
        Statement(speaker="someone", quote="نحن في الطريق — on the way"),
        Movement(what="arrived", place="b", vehicle="bus-01"),
    ]
    for each in (ledger, other):
        enter(each, *bodies)
    assert ledger.tail() == other.tail()
    assert situation(ledger, at=NOON) == situation(other, at=NOON)
    ledger.sign_head(at=NOON)
    assert verify_chain(ledger.store, {"room": signer.key}).whole
    assert verify_whole(ledger.store, {"room": signer.key}, ledger._keyring).whole


def test_two_rooms_that_write_at_once_both_get_in(fresh: Callable[[], Store]) -> None:
    first, signer = new_ledger(store=fresh())
    second = type(first)(fresh(), first._keyring, signer)
    for number in range(5):
        one = second if number % 2 else first
        text = Statement(speaker="x", quote=str(number))
        assert one.append([said(f"m{number}", text)], at=NOON)[0].seq == number + 2
    assert verify_chain(first.store, {"room": signer.key}).entries == 6


SQLITE_ATTACKS = [
    "UPDATE entry SET kind = 'count' WHERE seq = 1",
    "DELETE FROM entry WHERE seq = 1",
    "DELETE FROM entry",
    (
        "INSERT OR REPLACE INTO entry SELECT 1, 'id-9', kind, device, entered, meta, sealed, hash "
        "FROM entry WHERE seq = 2"
    ),
    (
        "INSERT OR REPLACE INTO entry SELECT 9, 'id-1', kind, device, entered, meta, sealed, hash "
        "FROM entry WHERE seq = 2"
    ),
    (
        "INSERT OR REPLACE INTO entry SELECT 3, 'id-1', kind, device, entered, meta, sealed, hash "
        "FROM entry WHERE seq = 2"
    ),
    "REPLACE INTO entry SELECT * FROM entry WHERE seq = 1",
    (
        "INSERT INTO entry SELECT 3, 'id-1', kind, device, entered, meta, sealed, hash FROM entry "
        "WHERE seq = 2 ON CONFLICT (id) DO UPDATE SET kind = 'count'"
    ),
    "UPDATE head SET seq = 9",
    "DELETE FROM head",
    "INSERT OR REPLACE INTO head SELECT 1, 9, hash, at, device, signature FROM head",
]


@pytest.mark.parametrize("attack", SQLITE_ATTACKS)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_sqlite_refuses_every_rewrite_on_any_connection(
    tmp_path: Path, attack: str, recursive: str
) -> None:
    path = tmp_path / "ledger.db"
    store = open_sqlite(path)
    store.append([row(1), row(2)])
    store.add_head(Head(1, b"h" * 32, NOON.isoformat(), "room", b"s" * 64))
    before = (list(store.rows()), list(store.heads()))
    stranger = sqlite3.connect(path, isolation_level=None)
    stranger.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite3.DatabaseError):
        stranger.execute(attack)
    stranger.close()
    assert (list(store.rows()), list(store.heads())) == before
    store.close()


def test_sqlite_is_durable_strict_and_in_wal(tmp_path: Path) -> None:
    store = open_sqlite(tmp_path / "ledger.db")
    ask = store._connection.execute
    assert ask("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert ask("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    tables = dict(ask("SELECT name, strict FROM pragma_table_list").fetchall())
    assert tables["entry"] == tables["head"] == 1
    store.close()


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE safepassage_entry SET kind = 'count'",
        "DELETE FROM safepassage_entry",
        "TRUNCATE safepassage_entry",
        (
            "INSERT INTO safepassage_entry SELECT 2, id, kind, device, entered, meta, sealed, hash "
            "FROM safepassage_entry ON CONFLICT (id) DO UPDATE SET kind = 'count'"
        ),
        "UPDATE safepassage_head SET seq = 9",
        "TRUNCATE safepassage_head",
    ],
)
def test_postgres_refuses_every_rewrite(postgres_server: "object", attack: str) -> None:
    import psycopg  # noqa: PLC0415 - an extra

    from safepassage.ledger.postgres import open_postgres  # noqa: PLC0415

    address = postgres_server.new_database()  # type: ignore[attr-defined]
    store = open_postgres(address)
    store.append([row(1)])
    store.add_head(Head(1, b"h" * 32, NOON.isoformat(), "room", b"s" * 64))
    with psycopg.connect(address) as stranger, pytest.raises(psycopg.Error):
        stranger.execute(attack)
    assert list(store.rows()) == [row(1)]
    store.close()


@pytest.mark.parametrize("content", [b"rubbish" * 100, b"SQLite format 3\0" + b"x" * 200])
def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError):
        open_sqlite(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="another program"):
        open_sqlite(path)
    assert path.read_bytes() == before
