"""Readings as JSON, CSV and Markdown, for people who use nothing else of the project."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from safepassage.reader.fact import Fact
from safepassage.reader.reading import Reading
from safepassage.reader.rivals import Rivals
from safepassage.reader.statements import Statement
from safepassage.reader.text import Span

FORMAT = "safepassage/reading/1"

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def shown(text: str) -> str:
    """Return a text for a terminal or page: marks that would steer it are made visible."""
    return _UNSAFE.sub("\ufffd", text)


def as_json(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return the JSON object of one or more readings: `FORMAT`, documented in docs/reference."""
    several = len(readings) > 1
    out: dict[str, Any] = {
        "format": FORMAT,
        "documents": [],
        "statements": [],
        "facts": [],
        "times": [],
        "rivals": [],
        "events": [],
        "masked": [],
    }
    for n, one in enumerate(readings, 1):
        doc = one.stored.name
        mark = f"D{n}-" if several else ""
        out["documents"].append(_document(one))
        out["statements"] += [{"doc": doc, **_statement(s, mark)} for s in one.statements]
        out["facts"] += [{"doc": doc, **_fact(f, mark)} for f in one.facts]
        out["times"] += [
            {"doc": doc, "span": _span(t.span), "resolved": t.resolved, "rule": t.rule}
            for t in one.times
        ]
        out["rivals"] += [{"doc": doc, **_rivals(r, mark)} for r in one.rivals]
        out["events"] += [
            {
                "doc": doc,
                "id": mark + e.id,
                "status": e.status,
                "quote": _span(e.quote),
                "day": _span(e.day),
            }
            for e in one.events
        ]
        out["masked"] += [
            {"doc": doc, "span": _span(m.span), "reason": m.reason} for m in one.masked
        ]
    return out


def _document(one: Reading) -> dict[str, Any]:
    dateline = one.dateline
    return {
        "name": one.stored.name,
        "kind": one.stored.kind,
        "form": one.page.form,
        "method": one.method,
        "sha256": one.stored.sha256,
        "file_sha256": one.stored.file_sha256,
        "characters": len(one.stored.text),
        "dateline": None
        if dateline is None
        else {
            "day": dateline.day.isoformat(),
            "given_by": dateline.given_by,
            "span": _span(dateline.span),
        },
        "asks": list(one.asks),
        "notes": list(one.stored.notes),
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"start": span.start, "end": span.end, "text": span.text}


def _marked(mark: str, name: str | None) -> str | None:
    return mark + name if name is not None else None


def _statement(one: Statement, mark: str) -> dict[str, Any]:
    return {
        "id": mark + one.id,
        "speaker": _span(one.speaker),
        "name": one.name,
        "resolved_by": one.resolved_by,
        "outlet": _span(one.outlet),
        "cue": _span(one.cue),
        "content": [_span(part) for part in one.content],
        "class": one.class_name,
        "polarity": one.polarity,
        "modality": one.modality,
        "time": _span(one.time),
        "of": _marked(mark, one.of),
        "reports": _marked(mark, one.reports),
        "embedded_in": _marked(mark, one.embedded_in),
        "found_by": one.found_by,
    }


def _fact(one: Fact, mark: str) -> dict[str, Any]:
    author = one.asserted_by == "author"
    return {
        "id": mark + one.id,
        "kind": one.kind,
        "value": one.value,
        "unit": one.unit,
        "low": one.low,
        "high": one.high,
        "approx": one.approx,
        "span": _span(one.span),
        "belongs_to": _marked(mark, one.belongs_to),
        "status": one.status,
        "asserted_by": one.asserted_by if author else mark + one.asserted_by,
        "time": one.time,
        "more": dict(one.more),
    }


def _rivals(one: Rivals, mark: str) -> dict[str, Any]:
    return {
        "id": mark + one.id,
        "about": one.about,
        "question": one.question,
        "members": [mark + member for member in one.members],
        "of": _marked(mark, one.of),
        "low": one.low,
        "high": one.high,
    }


COLUMNS = (
    "doc",
    "id",
    "class",
    "speaker",
    "name",
    "outlet",
    "cue",
    "content",
    "start",
    "end",
    "polarity",
    "modality",
    "said_at",
    "of",
    "reports",
    "found_by",
)


def statements_as_csv(readings: Sequence[Reading]) -> str:
    """Return the statements as CSV in UTF-8, a row each; several contents are joined by ' … '.

    A cell that a spreadsheet would run as a formula begins with an apostrophe.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for reading in readings:
        for one in reading.statements:
            writer.writerow(
                [
                    _cell(value)
                    for value in (
                        reading.stored.name,
                        one.id,
                        one.class_name,
                        one.speaker.text if one.speaker else "",
                        one.name or "",
                        one.outlet.text if one.outlet else "",
                        one.cue.text,
                        " … ".join(part.text for part in one.content),
                        one.content[0].start,
                        one.content[-1].end,
                        one.polarity,
                        one.modality or "",
                        one.time.text if one.time else "",
                        one.of or "",
                        one.reports or "",
                        one.found_by,
                    )
                ]
            )
    return file.getvalue()


def _cell(value: str | int) -> str | int:
    if isinstance(value, str):
        value = shown(value.replace("\n", " ").replace("\t", " "))
        # "+" alone is our own polarity mark and no formula.
        if value[:1] in {"=", "@", "+", "-"} and value not in {"+", "-"}:
            return "'" + value
    return value


def as_markdown(readings: Sequence[Reading]) -> str:
    """Return readings as Markdown: statements with quotes, figures, rivals, open questions."""
    lines: list[str] = []
    for reading in readings:
        lines += _page_in_markdown(reading)
    return "\n".join(lines) + "\n"


def _page_in_markdown(reading: Reading) -> list[str]:
    stored = reading.stored
    lines = [f"# {_md(stored.name)}", ""]
    day = reading.dateline.day.isoformat() if reading.dateline else "not known"
    lines += [
        f"Written on: {day}. Read by: {reading.method}. SHA-256 of the text: `{stored.sha256}`.",
        "",
    ]
    if reading.method == "plain":
        lines += ["**Read without the English model: patterns only, much is missed.**", ""]
    lines += ["## Who said what", ""]
    for one in reading.statements:
        who = one.speaker.text if one.speaker is not None else "nobody named"
        known = (
            f" ({_md(one.name)})"
            if one.name and one.speaker and one.name != one.speaker.text
            else ""
        )
        outlet = f", passed on by {_md(one.outlet.text)}" if one.outlet is not None else ""
        link = f", passes on {one.reports}" if one.reports else ""
        quote = " … ".join(_md(part.text) for part in one.content)
        lines.append(
            f"- **{one.id}** {one.class_name}: **{_md(who)}**{known} "
            f"*{_md(one.cue.text)}*{outlet}{link} "
            f"[{one.content[0].start}–{one.content[-1].end}]"
        )
        lines += ["", f"  > {quote}", ""]
    lines += [
        "## Facts as stated",
        "",
        "| id | kind | value | quote | status | event | per |",
        "|---|---|---|---|---|---|---|",
    ]
    for fact in reading.facts:
        lines.append(
            f"| {fact.id} | {fact.kind} | {_md(value_in_words(fact))} | {_md(fact.span.text)} | "
            f"{fact.status} | {fact.belongs_to or ''} | {fact.asserted_by} |"
        )
    lines.append("")
    if reading.rivals:
        lines += ["## Rival claims, side by side", ""]
        lines += [
            f"- **{one.id}** {', '.join(one.members)}: {one.question}"
            + (
                f" ({one.low:g} to {one.high:g})"
                if one.low is not None and one.high is not None
                else ""
            )
            for one in reading.rivals
        ]
        lines.append("")
    if reading.asks:
        lines += ["## What the text leaves open", ""] + [f"- {ask}" for ask in reading.asks] + [""]
    return lines


def value_in_words(fact: Fact) -> str:
    """Return the value of a fact as a person reads it."""
    if fact.value is None and fact.low is not None:
        return f"{fact.low:g} to {fact.high:g} {fact.unit or ''}".strip()
    if fact.value is None:
        return ", ".join(f"{key} {value}" for key, value in fact.more.items()) or "stated"
    about = "about " if fact.approx else ""
    unit = f" {fact.unit}" if fact.unit else ""
    spread = (
        f" ({fact.low:g} to {fact.high:g})"
        if fact.low is not None and fact.high is not None
        else ""
    )
    number = f"{fact.value:,}" if isinstance(fact.value, int | float) else fact.value
    return f"{about}{number}{unit}{spread}"


def _md(text: str | None) -> str:
    """Return a text that Markdown shows as it is."""
    plain = shown(re.sub(r"\s+", " ", text or ""))
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", plain)
