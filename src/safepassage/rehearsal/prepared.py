"""A verified plan made ready to be played: stage, laws and levers, checked and named by a hash."""

import hashlib
import math
from dataclasses import dataclass, replace

import numpy as np

from safepassage import __version__
from safepassage.clearance.from_now import MARK
from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.chance import Beliefs, beliefs_of
from safepassage.rehearsal.given import AS_STATED, Levers, given_for, may_go_on
from safepassage.rehearsal.kernel import Given
from safepassage.rehearsal.refused import RehearsalRefused
from safepassage.rehearsal.rest import Rest
from safepassage.rehearsal.setting import Setting, set_stage
from safepassage.rehearsal.summary import Identity
from safepassage.scenario.figure import UnknownFigureError
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True)
class Prepared:
    """What is played: one plan under one set of beliefs and levers. `inputs` is its hash.

    With `rest` it begins there.
    """

    scenario: Scenario
    verified: VerifiedPlan
    level: str
    beliefs: Beliefs
    levers: Levers
    setting: Setting
    given: Given
    inputs: str
    rest: Rest | None = None

    def identity(self, seed: int, block: int) -> Identity:
        """Return what its summaries are known by."""
        return Identity(
            scenario=self.scenario.sha256,
            plan=self.verified.plan_hash,
            inputs=self.inputs,
            seed=seed,
            level=self.level,
            block=block,
            hours=self.setting.hours,
            people_top=self.setting.people_top,
            version=__version__,
        )

    def changed(
        self,
        *,
        beliefs: Beliefs | None = None,
        levers: Levers | None = None,
        certain: str | None = None,
    ) -> "Prepared":
        """Return the same plan under other beliefs or levers, or with one party that never breaks.

        The axes stay those of the first, so that differences are taken run by run.
        """
        beliefs = self.beliefs if beliefs is None else beliefs
        levers = self.levers if levers is None else levers
        setting = self.setting
        goes_on = may_go_on(self.scenario, levers)
        if beliefs is not self.beliefs:
            setting = set_stage(
                self.scenario,
                self.verified,
                beliefs,
                self.level,
                may_go_on=goes_on,
                rest=self.rest,
            )
            setting = replace(setting, people_top=self.setting.people_top)
        elif goes_on != may_go_on(self.scenario, self.levers):
            setting = set_stage(
                self.scenario,
                self.verified,
                beliefs,
                self.level,
                may_go_on=goes_on,
                rest=self.rest,
            )
        if certain is not None:
            share = setting.stage.share.copy()
            share[setting.names.parties.index(certain)] = 0.0
            setting = replace(setting, stage=setting.stage._replace(share=share))
        return _made(
            self.scenario, self.verified, self.level, beliefs, levers, setting, rest=self.rest
        )


def prepare(
    scenario: Scenario,
    verified: VerifiedPlan,
    *,
    level: str = "convoy",
    beliefs: Beliefs | None = None,
    levers: Levers = AS_STATED,
    rest: Rest | None = None,
) -> Prepared:
    """Return a plan ready to be played; with `rest` what is left of it, from then on.

    Raises
    ------
    RehearsalRefused
        For a plan of another scenario, a figure that is needed and unknown, a law without support
        or without the finite mean that is needed.
    """
    if rest is None:
        _check_plan(scenario, verified)
    else:
        scenario = rest.scenario
        _check_rest(rest, verified)
    try:
        if beliefs is None:
            beliefs = beliefs_of(scenario)
        _check_laws(beliefs)
        setting = set_stage(
            scenario, verified, beliefs, level, may_go_on=may_go_on(scenario, levers), rest=rest
        )
        return _made(scenario, verified, level, beliefs, levers, setting, rest=rest)
    except UnknownFigureError as unknown:
        raise RehearsalRefused(f"{unknown}: a rehearsal needs the number") from None


def _made(
    scenario: Scenario,
    verified: VerifiedPlan,
    level: str,
    beliefs: Beliefs,
    levers: Levers,
    setting: Setting,
    *,
    rest: Rest | None = None,
) -> Prepared:
    given = given_for(scenario, beliefs, setting=setting, levers=levers, rest=rest)
    hashed = hashlib.sha256()
    for one in (scenario.sha256, verified.plan_hash, *map(str, sorted(scenario.inputs.items()))):
        hashed.update(one.encode())
    for array in (*setting.stage, *given):
        hashed.update(np.ascontiguousarray(array).tobytes())
    inputs = hashed.hexdigest()
    return Prepared(scenario, verified, level, beliefs, levers, setting, given, inputs, rest)


def _check_plan(scenario: Scenario, verified: VerifiedPlan) -> None:
    own = verified.scenario
    if own.sha256 != scenario.sha256 or dict(own.inputs) != dict(scenario.inputs):
        raise RehearsalRefused(
            f"plan: got one of the scenario with sha256 {own.sha256[:16]}, want one of this "
            f"scenario, sha256 {scenario.sha256[:16]}"
        )
    if not any(one.groups or one.load for one in verified.plan.trips):
        raise RehearsalRefused("plan: got no trip with people, want at least one")


def _check_rest(rest: Rest, verified: VerifiedPlan) -> None:
    own, whole = verified.scenario, rest.whole
    files = {key: one for key, one in own.inputs.items() if not key.startswith(MARK)}
    if own.sha256 != whole.sha256 or files != dict(whole.inputs):
        raise RehearsalRefused(
            f"plan: got one of the scenario with sha256 {own.sha256[:16]}, want one of this "
            f"scenario, sha256 {whole.sha256[:16]}"
        )
    left = rest.ahead(verified.plan, {one.vehicle or "" for one in verified.plan.trips})
    if not rest.rolling and not any(one.groups or one.load for one in left.trips):
        raise RehearsalRefused(
            "plan: nobody is on the road and no trip with people is left of it, want at least one"
        )


def _check_laws(beliefs: Beliefs) -> None:
    faults = []
    for key, law in beliefs.uncertain.items():
        where = law.path or key
        if not all(math.isfinite(one) for one in law.numbers):
            faults.append(f"{where}: got {law.numbers}, want finite numbers")
        elif law.at_least is not None and law.at_most is not None and law.at_least > law.at_most:
            faults.append(
                f"{where}: got a law without support (at least {law.at_least:g}, at most "
                f"{law.at_most:g}), want values that it can take"
            )
        elif not law.has_finite_mean():
            faults.append(
                f"{where}: got a law whose mean is infinite, want a finite mean (a tail above 1, "
                "or at_most)"
            )
    if faults:
        raise RehearsalRefused("; ".join(faults))
