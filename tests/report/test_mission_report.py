"""The command from end to end: Aleppo, refusals, a full disk, folders of two audiences."""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pypdf import PdfReader

from safepassage.cli import app
from safepassage.cli.running import run_guarded
from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.plan_file import write_verified
from safepassage.scenario.load import load_scenario

ALEPPO = Path(__file__).parents[2] / "cases" / "aleppo-2016"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    write_verified(fill_and_send(load_scenario(ALEPPO)), path)
    return path


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Command":
    return Command(monkeypatch, capsys)


class Command:
    """Runs `safepassage report` and keeps what it said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys
        self.out = self.err = ""

    def __call__(self, *words: str | Path) -> int:
        line = ["safepassage", "report", *map(str, words)]
        self.monkeypatch.setattr(sys, "argv", line)
        code = run_guarded(app)
        self.out, self.err = self.capsys.readouterr()
        return code


def arrivals_in(plan: Path) -> int:
    """Return the people that the trips of a plan.json bring to the hand-over, summed here."""
    trips = json.loads(plan.read_text(encoding="utf-8"))["trips"]
    return sum(sum(one["load"].values()) for one in trips if one["to"] == "rashidin4")


def test_aleppo_is_reported_with_html_pdf_and_sheets(
    report: Command, plan: Path, tmp_path: Path
) -> None:
    assert report(ALEPPO, plan, "-o", tmp_path / "out", "--beliefs", "0s", "--json") == 0
    said = json.loads(report.out)
    files = [Path(one) for one in said["files"]]
    assert said["format"] == "safepassage/report/1"
    assert all(one.is_file() and one.stat().st_size for one in files)
    assert [one.name for one in files[:2]] == ["report.html", "report.pdf"]
    assert len(files) > 4
    page = files[0].read_text(encoding="utf-8")
    words = " ".join(one.extract_text() for one in PdfReader(files[1]).pages)
    arrived = arrivals_in(plan)
    assert arrived > 1000
    # 10,000 at the likely number; 50,000 at the high one.
    for number in (f"{arrived:,} people", "10,000", f"0 to {50_000 - arrived:,}"):
        assert number in page, number
        assert number in words, number
    assert not list((tmp_path / "out").glob(".*"))


def test_the_public_gets_a_page_and_no_sheet(report: Command, plan: Path, tmp_path: Path) -> None:
    assert report(ALEPPO, plan, "--for", "public", "-o", tmp_path / "p") == 0
    assert sorted(one.name for one in (tmp_path / "p").iterdir()) == ["report.html", "report.pdf"]
    page = (tmp_path / "p" / "report.html").read_text(encoding="utf-8")
    for secret in ("Ramouseh", "Rashidin", "Amiriyah", "militias", "bus-01", "c001"):
        assert secret not in page


def test_a_plan_of_another_scenario_is_refused_and_nothing_is_written(
    report: Command, plan: Path, tmp_path: Path
) -> None:
    other = tmp_path / "scenario.toml"
    other.write_text((ALEPPO / "scenario.toml").read_text(encoding="utf-8") + "\n# changed\n")
    assert report(other, plan, "-o", tmp_path / "out") == 3
    assert "scenario" in report.err
    assert report.out == ""
    assert not (tmp_path / "out").exists()


def test_a_plan_that_was_cut_off_is_refused(report: Command, plan: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.json"
    cut.write_bytes(plan.read_bytes()[:-500])
    assert report(ALEPPO, cut, "-o", tmp_path / "out") == 3
    assert "cannot be read" in report.err
    assert not (tmp_path / "out").exists()


def test_a_plan_that_breaks_a_rule_is_refused(report: Command, plan: Path, tmp_path: Path) -> None:
    document = json.loads(plan.read_text(encoding="utf-8"))
    document.pop("plan_hash")
    document["trips"][0]["depart"] -= 300
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(document), encoding="utf-8")
    assert report(ALEPPO, bad, "-o", tmp_path / "out") == 3
    assert "is refused: nothing is reported" in report.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words", [("--for", "everybody"), ("--beliefs", "soon"), ("--unheard-of",)], ids=lambda w: w[0]
)
def test_a_wrong_option_is_a_usage_error(
    report: Command, plan: Path, tmp_path: Path, words: Sequence[str]
) -> None:
    assert report(ALEPPO, plan, "-o", tmp_path / "out", *words) == 2
    assert not (tmp_path / "out").exists()


def test_a_missing_plan_is_named(report: Command, tmp_path: Path) -> None:
    assert report(ALEPPO, tmp_path / "none.json", "-o", tmp_path / "out") == 3
    assert "none.json" in report.err


def test_two_audiences_never_share_a_folder(report: Command, plan: Path, tmp_path: Path) -> None:
    assert report(ALEPPO, plan, "--for", "public", "-o", tmp_path / "out") == 0
    before = (tmp_path / "out" / "report.html").read_bytes()
    assert report(ALEPPO, plan, "--for", "cell", "--beliefs", "0s", "-o", tmp_path / "out") == 3
    assert "holds a report for public" in report.err
    assert (tmp_path / "out" / "report.html").read_bytes() == before


def test_a_full_disk_leaves_the_old_report_whole(plan: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    old = '<meta name="audience" content="public">old'
    (folder / "report.html").write_text(old, encoding="utf-8")
    code = "import sys; from safepassage.cli import main; main()"
    command = [sys.executable, "-c", code, "report", str(ALEPPO), str(plan),
               "--for", "public", "-o", str(folder)]  # fmt: skip

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    ran = subprocess.run(
        command,
        preexec_fn=small_files,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 3, ran.stderr
    assert "Traceback" not in ran.stderr
    assert (folder / "report.html").read_text(encoding="utf-8") == old
    assert [one.name for one in folder.iterdir()] == ["report.html"]


def test_help_answers_without_heavy_parts() -> None:
    code = (
        "import sys; sys.argv = ['safepassage', 'report', '--help']\n"
        "from safepassage.cli import main\n"
        "try: main()\n"
        "finally:\n"
        "    heavy = {'numpy', 'matplotlib', 'typst', 'jinja2', 'highspy'} & set(sys.modules)\n"
        "    assert not heavy, heavy\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "--for" in ran.stdout
