"""What holds for any seed, run, level and number of threads."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.rehearsal.compare import compare
from safepassage.rehearsal.playing import play_blocks, rows_of
from safepassage.rehearsal.prepared import prepare
from safepassage.rehearsal.result import Precision
from safepassage.rehearsal.run import (
    Level,
    RehearsalRefused,
    blocks_for,
    chunk,
    conclude,
    rehearse,
    replay,
)
from safepassage.rehearsal.summary import MergeRefused, merge, summary_from_json, summary_to_json
from safepassage.scenario.load import load_scenario
from safepassage.scenario.rehearsal import RehearsalWanted
from safepassage.scenario.uncertain import Uncertain
from tests.rehearsal.small import fixed, verified, wanted, world

CASES = Path(__file__).parents[2] / "cases"
LEVELS: tuple[Level, ...] = ("convoy", "vehicle")


@pytest.fixture(scope="module")
def aleppo() -> VerifiedPlan:
    return solve(load_scenario(CASES / "aleppo-2016"), iterations=1)


@given(run=st.integers(0, 127), level=st.sampled_from(LEVELS), seed=st.sampled_from([1, 7]))
def test_a_run_played_again_is_the_row_of_the_batch(
    aleppo: VerifiedPlan, run: int, level: Level, seed: int
) -> None:
    rows = rows_of(
        prepare(aleppo.scenario, aleppo, level=level), seed=seed, number=run // 64, size=64
    )
    again = replay(aleppo.scenario, aleppo, run=run, seed=seed, block=64, level=level)
    assert again.row == rows[run % 64]
    arrived = sum(one.people or 0 for one in again.events if one.kind in ("arrives", "cars arrive"))
    late = [one for one in again.events if one.kind == "arrives" and one.at > 24 * 3600]
    assert arrived - sum(one.people or 0 for one in late) == again.row.arrived
    caught = {
        (one.movement, one.people) for one in again.events if one.kind == "caught" and one.people
    }
    assert sum(people or 0 for _, people in caught) == again.row.caught
    assert again.arrived_by_hour[-1] == again.row.arrived
    assert list(again.arrived_by_hour) == sorted(again.arrived_by_hour)


@pytest.fixture(scope="module")
def other(aleppo: VerifiedPlan) -> VerifiedPlan:
    """Return another plan of the same scenario: made for the fewest people."""
    return solve(aleppo.scenario, iterations=0, people="low")


@given(run=st.integers(0, 127), level=st.sampled_from(LEVELS))
def test_convoys_of_one_direction_keep_their_headway_however_late_each_is(
    aleppo: VerifiedPlan, run: int, level: Level
) -> None:
    found = replay(aleppo.scenario, aleppo, run=run, seed=7, block=64, level=level)
    starts = {one.id: one.start for one in aleppo.plan.convoys}
    for end in ("amiriyah", "rashidin4"):
        left = sorted(
            one.at
            for one in found.events
            if one.kind == "departs" and starts.get(one.movement or "") == end
        )
        # Half an hour; a millionth of a second for floating point.
        assert all(later - earlier >= 1800 - 1e-6 for earlier, later in pairwise(left))


@given(run=st.integers(0, 63))
def test_two_plans_meet_the_same_truces(
    aleppo: VerifiedPlan, other: VerifiedPlan, run: int
) -> None:
    kinds = ("opens", "break", "halt ends", "ends for good")
    seen = []
    for plan in (aleppo, other):
        found = replay(aleppo.scenario, plan, run=run, seed=7, block=64)
        seen.append([(one.at, one.kind, one.note) for one in found.events if one.kind in kinds])
    assert seen[0] == seen[1]


def test_threads_and_chunks_change_no_bit(aleppo: VerifiedPlan) -> None:
    prepared = prepare(aleppo.scenario, aleppo)
    whole = play_blocks(prepared, seed=7, numbers=range(8), size=32, threads=1)
    threaded = play_blocks(prepared, seed=7, numbers=range(8), size=32, threads=3)
    parts = [
        chunk(aleppo.scenario, aleppo, seed=7, first_run=first, runs=64, block=32)
        for first in (128, 0, 192, 64)
    ]
    merged = merge([summary_from_json(summary_to_json(one)) for one in parts])
    for other in (threaded, merged):
        assert summary_to_json(other) == summary_to_json(whole)
    one = conclude(aleppo.scenario, aleppo, merged, asked=256, seconds=0.0)
    made = rehearse(aleppo.scenario, aleppo, runs=256, decisions=False)
    assert replace(made, seconds=0.0).to_json() == one.to_json()


def test_arrived_never_falls_and_the_two_levels_agree(aleppo: VerifiedPlan) -> None:
    by_convoy, by_vehicle = (
        rehearse(aleppo.scenario, aleppo, runs=4096, level=level, decisions=False)
        for level in LEVELS
    )
    for made in (by_convoy, by_vehicle):
        medians = [one.arrived.q50 for one in made.hours]
        assert medians == sorted(medians)
        for one in made.hours:
            assert one.arrived.row() == sorted(one.arrived.row())
        assert made.caught.exceedance[0].chance == made.caught.any
        chances = [one.chance.mean for one in made.caught.exceedance]
        assert chances == sorted(chances, reverse=True)
    assert by_convoy.out.estimate.mean == pytest.approx(by_vehicle.out.estimate.mean, rel=0.02)
    assert by_convoy.caught.estimate.mean == pytest.approx(
        by_vehicle.caught.estimate.mean, rel=0.04
    )


def test_without_any_break_nobody_is_caught_and_more_arrive(aleppo: VerifiedPlan) -> None:
    scenario = aleppo.scenario
    calm = replace(scenario, rehearsal=RehearsalWanted(drawn_truce=False))
    prepared = prepare(calm, verify(calm, aleppo.plan))
    quiet = play_blocks(prepared, seed=7, numbers=range(4), size=64)
    usual = play_blocks(prepare(scenario, aleppo), seed=7, numbers=range(4), size=64)
    assert sum(one.caught_sum for one in quiet.ordered()) == 0
    for number, block in quiet.blocks.items():
        assert block.out_sum[-1] > usual.blocks[number].out_sum[-1]


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_truce_that_holds_longer_brings_more_people_out(
    aleppo: VerifiedPlan, factor: float
) -> None:
    prepared = prepare(aleppo.scenario, aleppo)
    law = prepared.beliefs["truce.mean"]
    longer = replace(law, numbers=tuple(one * factor for one in law.numbers))
    changed = prepared.changed(beliefs=prepared.beliefs.with_law("truce.mean", longer))
    pair = []
    for made in (prepared, changed):
        blocks = play_blocks(made, seed=7, numbers=range(4), size=64).ordered()
        pair.append(sum(int(one.out_sum[-1]) for one in blocks))
    assert (pair[1] > pair[0]) == (factor > 1)


def test_a_plan_against_itself_differs_by_nothing(aleppo: VerifiedPlan) -> None:
    found = compare(aleppo, aleppo, runs=256)
    assert (found.change.arrived.mean, found.change.arrived.half_width) == (0.0, 0.0)
    assert found.change.caught.mean == 0.0
    assert all(one.arrived.mean == 0.0 for _, one in found.by_hour)


def test_a_comparison_turned_round_changes_its_sign(
    aleppo: VerifiedPlan, other: VerifiedPlan
) -> None:
    one = compare(aleppo, other, runs=512)
    back = compare(other, aleppo, runs=512)
    assert one.change.arrived.mean == pytest.approx(-back.change.arrived.mean)
    # On the same draws the interval is far narrower than the two of the numbers themselves.
    alone = one.first.arrived.half_width + one.second.arrived.half_width
    assert one.change.arrived.half_width < 0.75 * alone


def test_it_stops_when_the_asked_precision_is_reached_and_says_so(aleppo: VerifiedPlan) -> None:
    coarse = Precision(0.2, 0.2)
    made = rehearse(aleppo.scenario, aleppo, runs=16_384, precision=coarse, decisions=False)
    assert made.runs == 8 * 1024
    assert made.stopped.startswith("the asked precision was reached")
    fine = rehearse(
        aleppo.scenario, aleppo, runs=64, precision=Precision(1e-4, 1e-4), decisions=False
    )
    assert fine.runs == 64
    assert "without the asked precision" in fine.stopped


@given(st.integers(1, 200_000))
def test_runs_fall_into_whole_blocks_of_a_power_of_two(runs: int) -> None:
    found = blocks_for(runs)
    assert found.runs >= runs
    assert found.runs - runs < found.size
    assert found.size & (found.size - 1) == 0
    assert found.count >= min(8, runs)


def test_what_cannot_be_rehearsed_is_refused_with_the_reason(aleppo: VerifiedPlan) -> None:
    scenario = aleppo.scenario
    with pytest.raises(RehearsalRefused, match="got 0, want at least 1"):
        rehearse(scenario, aleppo, runs=0)
    with pytest.raises(RehearsalRefused, match="want one of this scenario"):
        rehearse(replace(scenario, sha256="0" * 64), aleppo)
    with pytest.raises(RehearsalRefused, match="want whole blocks of 64"):
        chunk(scenario, aleppo, seed=7, first_run=32, runs=64, block=64)
    with pytest.raises(RehearsalRefused, match="want 0 or more"):
        replay(scenario, aleppo, run=-1, seed=7, block=64)
    with pytest.raises(RehearsalRefused, match="mean is infinite"):
        _with_law("truce.halt", Uncertain("pareto", (7200.0, 0.9)))
    with pytest.raises(RehearsalRefused, match="without support"):
        _with_law("truce.halt", Uncertain("lognormal", (7200.0, 1.0), at_least=9.0, at_most=1.0))


def _with_law(key: str, law: Uncertain) -> None:
    of = world(wanted(**{key.replace(".", "__"): law}))
    rehearse(of, verified(of), runs=8)


def test_summaries_of_other_seeds_or_laws_do_not_merge(aleppo: VerifiedPlan) -> None:
    scenario = aleppo.scenario
    one = chunk(scenario, aleppo, seed=7, first_run=0, runs=8, block=8)
    other = chunk(scenario, aleppo, seed=8, first_run=8, runs=8, block=8)
    with pytest.raises(MergeRefused, match="seed 7 and 8"):
        merge([one, other])
    with pytest.raises(MergeRefused, match="version"):
        merge([one, replace(one, identity=replace(one.identity, version="0"))])
    lucky = replace(one.blocks[0], caught_sum=one.blocks[0].caught_sum + 1)
    with pytest.raises(MergeRefused, match="block 0"):
        merge([one, replace(one, blocks={0: lucky})])


def test_intervals_widen_where_fewer_runs_are_played() -> None:
    of = world(wanted(fleet__sent=fixed(0.5), travel__each=Uncertain("lognormal", (1.0, 0.5))))
    made = verified(of)
    few = rehearse(of, made, runs=64, level="vehicle", decisions=False)
    many = rehearse(of, made, runs=8192, level="vehicle", decisions=False)
    assert many.out.estimate.half_width < few.out.estimate.half_width
    assert few.out.estimate.low <= many.out.estimate.mean <= few.out.estimate.high


@pytest.mark.proof
def test_a_95_percent_interval_holds_the_mean_in_19_of_20_rehearsals(
    aleppo: VerifiedPlan,
) -> None:
    truth = rehearse(aleppo.scenario, aleppo, runs=1 << 20, seed=999, decisions=False)
    inside = 0
    for seed in range(200):
        made = rehearse(aleppo.scenario, aleppo, runs=1024, seed=seed, decisions=False)
        inside += made.out.estimate.low <= truth.out.estimate.mean <= made.out.estimate.high
    # Binomial with 0.95 of 200: 180 to 198 but for one in 1,000.
    assert 180 <= inside <= 199


def test_even_points_cut_the_noise_of_the_mean(aleppo: VerifiedPlan) -> None:
    prepared = prepare(aleppo.scenario, aleppo)
    blocks = play_blocks(prepared, seed=7, numbers=range(16), size=256).ordered()
    means = np.array([one.out_sum[-1] / one.runs for one in blocks])
    squares = sum(int(one.out_square[-1]) for one in blocks) / 4096
    plain = (squares - means.mean() ** 2) / 256
    # 2.3 times less was measured over 64 blocks; a third less must be there over 16.
    assert means.var(ddof=1) < 0.67 * plain
