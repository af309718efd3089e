"""The commands of the ledger, as a radio room uses them: streams, exit codes, JSON."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from safepassage.cli import app
from safepassage.cli.running import run_guarded
from safepassage.ledger.batch import batch_plain, sign_batch
from safepassage.ledger.entry import Message
from safepassage.ledger.kinds import KINDS, WRITTEN_BY_THE_LEDGER
from safepassage.ledger.seen import Count
from safepassage.ledger.signer import new_signer
from safepassage.ledger.source import Source
from tests.ledger.writing import NOON, seeded

Run = Callable[..., tuple[int, str, str]]
AT = ("--at", "2016-12-15T12:00:00+02:00")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def given(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["safepassage", "ledger", *map(str, words)])
        code = run_guarded(app)
        out, err = capsys.readouterr()
        return code, out, err

    return given


@pytest.fixture
def file(tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "ledger.db"
    assert run("init", "--ledger", path, *AT)[0] == 0
    return path


def test_init_makes_a_ledger_and_its_keys_once(tmp_path: Path, file: Path, run: Run) -> None:
    names = {one.name for one in tmp_path.iterdir()}
    assert names >= {"ledger.db", "ledger.db.signing-key"}
    before = (tmp_path / "ledger.db.signing-key").read_bytes()
    code, _, err = run("init", "--ledger", file)
    assert code == 3
    assert "there already" in err
    assert (tmp_path / "ledger.db.signing-key").read_bytes() == before


def test_the_form_that_others_script_against(file: Path, run: Run) -> None:
    words = ("statement", "--speaker", "someone", "--quote", "we are coming", "--source", "radio")
    code, out, _ = run("add", "--ledger", file, *AT, *words)
    assert (code, out.split()[:3]) == (0, ["entry", "2", "stored"])
    code, out, _ = run("show", "--ledger", file, "--json")
    entry = json.loads(out)["entries"][1]
    assert entry["body"] == {"speaker": "someone", "quote": "we are coming"}
    assert entry["source"] == {"channel": "radio", "device": "room"}
    assert entry["heard_at"] == AT[1]


def test_every_kind_has_a_command_with_an_option_a_field(file: Path, run: Run) -> None:
    code, out, _ = run("add", "--ledger", file, "--help")
    assert code == 0
    for kind in KINDS:
        assert (f"  {kind} " in out) == (kind not in WRITTEN_BY_THE_LEDGER), kind
    code, out, _ = run("add", "guarantee", "--help")
    assert code == 0
    for option in ("--party", "--covers", "--heard-by", "--until", "--source", "--source-person"):
        assert option in out


def test_all_faults_come_at_once_on_stderr_and_nothing_is_added(file: Path, run: Run) -> None:
    code, out, err = run(
        "add", "--ledger", file, *AT, "guarantee", "--party", "gov", "--until", "noon"
    )
    assert (code, out) == (3, "")
    for fault in ("guarantee.covers", "guarantee.heard_by", "guarantee.until", "source.channel"):
        assert fault in err
    assert json.loads(run("verify", "--ledger", file, "--json")[1])["entries"] == 1


def test_the_same_id_twice_is_stored_once_and_other_words_are_refused(file: Path, run: Run) -> None:
    def add(quote: str) -> tuple[int, dict[str, str]]:
        words = ("--speaker", "x", "--quote", quote, "--source", "radio", "--id", "m-1", "--json")
        code, out, _ = run("add", "--ledger", file, *AT, "statement", *words)
        return code, json.loads(out)

    assert add("hello")[1]["state"] == "stored"
    assert add("hello") == (0, {"id": "m-1", "state": "repeated", "seq": 2, "why": ""})
    code, document = add("other")
    assert (code, document["state"]) == (3, "refused")


def test_verify_says_what_is_wrong_and_exits_3(tmp_path: Path, file: Path, run: Run) -> None:
    import sqlite3  # noqa: PLC0415

    anchors = tmp_path / "anchors.txt"
    qr = tmp_path / "head.png"
    code, out, _ = run(
        "anchor", "--ledger", file, "--holder", "x", "--to", anchors, "--qr", qr, *AT
    )
    assert (code, out[:5]) == (0, "SPH1$")
    assert qr.read_bytes()[:4] == b"\x89PNG"
    for extra in ((), ("--quick",)):
        code, out, err = run("verify", "--ledger", file, "--anchor", anchors, *extra)
        assert (code, out) == (0, "")
        assert "anchored outside up to entry 1" in err
    stranger = sqlite3.connect(file)
    stranger.execute("DROP TRIGGER entry_never_changes")
    stranger.execute("UPDATE entry SET device = 'x' WHERE seq = 1")
    stranger.commit()
    stranger.close()
    code, out, _ = run("verify", "--ledger", file, "--quick", "--json")
    assert code == 3
    document = json.loads(out)
    assert document["ok"] is False
    assert any("entry 1" in one for one in document["faults"])


def test_counts_disputes_and_situation_show_what_was_entered(file: Path, run: Run) -> None:
    entered = (
        "count --counter ICRC --what departed --people 951 --convoy c1",
        "count --counter army --what departed --people 940 --convoy c1",
        "incident --event shots --what shots --killed 1",
        "incident --event shots --what shots --killed 4",
        "movement --what departed --place A --vehicle bus-01 --to D --load walking=48",
    )
    for words in entered:
        given = words.split()
        if given[0] == "count":
            given += ["--as-of", AT[1]]
        assert run("add", "--ledger", file, *AT, *given, "--source", "radio")[0] == 0
    code, out, _ = run("counts", "--ledger", file, *AT)
    assert code == 0
    assert "departed c1: 940 to 951" in out
    assert "1,891" not in out
    code, out, _ = run("disputes", "--ledger", file, "--json")
    assert [len(one["claims"]) for one in json.loads(out)["events"]] == [2]
    code, out, _ = run("situation", "--ledger", file, *AT, "--json")
    assert json.loads(out)["vehicles"]["bus-01"]["aboard"] == {"walking": 48}
    code, out, _ = run("situation", "--ledger", file, *AT, "--upto", "2")
    assert "bus-01" not in out


def test_an_export_goes_to_a_second_node_and_batches_of_a_phone_come_in(
    tmp_path: Path, file: Path, run: Run
) -> None:
    phone = new_signer("phone-1", entropy=seeded(3))
    enrol = ("enrol", "--device", "phone-1", "--key", phone.key, "--source", "room")
    assert run("add", "--ledger", file, *AT, *enrol)[0] == 0
    body = Count(counter="gate\u2028two", what="arrived", people=48, as_of=NOON)
    message = Message("p-1", body, Source(channel="device", device="phone-1"), NOON)
    batch = batch_plain(sign_batch([message], phone))
    lines = tmp_path / "queue.jsonl"
    # As a browser writes it: a line separator inside words is no end of a line of the file.
    lines.write_text(json.dumps(batch, ensure_ascii=False) + "\n")
    assert json.loads(run("import", lines, "--ledger", file, *AT, "--json")[1])["new"] == 1
    assert json.loads(run("import", lines, "--ledger", file, *AT, "--json")[1])["repeated"] == 1
    batch["signature"] = "00" * 64
    lines.write_text(json.dumps(batch) + "\n")
    code, out, _ = run("import", lines, "--ledger", file, *AT, "--json")
    assert code == 3
    assert "does not fit" in json.loads(out)["refused"][0]["why"]
    exported, second = tmp_path / "out.jsonl", tmp_path / "second.db"
    assert run("export", "--ledger", file, "-o", exported)[0] == 0
    assert run("import", exported, "--ledger", second)[0] == 0
    copied = json.loads(run("verify", "--ledger", second, "--quick", "--json")[1])
    assert copied["hash"] == json.loads(run("verify", "--ledger", file, "--json")[1])["hash"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show",), 2),
        (("show", "--ledger", "no-such.db"), 3),
        (("show", "--ledger", "no-such.db", "--kind", "rumour"), 2),
        (("add", "hold", "--person", "x", "--why", "y"), 2),
        (("situation", "--ledger", "no-such.db", "--at", "noon"), 2),
        (("show", "--ledger", "postgresql://nowhere/x"), 2),
        (("no-such-command",), 2),
    ],
)
def test_usage_and_missing_files_are_messages_on_stderr(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SAFEPASSAGE_LEDGER", raising=False)
    found, out, err = run(*words)
    assert (found, out) == (code, "")
    assert err
    assert "Traceback" not in err


def test_purge_names_the_keys_that_are_gone(file: Path, run: Run) -> None:
    movement = ("movement", "--what", "held", "--vehicle", "bus-01", "--source", "radio")
    assert run("add", "--ledger", file, *AT, *movement)[0] == 0
    assert run("purge", "--ledger", file, *AT)[1] == "nothing is due\n"
    _, out, _ = run("purge", "--ledger", file, "--at", "2017-02-01T00:00:00+02:00", "--json")
    assert json.loads(out) == {"destroyed": ["positions/2016-12-15"]}
    assert "(erased)" in run("show", "--ledger", file)[1]


def test_attribution_is_off_unless_the_cell_says_so(
    file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("attribution", "--about", "e", "--accused", "x", "--by", "y", "--grade", "claimed")
    assert run("add", "--ledger", file, *AT, *words, "--source", "radio")[0] == 3
    monkeypatch.setenv("SAFEPASSAGE_ATTRIBUTION", "yes")
    assert run("add", "--ledger", file, *AT, *words, "--source", "radio")[0] == 0


def test_help_imports_neither_numpy_nor_a_solver_nor_the_store() -> None:
    script = (
        "import sys; sys.argv = ['safepassage', 'ledger', '--help']\n"
        "from safepassage.cli import app; from safepassage.cli.running import run_guarded\n"
        "run_guarded(app)\n"
        "heavy = {'numpy', 'scipy', 'highspy', 'numba', 'cryptography', 'psycopg'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


def test_a_plan_and_long_words_come_from_a_file_or_from_stdin(
    tmp_path: Path, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps({"plan_hash": "a" * 64, "scenario": "b" * 64, "trips": []})
    plan = tmp_path / "plan.json"
    plan.write_text(text, encoding="utf-8")
    adopt = ("add", "--ledger", file, *AT, "plan", "--person", "head-1", "--source", "room")
    assert run(*adopt, "--plan", f"@{plan}")[0] == 0
    assert run(*adopt, "--plan", plan)[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert run(*adopt, "--plan", "-")[0] == 0
    words = ("add", "--ledger", file, *AT, "statement", "--speaker", "x", "--source", "radio")
    monkeypatch.setattr("sys.stdin", io.StringIO("we are on our way\n"))
    assert run(*words, "--quote", "-")[0] == 0
    # Words that begin with a handle are words.
    assert run(*words, "--quote", "@someone: we are coming")[0] == 0
    found = json.loads(run("show", "--ledger", file, "--json")[1])["entries"][1:]
    bodies = [one["body"] for one in found]
    assert all(one["plan"] == text for one in bodies[:3])
    assert {(one["plan_hash"], one["scenario"]) for one in bodies[:3]} == {("a" * 64, "b" * 64)}
    assert [one["quote"] for one in bodies[3:]] == ["we are on our way", "@someone: we are coming"]


@pytest.mark.parametrize(
    ("value", "code", "what"),
    [
        ("@no-such.json", 2, "--plan: no-such.json: No such file"),
        ("@binary", 2, "--plan: @binary: not UTF-8 text"),
        ("{torn", 3, "plan.plan_hash"),
        ("[]", 3, "plan.plan_hash"),
    ],
)
def test_a_file_that_is_not_there_or_no_plan_is_a_message(
    tmp_path: Path,
    file: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    value: str,
    code: int,
    what: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    adopt = ("add", "--ledger", file, *AT, "plan", "--person", "head-1", "--source", "room")
    found, out, err = run(*adopt, "--plan", value)
    assert (found, out) == (code, "")
    assert what in err
    assert len(json.loads(run("show", "--ledger", file, "--json")[1])["entries"]) == 1


def test_a_class_of_data_is_erased_at_once_on_a_stated_reason_and_on_nothing_less(
    file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFEPASSAGE_ATTRIBUTION", "yes")
    shots = ("incident", "--event", "e", "--what", "shots", "--source", "radio")
    assert run("add", "--ledger", file, *AT, *shots)[0] == 0
    assert run("add", "--ledger", file, *AT, *shots)[0] == 0
    blame = ("attribution", "--about", "e", "--accused", "x", "--by", "y", "--grade", "claimed")
    assert run("add", "--ledger", file, *AT, *blame, "--source", "press")[0] == 0
    assert "accused x" in run("disputes", "--ledger", file)[1]
    (event,) = json.loads(run("disputes", "--ledger", file, "--json")[1])["events"]
    assert len(event["attributions"]) == 1
    erase = ("purge", "--ledger", file, *AT, "--class", "attribution")
    assert run(*erase)[0] == 2
    assert run("purge", "--ledger", file, "--why", "x")[0] == 2
    assert run("purge", "--ledger", file, "--class", "structure", "--why", "x")[0] == 2
    _, out, _ = run(*erase, "--why", "not wanted any more")
    assert out == "destroyed attribution/2016-12-15\n"
    assert run(*erase, "--why", "not wanted any more")[1] == "nothing is due\n"
    # The rest stands, and the chain still verifies.
    assert "accused" not in run("disputes", "--ledger", file)[1]
    assert run("verify", "--ledger", file)[0] == 0


def test_blame_is_shown_only_where_the_cell_records_it(
    file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFEPASSAGE_ATTRIBUTION", "yes")
    shots = ("incident", "--event", "e", "--what", "shots", "--source", "radio")
    for _ in range(2):
        assert run("add", "--ledger", file, *AT, *shots)[0] == 0
    blame = ("attribution", "--about", "e", "--accused", "x", "--by", "y", "--grade", "claimed")
    assert run("add", "--ledger", file, *AT, *blame, "--source", "press")[0] == 0
    monkeypatch.delenv("SAFEPASSAGE_ATTRIBUTION")
    assert "accused" not in run("disputes", "--ledger", file)[1]
    (event,) = json.loads(run("disputes", "--ledger", file, "--json")[1])["events"]
    assert "attributions" not in event


def test_a_small_file_of_something_else_is_never_written_over(tmp_path: Path, run: Run) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("x")
    code, _, err = run("show", "--ledger", notes)
    assert (code, "not a ledger" in err) == (3, True)
    assert notes.read_text() == "x"
    empty = tmp_path / "empty.db"
    empty.touch()
    assert run("show", "--ledger", empty)[0] == 3
    assert empty.stat().st_size == 0
