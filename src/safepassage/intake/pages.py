"""The pages of the public host that are not released text: forms, receipts, answers."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from starlette.responses import Response

from safepassage.intake.desk import Desk
from safepassage.intake.forms import LONGEST, categories, plain
from safepassage.intake.wording import wordings

HTML = "text/html; charset=utf-8"


def shown(
    desk: Desk, language: str, name: str, data: Mapping[str, object], *, status: int = 200
) -> Response:
    """Return a page of our own: ask, register, answer, sent, nothing or not_found."""
    words = wordings()[language]
    released = desk.look()
    said = {"again": None, "kept": {}, "code": "", "said": None, "answered": False, **data}
    page = _environment().get_template("form.html.j2")
    content = page.render(
        name=name,
        words=words,
        language=language,
        others=[one for one in wordings().values() if one.language != language],
        drill=released is not None and released.mode == "DRILL",
        token=desk.tokens.new(desk.clock()),
        categories=categories(desk),
        registration=desk.registration,
        longest=LONGEST,
        css=_css(),
        **said,
    )
    return Response(content, status_code=status, media_type=HTML)


def shown_again(
    desk: Desk, language: str, name: str, given: Mapping[str, str], reason: str, *, status: int
) -> Response:
    """Return the form again with what was written, so that nothing is typed twice."""
    kept = {one: plain(text)[: LONGEST * 2] for one, text in given.items()}
    data = {"again": wordings()[language][reason], "kept": kept}
    return shown(desk, language, name, data, status=status)


def released_page(desk: Desk, language: str) -> Response:
    """Return the released page in a language, from memory."""
    released = desk.look()
    if released is None or f"{language}.html" not in released.files:
        return shown(desk, language, "nothing", {})
    return Response(
        released.files[f"{language}.html"],
        media_type=HTML,
        headers={"cache-control": "max-age=30", "content-language": language},
    )


def kept_to_itself(response: Response, desk: Desk) -> Response:
    """Add the headers that keep a page to itself."""
    released = desk.released
    styles = f"{_style()} {released.style}" if released is not None else _style()
    response.headers["content-security-policy"] = (
        f"default-src 'none'; style-src {styles}; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["cross-origin-opener-policy"] = "same-origin"
    response.headers.setdefault("cache-control", "no-store")
    return response


@cache
def _css() -> str:
    return (files("safepassage.intake") / "templates" / "form.css").read_text(encoding="utf-8")


@cache
def _style() -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(_css().encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    text = (files("safepassage.intake") / "templates" / "form.html.j2").read_text("utf-8")
    return Environment(
        loader=DictLoader({"form.html.j2": text}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
