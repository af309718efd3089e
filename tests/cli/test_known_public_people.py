"""Who may propose and release a notice on the command line: people of the room, nobody else."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from safepassage.board.people import People
from safepassage.board.room import beside
from safepassage.cli import app
from safepassage.cli.faults import CommandError
from safepassage.ledger.kept import Role
from safepassage.ledger.place import Place, open_ledger
from tests.board import mission

NOTICE = mission.CASE / "public.toml"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return mission.new_place(tmp_path)


def asked(place: Place, person: str, *words: str) -> str:
    """Run `public …` as a person; return what was refused, nothing where it was done."""
    given = ["--ledger", str(place.file), "--person", person, "--at", mission.NOW.isoformat()]
    found = CliRunner().invoke(app, ["public", *words, *given])
    if isinstance(found.exception, CommandError):
        return str(found.exception)
    assert found.exit_code == 0, found.output
    return ""


def test_a_stranger_neither_proposes_nor_releases(place: Place) -> None:
    case = str(mission.CASE)
    said = asked(place, "Nobody-9", "propose", case, str(NOTICE))
    assert "Nobody-9 holds no role in this ledger" in said
    assert "Report-1" in said
    assert not asked(place, "Report-1", "propose", case, str(NOTICE))
    release = ("release", case, "--notice", "leaving-15-december", "--role", "head")
    assert "holds no role" in asked(place, "Nobody-9", *release)


def test_a_role_without_an_account_is_not_enough_where_the_room_has_accounts(
    place: Place,
) -> None:
    ledger = open_ledger(place)
    mission.write(ledger, Role(person="Ghost-1", role="head"), at=mission.EVE)
    ledger.close()
    case = str(mission.CASE)
    assert "Ghost-1 has no account" in asked(place, "Ghost-1", "propose", case, str(NOTICE))
    accounts = beside(place, "people")
    People(accounts).remove("Watch-1")
    assert "Watch-1 has no account" in asked(place, "Watch-1", "propose", case, str(NOTICE))
    accounts.unlink()
    assert not asked(place, "Ghost-1", "propose", case, str(NOTICE))
