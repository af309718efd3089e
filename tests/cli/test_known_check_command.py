"""`safepassage check` as a person and as a script meet it: streams, exit codes, JSON, speed."""

import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl

from tests.scenario.given import SMALL

CASES = Path(__file__).parents[2] / "cases"


def run(*words: object) -> "subprocess.CompletedProcess[str]":
    """Run the command line in a process of its own, as a shell would."""
    command = "from safepassage.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", command, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


def scenario(folder: Path, text: str = SMALL) -> Path:
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_valid_scenario_is_summed_up_on_stdout_with_its_warnings(tmp_path):
    done = run("check", scenario(tmp_path))
    assert done.returncode == 0
    assert done.stdout.startswith("Small: valid, 1 warning.\n")
    assert "leave      150 people\n" in done.stdout
    assert "stay       not known in 1 group\n" in done.stdout
    assert "warning: 15 of 15 figures" in done.stdout
    assert done.stderr == ""


def test_every_fault_is_listed_on_stderr_with_exit_3(tmp_path):
    text = SMALL.replace("count = 4", "count = true").replace(
        'at = "school"\nclass', 'at = "x"\nclass'
    )
    done = run("check", scenario(tmp_path, text))
    assert done.returncode == 3
    assert done.stdout == ""
    assert "2 faults" in done.stderr
    assert "vehicle[0].count" in done.stderr
    assert "group[0].at" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_of_a_valid_scenario_is_one_object(tmp_path):
    found = json.loads(run("check", scenario(tmp_path), "--json").stdout)
    assert found["format"] == "safepassage/check/1"
    assert found["ok"] is True
    assert found["faults"] == []
    assert found["warnings"][0]["rule"] == "unsourced"
    assert found["warnings"][0]["numbers"] == {"unsourced": 15, "figures": 15}
    assert found["summary"]["leave"]["likely"] == 150
    assert found["summary"]["horizon_minutes"] == 720


def test_json_of_a_faulty_scenario_holds_every_fault_with_exit_3(tmp_path):
    done = run("check", scenario(tmp_path, SMALL.replace("count = 4", "count = -4")), "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout) == {
        "format": "safepassage/check/1",
        "ok": False,
        "faults": [
            {
                "path": "vehicle[0].count",
                "of": 'vehicle "buses"',
                "line": 61,
                "found": "-4",
                "wanted": "a whole number from 0 to 10,000",
            }
        ],
        "warnings": [],
        "summary": None,
    }


def test_a_missing_scenario_is_exit_3_and_no_argument_is_exit_2(tmp_path):
    assert run("check", tmp_path / "nothing").returncode == 3
    assert run("check").returncode == 2


def test_the_tables_go_to_a_workbook_that_is_never_written_over(tmp_path):
    book = tmp_path / "tables.xlsx"
    done = run("check", CASES / "aleppo-2016", "--workbook", book)
    assert done.returncode == 0
    assert "Only in scenario.toml: agreement, linked." in done.stderr
    page = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))["vehicles"]
    assert page["A3"].value == "buses"
    assert page["E3"].value == "20 (source: tass-plan)"
    again = run("check", CASES / "aleppo-2016", "--workbook", book)
    assert again.returncode == 3
    assert "not written over" in again.stderr


def test_checking_imports_no_solver_and_no_numpy(tmp_path):
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from safepassage.scenario.load import load_scenario\n"
        "from safepassage.scenario.check import warnings\n"
        f"warnings(load_scenario(Path({str(scenario(tmp_path))!r})))\n"
        "heavy = {'numpy', 'scipy', 'highspy', 'pydantic', 'openpyxl', 'matplotlib', 'numba'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
