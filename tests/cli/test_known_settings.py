"""Where an option's value comes from: typed, environment, settings file, default."""

import json
import os
import subprocess
import sys
from pathlib import Path

CODE = "import sys; from safepassage.cli import main; sys.argv[0] = 'safepassage'; main()"


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CODE, *words],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_typed_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    # The folder for new scenarios is the option that is cheapest to look at.
    for name in ("typed", "environment", "file"):
        (tmp_path / name).mkdir()
    assert run(tmp_path, "new", "first").returncode == 0
    assert (tmp_path / "first" / "scenario.toml").is_file()
    (tmp_path / "safepassage.toml").write_text('[new]\nfolder = "file"\n', encoding="utf-8")
    assert run(tmp_path, "new", "second").returncode == 0
    assert (tmp_path / "file" / "second" / "scenario.toml").is_file()
    assert run(tmp_path, "new", "third", SAFEPASSAGE_NEW_FOLDER="environment").returncode == 0
    assert (tmp_path / "environment" / "third" / "scenario.toml").is_file()
    typed = run(tmp_path, "new", "fourth", "-o", "typed", SAFEPASSAGE_NEW_FOLDER="environment")
    assert typed.returncode == 0
    assert (tmp_path / "typed" / "fourth" / "scenario.toml").is_file()


def test_every_unknown_name_in_the_file_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "safepassage.toml").write_text(
        '[plan]\nlimits = "60s"\n[plann]\nlimit = "60s"\n', encoding="utf-8"
    )
    done = run(tmp_path, "doctor")
    assert done.returncode == 2
    assert "plan.limits: got an unknown name" in done.stderr
    assert "limit" in done.stderr
    assert "plann: got an unknown name" in done.stderr


def test_a_file_that_is_no_toml_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "safepassage.toml").write_text("[plan\n", encoding="utf-8")
    done = run(tmp_path, "doctor")
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


def test_the_variable_of_an_option_has_the_options_own_name(tmp_path: Path) -> None:
    target = tmp_path / "there"
    target.mkdir()
    # `-o, --folder` of `new`: not the name that the program uses inside.
    assert run(tmp_path, "new", "one", SAFEPASSAGE_NEW_FOLDER=str(target)).returncode == 0
    assert (target / "one").is_dir()
    wrong = run(tmp_path, "report", "a", "b", SAFEPASSAGE_REPORT_FOR="nobody")
    assert "got 'nobody'" in wrong.stderr


def test_json_is_one_object_also_where_a_command_ends_early(tmp_path: Path) -> None:
    done = run(tmp_path, "plan", "nowhere", "--json")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert (told["ok"], told["exit"]) == (False, 3)
    assert "nowhere" in told["error"]


def test_a_folder_as_output_is_refused_before_the_work(tmp_path: Path) -> None:
    assert run(tmp_path, "new", "one").returncode == 0
    done = run(tmp_path, "plan", "one", "-o", ".")
    assert done.returncode == 2
    assert "is a folder" in done.stderr


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "safepassage", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("safepassage ")
