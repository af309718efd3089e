"""`safepassage read`: texts to statements and draft figures, each with its quote."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safepassage.reader.draft import Decision
    from safepassage.reader.reading import Reading

INTO_FORMAT = "safepassage/read-into/1"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("read")(read)


def read(
    files: Annotated[
        list[Path],
        typer.Argument(help="Texts, HTML pages, PDF files with text, or folders of them."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Scenario that accepted figures go into, a card at a time."),
    ] = None,
    ledger: Annotated[
        str | None,
        typer.Option(
            "--ledger", envvar="SAFEPASSAGE_LEDGER", help="Ledger that accepted statements go into."
        ),
    ] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Folder of the ledger's keys; else beside it.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who confirms: a role or call sign.")
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", help="Day the text was written, e.g. 2016-12-15.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Also write the statements to this CSV file.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Also write all of it to this Markdown file.")
    ] = None,
    plainly: Annotated[
        bool, typer.Option("--plainly", help="Patterns only, without the English model.")
    ] = False,
) -> None:
    """Read reports: who said what, and which figures stand where. Proposals only."""
    from safepassage.reader.exports import as_json as to_json
    from safepassage.reader.exports import as_markdown, statements_as_csv

    if into is not None and not (by and by.strip()):
        raise CommandError("--by: got nothing, want who confirms, e.g. --by cell-head", Exit.USAGE)
    if into is not None and as_json:
        raise CommandError("--json and --into: want one of them; cards need a person", Exit.USAGE)
    readings, refused = _readings(files, _day(day), plainly=plainly)
    for reading in readings:
        if reading.method == "plain":
            typer.echo(
                f"safepassage: {reading.stored.name}: read without the English model (patterns "
                "only, much is missed); pip install 'safepassage[reader]' for the full reader",
                err=True,
            )
    if csv is not None:
        _write(csv, statements_as_csv(readings))
    if markdown is not None:
        _write(markdown, as_markdown(readings))
    if as_json:
        out = to_json(readings)
        out["refused"] = [{"file": name, "why": why} for name, why in refused]
        typer.echo(json.dumps(out, ensure_ascii=False, allow_nan=False))
    elif into is not None:
        for reading in readings:
            _confirm(reading, into, ledger, keys, str(by))
    elif readings and csv is None and markdown is None:
        typer.echo(as_markdown(readings), nl=False)
    if refused:
        raise CommandError("; ".join(why for _, why in refused), Exit.INVALID)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--date: got {text!r}, want a day, e.g. 2016-12-15", Exit.USAGE
        ) from None


def _readings(
    files: list[Path], day: date | None, *, plainly: bool
) -> tuple[list["Reading"], list[tuple[str, str]]]:
    """Return what could be read, and of the rest the file and why not."""
    from safepassage.reader.opening import UnreadableError, files_of, open_file
    from safepassage.reader.reading import LanguageError
    from safepassage.reader.reading import read as read_stored

    readings: list[Reading] = []
    refused: list[tuple[str, str]] = []
    found: list[Path] = []
    for one in files:
        try:
            found += files_of([one])
        except UnreadableError as error:
            refused.append((str(one), str(error)))
    for path in found:
        try:
            readings.append(read_stored(open_file(path), day, plainly=plainly))
        except (UnreadableError, LanguageError, OSError) as error:
            refused.append((str(path), str(error)))
    return readings, refused


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(path)


def _confirm(
    reading: "Reading", into: Path, ledger: str | None, keys: Path | None, by: str
) -> None:
    """Show the cards of one text, then write what was accepted and say what became of it."""
    from safepassage.reader.cards import decide
    from safepassage.reader.draft import cards_of
    from safepassage.reader.into import enter_figures, statement_messages
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.load import load_scenario

    def tell(text: str) -> None:
        typer.echo(text, err=True)

    def ask(question: str) -> str:
        typer.echo(question, nl=False, err=True)
        line = sys.stdin.readline()
        return line or "q"

    try:
        scenario = load_scenario(into)
        for question in reading.asks:
            tell(f"open: {question}")
        cards = [
            card for card in cards_of(reading, scenario) if ledger or card.about != "statement"
        ]
        decisions = list(decide(cards, by, ask, tell))
        now = datetime.now(UTC)
        # The ledger first: it only grows, and a second run enters nothing twice.
        entered = 0
        if ledger:
            entered = _into_ledger(statement_messages(reading, decisions, now), ledger, keys, now)
        figures = enter_figures(into, reading, decisions, now)
    except ScenarioError as error:
        raise CommandError(str(error)) from None
    typer.echo(
        json.dumps(
            {
                "format": INTO_FORMAT,
                "text": reading.stored.name,
                "sha256": reading.stored.sha256,
                "by": by,
                "decisions": [_decision(one) for one in decisions],
                "figures": [{"path": path, "source": source} for path, source in figures.figures],
                "statements": entered,
                "scenario": figures.sha256,
                "stale": bool(figures.figures),
            },
            ensure_ascii=False,
        )
    )
    if figures.figures:
        tell("The scenario has changed: plans made before are stale; plan again.")


def _decision(one: "Decision") -> dict[str, object]:
    return {
        "card": one.card.id,
        "answer": one.answer,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "into": None if one.target is None else one.target.label,
    }


def _into_ledger(messages: "Sequence[object]", ledger: str, keys: Path | None, at: datetime) -> int:
    """Enter statements and return how many the ledger holds now that it did not before."""
    from safepassage.ledger.entry import read_message
    from safepassage.ledger.faults import EntryError, LedgerError
    from safepassage.ledger.place import open_ledger, place_of

    if not messages:
        return 0
    try:
        opened = open_ledger(place_of(ledger, keys))
        try:
            read = [read_message(one, at=at) for one in messages]
            # What an earlier run entered is there already, in the words of that day.
            new = [one for one in read if opened.find(one.id) is None]
            receipts = opened.append(new, at=at) if new else ()
        finally:
            opened.close()
    except (EntryError, LedgerError) as error:
        raise CommandError(str(error)) from None
    refused = [one for one in receipts if one.state == "refused"]
    if refused:
        raise CommandError("; ".join(f"{one.id}: {one.why}" for one in refused))
    return sum(one.state == "stored" for one in receipts)
