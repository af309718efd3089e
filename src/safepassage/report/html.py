"""Write a report as one HTML file: no script, nothing fetched, prints on A4 in one ink."""

from functools import cache
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from safepassage.report.audience import Audience
from safepassage.report.document import Document, Text
from safepassage.report.drawing import swatch
from safepassage.report.typeset import plain


def html_of(document: Document, *, audience: Audience) -> str:
    """Return the whole page; it names its audience, so that two never share a folder."""
    page = _environment().get_template("report.html.j2")
    return page.render(document=document, audience=audience)


def _shown(value: object) -> object:
    """Return what is printed: words of users without hidden turns of direction."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _spans(content: Text) -> Markup:
    """Return a text as HTML: names isolated, other languages marked with their direction."""
    parts = []
    for span in content:
        inside = Markup.escape(plain(span.text))
        if span.language is not None:
            inside = Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(
                span.language, span.direction, inside
            )
        elif span.name:
            inside = Markup("<bdi>{}</bdi>").format(inside)
        if span.strong:
            inside = Markup("<strong>{}</strong>").format(inside)
        parts.append(inside)
    return Markup("").join(parts)


def _picture(source: str) -> Markup:
    """Return a drawing of our own as markup; words in it were escaped when it was drawn."""
    return Markup(source.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704


def _swatch(chart: str, kind: str) -> Markup:
    return _picture(swatch(f"key-{chart}-{kind}", kind))


@cache
def _environment() -> Environment:
    folder = files("safepassage.report") / "templates"
    names = ("report.html.j2", "report.css")
    sources = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["spans"] = _spans
    environment.filters["picture"] = _picture
    environment.filters["kind_of"] = lambda block: type(block).__name__
    environment.globals["swatch"] = _swatch
    # The style sheet is ours, not a user's.
    environment.globals["style"] = Markup(sources["report.css"])  # noqa: S704
    return environment
