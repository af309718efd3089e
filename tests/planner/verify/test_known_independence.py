"""The verifier judges alone: it imports nothing of the solvers, and only it makes VerifiedPlans."""

import ast
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

import safepassage
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from tests.planner.verify.worlds import plan, scenario, trip

SOURCES = Path(safepassage.__file__).parent
VERIFIER = [SOURCES / "planner" / "verify.py", *(SOURCES / "planner" / "checking").glob("*.py")]
ALLOWED = (
    "safepassage.scenario.figure",
    "safepassage.scenario.fleet",
    "safepassage.scenario.linked",
    "safepassage.scenario.near",
    "safepassage.scenario.parties",
    "safepassage.scenario.people",
    "safepassage.scenario.places",
    "safepassage.scenario.rules",
    "safepassage.scenario.scenario",
    "safepassage.scenario.window",
    "safepassage.planner.plan",
    "safepassage.planner.plan_file",
    "safepassage.planner.plan_form",
    "safepassage.planner.verified",
)


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.add(node.module)
    return {one for one in names if one.partition(".")[0] == "safepassage"}


def test_the_verifier_imports_nouns_and_the_plan_and_nothing_of_a_solver() -> None:
    files = [*VERIFIER, *(SOURCES / "planner" / f"{one}.py" for one in ("plan_file", "plan_form"))]
    assert len(files) > 12
    for file in files:
        foreign = {
            one
            for one in imported(file)
            if one not in ALLOWED and not one.startswith("safepassage.planner.checking")
        }
        assert not foreign, f"{file.name} imports {foreign}"


def test_no_other_source_file_mentions_the_seal_or_calls_the_constructor() -> None:
    makers = {SOURCES / "planner" / "verify.py", SOURCES / "planner" / "verified.py"}
    for file in SOURCES.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if file not in makers:
            assert "SEAL_OF_THE_VERIFIER" not in text, file
            assert "VerifiedPlan(" not in text, file
            assert "object.__new__" not in text, file


def test_nobody_else_can_make_or_alter_a_verified_plan() -> None:
    world = scenario()
    verified = verify(world, plan(world, trip("bus-01", "A", "B", 10, 70, 50), value=50.0))
    with pytest.raises(TypeError, match=r"made by planner\.verify"):
        VerifiedPlan(
            scenario=world,
            plan=verified.plan,
            plan_hash="",
            value=1e9,
            bound=None,
            gap=None,
            bound_checked=True,
            expected_people=1e9,
            expected_people_bound=None,
            people_total=1,
            people_out=1,
            curve=(),
            seal=object(),
        )
    with pytest.raises((TypeError, ValueError), match="seal"):
        replace(verified, value=1e9)
    with pytest.raises(AttributeError):
        verified.value = 1e9  # type: ignore[misc]


def test_a_verified_plan_travels_between_processes() -> None:
    world = scenario()
    verified = verify(world, plan(world, trip("bus-01", "A", "B", 10, 70, 50), value=50.0))
    assert pickle.loads(pickle.dumps(verified)) == verified  # noqa: S301 - our own bytes
