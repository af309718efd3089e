"""What the tests of public information share: a ledger with people, and a notice on its way."""

from datetime import datetime
from pathlib import Path

from safepassage.ledger.kept import Role
from safepassage.ledger.log import Ledger
from safepassage.ledger.told import Notice as NoticeEntry
from safepassage.ledger.told import Publication, Takedown
from safepassage.report.public.exact import releases_of
from safepassage.report.public.notice import Notice, read_notice
from safepassage.report.public.released import KINDS, PublicState, public_state
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario
from tests.ledger.writing import clock, enter, new_ledger

ROOT = Path(__file__).parents[3]
PROPOSED, RELEASED, DOWN = clock(12, 5), clock(12, 10), clock(13)
TEXT = (ROOT / "cases" / "aleppo-2016" / "public.toml").read_text(encoding="utf-8")


def scenario() -> Scenario:
    """Return the Aleppo case."""
    return load_scenario(ROOT / "cases" / "aleppo-2016")


def notice() -> Notice:
    """Return the notice of the Aleppo case."""
    return read_notice(TEXT)


def room() -> Ledger:
    """Return a ledger in which three people hold three roles, and an observer the fourth."""
    ledger, _ = new_ledger()
    for person, role in (
        ("head-1", "head"),
        ("rep-1", "reporting"),
        ("move-1", "movement"),
        ("eye-1", "observer"),
    ):
        enter(ledger, Role(person, role), at=clock(12))
    return ledger


def propose(ledger: Ledger, text: str = TEXT, *, at: datetime = PROPOSED) -> Notice:
    """Enter a notice."""
    read = read_notice(text)
    enter(ledger, NoticeEntry(read.id, read.text, read.text_hash, "rep-1"), at=at)
    return read


def release(
    ledger: Ledger, read: Notice, person: str, role: str, *, at: datetime = RELEASED
) -> None:
    """Enter one person's release of exactly this text."""
    enter(ledger, Publication(read.id, read.text_hash, person, role, releases_of(read)), at=at)


def take_down(ledger: Ledger, read: Notice, *, at: datetime = DOWN) -> None:
    """Enter a taking down."""
    enter(ledger, Takedown(read.id, "move-1", "no longer true"), at=at)


def state(ledger: Ledger) -> PublicState:
    """Return what is public."""
    return public_state(list(ledger.entries(0, ledger.tail()[0], KINDS)))
