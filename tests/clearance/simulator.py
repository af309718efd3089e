"""One seed, one history: a cell, two operators, two parties' words, a bad network and a bad disk.

Drives the real ledger (on a disk that loses power) and the real rule on a virtual clock. The truth
is kept apart, in plain sets: what was said, what was acknowledged to whom, and what that must mean.
It shares no code with the rule. The same seed gives the same history, byte for byte.
"""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

import apsw

from safepassage.clearance.asking import ask
from safepassage.ledger.batch import SignedBatch, sign_batch
from safepassage.ledger.decided import (
    GATE_LINES,
    Approval,
    Check,
    GateLine,
    Hold,
    Lift,
    PlanAdopted,
    Proof,
)
from safepassage.ledger.entry import Message
from safepassage.ledger.faults import EntryError, LedgerError
from safepassage.ledger.kept import Clock, Enrol, Role
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.said import Confirmation, Guarantee, Withdrawal
from safepassage.ledger.seen import Count, Incident
from safepassage.ledger.signer import new_signer
from safepassage.ledger.source import Source
from safepassage.ledger.sqlite import SqliteStore
from safepassage.planner.verified import VerifiedPlan
from tests.clearance.world import PEOPLE, verified_plan
from tests.ledger.disk import Disk
from tests.ledger.writing import clock, seeded

LEAVES = clock(14, 30)
CLEAR_AFTER = timedelta(minutes=96)
PARTIES = ("gov", "militia")
STEPS = 34
ROOM = Source(channel="radio", person="radio-1")


@dataclass
class Truth:
    """What has been acknowledged, in order, in the simulator's own words."""

    acked: dict[str, int] = field(default_factory=dict)
    word: dict[str, tuple[datetime, datetime, set[str]]] = field(default_factory=dict)
    """Party -> (said at, holds until, who stands behind it), from its last acknowledged word."""
    words: dict[str, str] = field(default_factory=dict)
    """Id of a promise -> party, for those that are still that party's last word."""
    void: set[str] = field(default_factory=set)
    proved: bool = False
    holds: dict[str, set[str]] = field(default_factory=dict)
    approvals: list[tuple[str, datetime, int]] = field(default_factory=list)
    number: int = 0
    """Counts acknowledged facts that bear on the convoy."""
    clock_known: bool = False

    def must_be_no(self, at: datetime) -> str | None:
        """Return why a go at this time would be wrong, if it would be."""
        leaves = max(at, LEAVES)
        for party in PARTIES:
            if party not in self.word:
                return f"{party} never promised"
            _, until, people = self.word[party]
            if party in self.void:
                return f"the word of {party} was taken back or an incident came after it"
            if len(people) < 2:
                return f"the word of {party} is one person's hearing"
            if until < leaves + CLEAR_AFTER:
                return f"the word of {party} ends before the convoy is through"
        if not self.proved:
            return "the road was not proved after the last incident"
        if any(len(people) < 2 for people in self.holds.values()):
            return "a hold stands"
        good = {
            person
            for person, when, seen in self.approvals
            if seen >= self.number and when <= at <= when + timedelta(minutes=30)
        }
        if len(good) < 2:
            return "fewer than two people approve with all facts before them"
        if not self.clock_known:
            return "nobody knows what the clock says"
        return None


@dataclass(frozen=True)
class Result:
    """What one history came to."""

    goes: int
    asked: int
    wrong: tuple[str, ...]
    faults: dict[str, int]
    trace: str


@cache
def _mission() -> VerifiedPlan:
    return verified_plan()


@cache
def _empty_disk() -> dict[str, bytes]:
    """Return the files of a disk with an empty ledger on it."""
    disk = Disk(random.Random(0))  # noqa: S311 - a test must replay
    store = SqliteStore(disk.connect(), errors=apsw.Error)
    store.close()
    files = {name: bytes(one.now) for name, one in disk.files.items()}
    disk.unregister()
    return files


class Simulation:
    """Runs one history."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a test must replay
        self.entropy = seeded(seed)
        self.mission = _mission()
        self.keyring = Keyring(entropy=self.entropy)
        self.room = new_signer("room", entropy=self.entropy)
        self.phone = new_signer("phone-1", entropy=self.entropy)
        self.truth = Truth()
        self.time = clock(14, 16)
        self.offset = timedelta(0)
        self.disk = Disk(self.rng, dict(_empty_disk()))
        self.ledger = self._open()
        self.number = 0
        self.log: list[str] = []
        self.wrong: list[str] = []
        self.goes = self.asked = 0
        self.faults: dict[str, int] = {}
        self.in_flight: list[SignedBatch] = []
        self.sent_counts: set[str] = set()

    # --- the machine

    def now(self) -> datetime:
        """Return what the room's clock says."""
        return self.time + self.offset

    def _open(self) -> Ledger:
        store = SqliteStore(self.disk.connect(), errors=apsw.Error)
        return Ledger(store, self.keyring, self.room, entropy=self.entropy)

    def fault(self, what: str) -> None:
        self.faults[what] = self.faults.get(what, 0) + 1

    def reboot(self, disk: Disk) -> None:
        """Come back after a crash; everything acknowledged is there once, and the chain fits."""
        self.disk.unregister()
        self.disk = disk
        self.ledger = self._open()
        found: dict[str, int] = {}
        for row in self.ledger.store.rows():
            found[row.id] = found.get(row.id, 0) + 1
        lost = [one for one in self.truth.acked if found.get(one) != 1]
        if lost:
            self.wrong.append(f"lost or doubled: {lost}")

    def crash(self) -> None:
        if self.rng.random() < 0.5:
            self.fault("power cut")
            self.reboot(self.disk.after_power_cut())
        else:
            self.fault("process crash")
            self.reboot(self.disk.after_process_crash())

    def enter(self, body: Body, *, source: Source = ROOM, id_: str | None = None) -> str | None:
        """Enter one body until it is acknowledged; crashes and a full disk may come in between."""
        self.number += 1
        message = Message(id_ or f"m-{self.number}", body, source, self.now())
        for attempt in range(4):
            chance = self.rng.random()
            if chance < 0.05 and attempt == 0:
                self.disk.writes_left = self.rng.randrange(8)
            elif chance < 0.08 and attempt == 0:
                self.disk.room_left = self.rng.randrange(9000)
                self.fault("disk full")
            try:
                receipt = self.ledger.append([message], at=self.now())[0]
            except EntryError:
                return None
            except LedgerError:
                self.disk.room_left = None
                if self.disk.dead:
                    self.crash()
                continue
            finally:
                self.disk.writes_left = self.disk.room_left = None
            if self.rng.random() < 0.1:
                # The answer is lost on the way back: the operator sends the same again.
                self.fault("answer lost")
                continue
            if receipt.state == "refused":
                return None
            return self.told(message, receipt.seq)
        # Every answer was lost: the operator looks whether it is there. It is said once it is.
        stored = self.ledger.find(message.id)
        return None if stored is None else self.told(message, stored.seq)

    def told(self, message: Message, seq: int | None) -> str:
        """Note that the operator knows of an entry."""
        if message.id not in self.truth.acked:
            self.truth.acked[message.id] = seq or 0
            self.note(f"entry {seq} {message.kind} {message.id}")
        return message.id

    def note(self, line: str) -> None:
        self.log.append(f"{self.now().isoformat()} {line}")

    # --- what people do; the truth notes it once it is acknowledged

    def set_up(self) -> None:
        self.ledger.found(at=self.now())
        for person, role in PEOPLE:
            self.enter(Role(person=person, role=role))
        self.enter(Enrol(device="phone-1", key=self.phone.key))
        bodies: list[Body] = [
            PlanAdopted(plan_hash=self.mission.plan_hash, plan="{}", person="move-1"),
            Check(what="receiving side", ready=True, person="med-1", place="D"),
        ]
        bodies += [
            Check(what=what, ready=True, person="move-1", convoy="c1")
            for what in ("vehicles", "crews", "fuel", "radios")
        ]
        bodies += [
            Check(what="comms", ready=True, person="radio-1", place=post) for post in ("K", "R")
        ]
        for line in GATE_LINES:
            for person, role in PEOPLE:
                bodies.append(GateLine(line=line, met=True, person=person, role=role))
        messages = [
            Message(f"set-{place}", body, ROOM, self.now()) for place, body in enumerate(bodies)
        ]
        for one in self.ledger.append(messages, at=self.now()):
            self.truth.acked[one.id] = one.seq or 0
        self.measure()
        self.prove()
        for party in PARTIES:
            self.promise(party)

    def bears(self, body: Body) -> str | None:
        id_ = self.enter(body)
        if id_ is not None:
            self.truth.number += 1
        return id_

    def measure(self) -> None:
        """Measure the room's clock; a tired operator first sets it right, or does not."""
        if self.rng.random() < 0.7:
            self.offset = timedelta(seconds=self.rng.choice((0, 1, -20, 119)))
        off = int(self.offset / timedelta(milliseconds=1))
        if self.enter(Clock(device="room", milliseconds=off, against="time signal")):
            self.truth.clock_known = abs(self.offset) <= timedelta(seconds=120)

    def prove(self) -> None:
        body = Proof(covers=("A-R", "R-D"), team="road team", at=self.now(), how="driven")
        if self.bears(body):
            self.truth.proved = True

    def promise(self, party: str | None = None) -> None:
        gone = sorted(self.truth.void)
        who = party or self.rng.choice(gone or PARTIES)
        until = self.rng.choice((clock(15, 30), clock(16, 20), *[clock(18), clock(20)] * 4))
        body = Guarantee(party=who, covers=("all",), heard_by="radio-1", until=until)
        id_ = self.bears(body)
        if id_ is None:
            return
        self.truth.word[who] = (self.now(), until, {"radio-1"})
        self.truth.void.discard(who)
        self.truth.words = {key: one for key, one in self.truth.words.items() if one != who}
        self.truth.words[id_] = who
        if self.rng.random() < 0.8:
            self.confirm(id_)

    def confirm(self, id_: str | None = None) -> None:
        if not self.truth.words:
            return
        about = id_ or self.rng.choice(sorted(self.truth.words))
        known = self.rng.random() < 0.9
        person = self.rng.choice(("head-1", "head-1", "move-1", "move-1", "radio-1"))
        body = Confirmation(about=about, person=person, known_contact=known)
        if self.bears(body) and known:
            self.truth.word[self.truth.words[about]][2].add(person)

    def withdraw(self) -> None:
        who = self.rng.choice(PARTIES)
        if self.bears(Withdrawal(party=who, covers=("all",))) and who in self.truth.word:
            self.truth.void.add(who)

    def incident(self) -> None:
        if self.bears(Incident(event=f"e{self.number}", what="shots", covers=("R-D",))):
            self.truth.void |= set(self.truth.word)
            self.truth.proved = False

    def hold(self) -> None:
        id_ = self.bears(Hold(person=self.rng.choice(("counter-7", "head-1")), why="shots"))
        if id_ is not None:
            self.truth.holds[id_] = set()

    def lift(self) -> None:
        if self.truth.holds:
            held = self.rng.choice(sorted(self.truth.holds))
            for person, role in self.rng.sample(PEOPLE, self.rng.choice((1, 2))):
                if self.bears(Lift(hold=held, person=person, role=role)):
                    self.truth.holds[held].add(person)

    def approve(self) -> None:
        """One or both operators approve, having read the ledger as it is now, or as it was."""
        for person, role in self.rng.sample(PEOPLE, self.rng.choice((1, 2, 2, 2))):
            stale = self.rng.random() < 0.1
            seen = self.ledger.tail()[0]
            number = self.truth.number
            if stale:
                seen, number = max(1, seen - 30), -1
            body = Approval(
                person=person,
                role=role,
                plan_hash=self.mission.plan_hash,
                convoy="c1",
                seen=seen,
            )
            when = self.now()
            if self.enter(body) and not stale:
                self.truth.approvals.append((person, when, number))

    def count(self) -> None:
        """The phone sends a batch; the network may lose, double or delay it."""
        body = Count(
            counter="gate", what="arrived", people=self.rng.randrange(60), as_of=self.now()
        )
        source = Source(channel="device", device="phone-1")
        self.number += 1
        messages = [Message(f"p-{self.number}", body, source, self.now())]
        batch = sign_batch(messages, self.phone, entropy=self.entropy)
        copies = self.rng.choice((0, 1, 1, 2, 3))
        self.fault({0: "message lost", 1: "message sent"}.get(copies, "message doubled"))
        self.in_flight += [batch] * copies
        self.rng.shuffle(self.in_flight)

    def deliver(self) -> None:
        if not self.in_flight:
            return
        batch = self.in_flight.pop()
        if self.rng.random() < 0.2:
            # Changed on the way: the signature does not fit.
            self.fault("message changed")
            batch = SignedBatch(batch.device, batch.messages, self.rng.randbytes(64))
        try:
            receipts = self.ledger.receive(batch, at=self.now())
        except LedgerError:
            if self.disk.dead:
                self.crash()
            return
        for one in receipts:
            if one.state in {"stored", "repeated"}:
                self.truth.acked.setdefault(one.id, one.seq or 0)

    def forge(self) -> None:
        """A stranger, and the public page: neither may change anything."""
        self.fault("forgery")
        stranger = new_signer("room", entropy=self.entropy)
        who = self.rng.choice(PARTIES)
        body = Guarantee(party=who, covers=("all",), heard_by="radio-1", until=clock(23))
        self.number += 1
        forged = sign_batch(
            [Message(f"f-{self.number}", body, ROOM, self.now())], stranger, entropy=self.entropy
        )
        before = [one.state for one in self.ledger.receive(forged, at=self.now())]
        if before != ["refused"]:
            self.wrong.append("a forged batch was taken")
        page = Source(channel="public page", person="a caller")
        self.enter(self.rng.choice((body, Withdrawal(party=who, covers=("all",)))), source=page)

    def jump(self) -> None:
        """The room's clock jumps; a jump back is seen at the next entry."""
        self.fault("clock jump")
        back = self.rng.random() < 0.5
        self.offset += timedelta(minutes=self.rng.choice((3, 10, 45))) * (-1 if back else 1)
        last = self.ledger.tail()[0]
        newest = next(row.entered for row in self.ledger.store.rows(last - 1, last))
        if not back:
            # Nothing in the log can show a jump ahead; the next measurement does.
            self.measure()
        elif self.now() < datetime.fromisoformat(newest) - timedelta(seconds=30):
            # What falls behind the last entry can be seen, and has to be.
            self.truth.clock_known = False

    def look(self) -> None:
        """Ask for a go, as both screens do."""
        at = self.now()
        answer = ask(
            self.mission,
            self.ledger,
            "c1",
            at=at,
            contact_at=at,
            keys={"room": self.room.key},
        )
        self.asked += 1
        self.note(f"go {answer.clearance.go} {[one.code for one in answer.clearance.reasons]}")
        if answer.clearance.go:
            self.goes += 1
            why = self.truth.must_be_no(at)
            if why is not None:
                self.wrong.append(f"a go at {at.isoformat()} though {why}")
            if answer.acts:
                self.wrong.append("a go with acts to do")
        elif not answer.clearance.reasons:
            self.wrong.append("a no without a reason")

    def run(self) -> Result:
        """Run the history."""
        self.set_up()
        acts: list[tuple[Callable[[], None], int]] = [
            (self.promise, 5),
            (self.confirm, 8),
            (self.withdraw, 2),
            (self.incident, 1),
            (self.prove, 3),
            (self.hold, 1),
            (self.lift, 5),
            (self.approve, 24),
            (self.count, 5),
            (self.deliver, 6),
            (self.forge, 2),
            (self.jump, 1),
            (self.measure, 3),
            (self.crash, 2),
        ]
        doing, weights = [one for one, _ in acts], [weight for _, weight in acts]
        for _ in range(STEPS):
            self.time += timedelta(seconds=self.rng.choice((20, 40, 60)))
            act = self.rng.choices(doing, weights)[0]
            self.note(act.__name__)
            act()
            if act in {self.approve, self.withdraw, self.hold, self.incident, self.jump}:
                self.look()
        self.crash()
        tail = self.ledger.tail()
        digest = hashlib.sha256("\n".join([*self.log, tail[1].hex()]).encode()).hexdigest()
        self.disk.gone = True
        self.disk.unregister()
        return Result(self.goes, self.asked, tuple(self.wrong), self.faults, digest)


def simulate(seed: int) -> Result:
    """Run the history of a seed."""
    return Simulation(seed).run()
