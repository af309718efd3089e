"""Accepted figures into scenario.toml, accepted statements into messages for the ledger."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable

from safepassage.reader.draft import Decision, Target
from safepassage.reader.exports import shown
from safepassage.reader.reading import Reading
from safepassage.scenario.load import parse, read_document, scenario_file

LONGEST_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Entered:
    """What was written: the scenario's new hash, and the path and source of each figure."""

    sha256: str
    figures: tuple[tuple[str, str], ...]


def enter_figures(
    path: Path, reading: Reading, decisions: Sequence[Decision], at: datetime
) -> Entered:
    """Write the accepted figures that have a target into a scenario, each with its own source.

    The source's title holds the quote, the file, the place in it and who confirmed when; where the
    person took another value than the text's, it says so. The file is checked whole before it takes
    the old one's place.

    Raises
    ------
    ScenarioError
        If the scenario would not be valid with the figures; then nothing is written.
    """
    file = scenario_file(path)
    # newline="": a file with other line ends keeps them.
    with file.open(encoding="utf-8", newline="") as opened:
        document = tomlkit.parse(opened.read())
    figures: list[tuple[str, str]] = []
    for decision in decisions:
        if decision.target is None or decision.answer not in {"accepted", "edited"}:
            continue
        source = _add_source(document, reading, decision, at)
        _set(document, decision.target, _figure(decision, source))
        target = decision.target
        figures.append((f"{target.table}[{target.index}].{'.'.join(target.keys)}", source))
    content = tomlkit.dumps(document).encode("utf-8")
    digest = hashlib.sha256(content).hexdigest()
    read_document(parse(content, str(file)), digest)
    if figures:
        beside = file.with_name(f".{file.name}.new")
        beside.write_bytes(content)
        beside.replace(file)
    return Entered(digest, tuple(figures))


def _add_source(
    document: tomlkit.TOMLDocument, reading: Reading, decision: Decision, at: datetime
) -> str:
    """Add a source for one figure and return its id."""
    sources = document.get("source")
    if not isinstance(sources, AoT):
        sources = tomlkit.aot()
        document["source"] = sources
    taken = {str(one.get("id")) for one in sources}
    number = 1
    while f"read-{number}" in taken:
        number += 1
    name = f"read-{number}"
    table = tomlkit.table()
    table["id"] = name
    table["title"] = title_of(reading, decision, at)
    fact = decision.card.fact
    said = next(
        (one for one in reading.statements if fact is not None and one.id == fact.asserted_by), None
    )
    if said is not None and said.name:
        table["said_by"] = shown(said.name)
    if reading.dateline is not None:
        table["date"] = reading.dateline.day
    sources.append(table)
    return name


def title_of(reading: Reading, decision: Decision, at: datetime) -> str:
    """Return the title of a source: quote, file, place, who confirmed, and an edit."""
    span = decision.card.quote
    quote = shown(" ".join(span.text.split()))
    if len(quote) > LONGEST_QUOTE:
        quote = quote[: LONGEST_QUOTE - 1] + "…"
    title = (
        f"“{quote}”, {shown(reading.stored.name)} (characters {span.start} to {span.end}, "
        f"sha256 {reading.stored.sha256[:12]}), "
        f"confirmed by {shown(decision.by)} at {at.isoformat(timespec='minutes')}"
    )
    if decision.answer == "edited":
        title += f"; the text says otherwise: {decision.by} entered {_shown_value(decision)}"
    return title


def _shown_value(decision: Decision) -> str:
    if decision.value is not None:
        return f"{decision.value:g}"
    return f"{decision.low:g} to {decision.high:g}"


def _figure(decision: Decision, source: str) -> InlineTable:
    table = tomlkit.inline_table()
    target = decision.target
    if decision.value is not None:
        table["value"] = _typed(decision.value, decision, target)
    else:
        table["low"] = _typed(decision.low or 0, decision, target)
        table["high"] = _typed(decision.high or 0, decision, target)
    table["source"] = source
    return table


def _typed(value: float, decision: Decision, target: Target | None) -> Any:
    if target is not None and target.keys == ("time",):
        unit = decision.card.fact.unit if decision.card.fact is not None else "minute"
        return f"{value * (60 if unit == 'hour' else 1):g} min"
    if target is not None and target.keys == ("km",):
        return float(value)
    return int(value) if float(value).is_integer() else float(value)


def _set(document: tomlkit.TOMLDocument, target: Target, figure: InlineTable) -> None:
    tables = document[target.table]
    at: Any = tables[target.index]
    for key in target.keys[:-1]:
        at = at[key]
    at[target.keys[-1]] = figure


def statement_messages(
    reading: Reading, decisions: Sequence[Decision], at: datetime
) -> list[Mapping[str, Any]]:
    """Return the accepted statements as messages that the ledger's door reads.

    The channel is "reader", which changes no standing: two people must still confirm it over a
    known contact. The id follows from text and statement, so that reading twice enters it once.
    """
    messages: list[Mapping[str, Any]] = []
    for decision in decisions:
        one = decision.card.statement
        if one is None or decision.answer != "accepted":
            continue
        who = one.name or (one.speaker.text if one.speaker is not None else "not named")
        quote = " … ".join(part.text for part in one.content)
        body: dict[str, Any] = {"speaker": shown(who)[:200], "quote": shown(quote)[:4000]}
        if one.class_name == "doubt":
            body["doubts"] = True
        outlet = one.outlet.text if one.outlet is not None else reading.stored.name
        messages.append(
            {
                "id": f"read:{reading.stored.sha256[:16]}:{one.id}",
                "kind": "statement",
                "heard_at": at.isoformat(),
                "source": {
                    "channel": "reader",
                    "outlet": shown(outlet)[:200],
                    "person": shown(decision.by)[:200],
                    "quote": shown(
                        f"{one.cue.text}: {quote} ({reading.stored.name}, characters "
                        f"{one.content[0].start} to {one.content[-1].end})"
                    )[:4000],
                },
                "body": body,
            }
        )
    return messages
