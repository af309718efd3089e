"""The command `clearance`: exit 0 for go, 6 for no-go, and what it writes."""

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from safepassage.clearance.lease import read_token
from safepassage.cli import app
from safepassage.cli.running import run_guarded
from safepassage.ledger.decided import GATE_LINES, Approval, Check, GateLine, PlanAdopted, Proof
from safepassage.ledger.kept import Clock, Role
from safepassage.ledger.place import make_ledger, place_of
from safepassage.ledger.said import Agreement, Confirmation, Guarantee, Term
from safepassage.ledger.seen import Closure
from safepassage.ledger.situation import TermNow
from safepassage.planner.plan_file import write_verified
from safepassage.planner.verify import verify
from safepassage.report.sheets.clauses import clauses_now
from safepassage.scenario import parties as scenario_parties
from safepassage.scenario.load import load_scenario
from safepassage.scenario.parties import Clause
from safepassage.scenario.scenario import Scenario
from tests.clearance.world import PEOPLE, two_convoys, world
from tests.ledger.writing import enter

Run = Callable[..., tuple[int, str, str]]

SCENARIO = """
format = "safepassage/scenario/1"
name = "small"
start = {start}
horizon = "24 h"
[[party]]
id = "gov"
[[place]]
id = "A"
kind = "pickup"
[[place]]
id = "R"
kind = "checkpoint"
holder = ["gov"]
[[place]]
id = "D"
kind = "handover"
arrived = true
arrived_reason = "counted there"
[[leg]]
id = "A-R"
from = "A"
to = "R"
time = "18 min"
held_by = ["gov"]
[[leg]]
id = "R-D"
from = "R"
to = "D"
time = "48 min"
held_by = ["gov"]
[[corridor]]
id = "way"
legs = ["A-R", "R-D"]
[[group]]
id = "people"
at = "A"
class = "walking"
leave = 200
[[vehicle]]
id = "buses"
kind = "bus"
count = 4
at = "A"
slots = {{ seat = 50 }}
load = "10 min"
unload = "5 min"
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def given(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["safepassage", "clearance", *map(str, words)])
        code = run_guarded(app)
        out, err = capsys.readouterr()
        return code, out, err

    return given


class Cell:
    """A mission whose first convoy leaves in five minutes of real time."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime.now().astimezone()
        start = self.now - timedelta(minutes=385)
        text = SCENARIO.format(start=start.isoformat(timespec="seconds"))
        self.scenario = folder / "scenario.toml"
        self.scenario.write_text(text)
        self.plan = folder / "plan.json"
        loaded: Scenario = load_scenario(self.scenario)
        self.verified = verify(loaded, two_convoys(loaded))
        write_verified(self.verified, self.plan)
        self.file = folder / "ledger.db"
        self.place = place_of(str(self.file))
        self.ledger, self.signer = make_ledger(self.place)
        self.ledger.found(at=self.now)

    def clear(self) -> None:
        """Enter all that a go needs."""
        at = self.now
        later = at + timedelta(hours=4)
        enter(self.ledger, *(Role(person=person, role=role) for person, role in PEOPLE), at=at)
        body = Guarantee(party="gov", covers=("all",), heard_by="radio-1", until=later)
        (given,) = enter(self.ledger, body, at=at)
        enter(
            self.ledger,
            Confirmation(about=given, person="head-1", known_contact=True),
            PlanAdopted(
                plan_hash=self.verified.plan_hash, plan=self.plan.read_text(), person="move-1"
            ),
            Proof(covers=("A-R", "R-D"), team="team", at=at, how="driven"),
            *(
                Check(what=what, ready=True, person="move-1", convoy="c1")
                for what in ("vehicles", "crews", "fuel", "radios")
            ),
            Check(what="comms", ready=True, person="radio-1", place="R"),
            Check(what="receiving side", ready=True, person="med-1", place="D"),
            *(
                GateLine(line=line, met=True, person=person, role=role)
                for line in GATE_LINES
                for person, role in PEOPLE
            ),
            Clock(device="room", milliseconds=0, against="time signal"),
            at=at,
        )
        seen = self.ledger.tail()[0]
        for person, role in PEOPLE:
            approval = Approval(
                person=person,
                role=role,
                plan_hash=self.verified.plan_hash,
                convoy="c1",
                seen=seen,
            )
            enter(self.ledger, approval, at=at)


def test_a_no_go_exits_6_with_its_reasons_and_acts(tmp_path: Path, run: Run) -> None:
    cell = Cell(tmp_path)
    code, out, _ = run(cell.scenario, cell.plan, "--ledger", cell.file, "--json")
    assert code == 6
    document = json.loads(out)
    assert (document["go"], document["convoy"], document["ends"]) == (False, "c1", None)
    assert document["acts"][0]["what"] == "obtain a guarantee"
    code, out, _ = run(cell.scenario, cell.plan, "--ledger", cell.file)
    assert code == 6
    assert out.startswith("NO-GO for c1")
    assert "the shortest way to a go:" in out


def test_a_go_exits_0_and_is_recorded_as_a_lease(tmp_path: Path, run: Run) -> None:
    cell = Cell(tmp_path)
    cell.clear()
    code, out, err = run(
        cell.scenario, cell.plan, "--ledger", cell.file, "--convoy", "c1", "--record", "--json"
    )
    assert code == 0, (out, err)
    document = json.loads(out)
    assert document["go"] is True
    lease = read_token(document["lease"]["token"], cell.signer.key)
    assert lease.ends.isoformat() == document["ends"]
    assert [one.kind for one in cell.ledger.entries()][-2:] == ["verdict", "lease"]
    code, out, _ = run(cell.scenario, cell.plan, "--ledger", cell.file, "--convoy", "c2")
    assert code == 6


def test_the_past_is_answered_with_what_was_known_then_and_the_future_with_no(
    tmp_path: Path, run: Run
) -> None:
    cell = Cell(tmp_path)
    cell.clear()
    given = (cell.scenario, cell.plan, "--ledger", cell.file, "--convoy", "c1", "--json")
    before = (cell.now - timedelta(minutes=1)).isoformat()
    code, out, _ = run(*given, "--at", before)
    assert (code, json.loads(out)["upto"]) == (6, 0)
    later = (cell.now + timedelta(minutes=4)).isoformat()
    code, out, _ = run(*given, "--at", later)
    assert code == 6
    assert [one["line"] for one in json.loads(out)["reasons"]] == ["contact"]


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("--convoy", "c9"), 3, "no convoy 'c9'"),
        (("--at", "noon"), 2, "--at"),
        (("--at", "2016-12-15T12:00:00+02:00", "--record"), 2, "--record"),
    ],
)
def test_what_cannot_be_asked_is_a_message(
    tmp_path: Path, run: Run, words: tuple[str, ...], code: int, what: str
) -> None:
    cell = Cell(tmp_path)
    found, out, err = run(cell.scenario, cell.plan, "--ledger", cell.file, *words)
    assert (found, out) == (code, "")
    assert what in err


def test_a_plan_of_another_scenario_and_a_missing_ledger_are_refused(
    tmp_path: Path, run: Run
) -> None:
    cell = Cell(tmp_path)
    cell.scenario.write_text(cell.scenario.read_text().replace('"small"', '"other"'))
    assert run(cell.scenario, cell.plan, "--ledger", cell.file)[0] == 3
    again = tmp_path / "again"
    again.mkdir()
    other = Cell(again)
    assert run(other.scenario, other.plan, "--ledger", again / "no.db")[0] == 3
    other.place.signing_key.unlink()
    code, _, err = run(other.scenario, other.plan, "--ledger", other.file)
    assert code == 3
    assert "signing-key" in err


def test_the_form_is_written_filled_whether_go_or_no(tmp_path: Path, run: Run) -> None:
    cell = Cell(tmp_path)
    form = tmp_path / "form.pdf"
    given = (cell.scenario, cell.plan, "--ledger", cell.file, "--convoy", "c1", "--form", form)
    assert run(*given)[0] == 6
    no = form.read_bytes()
    assert no.startswith(b"%PDF")
    cell.clear()
    code, out, err = run(*given, "--drill", "--json")
    assert code == 0, err
    assert json.loads(out)["form"] == str(form)
    assert form.read_bytes() != no
    # What lapses next stands in the same answer, the soonest first.
    first = json.loads(out)["expiries"][0]
    assert (first["what"], first["assumed"]) == ("approvals", True)
    assert "lapses next:" in run(*given)[1]


def test_a_form_that_cannot_be_written_is_a_message(tmp_path: Path, run: Run) -> None:
    cell = Cell(tmp_path)
    given = (cell.scenario, cell.plan, "--ledger", cell.file)
    code, _, err = run(*given, "--form", tmp_path / "no" / "form.pdf")
    assert (code, "--form" in err) == (3, True)
    code, _, err = run(*given, "--form", tmp_path / "form.pdf", "--road-team")
    assert (code, "--form" in err) == (2, True)
    assert not (tmp_path / "form.pdf").exists()


@pytest.fixture
def resume(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def given(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["safepassage", "resume", *map(str, words)])
        code = run_guarded(app)
        out, err = capsys.readouterr()
        return code, out, err

    return given


def test_resume_writes_the_plan_that_stands_ready_and_says_what_is_missing(
    tmp_path: Path, resume: Run
) -> None:
    cell = Cell(tmp_path)
    adopted = PlanAdopted(cell.verified.plan_hash, cell.plan.read_text(), "move-1")
    enter(cell.ledger, adopted, at=cell.now)
    standing = tmp_path / "standing.json"
    opens = (cell.now + timedelta(hours=1)).isoformat(timespec="seconds")
    given = (cell.scenario, "--ledger", cell.file, "--opens", opens)
    code, out, err = resume(*given, "-o", standing)
    assert code == 0, err
    assert "(moved)" in out
    assert "--  vehicles bus: not reported of 2 needed" in out
    assert "obtain a guarantee: gov" in out
    assert json.loads(standing.read_text())["convoys"][0]["id"] == "c1"
    code, out, _ = resume(*given, "--json")
    document = json.loads(out)
    assert (code, document["how"], document["convoys"]) == (0, "moved", ["c1", "c2"])
    assert document["readiness"][0]["enough"] is False
    assert document["clearance"]["go"] is False
    shut = Closure(("R-D",), "closed")
    enter(cell.ledger, shut, at=cell.now)
    code, out, _ = resume(*given)
    assert (code, "takes on trust" in out) == (0, True)


def test_resume_exits_4_where_no_plan_can_stand_ready(tmp_path: Path, resume: Run) -> None:
    cell = Cell(tmp_path)
    late = (cell.now + timedelta(hours=17)).isoformat(timespec="seconds")
    code, out, _ = resume(cell.scenario, "--ledger", cell.file, "--opens", late, "--limit", "2s")
    assert (code, out.startswith("no plan stands ready")) == (4, True)
    code, out, _ = resume(cell.scenario, "--ledger", cell.file, "--opens", late, "--json")
    assert (code, json.loads(out)["how"]) == (4, "none")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--opens", "noon"), "--opens"),
        (("--opens", "2016-12-15T12:00:00+02:00"), "want a time from now on"),
        (("--limit", "soon"), "--limit"),
        (("--at", "2016-12-15T12:00:00+02:00"), "want a time of the scenario"),
    ],
)
def test_what_resume_cannot_use_is_a_message(
    tmp_path: Path, resume: Run, words: tuple[str, ...], what: str
) -> None:
    cell = Cell(tmp_path)
    code, out, err = resume(cell.scenario, "--ledger", cell.file, *words)
    assert (code, out) == (2, "")
    assert what in err


def test_the_terms_of_now_are_shown_and_printed_a_page_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = Cell(tmp_path)
    agreement = Agreement("exit", ("gov",), "People leave by one corridor.")
    enter(cell.ledger, agreement, Term("buses", "exit", "Buses come.", "broken"), at=cell.now)

    def terms(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["safepassage", "ledger", "terms", *map(str, words)])
        code = run_guarded(app)
        out, err = capsys.readouterr()
        return code, out, err

    code, out, _ = terms("--ledger", cell.file)
    assert (code, "NOT agreed (broken): Buses come." in out) == (0, True)
    sheet = tmp_path / "terms.pdf"
    given = ("--ledger", cell.file, "-o", sheet)
    assert terms(*given)[0] == 2
    whole = (*given, "--scenario", cell.scenario, "--plan", cell.plan)
    code, out, err = terms(*whole, "--json")
    assert code == 0, err
    assert json.loads(out)["agreements"][0]["terms"][0]["state"] == "broken"
    assert sheet.read_bytes().startswith(b"%PDF")
    assert terms("--ledger", cell.file, "--at", "2016-12-15T12:00:00+02:00")[1].startswith(
        "the led"
    )
    bad = ("--ledger", cell.file, "-o", tmp_path / "no" / "x.pdf", "--scenario", cell.scenario)
    assert terms(*bad, "--plan", cell.plan)[0] == 3
    cell.plan.write_text("{}")
    assert terms(*whole)[0] == 3


def test_clauses_of_now_take_the_place_of_those_of_the_scenario() -> None:
    clauses = (
        Clause("a", "A.", "open", {"gov": "x"}, linked_to="aid"),
        Clause("b", "B.", "agreed"),
    )
    of = world(agreements=(scenario_parties.Agreement("exit", ("gov",), clauses),))
    now = {
        "a": TermNow("a", "exit", "A, now.", "met", None, {"militia": "y"}, 5),
        "c": TermNow("c", "exit", "C.", "broken", None, {}, 6),
    }
    found = [
        (one.id, one.text, one.state, dict(one.versions), one.linked_to)
        for one in clauses_now(of, now)
    ]
    assert found == [
        ("a", "A, now.", "agreed", {"gov": "x", "militia": "y"}, "aid"),
        ("b", "B.", "agreed", {}, None),
        ("c", "Broken: C.", "open", {}, None),
    ]
