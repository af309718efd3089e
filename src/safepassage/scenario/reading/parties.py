"""Reads sources, parties, agreements and linked evacuations."""

from typing import Literal, cast

from safepassage.scenario.linked import Linked, WaitsFor
from safepassage.scenario.parties import Agreement, Clause, Party, Source
from safepassage.scenario.reading import atoms
from safepassage.scenario.reading.atoms import WrongError, shown
from safepassage.scenario.reading.row import Row


def read_source(row: Row) -> Source:
    """Return one source of figures."""
    return Source(
        id=row.identifier(),
        title=row.need("title", atoms.text, "", "a title"),
        url=row.take("url", atoms.text),
        said_by=row.take("said_by", atoms.text),
        date=row.take("date", atoms.day),
    )


def read_party(row: Row) -> Party:
    """Return one party."""
    return Party(
        id=row.identifier(),
        names=row.names(),
        promised=row.take("promised", atoms.text),
        note=row.take("note", atoms.text),
    )


def read_agreement(row: Row) -> Agreement:
    """Return one agreement with its clauses."""
    parties = row.several("parties", row.known("party"), '["government", "opposition"]')
    if not parties and not row.faulty("parties"):
        row.fault("parties", "no party", "the parties that agreed")
    clauses: list[Clause] = []
    seen: list[str] = []
    for path, value in row.entries("clauses", '[{ id = "1", text = "…", state = "open" }]'):
        if not isinstance(value, dict):
            row.door.fault(path, shown(value), "a clause in braces", row.of)
            continue
        clause = _read_clause(Row(value, path, "agreement.clauses", row.door, row.of), parties)
        if clause.id and clause.id in seen:
            row.door.fault(f"{path}.id", f"{clause.id!r} again", "an id of its own", row.of)
        seen.append(clause.id)
        clauses.append(clause)
    return Agreement(
        id=row.identifier(),
        parties=parties,
        clauses=tuple(clauses),
        source=row.reference("source", "source"),
        date=row.take("date", atoms.day),
    )


def _read_clause(row: Row, parties: tuple[str, ...]) -> Clause:
    state = row.need("state", atoms.one_of(("agreed", "open")), "open", '"agreed" or "open"')
    versions: dict[str, str] = {}
    for path, party, words in row.mapping("versions", '{ government = "…" }'):
        known = row.read(path, party, row.known("party"))
        text = row.read(path, words, atoms.text)
        if known is None or text is None:
            continue
        if parties and known not in parties:
            row.door.fault(
                path, f"{known!r}, which is not in this agreement", "one of its parties", row.of
            )
        versions[known] = text
    return Clause(
        id=row.identifier(),
        text=row.need("text", atoms.text, "", "the words of the clause"),
        state=cast("Literal['agreed', 'open']", state),
        versions=versions,
        source=row.reference("source", "source"),
        linked_to=row.reference("linked_to", "linked"),
    )


def read_linked(row: Row) -> Linked:
    """Return one linked evacuation; that of another file is joined after both are read."""
    steps: list[int] = []
    for path, value in row.entries("steps", "[1250, 1250, 1500]"):
        step = row.read(path, value, atoms.whole(0, atoms.MOST_PEOPLE, 1250))
        if step is not None:
            steps.append(step)
    return Linked(
        id=row.identifier(),
        name=row.need("name", atoms.text, "", "a name"),
        people=row.figure("people", atoms.whole(0, atoms.MOST_PEOPLE, 2500)),
        scenario=row.take("scenario", _relative_path),
        ratio=row.take("ratio", atoms.number(0, 1_000, "1")),
        steps=tuple(steps),
        source=row.reference("source", "source"),
        groups=row.several("groups", row.known("group"), '["their-families"]'),
        waits_for=cast("WaitsFor", row.take("waits_for", _waits_for) or "arrival"),
    )


def _waits_for(value: object) -> str:
    if value in ("arrival", "departure"):
        return str(value)
    raise WrongError('"arrival" or "departure"')


def _relative_path(value: object) -> str:
    """Return a path beside this scenario; whether it leads to one is seen when it is opened."""
    path = atoms.text(value)
    if path.startswith(("/", "~")) or "\\" in path or ":" in path:
        raise WrongError('a path relative to this scenario with "/", e.g. "../foua-2016"')
    return path
