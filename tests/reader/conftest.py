"""Texts to be read, and the reading of a text."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from safepassage.reader import parsing
from safepassage.reader.opening import open_bytes
from safepassage.reader.reading import Reading, read

PRACTICE = Path(__file__).parent / "practice"

Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def reads() -> Read:
    """Return a function that reads a text with the English model; skip where it is absent."""
    if not parsing.model_there():
        pytest.skip("needs the extra `reader` (spaCy and its English model)")

    def of(text: str, day: date | None = None, name: str = "text.txt") -> Reading:
        return read(open_bytes(name, text.encode("utf-8")), day)

    return of
