"""The public text format of the Bus Evacuation Problem, read into a tours problem.

Knows the two spellings in use: numbers alone, and numbers with colons after the leading ones.
"""

from pathlib import Path

from safepassage.planner.tours.problem import ToursProblem, symmetric


class BepFormatError(ValueError):
    """A file of the Bus Evacuation Problem that cannot be read, with all its faults in words."""


class _Lines:
    """The numbers of a file line by line, with a list of what was wrong on the way."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.faults: list[str] = []
        self.rows: list[tuple[int, list[int]]] = []
        for number, line in enumerate(text.splitlines(), 1):
            words = line.replace(":", " ").replace(",", " ").split()
            if not words:
                continue
            row: list[int] = []
            for word in words:
                try:
                    row.append(int(word))
                except ValueError:
                    self.faults.append(f"line {number}: got {word!r}, want a whole number")
            self.rows.append((number, row))
        self.next = 0

    def row(self, what: str, length: int | None = None) -> list[int]:
        """Return the next row of numbers; note a fault when it is absent or of another length."""
        if self.next >= len(self.rows):
            self.faults.append(f"end of file: want {what}")
            raise self.error()
        number, row = self.rows[self.next]
        self.next += 1
        if length is not None and len(row) != length:
            self.faults.append(f"line {number}: got {len(row)} numbers, want {length}: {what}")
            raise self.error()
        if any(value < 0 for value in row):
            self.faults.append(f"line {number}: got a negative number, want {what}")
        return row

    def counted(self, what: str, extra: int) -> list[int]:
        """Return a row that begins with how many values end it, `extra` others between."""
        number = self.rows[self.next][0] if self.next < len(self.rows) else 0
        row = self.row(what)
        if not row or len(row) != 1 + extra + row[0] or row[0] < 1:
            self.faults.append(f"line {number}: want a count, then as many values: {what}")
            raise self.error()
        return row[1:]

    def error(self) -> BepFormatError:
        """Return one error with every fault found so far."""
        return BepFormatError("\n".join(f"{self.name}: {fault}" for fault in self.faults))


def parse_bep(text: str, name: str) -> ToursProblem:
    """Return the problem that a text in the public format states; times stay in its own units.

    Loads are ceil(demand / Q), room is floor(capacity / Q).

    Raises
    ------
    BepFormatError
        With every fault found and its line.
    """
    lines = _Lines(text, name)
    head = lines.row("the number of buses and the capacity of one", 2)
    fleet, capacity = head
    buses = lines.counted("yards and the buses of each", 0)
    demand = lines.counted("pickups, their total, and the people of each", 1)
    room = lines.counted("shelters, their total, and the capacity of each", 1)
    start = [
        lines.row(f"yard {y + 1}: its number and a time to each pickup", len(demand))[1:]
        for y in range(len(buses))
    ]
    between = [
        lines.row(f"pickup {i + 1}: its number and a time to each shelter", len(room))[1:]
        for i in range(len(demand) - 1)
    ]
    if any(0 in row for row in between):
        lines.faults.append("times between pickups and shelters: got 0, want at least 1")
    if capacity < 1:
        lines.faults.append(f"line 1: a bus holds {capacity}, want at least 1")
    if fleet != sum(buses):
        lines.faults.append(f"line 1: got {fleet} buses, the yards hold {sum(buses)}")
    for what, row in (("people", demand), ("capacity", room)):
        if row[0] != sum(row[1:]):
            lines.faults.append(f"total {what}: got {row[0]}, the values add up to {sum(row[1:])}")
    if lines.next < len(lines.rows):
        lines.faults.append(f"line {lines.rows[lines.next][0]}: want the end of the file")
    if lines.faults:
        raise lines.error()
    return symmetric(
        name,
        [-(-people // capacity) for people in demand[1:]],
        [places // capacity for places in room[1:]],
        buses,
        start,
        between,
    )


def read_bep(path: Path) -> ToursProblem:
    """Return the problem of a file, named by the file without its ending.

    Raises
    ------
    BepFormatError
        When the file is not in the format.
    OSError
        When it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BepFormatError(f"{path.name}: not a text file, want numbers") from None
    return parse_bep(text, path.stem)


def write_bep(problem: ToursProblem) -> str:
    """Return a problem of pure loads with equal times out and back as text of the public format."""
    rows: list[list[int]] = [
        [problem.fleet, 1],
        [len(problem.buses), *problem.buses],
        [len(problem.loads), problem.total, *problem.loads],
        [len(problem.room), sum(problem.room), *problem.room],
    ]
    rows += [[y + 1, *map(int, row)] for y, row in enumerate(problem.start)]
    rows += [[i + 1, *map(int, row)] for i, row in enumerate(problem.out)]
    return "\n".join(" ".join(map(str, row)) for row in rows) + "\n"
