"""The model on which the rehearsal is measured beside peers: all say the same without a truce."""

import statistics

import pytest

from benchmarks import rehearsal_peers as peers
from benchmarks.validation.shuttle import fixed
from safepassage.rehearsal.playing import rows_of
from safepassage.rehearsal.prepared import prepare


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the truce hold for all, so that one replication says enough."""
    monkeypatch.setattr(peers, "UP", 1e9)
    monkeypatch.setitem(peers.ONLY, "truce.mean", fixed(1e9 * 3600))


@pytest.mark.usefixtures("quiet")
def test_kernel_and_simulation_of_events_carry_as_many_in_a_quiet_week() -> None:
    scenario, plan = peers.our_model(columns=peers.BUSES, all_rules=False)
    rows = rows_of(prepare(scenario, plan, level="vehicle"), seed=7, number=0, size=16)
    ours = statistics.fmean(one.arrived for one in rows)
    assert peers.with_simpy(0) == pytest.approx(ours, rel=0.02)
    # Thirty buses of 50 in a cycle of 2.71 hours at the least.
    assert ours < 30 * 50 * (7 * 24 / 2.71 + 1)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("name", ["ciw", "mesa"])
def test_each_peer_that_is_installed_carries_as_many_within_its_own_coarseness(name: str) -> None:
    pytest.importorskip(name, reason="in the group `bench`")
    scenario, plan = peers.our_model(columns=peers.BUSES, all_rules=False)
    rows = rows_of(prepare(scenario, plan, level="vehicle"), seed=7, number=0, size=16)
    ours = statistics.fmean(one.arrived for one in rows)
    assert peers.PEERS[name](0) == pytest.approx(ours, rel=0.06)
