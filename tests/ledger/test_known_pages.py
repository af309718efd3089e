"""The reference pages name every kind, every field and every state: documentation is a contract."""

import dataclasses
from pathlib import Path

from safepassage.clearance.rules import DECISION_TABLE
from safepassage.ledger.kinds import KINDS
from safepassage.ledger.source import CHANNELS

PAGES = Path(__file__).parents[2] / "docs" / "reference"


def test_the_ledgers_page_names_every_kind_and_field_and_channel() -> None:
    page = (PAGES / "ledger.md").read_text(encoding="utf-8")
    for kind, body in KINDS.items():
        assert f"`{kind}`" in page, kind
        for one in dataclasses.fields(body):
            if kind not in {"alarm", "purge", "anchored"}:
                assert one.name in page, (kind, one.name)
    for channel in CHANNELS:
        assert channel in page


def test_the_clearance_page_names_every_line_and_state() -> None:
    page = (PAGES / "clearance.md").read_text(encoding="utf-8")
    for line, states in DECISION_TABLE.items():
        rows = [one for one in page.splitlines() if one.startswith("| ")]
        row = next(one for one in rows if one[2 : 2 + len(line) + 1].strip(" ,:") == line)
        for state in states:
            assert state in row, (line, state)


def test_no_page_of_ours_calls_anything_safe() -> None:
    for name in ("ledger.md", "clearance.md"):
        words = (PAGES / name).read_text(encoding="utf-8").lower().replace("safepassage", "")
        assert " safe" not in words
