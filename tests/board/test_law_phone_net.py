"""A net that loses, doubles, delays and reorders, a room that dies: each report counts once.

The phone's way out is drawn as well: the network, its codes on a screen, a line by voice.
"""

import random
from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.phones import Pocket
from safepassage.board.phone.codes import line_code, voice_secret
from safepassage.board.phone.expanding import expand, salted
from safepassage.board.phone.report import Report, read_line
from safepassage.board.phone.spoken import read_spoken, spoken_line
from safepassage.ledger.batch import SignedBatch, batch_words, digest_of
from safepassage.ledger.folding import situation
from safepassage.ledger.kept import Enrol
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.log import Ledger
from safepassage.ledger.seen import Count
from safepassage.ledger.signer import Signer
from safepassage.ledger.verify import verify_whole
from tests.ledger.writing import NOON, enter, memory_store, new_ledger, seeded

CONVOYS = ("c1", "c2")
STEPS = 50
Parcel = tuple[int, list[str]]


class World:
    """Three phones, a room, and the parcels that are still on their way."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a history that replays
        self.at = NOON.astimezone(UTC)
        self.store = memory_store()
        self.ledger, self.room = new_ledger(at=self.at, store=self.store)
        self.keyring = self.ledger._keyring
        self.phones = [Pocket(seed * 10 + place) for place in range(3)]
        self.totals: dict[tuple[int, str], int] = {}
        self.parcels: list[Parcel] = []
        for place, pocket in enumerate(self.phones):
            device, sign = f"phone-{place}", f"post-{place}/1"
            pocket.enrolled(device, sign, f"post-{place}")
            enter(self.ledger, Enrol(device, pocket.key, holder=sign), at=self.at)

    def step(self, what: str) -> None:
        self.at += timedelta(seconds=self.chance.randint(1, 90))
        place = self.chance.randrange(len(self.phones))
        pocket = self.phones[place]
        if what == "press":
            convoy = self.chance.choice(CONVOYS)
            total = self.totals.get((place, convoy), 0) + self.chance.randint(0, 60)
            self.totals[place, convoy] = total
            pocket.press("through", self.at, convoy=convoy, people=total, vehicles=1)
        elif what == "undo" and pocket.waiting:
            last = pocket.waiting[-1][0]
            if last.undoes is None and last.convoy is not None:
                total = max(0, self.totals[place, last.convoy] - 1)
                self.totals[place, last.convoy] = total
                pocket.press(
                    "undo:through",
                    self.at,
                    convoy=last.convoy,
                    people=total,
                    undoes=last.number,
                )
        elif what == "send" and pocket.waiting:
            reports = pocket.waiting[: self.chance.randint(1, 8)]
            self.parcels.append((place, [*pocket.signed(reports)["lines"]]))
        elif what in {"deliver", "answer lost", "double"} and self.parcels:
            parcel = self.parcels.pop(self.chance.randrange(len(self.parcels)))
            self.arrive(parcel, heard=what == "deliver")
            if what == "double":
                self.parcels += [parcel, parcel]
        elif what == "lose" and self.parcels:
            self.parcels.pop(self.chance.randrange(len(self.parcels)))
        elif what == "voice" and pocket.waiting:
            self.speak(pocket, self.chance.choice(pocket.waiting)[0])
        elif what == "die":
            self.ledger = Ledger(self.store, self.keyring, self.room, entropy=seeded(9))

    def arrive(self, parcel: Parcel, *, heard: bool) -> None:
        place, lines = parcel
        pocket = self.phones[place]
        assert pocket.phone is not None
        messages = [one for line in lines for one in salted(*read_line(line), pocket.phone)]
        words = batch_words([digest_of(one, pocket.phone.device) for one in messages])
        batch = SignedBatch(pocket.phone.device, tuple(messages), pocket.signer.sign(words))
        receipts = self.ledger.receive_all([batch], at=self.at)[0]
        assert {one.state for one in receipts} <= {"stored", "repeated"}, receipts
        if heard:
            pocket.heard([[read_line(line)[0].number, "sent"] for line in lines])

    def speak(self, pocket: Pocket, report: Report) -> None:
        assert pocket.phone is not None
        secret = voice_secret(self.room, pocket.phone.device)
        line = spoken_line(report, pocket.phone.device, line_code(report, secret))
        phones = [one.phone for one in self.phones if one.phone is not None]
        heard = read_spoken(line, phones, CONVOYS, self.room, at=self.at)
        made = list(expand(heard.report, heard.phone).values())
        receipts = self.ledger.append(made, at=self.at)
        assert {one.state for one in receipts} <= {"stored", "repeated"}, receipts

    def heal(self) -> None:
        """Let everything that is on its way arrive, and every phone send what is left."""
        self.chance.shuffle(self.parcels)
        for parcel in self.parcels:
            self.arrive(parcel, heard=True)
        self.parcels.clear()
        for place, pocket in enumerate(self.phones):
            while pocket.waiting:
                self.arrive((place, pocket.batch(5)["lines"]), heard=True)


CHOICES = (
    *("press",) * 4,
    *("send",) * 3,
    *("deliver",) * 2,
    *("undo", "answer lost", "double", "lose", "voice", "die"),
)
STEP = st.sampled_from(CHOICES)


def _check(seed: int, steps: list[str]) -> None:
    world = World(seed)
    for what in steps:
        world.step(what)
    world.heal()
    entries = [one for one in world.ledger.entries() if one.id.startswith("phone-")]
    ids = [one.id for one in entries]
    assert len(ids) == len(set(ids))
    pressed = {
        f"phone-{place}.{number}"
        for place, pocket in enumerate(world.phones)
        for number in range(1, pocket.number + 1)
    }
    assert {one.rstrip("mcx") for one in ids} == pressed
    assert not [one for one in world.ledger.entries() if one.kind == "alarm"]
    counts = situation(world.ledger, at=world.at).counts
    found = {
        (int(tally.counter[5]), key.convoy): tally.people
        for key, tallies in counts.items()
        for tally in tallies.values()
    }
    assert found == world.totals
    assert isinstance(world.keyring, Keyring)
    room: Signer = world.room
    assert verify_whole(world.store, {room.device: room.key}, world.keyring).whole
    assert all(isinstance(one.body, Count) for one in entries if one.kind == "count")


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.lists(STEP, min_size=5, max_size=STEPS))
def test_whatever_the_net_does_each_report_counts_once(seed: int, steps: list[str]) -> None:
    _check(seed, steps)


@pytest.mark.proof
def test_a_thousand_nets_of_fifty_steps() -> None:
    chance = random.Random(12)  # noqa: S311 - the same nets each time
    for seed in range(1000):
        _check(seed, [chance.choice(CHOICES) for _ in range(STEPS)])
