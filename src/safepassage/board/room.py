"""The room: the one process that writes its ledger, and what all of its pages share.

The ledger is written in one thread and read in another, never on the event loop: an fsync would
stop every screen. Messages that arrive together are written in one commit; a hold goes first.
"""

import asyncio
import contextlib
import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

from safepassage.board.clock import Clock, wall_clock
from safepassage.board.jobs import Jobs
from safepassage.board.mapping.kept import KeptRoads
from safepassage.board.pace import Pace
from safepassage.board.people import People
from safepassage.board.picture import Painter, Picture, roles_at
from safepassage.board.reads import Reads
from safepassage.board.roles import Role
from safepassage.board.sessions import Sessions
from safepassage.clearance.asking import Answer
from safepassage.ledger.batch import SignedBatch
from safepassage.ledger.entry import Entry, Message
from safepassage.ledger.faults import EntryError, LedgerError
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.log import Ledger, Receipt
from safepassage.ledger.place import Place, open_ledger, open_store
from safepassage.ledger.signer import Signer, read_signer
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario

T = TypeVar("T")
Mode = Literal["LIVE", "DRILL"]
PORTION = 500
"""Messages in one commit."""
ROLE_KINDS = ("role", "revoke")
LOOK = 1.0
"""Seconds between looks at a ledger that others (the command line) may write to."""


@dataclass
class _Waiting:
    """Messages on their way into the ledger, and who waits for the receipts."""

    messages: tuple[Message, ...]
    done: "asyncio.Future[tuple[Receipt, ...]]" = field(repr=False)
    batch: SignedBatch | None = None


class Room:
    """One operations room over one ledger and one scenario."""

    def __init__(
        self,
        place: Place,
        scenario: Scenario,
        *,
        clock: Clock = wall_clock,
        mode: Mode = "LIVE",
        people: People | None = None,
        scenario_path: Path = Path("scenario.toml"),
        speed: float = 1.0,
        reread: Callable[[], Scenario] | None = None,
    ) -> None:
        if not place.signing_key.is_file():
            raise LedgerError(f"{place.signing_key}: the board writes, so it needs the signing key")
        self.place = place
        self.scenario = scenario
        self.scenario_path = scenario_path
        self._reread = reread or (lambda: load_scenario(scenario_path))
        self.clock = clock
        self.speed = speed
        """How many seconds pass on the room's clock in one of this computer's: 1 but in drills."""
        self.mode: Mode = mode
        self.signer: Signer = read_signer(place.signing_key)
        self.people = people or People(beside(place, "people"))
        self.sessions = Sessions(beside(place, "sessions"))
        self.reads = Reads(beside(place, "reads"))
        self.jobs = Jobs()
        self.roads = KeptRoads()
        self.tries = Pace(6, 60)
        """Tries at the password of one call sign."""
        self.callers = Pace(60, 60)
        """Logins from one address: a whole room may share one."""
        self.last = 0
        self._writer = ThreadPoolExecutor(1, "ledger-writer")
        self._reader = ThreadPoolExecutor(1, "ledger-reader")
        self._ledger: Ledger | None = None
        self._copy: Ledger | None = None
        self._painter: Painter | None = None
        self._picture: Picture | None = None
        self._painting = asyncio.Lock()
        self._checking = asyncio.Lock()
        self._role_entries: list[Entry] = []
        self._role_seq = 0
        self._waiting: list[_Waiting] = []
        self._work = asyncio.Event()
        self._change = asyncio.Condition()
        self._noticing = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    # --- opening and closing

    async def open(self) -> None:
        """Open the ledger and begin to write and watch it."""
        self._ledger = await self._on(self._writer, lambda: open_ledger(self.place))
        self._copy = copy = await self._on(self._reader, self._open_copy)
        keys = {self.signer.device: self.signer.key}
        # The whole chain is verified here once: not on the event loop.
        self._painter = await self._on(
            self._reader,
            lambda: Painter(copy, self.scenario, keys=keys, device=self.signer.device),
        )
        await self._noticed(await self.read(lambda ledger: ledger.tail()[0]))
        self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._watch())]

    async def take_scenario(self) -> None:
        """Take the scenario anew from its file: a plan made for the old one is refused from now on.

        Raises
        ------
        ScenarioError
            If the file cannot be used; then the room goes on with the scenario that it has.
        """
        self.scenario = await self._on(self._reader, self._reread)
        copy = self._need(self._copy)
        async with self._painting:
            self._painter = await self._on(self._reader, lambda: self._new_painter(copy))
            self._picture = None

    async def close(self) -> None:
        """Finish what is being written, end what runs beside, and let go of the ledger."""
        await self.roads.close()
        await self.jobs.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._ledger is not None:
            await self._on(self._writer, self._ledger.close)
        if self._copy is not None:
            await self._on(self._reader, self._copy.close)
        self._writer.shutdown()
        self._reader.shutdown()

    # --- writing

    async def append(self, messages: Sequence[Message]) -> tuple[Receipt, ...]:
        """Write messages in this room's name; the receipts come when they are on the disk.

        Raises
        ------
        EntryError
            If any of these messages has a fault: then none of them is written.
        """
        return await self._queue(_Waiting(tuple(messages), _future()))

    async def receive(self, batch: SignedBatch) -> tuple[Receipt, ...]:
        """Write what a device has signed; the receipts come when it is on the disk."""
        messages = tuple(one.message for one in batch.messages)
        return await self._queue(_Waiting(messages, _future(), batch))

    async def write(self, work: Callable[[Ledger], T]) -> T:
        """Do something else with the ledger in the writer's thread, e.g. take a device's batch."""
        ledger = self._need(self._ledger)
        result, last = await self._on(self._writer, lambda: (work(ledger), ledger.tail()[0]))
        await self._noticed(last)
        return result

    async def read(self, work: Callable[[Ledger], T]) -> T:
        """Read the ledger in the reader's thread."""
        copy = self._need(self._copy)
        return await self._on(self._reader, lambda: work(copy))

    # --- knowing

    async def changed(self, after: int, *, within: float) -> int:
        """Wait for an entry after a number, at most `within` seconds; return the last number."""
        async with self._change:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(
                    self._change.wait_for(lambda: self.last > after), timeout=within
                )
            return self.last

    async def password_fits(self, call_sign: str, password: str) -> bool:
        """Tell whether a password is right, off the loop and one at a time: each takes memory."""
        async with self._checking:
            return await asyncio.to_thread(self.people.fits, call_sign, password)

    async def set_password(self, call_sign: str, password: str) -> None:
        """Make an account or give it a new password, in the same turn.

        Raises
        ------
        PeopleError
            If the call sign or the password will not do.
        """
        async with self._checking:
            await asyncio.to_thread(self.people.set_password, call_sign, password)

    def now_in_zone(self) -> datetime:
        """Return the time in the mission's own zone: an hour that is typed is an hour there."""
        return self.clock().astimezone(self.scenario.start.tzinfo)

    async def picture(self, *, age: float = 0.25) -> Picture:
        """Return the room as it stands: as of the last entry, at most `age` seconds old."""
        painter = self._need(self._painter)
        async with self._painting:
            now = self.clock()
            known = self._picture
            if (
                known is None
                or known.upto != self.last
                or abs((now - known.at).total_seconds()) > age
            ):
                self._picture = await self._on(self._reader, lambda: painter.paint(now))
            return self._need(self._picture)

    async def clearance(self, convoy: str) -> Answer:
        """Return the clearance of one convoy of the plan in force, now.

        Raises
        ------
        KeyError
            If there is no plan in force, or it has no such convoy.
        """
        painter = self._need(self._painter)
        await self.picture()
        now = self.clock()
        return await self._on(self._reader, lambda: painter.clearance(convoy, at=now))

    def number_of(self, id_: str) -> tuple[int, str] | None:
        """Return number and kind of an entry, as far as the last picture knows it."""
        return None if self._picture is None else self._picture.numbers.get(id_)

    def roles(self, person: str) -> frozenset[Role]:
        """Return the roles that a person has now."""
        return self.all_roles().get(person, frozenset())

    def all_roles(self) -> Mapping[str, frozenset[Role]]:
        """Return everybody's roles now, by call sign."""
        return roles_at(self._role_entries, self.clock())

    # --- inside

    async def _queue(self, one: _Waiting) -> tuple[Receipt, ...]:
        if any(message.kind == "hold" for message in one.messages):
            self._waiting.insert(0, one)
        else:
            self._waiting.append(one)
        self._work.set()
        return await one.done

    async def _write(self) -> None:
        """Write what waits, all of it in one commit, again and again."""
        ledger = self._need(self._ledger)
        while True:
            await self._work.wait()
            taken, self._waiting = _portion(self._waiting)
            if not self._waiting:
                self._work.clear()
            if not taken:
                continue
            at = self.clock()
            try:
                found = await self._on(self._writer, functools.partial(_commit, ledger, taken, at))
            except Exception as error:  # noqa: BLE001 - whoever waits has to be told, whatever it is
                found = [error] * len(taken)
            numbers = _numbers(found)
            kinds = {message.kind for one in taken for message in one.messages}
            plain = frozenset(numbers) if kinds.isdisjoint(ROLE_KINDS) else frozenset[int]()
            await self._noticed(max([self.last, *numbers]), plain=plain)
            for one, result in zip(taken, found, strict=True):
                if one.done.cancelled():
                    continue
                if isinstance(result, Exception):
                    one.done.set_exception(result)
                else:
                    one.done.set_result(result)

    async def _watch(self) -> None:
        """See what others write to the same ledger."""
        while True:
            await asyncio.sleep(LOOK)
            # A disk that fails now may answer again; until then screens say that they hear nothing.
            with contextlib.suppress(LedgerError):
                await self._noticed(await self.read(lambda ledger: ledger.tail()[0]))

    async def _noticed(self, last: int, *, plain: Collection[int] = ()) -> None:
        """Take in who has which roles up to an entry, then tell everybody that it is there.

        `plain` are entries that are known to give and take no role.
        """
        ledger = self._need(self._ledger)
        # One after the other: out of order, a role would come back after it was taken away.
        async with self._noticing:
            if last <= self.last:
                return
            begun = self._role_seq
            if any(seq not in plain for seq in range(begun + 1, last + 1)):
                # Not in the reader's thread: it paints, and who waits for a receipt waits for this.
                self._role_entries += await self._on(
                    self._writer, lambda: list(ledger.entries(begun, last, ROLE_KINDS))
                )
            self._role_seq = last
            async with self._change:
                self.last = last
                self._change.notify_all()

    def _new_painter(self, copy: Ledger) -> Painter:
        keys = {self.signer.device: self.signer.key}
        return Painter(copy, self.scenario, keys=keys, device=self.signer.device)

    def _open_copy(self) -> Ledger:
        return Ledger(open_store(self.place), Keyring(self.place.data_keys))

    async def _on(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    def _need(self, one: T | None) -> T:
        if one is None:
            raise LedgerError("the room is not open")
        return one


def beside(place: Place, what: str) -> Path:
    """Return the path of a file of the board that lies beside the ledger's keys."""
    name = place.signing_key.name.removesuffix("signing-key")
    return place.signing_key.with_name(f"{name}{what}")


def _portion(waiting: list[_Waiting]) -> tuple[list[_Waiting], list[_Waiting]]:
    """Return what is written next and what waits on: a hold never waits long behind counts."""
    messages = 0
    for place, one in enumerate(waiting):
        messages += len(one.messages)
        if messages > PORTION and place:
            return waiting[:place], waiting[place:]
    return waiting, []


def _future() -> "asyncio.Future[tuple[Receipt, ...]]":
    return asyncio.get_running_loop().create_future()


def _commit(
    ledger: Ledger, taken: Sequence[_Waiting], at: datetime
) -> list[tuple[Receipt, ...] | Exception]:
    """Write everything: what holds first, then ours in one commit, and the devices' in one."""
    holds: list[int] = []
    ours: list[int] = []
    devices: list[int] = []
    for place, one in enumerate(taken):
        if any(message.kind == "hold" for message in one.messages):
            holds.append(place)
        else:
            (ours if one.batch is None else devices).append(place)
    found: dict[int, tuple[Receipt, ...] | Exception] = {}
    for place in holds:
        found[place] = _alone(ledger, taken[place], at)
    found |= zip(ours, _ours(ledger, [taken[place] for place in ours], at), strict=True)
    found |= zip(devices, _devices(ledger, [taken[place] for place in devices], at), strict=True)
    return [found[place] for place in range(len(taken))]


def _ours(
    ledger: Ledger, taken: Sequence[_Waiting], at: datetime
) -> Sequence[tuple[Receipt, ...] | Exception]:
    """Write the room's own messages in one commit; where one has a fault, each sender's alone."""
    if not taken:
        return []
    try:
        receipts = ledger.append([one for part in taken for one in part.messages], at=at)
    except EntryError:
        return [_alone(ledger, one, at) for one in taken]
    found: list[tuple[Receipt, ...] | Exception] = []
    done = 0
    for one in taken:
        found.append(receipts[done : done + len(one.messages)])
        done += len(one.messages)
    return found


def _devices(
    ledger: Ledger, taken: Sequence[_Waiting], at: datetime
) -> Sequence[tuple[Receipt, ...] | Exception]:
    """Write the devices' batches in one commit."""
    batches = [one.batch for one in taken if one.batch is not None]
    return ledger.receive_all(batches, at=at) if batches else []


def _alone(ledger: Ledger, one: _Waiting, at: datetime) -> tuple[Receipt, ...] | Exception:
    try:
        if one.batch is not None:
            return ledger.receive(one.batch, at=at)
        return ledger.append(one.messages, at=at)
    except LedgerError as error:
        return error
    except EntryError as error:
        return error


def _numbers(found: Sequence[tuple[Receipt, ...] | Exception]) -> list[int]:
    return [
        receipt.seq
        for one in found
        if not isinstance(one, Exception)
        for receipt in one
        if receipt.seq is not None
    ]
