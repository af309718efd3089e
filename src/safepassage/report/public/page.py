"""The public page: plain HTML without script, under 15 kB, from the top to the bottom one text."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined

from safepassage.report.public.telling import Telling
from safepassage.report.public.words import LANGUAGES, RIGHT_TO_LEFT, word
from safepassage.report.typeset import plain

LARGEST_PAGE = 15_000
"""Bytes: on a 2G link of 40 kbit/s a page of this size takes three seconds."""


class PageTooLargeError(ValueError):
    """A page would take too long on a slow link; the message says what to shorten."""


def page_of(telling: Telling, *, asking: bool) -> bytes:
    """Return the page in one language; `asking` links to the form on the same host.

    Raises
    ------
    PageTooLargeError
        If it would be larger than `LARGEST_PAGE`.
    """
    language = telling.language
    page = _environment().get_template("page.html.j2")
    made = page.render(
        telling=telling,
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        others=[one for one in LANGUAGES if one != language],
        asking=asking,
        css=_css(),
        say=lambda key: word(key, language),
        say_in=word,
    ).encode()
    if len(made) > LARGEST_PAGE:
        raise PageTooLargeError(
            f"the page in '{language}' has {len(made)} bytes, at most {LARGEST_PAGE} load quickly "
            "on a slow link: shorten the lines, or publish the timetable as a file of its own"
        )
    return made


def style_source() -> str:
    """Return what a content security policy names to allow this page's own style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(_css().encode()).digest()).decode()}'"


@cache
def _css() -> str:
    return (files("safepassage.report.public") / "page.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    text = (files("safepassage.report.public") / "page.html.j2").read_text(encoding="utf-8")
    return Environment(
        loader=DictLoader({"page.html.j2": text}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
