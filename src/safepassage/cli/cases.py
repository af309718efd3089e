"""Where the cases that come with the program lie: in the wheel, or beside the source."""

from importlib import resources
from pathlib import Path

from safepassage.cli.faults import CommandError


def cases_folder() -> Path:
    """Return the folder that holds one folder a case."""
    in_wheel = Path(str(resources.files("safepassage"))) / "cases"
    beside_source = Path(__file__).parents[3] / "cases"
    for folder in (in_wheel, beside_source):
        if folder.is_dir():
            return folder
    raise CommandError(f"no cases found, neither in {in_wheel} nor in {beside_source}")


def case_named(name: str) -> Path:
    """Return the folder of a case; a near name is offered where there is none."""
    folder = cases_folder() / name
    if (folder / "scenario.toml").is_file():
        return folder
    known = sorted(one.parent.name for one in cases_folder().glob("*/scenario.toml"))
    raise CommandError(f"case: got '{name}', want one of: {', '.join(known)}")
