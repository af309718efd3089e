"""Write a report as a PDF on A4: the same document, set by typst, every page marked.

The document goes in as data and the charts as pictures, so that no word of a user can become
markup.
"""

from dataclasses import asdict
from datetime import datetime
from importlib.resources import files

from safepassage.report.document import Block, Chart, Document, Numbers, Table, Text
from safepassage.report.drawing import swatch
from safepassage.report.typeset import as_json, pdf_bytes


def pdf_of(document: Document, *, at: datetime) -> bytes:
    """Return the PDF of a report; `at` is the time it states as its making."""
    assets: dict[str, bytes] = {}
    sections = [
        {
            "id": section.id,
            "heading": section.heading,
            "whole": not any(isinstance(block, Table | Chart) for block in section.blocks),
            "blocks": [_block(block, assets) for block in section.blocks],
        }
        for section in document.sections
    ]
    data = {
        "title": _spans(document.title),
        "local_title": _spans(document.local_title),
        "plain_title": document.plain_title,
        "band": document.band,
        "warnings": document.warnings,
        "subtitle": document.subtitle,
        "audience": document.audience,
        "footer": document.footer,
        "sections": sections,
    }
    assets["report.json"] = as_json(data)
    source = (files("safepassage.report") / "templates" / "report.typ").read_text(encoding="utf-8")
    return pdf_bytes(source, assets=assets, at=at)


def _spans(content: Text) -> list[dict[str, object]]:
    return [
        {
            "text": span.text,
            "language": span.language or "",
            "rtl": span.direction == "rtl",
            "strong": span.strong,
        }
        for span in content
    ]


def _block(block: Block, assets: dict[str, bytes]) -> dict[str, object]:
    """Return a block as data; pictures are added to `assets`."""
    kind = type(block).__name__
    if isinstance(block, Table):
        return {"kind": kind, **_table(block)}
    if isinstance(block, Chart):
        pictures = []
        for index, source in enumerate(block.wide):
            name = f"{block.id}-{index}.svg"
            assets[name] = source.encode()
            pictures.append(name)
        key = []
        for sample, words in block.key:
            name = f"key-{sample}.svg"
            assets[name] = swatch(f"key-{sample}", sample).encode()
            key.append({"picture": name, "words": words})
        return {
            "kind": kind,
            "title": block.title,
            "description": block.description,
            "pictures": pictures,
            "key": key,
            "table": _table(block.table),
        }
    data = asdict(block)
    if "content" in data:
        data["content"] = _spans(block.content)  # type: ignore[union-attr]
    if isinstance(block, Numbers):
        data["long"] = block.long
        data["letters"] = block.letters
    if kind == "Bullets":
        data["items"] = [_spans(item) for item in block.items]  # type: ignore[union-attr, arg-type]
    return {"kind": kind, **data}


def _table(table: Table) -> dict[str, object]:
    return {
        "caption": table.caption,
        "columns": [asdict(column) for column in table.columns],
        "rows": [[_spans(cell) for cell in row] for row in table.rows],
        "note": _spans(table.note),
        "total_last": table.total_last,
        "short": table.short,
    }
