"""A disk that loses power: what was not synced survives sector by sector, at random, by a seed.

One disk type is modelled: sectors of 512 bytes are written whole or not at all, and a sync makes
everything written before it durable. A deletion is durable at once.
"""

import itertools
import random
from typing import Any

import apsw

SECTOR = 512
_number = itertools.count()


class DiskFile:
    """One file as SQLite sees it, with what is durable of it and what is not yet."""

    def __init__(self, disk: "Disk", durable: bytes = b"") -> None:
        self.disk = disk
        self.durable = bytearray(durable)
        self.now = bytearray(durable)
        self.pending: list[tuple[int, bytes | None]] = []

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 - the library's names
        return bytes(self.now[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self.disk.gone:
            return
        self.disk.before_write(len(data))
        if len(self.now) < offset:
            self.now.extend(bytes(offset - len(self.now)))
        self.now[offset : offset + len(data)] = data
        self.pending.append((offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        if self.disk.gone:
            return
        self.disk.before_write(0)
        del self.now[size:]
        self.pending.append((size, None))

    def xSync(self, flags: int) -> None:  # noqa: N802
        del flags
        if self.disk.gone:
            return
        self.disk.before_sync()
        self.durable = bytearray(self.now)
        self.pending.clear()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self.now)

    def xLock(self, level: int) -> None:  # noqa: N802
        del level

    def xUnlock(self, level: int) -> None:  # noqa: N802
        del level

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:  # noqa: N802
        del op, pointer
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return 0

    def xClose(self) -> None:  # noqa: N802
        return

    def survived(self, rng: random.Random) -> bytes:
        """Return what is on the disk after the power failed."""
        left = bytearray(self.durable)
        for offset, data in self.pending:
            if data is None:
                if rng.random() < 0.5:
                    del left[offset:]
                continue
            for begin in range(0, len(data), SECTOR):
                if rng.random() < 0.5:
                    piece = data[begin : begin + SECTOR]
                    at = offset + begin
                    if len(left) < at:
                        left.extend(bytes(at - len(left)))
                    left[at : at + len(piece)] = piece
        return bytes(left)


class Disk(apsw.VFS):
    """A disk of files. `writes_left` counts down to a crash, `room_left` to a full disk.

    A `dead` disk fails every write. Once its successor has taken over it is `gone`: the last words
    of a connection that is cleared away reach nobody.
    """

    def __init__(self, rng: random.Random, files: dict[str, bytes] | None = None) -> None:
        self.name = f"disk-{next(_number)}"
        self._rng = rng
        self.files = {name: DiskFile(self, data) for name, data in (files or {}).items()}
        self.writes_left: int | None = None
        self.syncs_left: int | None = None
        self.room_left: int | None = None
        self.dead = False
        self.gone = False
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - a DiskFile
        path = "temporary" if name is None else str(getattr(name, "filename", lambda: name)())
        flags[1] = flags[0]
        return self.files.setdefault(path, DiskFile(self))

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def xAccess(self, path: str, flags: int) -> bool:  # noqa: N802
        del flags
        return path in self.files and bool(self.files[path].now)

    def xDelete(self, path: str, sync: bool) -> None:  # noqa: N802, FBT001
        del sync
        if self.gone:
            return
        self.before_write(0)
        self.files.pop(path, None)

    def xRandomness(self, amount: int) -> bytes:  # noqa: N802
        return self._rng.randbytes(amount)

    def before_write(self, size: int) -> None:
        """Fail if the machine is dead, dies now, or the disk is full."""
        if self.dead:
            raise apsw.IOError("the machine is off")
        if self.writes_left is not None:
            self.writes_left -= 1
            if self.writes_left < 0:
                self.dead = True
                raise apsw.IOError("the power failed")
        if self.room_left is not None:
            self.room_left -= size
            if self.room_left < 0:
                raise apsw.FullError("no space left")

    def before_sync(self) -> None:
        """Fail if the machine is dead or dies before this sync is done."""
        if self.dead:
            raise apsw.IOError("the machine is off")
        if self.syncs_left is not None:
            self.syncs_left -= 1
            if self.syncs_left < 0:
                self.dead = True
                raise apsw.IOError("the power failed")

    def connect(self, path: str = "ledger.db") -> apsw.Connection:
        """Return a connection to a file on this disk; WAL without shared memory."""
        connection = apsw.Connection(path, vfs=self.name)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        return connection

    def after_power_cut(self) -> "Disk":
        """Return the disk as the machine finds it when the power is back."""
        self.dead = self.gone = True
        files = {name: one.survived(self._rng) for name, one in self.files.items()}
        return Disk(self._rng, files)

    def after_process_crash(self) -> "Disk":
        """Return the disk after the process alone has died: what was written is there."""
        self.dead = self.gone = True
        return Disk(self._rng, {name: bytes(one.now) for name, one in self.files.items()})
