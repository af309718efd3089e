"""Known: what a visitor can do, step by step, and what is kept of it."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safepassage.cli import app as command_line
from safepassage.cli.faults import CommandError
from safepassage.intake.app import make_app
from safepassage.intake.folder import QUEUE, FolderError, make_folder
from tests.intake.visiting import Host

NOW = datetime(2016, 12, 15, 12, tzinfo=UTC)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def run(*words: str) -> str:
    result = CliRunner().invoke(command_line, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def test_a_message_gets_a_code_and_the_code_gets_the_answer(host: Host) -> None:
    visitor = host.visitor()
    sent = visitor.ask("When does the next bus leave?")
    assert sent.status == 200
    assert "Not answered yet" in visitor.look(sent.code).text
    (message,) = host.desk.queue.messages("new")
    host.desk.queue.answer(message.number, "Not known yet.", None, role="reporting", at=NOW)
    assert "Not known yet." in visitor.look(sent.code.lower().replace("-", " ")).text


def test_a_code_that_nobody_has_shows_nothing(host: Host) -> None:
    visitor = host.visitor()
    visitor.ask("A question")
    assert visitor.look("ABCDE-FGHJK").status == 404
    assert visitor.look("'; DROP TABLE message; --").status == 404


def test_a_form_sent_too_quickly_or_too_late_keeps_the_words(host: Host) -> None:
    visitor = host.visitor()
    early = visitor.ask("My words stay", waits=0.5)
    assert early.status == 400
    assert "My words stay" in early.text
    late = visitor.ask("My words stay", waits=25 * 3600)
    assert late.status == 400
    assert "My words stay" in late.text
    assert host.desk.queue.counts()["new"] == 0


def test_a_form_counts_once_however_often_it_is_sent(host: Host) -> None:
    visitor = host.visitor()
    token = visitor.token()
    assert visitor.ask("once", token=token).code
    again = visitor.ask("twice", token=token)
    assert again.status == 200
    assert not again.code
    assert host.desk.queue.counts()["new"] == 1


def test_a_token_of_another_host_or_with_other_letters_is_refused(host: Host) -> None:
    visitor = host.visitor()
    for token in ("", "x", "5.abc.sig", "é.ü.ö", visitor.token()[:-1] + "!"):
        assert visitor.ask("hello", token=token or " ").status == 400


def test_a_filled_honeypot_is_shown_again_and_not_lost(host: Host) -> None:
    answer = host.visitor().ask("Please help us", website="http://example.com")
    assert answer.status == 400
    assert "Please help us" in answer.text


def test_words_of_a_visitor_stay_words(host: Host) -> None:
    again = host.visitor().ask('</textarea><script>alert("x")</script>', waits=0.1)
    assert "<script>" not in again.text


def test_a_sensitive_message_is_sealed_and_only_the_key_opens_it(host: Host) -> None:
    visitor = host.visitor()
    sent = visitor.ask("CANARYWORD happened to me", "sensitive")
    assert sent.status == 200
    host.desk.queue._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for file in host.folder.rglob("*"):
        assert file.is_dir() or b"CANARYWORD" not in file.read_bytes(), file
    (message,) = host.desk.queue.messages("sensitive")
    assert message.text is None
    folder, key = str(host.folder), str(host.key)
    assert "CANARYWORD" in run("intake", "sensitive", "--folder", folder, "--key", key)
    run("intake", "answer", "--folder", folder, "--key", key, "--message", str(message.number),
        "--text", "ANSWERWORD: come to the desk", "--role", "head")  # fmt: skip
    assert b"ANSWERWORD" not in (host.folder / QUEUE).read_bytes()
    assert "ANSWERWORD" in visitor.look(sent.code).text


def test_a_sensitive_message_is_never_answered_in_the_clear_nor_called_junk(host: Host) -> None:
    host.visitor().ask("only one may read this", "sensitive")
    (message,) = host.desk.queue.messages("sensitive")
    number = message.number
    with pytest.raises(ValueError, match="has to be sealed"):
        host.desk.queue.answer(number, "in the clear", None, role="radio", at=NOW)
    with pytest.raises(ValueError, match="stays so until it is answered"):
        host.desk.queue.mark(number, "spam", role="radio", at=NOW)


def test_another_key_opens_nothing(host: Host, tmp_path: Path) -> None:
    host.visitor().ask("only one may read this", "sensitive")
    make_folder(tmp_path / "other", tmp_path / "other.key")
    result = CliRunner().invoke(
        command_line,
        ["intake", "sensitive", "--folder", str(host.folder), "--key", str(tmp_path / "other.key")],
    )
    assert isinstance(result.exception, CommandError)
    assert "another key" in str(result.exception)


def test_without_the_cells_key_the_sensitive_path_is_not_offered(host: Host) -> None:
    host.desk.key = None
    assert 'value="sensitive"' not in host.visitor().client.get("/en/ask").text
    assert host.visitor().ask("x", "sensitive").status == 422


def test_registration_is_off_unless_the_cell_turns_it_on(host: Host) -> None:
    visitor = host.visitor()
    assert visitor.client.get("/en/register").status_code == 404
    host.desk.registration = True
    token = visitor.token("/en/register")
    host.clock.now += 5
    data = {"token": token, "people": "5", "wounded": "1", "companions": "1", "wish": "Idlib"}
    assert visitor.client.post("/en/register", data=data).status_code == 200
    assert host.desk.queue.interest() == {
        "registrations": 1, "people": 5, "wounded": 1, "companions": 1,
    }  # fmt: skip


@pytest.mark.parametrize("people", ["0", "201", "-3", "many", "", "1e2", "5.5"])
def test_a_number_of_people_that_is_none_is_asked_for_again(host: Host, people: str) -> None:
    host.desk.registration = True
    visitor = host.visitor()
    token = visitor.token("/en/register")
    host.clock.now += 5
    answer = visitor.client.post("/en/register", data={"token": token, "people": people})
    assert answer.status_code == 422


def test_no_address_is_kept_and_no_time_finer_than_a_minute(host: Host) -> None:
    host.visitor("203.0.113.77").ask("where is the list?")
    database = sqlite3.connect(host.folder / QUEUE)
    dump = "\n".join(database.iterdump())
    assert "203.0.113.77" not in dump
    (at,) = database.execute("SELECT at FROM message").fetchone()
    assert at == "2016-12-15T11:06Z"


def test_no_cookie_no_script_and_no_other_host(host: Host) -> None:
    for path in ("/", "/en", "/ar", "/en/ask", "/ar/answer", "/nowhere/at/all"):
        page = host.visitor().client.get(path)
        assert "set-cookie" not in page.headers
        assert "<script" not in page.text
        assert "//" not in page.text.split("<body>")[1]
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert len(page.content) < 15_000


def test_the_browsers_language_is_served_first(host: Host) -> None:
    client = host.visitor().client
    assert 'dir="rtl"' in client.get("/", headers={"accept-language": "ar-SY,en;q=0.5"}).text
    assert 'lang="en"' in client.get("/", headers={"accept-language": "fi"}).text


def test_a_form_of_a_megabyte_is_refused(host: Host) -> None:
    assert host.visitor().ask("x" * 1_000_000).status == 413


def test_odd_settings_and_a_key_inside_the_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="keep it out"):
        make_folder(tmp_path / "host", tmp_path / "host" / "cell.key")
    host = Host(tmp_path)
    (host.folder / "intake.toml").write_text("registration = 'yes'\nname = true\n")
    with pytest.raises(FolderError, match="name"):
        make_app(host.folder)
