"""The poster: a page a language, large and black on white, made from the same text."""

import io
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files

import segno

from safepassage.report.public.telling import Telling
from safepassage.report.public.words import RIGHT_TO_LEFT, word
from safepassage.report.typeset import as_json, pdf_bytes


def poster_pdf(tellings: Sequence[Telling], *, at: datetime) -> bytes:
    """Return one PDF with a page for each language."""
    source = (files("safepassage.report.public") / "poster.typ").read_text(encoding="utf-8")
    data = [_page(one) for one in tellings]
    return pdf_bytes(source, assets={"poster.json": as_json(data)}, at=at.replace(microsecond=0))


def _page(telling: Telling) -> dict[str, object]:
    language = telling.language

    def say(key: str) -> str:
        return word(key, language)

    about = [f"{say('updated')}: {telling.updated}"]
    if telling.by is not None:
        about.append(f"{say('by')}: {telling.by}")
    return {
        "language": language,
        "rtl": language in RIGHT_TO_LEFT,
        "drill": say("drill") if telling.mode == "DRILL" else "",
        "title": say("title"),
        "about": about,
        "can_change": say("can_change"),
        "sections": [
            {"heading": one.heading, "sentences": list(one.sentences)} for one in telling.sections
        ],
        "stop_heads": [say("stop"), say("to"), say("departures"), say("last")],
        "stops": [
            [one.stop, one.destination, ", ".join(one.times), one.times[-1]]
            for one in telling.stops
        ],
        "note": say("not_reviewed"),
        "address": telling.address or "",
        "qr": "" if telling.address is None else _qr(telling.address),
    }


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=4, border=2)
    return out.getvalue().decode()
