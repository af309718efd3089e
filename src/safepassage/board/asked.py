"""What a child process of the board is handed: where things lie, and the text of a plan."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a child process; `audience`, `convoy`, `runs` and `seed` where they apply.

    `other` is the text of a plan from now that stands beside `plan`; `limit` (a duration) has one
    made where there is none. `plan` may be empty then. `upto` is the last entry that counts.
    `language` is that of whoever asked.
    """

    scenario: str
    ledger: str
    keys: str
    plan: str
    at: str
    mode: str
    audience: str = ""
    convoy: str = ""
    runs: int = 0
    seed: int = 7
    other: str = ""
    limit: str = ""
    upto: int = 0
    language: str = "en"

    @property
    def moment(self) -> datetime:
        """The room's time when it was asked."""
        return datetime.fromisoformat(self.at)
