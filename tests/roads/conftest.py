"""Networks that the tests of roads read are kept in a folder of this run, never in the user's."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def kept_networks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("SAFEPASSAGE_CACHE")
    os.environ["SAFEPASSAGE_CACHE"] = str(tmp_path_factory.mktemp("kept"))
    yield
    if before is None:
        del os.environ["SAFEPASSAGE_CACHE"]
    else:
        os.environ["SAFEPASSAGE_CACHE"] = before
