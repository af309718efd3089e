"""A rehearsal of the hand-made plan, made by hand: no run was played for it.

The numbers are round, so that each word of the section follows by mental arithmetic.
"""

from safepassage.rehearsal.result import (
    Belief,
    Caught,
    Difference,
    Driver,
    Estimate,
    Exceeded,
    Hour,
    Out,
    Quantiles,
    Rehearsal,
    Wait,
    WaitOnBoard,
    Worth,
)
from tests.report.handmade import verified


def about(mean: float, by: float) -> Estimate:
    return Estimate(mean, mean - by, mean + by)


def change(arrived: float, caught: float) -> Difference:
    return Difference(about(arrived, 40), about(caught, 4))


def rehearsal() -> Rehearsal:
    """Return the odds: 9 convoys of 1,000 planned, about 6,000 arrive, 120 are caught."""
    plan = verified()
    hours = []
    for hour in range(25):
        planned = max((people for second, people in plan.curve if second <= hour * 3600), default=0)
        middle = planned * 0.65
        p = 0.0 if hour < 20 else (hour - 19) * 0.06
        hours.append(
            Hour(
                hour,
                Quantiles(planned * 0.1, planned * 0.4, middle, planned * 0.85, float(planned)),
                middle,
                planned,
                Estimate(p, max(p - 0.02, 0.0), p + 0.02 if p else 0.0),
            )
        )
    chances = ((0, 0.3), (100, 0.2), (200, 0.13), (400, 0.07), (600, 0.03), (800, 0.01), (1000, 0))
    return Rehearsal(
        scenario=plan.scenario.sha256,
        scenario_name=plan.scenario.name,
        plan=plan.plan_hash,
        inputs="ab" * 32,
        version="0.1.0",
        level="convoy",
        seed=7,
        runs=16_384,
        asked=16_384,
        block=1024,
        blocks=16,
        stopped="all runs played",
        seconds=1.5,
        horizon_hours=24.0,
        out=Out(about(6_000, 50), Quantiles(900, 3_700, 6_000, 7_800, 9_200)),
        hours=tuple(hours),
        caught=Caught(
            about(120, 6),
            Estimate(0.3, 0.29, 0.31),
            400.0,
            tuple(Exceeded(people, Estimate(p, p * 0.9, p * 1.1)) for people, p in chances),
        ),
        wait_on_board=WaitOnBoard(
            1.4, Quantiles(0.3, 1.0, 2.5, 6.0, 14.0), 8.0, Estimate(0.2, 0.19, 0.21)
        ),
        averages={"medical": about(150, 3)},
        worst_runs=(17, 4021),
        beliefs=(
            Belief(
                "breaks",
                "mean time to a stop, all guarantors: 35 h",
                "13 public spells",
                stated=False,
            ),
            Belief("halt", "a halt lasts 26 h in the middle", "seven public halts", stated=False),
        ),
        drivers=(
            Driver("g", "the word of Party South never broken", "fix", change(1_250, -60)),
            Driver("halt", "halts half as long", "fix", change(900, 10)),
            Driver("night", "no movement at night", "hurts", change(-2_400, -30)),
            Driver("screen", "every tenth convoy searched for 6 h", "hurts", change(-700, 22)),
        ),
        waits=(
            Wait(1.0, change(-300, -12), 0.2, 0.15, 0.26),
            Wait(2.0, change(-640, -25), 0.55, 0.4, None),
            Wait(6.0, change(-2_000, -60), None),
        ),
        worths=(Worth("bus", change(160, 3)), Worth("officer", change(20, 0))),
    )
