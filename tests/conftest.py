"""What all tests share: seeded laws, and the reduced or the full numbers."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "check",
    derandomize=True,
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
settings.register_profile("proof", parent=settings.get_profile("check"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))

SHARED = Path(__file__).parents[2] / "shared"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long numbers to `make proof`."""
    if config.getoption("-m"):
        return
    left_out = pytest.mark.skip(reason="full numbers: run by `make proof`")
    for item in items:
        if "proof" in item.keywords:
            item.add_marker(left_out)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of common data beside the checkout; skip where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs the shared data folder beside the checkout, which is not there")
    return SHARED
