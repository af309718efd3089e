"""What the public host holds between two requests: pages in memory, buckets, the classifier."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from safepassage.intake.folder import LIST, RELEASED, Released, read_released
from safepassage.intake.form_token import FormTokens
from safepassage.intake.pace import Bucket, Paces
from safepassage.intake.queue import Queue
from safepassage.intake.screening.classifier import Classifier, train
from safepassage.intake.screening.seed import seed

STORED_A_SECOND = 15.0
"""Of ordinary messages; pleas and sensitive ones have as much again for themselves."""
LEARN_EVERY = 60.0
LOOK_EVERY = 2.0


@dataclass(slots=True)
class Desk:
    """What the application holds between two requests."""

    folder: Path
    queue: Queue
    key: bytes | None
    registration: bool
    clock: Callable[[], float]
    tokens: FormTokens = field(default_factory=lambda: FormTokens(secrets.token_bytes(32)))
    visitors: Paces = field(default_factory=lambda: Paces(size=6, a_second=0.1))
    lookers: Paces = field(default_factory=lambda: Paces(size=12, a_second=0.5))
    ordinary: Bucket = field(default_factory=lambda: Bucket(60, STORED_A_SECOND, 60, 0.0))
    protected: Bucket = field(default_factory=lambda: Bucket(60, STORED_A_SECOND, 60, 0.0))
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    released: Released | None = None
    looked_at: float = float("-inf")
    stamp: tuple[int, int] | None = None
    classifier: Classifier = field(default_factory=Classifier)
    learnt_at: float = float("-inf")

    def look(self) -> Released | None:
        """Return the released files, read anew when their list has changed."""
        now = self.clock()
        if now - self.looked_at >= LOOK_EVERY:
            self.looked_at = now
            try:
                found = (self.folder / RELEASED / LIST).stat()
                stamp = (found.st_mtime_ns, found.st_ino)
            except OSError:
                # The last whole text stays up: a folder that is gone for a moment says nothing.
                return self.released
            if stamp != self.stamp:
                released = read_released(self.folder)
                if released is not None:
                    self.released, self.stamp = released, stamp
        return self.released

    def learn(self) -> Classifier:
        """Return the classifier, trained anew every minute from what moderators chose."""
        now = self.clock()
        if now - self.learnt_at >= LEARN_EVERY:
            self.learnt_at = now
            self.classifier = train((*seed(), *self.queue.choices()))
        return self.classifier
