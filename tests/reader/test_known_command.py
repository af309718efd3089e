"""`safepassage read`: one JSON object, cards, figures into a scenario, words into a ledger."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from safepassage.cli import app
from safepassage.reader import parsing
from safepassage.reader.cards import decide
from safepassage.reader.draft import Decision, cards_of
from safepassage.reader.reading import Reading
from safepassage.scenario.load import load_scenario

Read = Callable[..., Reading]

TEXT = """The mayor of Doura said 18 buses would leave the school at dawn with 210 people.

The army has guaranteed the safety of the convoy.

Aid workers put the number at 260.
"""
SCENARIO = """
format = "safepassage/scenario/1"
name = "Small"
start = 2026-06-01T06:00:00+03:00
horizon = "12 h"

# A remark that must survive.
[[party]]
id = "guard"

[[place]]
id = "school"
kind = "pickup"

[[place]]
id = "gym"
kind = "shelter"
capacity = 800

[[leg]]
id = "road"
from = "school"
to = "gym"
time = "20 min"
held_by = ["guard"]

[[group]]
id = "families"
at = "school"
class = "walking"
leave = 150
consent = "Asked on 31 May."

[[vehicle]]
id = "buses"
kind = "bus"
count = 4
at = "school"
slots = { seat = 50 }
load = "15 min"
unload = "10 min"
"""

pytestmark = pytest.mark.skipif(
    not parsing.model_there(), reason="needs the extra `reader` (spaCy and its English model)"
)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "message.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    path = tmp_path / "mission"
    path.mkdir()
    (path / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    return path


def run(words: Sequence[object], answers: str = "") -> Result:
    return CliRunner().invoke(app, ["read", *map(str, words)], input=answers)


def test_json_is_one_object_with_the_documented_keys(text: Path) -> None:
    done = run([text, "--json"])
    assert done.exit_code == 0
    out = json.loads(done.stdout)
    assert list(out) == [
        "format", "documents", "statements", "facts", "times", "rivals", "events", "masked",
        "refused",
    ]  # fmt: skip
    for one in out["statements"]:
        for key in ("speaker", "outlet", "cue", "content", "class", "polarity", "modality", "of"):
            assert key in one
        for part in [one["cue"], *one["content"]]:
            assert TEXT[part["start"] : part["end"]] == part["text"]
    for one in out["facts"]:
        for key in ("kind", "value", "unit", "span", "belongs_to", "status"):
            assert key in one
    assert out["documents"][0]["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()


def test_several_texts_keep_their_names_and_ids_apart(text: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("The council said 9 buses came.", encoding="utf-8")
    out = json.loads(run([text, tmp_path / "other.txt", "--json"]).stdout)
    assert [one["name"] for one in out["documents"]] == ["message.txt", "other.txt"]
    ids = [one["id"] for one in out["statements"]]
    assert len(ids) == len(set(ids))
    assert {one["doc"] for one in out["facts"]} == {"message.txt", "other.txt"}


def test_what_cannot_be_read_is_exit_3_and_the_rest_is_still_given(
    text: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_text("")
    done = run([tmp_path / "empty.txt", text, "--json"])
    out = json.loads(done.stdout.splitlines()[0])
    assert [one["name"] for one in out["documents"]] == ["message.txt"]
    assert "empty" in out["refused"][0]["why"]
    assert done.exit_code != 0
    assert getattr(done.exception, "code", None) == 3


def test_the_day_may_be_given_by_a_person(text: Path, tmp_path: Path) -> None:
    path = tmp_path / "day.txt"
    path.write_text("The mayor said buses will leave tomorrow.", encoding="utf-8")
    out = json.loads(run([path, "--json", "--date", "2026-03-01"]).stdout)
    assert out["documents"][0]["dateline"] == {
        "day": "2026-03-01", "given_by": "person", "span": None,
    }  # fmt: skip
    assert [one["resolved"] for one in out["times"]] == ["2026-03-02"]
    del text


def test_without_the_model_the_plain_reader_says_that_it_ran(
    text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "model_there", lambda: False)
    done = run([text, "--json"])
    assert json.loads(done.stdout)["documents"][0]["method"] == "plain"
    assert "without the English model" in done.stderr


def test_csv_and_markdown_hold_every_statement_with_its_quote(text: Path, tmp_path: Path) -> None:
    table, page = tmp_path / "out.csv", tmp_path / "out.md"
    assert run([text, "--csv", table, "--markdown", page]).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [row["speaker"] for row in rows] == ["The mayor of Doura", "The army", "Aid workers"]
    for row in rows:
        assert row["content"] in page.read_text(encoding="utf-8").replace("\\", "")
        assert TEXT[int(row["start"]) : int(row["end"])] == row["content"]


def answers_for(reading: Reading, mission: Path, wanted: dict[str, str]) -> str:
    """Return the keys to press: for a card of a kind what is wanted, else reject."""
    cards = cards_of(reading, load_scenario(mission))
    return "".join(wanted.get(f"{one.about} {one.kind} {one.quote.text}", "r\n") for one in cards)


def test_an_accepted_figure_enters_with_its_source_quote_and_who_confirmed(
    reads: Read, text: Path, mission: Path
) -> None:
    before = load_scenario(mission).sha256
    keys = answers_for(
        reads(TEXT), mission,
        {"fact fleet 18 buses": "a\n1\n", "fact people 210 people": "e\n214\n1\n"},
    )  # fmt: skip
    done = run([text, "--into", mission, "--by", "cell-head"], keys)
    assert done.exit_code == 0, done.stderr
    scenario = load_scenario(mission)
    count, leave = scenario.vehicles[0].count, scenario.groups[0].leave
    assert (count.value, leave.value) == (18, 214)
    assert count.source is not None
    title = scenario.source[count.source].title
    assert "18 buses" in title
    assert "message.txt" in title
    assert "confirmed by cell-head at 20" in title
    assert leave.source is not None
    assert "cell-head entered 214" in scenario.source[leave.source].title
    assert scenario.source[count.source].said_by == "The mayor of Doura"
    assert "# A remark that must survive." in (mission / "scenario.toml").read_text()
    out = json.loads(done.stdout)
    assert out["stale"] is True
    assert out["scenario"] == scenario.sha256 != before


def test_what_is_rejected_or_of_another_operation_leaves_the_scenario_as_it_was(
    text: Path, mission: Path
) -> None:
    before = (mission / "scenario.toml").read_bytes()
    done = run([text, "--into", mission, "--by", "cell-head"], "n\nr\n" * 20)
    assert done.exit_code == 0
    assert (mission / "scenario.toml").read_bytes() == before
    assert {one["answer"] for one in json.loads(done.stdout)["decisions"]} == {
        "rejected", "not this operation",
    }  # fmt: skip


def test_the_end_of_the_keys_stops_and_accepts_nothing_more(text: Path, mission: Path) -> None:
    before = (mission / "scenario.toml").read_bytes()
    done = run([text, "--into", mission, "--by", "cell-head"], "")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["decisions"] == []
    assert (mission / "scenario.toml").read_bytes() == before


def test_a_figure_that_the_scenario_cannot_hold_changes_nothing(
    reads: Read, text: Path, mission: Path
) -> None:
    before = (mission / "scenario.toml").read_bytes()
    keys = answers_for(reads(TEXT), mission, {"fact fleet 18 buses": "e\n2.5\n1\n"})
    done = run([text, "--into", mission, "--by", "cell-head"], keys)
    assert getattr(done.exception, "code", None) == 3
    assert "count" in str(done.exception)
    assert (mission / "scenario.toml").read_bytes() == before


def test_into_needs_a_person(text: Path, mission: Path) -> None:
    done = run([text, "--into", mission])
    assert getattr(done.exception, "code", None) == 2
    assert "--by" in str(done.exception)


def test_accepted_statements_enter_the_ledger_once(
    reads: Read, text: Path, mission: Path, tmp_path: Path
) -> None:
    from safepassage.ledger.place import open_ledger, place_of  # noqa: PLC0415
    from safepassage.ledger.said import Statement  # noqa: PLC0415

    ledger = tmp_path / "room.db"
    made = CliRunner().invoke(app, ["ledger", "init", "--ledger", str(ledger)])
    assert made.exit_code == 0
    said = reads(TEXT).statements[0].content[0].text
    keys = answers_for(reads(TEXT), mission, {f"statement claim {said}": "a\n"})
    words = [text, "--into", mission, "--ledger", ledger, "--by", "cell-head"]
    assert json.loads(run(words, keys).stdout)["statements"] == 1
    assert json.loads(run(words, keys).stdout)["statements"] == 0
    opened = open_ledger(place_of(str(ledger)))
    entries = [one for one in opened.entries() if one.kind == "statement"]
    opened.close()
    assert len(entries) == 1
    source = entries[0].source
    assert source is not None
    assert source.channel == "reader"
    body = entries[0].body
    assert isinstance(body, Statement)
    assert body.quote == said


def test_guarantees_truce_status_and_people_are_never_accepted_in_bulk(reads: Read) -> None:
    cards = cards_of(reads(TEXT), None)
    told: list[str] = []
    pressed = iter(["A", "r"] * len(cards))
    decisions = list(decide(cards, "cell-head", lambda _: next(pressed), told.append))
    one_by_one = {"guarantee", "people", "truce", "casualties"}
    for decision in decisions:
        if decision.card.kind in one_by_one or decision.card.about == "rivals":
            assert decision.answer == "rejected"
    assert sum("one by one" in line for line in told) >= 3


def test_all_of_a_kind_may_be_accepted_where_that_is_harmless(reads: Read) -> None:
    cards = [
        one
        for one in cards_of(reads("5 buses left Doura at noon. 7 trucks and 3 cars came."), None)
        if one.kind == "fleet"
    ]
    pressed = iter(["A"])
    decisions = list(decide(cards, "x", lambda _: next(pressed), lambda _: None))
    assert [one.value for one in decisions] == [5, 7, 3]


@pytest.mark.parametrize(
    ("key", "taken"), [("1", (210, None, None)), ("2", (260, None, None)), ("3", (None, 210, 260))]
)
def test_of_rival_figures_the_person_chooses_one_or_the_range(
    reads: Read, mission: Path, key: str, taken: tuple[float | None, float | None, float | None]
) -> None:
    cards = cards_of(reads(TEXT), load_scenario(mission))
    card = next(one for one in cards if one.about == "rivals" and one.kind == "people")
    pressed = iter(["a", "1", key])
    (decision,) = decide([card], "cell-head", lambda _: next(pressed), lambda _: None)
    assert (decision.value, decision.low, decision.high) == taken
    assert isinstance(decision, Decision)


def test_help_answers_without_the_model() -> None:
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code = (
        "import sys; sys.argv = ['safepassage', 'read', '--help']\n"
        "from safepassage.cli import app\n"
        "app(standalone_mode=False)\n"
        "assert not {'spacy', 'numpy', 'trafilatura', 'pypdf'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
