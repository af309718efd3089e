"""Roads of a case, read once a run and kept."""

import os
from pathlib import Path

from safepassage.roads.travel import Roads, open_roads
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario


def opened(case: Path, given: Scenario | None = None, *, reference: bool = False) -> Roads:
    """Return the roads of a case folder; of another scenario where one is given."""
    keep = Path(os.environ["SAFEPASSAGE_CACHE"])
    return open_roads(given or load_scenario(case), case, reference=reference, keep=keep)
