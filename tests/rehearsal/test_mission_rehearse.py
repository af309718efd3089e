"""The commands on eastern Aleppo, whole: what a cell reads before people board."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.planner.plan_file import write_verified
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.rehearsal.chance import DEFAULTS, WORDS
from safepassage.rehearsal.decisions import CUTS, drivers, go_or_wait
from safepassage.rehearsal.prepared import prepare
from safepassage.rehearsal.robust import choose_robust
from safepassage.rehearsal.run import rehearse, replay
from safepassage.rehearsal.worth import one_more
from safepassage.scenario.load import load_scenario
from safepassage.scenario.rehearsal import UNCERTAIN, RehearsalWanted
from tests.board import mission
from tests.rehearsal.small import fixed, wanted, world
from tests.rehearsal.small import verified as small_plan

CASES = Path(__file__).parents[2] / "cases"
KEYS = {
    "format", "scenario", "scenario_name", "plan", "inputs", "version", "level", "seed", "runs",
    "asked", "block", "blocks", "stopped", "seconds", "horizon_hours", "since", "out",
    "out_by_hour", "plan_by_hour", "p_all_out", "caught", "wait_on_board", "averages", "drivers",
    "go_or_wait", "one_more", "worst_runs", "beliefs",
}  # fmt: skip


@pytest.fixture(scope="module")
def aleppo() -> VerifiedPlan:
    return solve(load_scenario(CASES / "aleppo-2016"), iterations=0)


@pytest.fixture(scope="module")
def plan(aleppo: VerifiedPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plans") / "plan.json"
    write_verified(aleppo, path)
    return path


def command(*words: str) -> tuple[int, str, str]:
    """Run a command in this process; return exit code, standard output and what went wrong."""
    from safepassage.cli.faults import CommandError  # noqa: PLC0415

    found = CliRunner().invoke(app, list(words))
    if isinstance(found.exception, CommandError):
        return int(found.exception.code), found.stdout, str(found.exception)
    return found.exit_code, found.stdout, found.stderr


def test_the_json_is_the_documented_object_and_the_file_holds_the_same(
    plan: Path, tmp_path: Path
) -> None:
    file = tmp_path / "rehearsal.json"
    code, out, _ = command(
        "rehearse", str(CASES / "aleppo-2016"), str(plan), "--runs", "64", "--seed", "7", "--json",
        "-o", str(file),
    )  # fmt: skip
    assert code == 0
    found = json.loads(out)
    assert set(found) == KEYS
    page = (Path(__file__).parents[2] / "docs/reference/rehearsal.md").read_text("utf-8")
    assert all(f"`{key}`" in page for key in KEYS)
    assert json.loads(file.read_text("utf-8")) == found
    assert (found["runs"], found["seed"], found["blocks"]) == (64, 7, 8)
    assert len(found["out_by_hour"]) == 25
    assert found["plan_by_hour"][-1][1] == found["plan_by_hour"][24][1] > 5_000
    assert found["out"]["ci95"][0] < found["out"]["mean"] < found["out"]["ci95"][1]


def test_the_words_say_arrived_and_caught_together_and_no_probability_of_success(
    plan: Path,
) -> None:
    code, out, _ = command("rehearse", str(CASES / "aleppo-2016"), str(plan), "--runs", "64")
    assert code == 0
    first = out.splitlines()[0]
    assert "arrive and" in first
    assert "are caught" in first
    assert "in 20" in out
    assert "safe" not in out.lower()
    assert "success" not in out.lower()


def test_one_run_is_shown_with_its_log(plan: Path, aleppo: VerifiedPlan) -> None:
    code, out, _ = command(
        "rehearse", str(CASES / "aleppo-2016"), str(plan), "--runs", "64", "--replay", "5", "--json"
    )
    assert code == 0
    found = json.loads(out)
    again = replay(aleppo.scenario, aleppo, run=5, seed=7, block=8)
    assert found["row"]["arrived"] == again.row.arrived
    assert [one["event"] for one in found["events"]] == [one.kind for one in again.events]


def test_a_plan_of_another_scenario_and_no_runs_are_refused(plan: Path) -> None:
    code, _, said = command("rehearse", str(CASES / "sumy-2022"), str(plan))
    assert code == 3
    assert "this scenario" in said
    assert command("rehearse", str(CASES / "aleppo-2016"), str(plan), "--runs", "0")[0] == 2
    assert command("rehearse", str(CASES / "aleppo-2016"), str(plan), "--level", "bus")[0] == 2


def test_compare_says_the_difference_with_its_interval(plan: Path) -> None:
    code, out, _ = command(
        "compare", str(CASES / "aleppo-2016"), str(plan), str(plan), "--runs", "64", "--json"
    )
    assert code == 0
    found = json.loads(out)
    assert found["difference"]["arrived"] == {"mean": 0.0, "ci95": [0.0, 0.0]}
    assert found["first"] == found["second"]


def test_every_quantity_has_a_default_with_a_source_or_a_judgement_and_is_listed(
    aleppo: VerifiedPlan,
) -> None:
    assert set(DEFAULTS) == set(WORDS) == set(UNCERTAIN)
    for law in DEFAULTS.values():
        assert (law.source is None) != (law.judgement is None)
        assert len(law.source or law.judgement or "") > 10 or law.judgement == "as above"
    made = rehearse(aleppo.scenario, aleppo, runs=8, decisions=False)
    assert [one.key for one in made.beliefs] == list(UNCERTAIN)
    assert all(one.origin for one in made.beliefs)
    changed = replace(
        aleppo.scenario, rehearsal=RehearsalWanted(uncertain={"truce.halt": fixed(3600.0)})
    )
    again = rehearse(changed, verify(changed, aleppo.plan), runs=8, decisions=False)
    assert again.inputs != made.inputs
    assert next(one for one in again.beliefs if one.key == "truce.halt").stated


def test_waiting_costs_arrivals_and_only_a_large_cut_of_the_risk_pays_for_it(
    aleppo: VerifiedPlan,
) -> None:
    found = go_or_wait(prepare(aleppo.scenario, aleppo), seed=7)
    assert [one.hours for one in found] == [1, 2, 4, 6, 10]
    costs = [one.change.arrived.mean for one in found]
    assert costs == sorted(costs, reverse=True)
    assert all(one.change.arrived.high < 0 for one in found)
    cuts = [one.cut for one in found if one.cut is not None]
    assert cuts == sorted(cuts)
    assert all(0 < one < 1 for one in cuts)
    first = found[0]
    assert first.cut_low is not None
    assert first.cut_high is not None
    assert first.cut_low < (first.cut or 0) < first.cut_high
    assert CUTS[-1] == 1.0


def test_waiting_for_a_truce_that_never_breaks_only_costs_time() -> None:
    # By hand: 300 people in three turns by minute 340 of 720; an hour later nothing is lost.
    of = world(wanted())
    found = go_or_wait(prepare(of, small_plan(of)), seed=7)
    assert {one.hours: one.change.arrived.mean for one in found}[6.0] == 0.0
    assert all(one.cut == 0.0 for one in found)


def test_the_tornado_is_sorted_and_what_mends_does_not_lose_arrivals(
    aleppo: VerifiedPlan,
) -> None:
    found = drivers(prepare(aleppo.scenario, aleppo), seed=7)
    sizes = [abs(one.change.arrived.mean) for one in found]
    assert sizes == sorted(sizes, reverse=True)
    assert {one.kind for one in found} == {"fix", "hurts"}
    for one in found:
        if one.key.startswith("party.") or one.key == "truce.halt":
            assert one.change.arrived.mean > 0
        if one.kind == "hurts":
            assert one.change.arrived.mean < 0
    # Four parties hold the road; the one that promised nothing weighs most.
    parties = [one.key for one in found if one.key.startswith("party.")]
    assert len(parties) == 4
    assert parties[0] == "party.militias"


def test_a_robust_plan_is_verified_and_better_on_draws_it_was_not_chosen_by(
    aleppo: VerifiedPlan,
) -> None:
    found = choose_robust(aleppo, candidates=40, seed=7)
    assert found.tried == 40
    assert found.plan.scenario is aleppo.scenario
    assert verify(aleppo.scenario, found.plan.plan).plan_hash == found.plan.plan_hash
    assert found.better
    assert found.change.arrived.low > 0
    assert found.nominal < 0
    assert found.nominal == found.plan.value - aleppo.value


def test_where_no_candidate_is_better_the_plan_stays() -> None:
    of = world(wanted())
    made = small_plan(of)
    found = choose_robust(made, candidates=3, seed=7)
    assert not found.better
    assert found.plan is made
    assert found.change.arrived.mean == 0.0


def test_one_more_is_never_worth_less_than_nothing() -> None:
    of = world(wanted(), places=world().places)
    found = one_more(small_plan(of), seed=7, steps=2)
    assert {one.what for one in found} == {"1 bus more (buses)"}
    assert all(one.change.arrived.mean >= 0 for one in found)


def test_what_is_left_of_the_aleppo_day_is_played_from_its_ledger(tmp_path: Path) -> None:
    """At 15:12 the first convoy has arrived with 520 people and 518 are on the road."""
    place = mission.new_place(tmp_path)
    mission.afternoon(place)
    mission.all_but_approvals(place, mission.convoys()[2], at=mission.clock(15, 8))
    made = tmp_path / "plan.json"
    made.write_text(mission.plan_text(mission.plan_of_the_day()), encoding="utf-8")
    given = (str(mission.aleppo_folder()), str(made))
    asked = ("--from", str(place.file), "--at", mission.NOW.isoformat(), "--runs", "256")
    code, out, said = command("rehearse", *given, *asked, "--json")
    assert code == 0, said
    found = json.loads(out)
    trips = mission.plan_of_the_day().plan.trips
    first, second = (
        sum(sum(trip.load.values()) for trip in trips if trip.convoy == one)
        for one in mission.convoys()[:2]
    )
    assert (found["since"]["arrived"], found["since"]["aboard"]) == (first, second)
    assert found["since"]["on_the_road"] == [mission.convoys()[1]]
    assert found["out"]["quantiles"][0] >= first
    assert [row[3] for row in found["out_by_hour"][:7]] == [0] * 7, "nobody had arrived by 15:00"
    assert any("nothing leaves that is not through by" in one for one in found["since"]["warnings"])
    code, out, said = command("compare", *given, str(made), *asked, "--json")
    assert (code, json.loads(out)["difference"]["arrived"]["mean"]) == (0, 0), said
    code, _, said = command("rehearse", *given, "--at", mission.NOW.isoformat())
    assert code == 2
    assert "want --from LEDGER" in said
