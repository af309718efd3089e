"""Collect the English sentences that other rooms, and the board's own code, say to people.

Read from the sources: the texts of errors, faults and refusals, `%(name)s` where a value is put in.
`scripts/words.py` writes them into the table that the board translates by.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[1] / "src" / "safepassage"
SAY = (
    *("board/**/*.py", "clearance/from_now.py", "clearance/recording.py"),
    *("ledger/batch.py", "ledger/entry.py", "ledger/fields.py", "ledger/log.py"),
    *("ledger/postgres.py", "ledger/sqlite.py"),
    *("report/public/notice.py", "report/public/exact.py", "report/public/released.py"),
    *("intake/queue.py", "intake/sealing.py", "reader/opening.py", "reader/reading.py"),
)
"""Files whose errors and faults a page of the board may show."""
LOOSELY = tuple(
    f"planner/{one}.py"
    for one in ("following", "people_numbers", "why_changed", "reasons", "worth_of_more")
)
"""Files whose reasons are texts wherever they stand: why people are left, why a convoy changes."""
NOT = ("board/tls.py", "board/mode.py", "board/exercise/", "board/making.py", "board/phone/page.py")
"""Of those, what only the command line says."""
PAGES = frozenset(
    {
        *("_clearance", "_plan", "_holds", "_documents", "_jobs", "_job", "_people", "_held"),
        *("_phones", "index", "cards", "messages", "public", "_overview", "_slip"),
    }
)
"""Functions that show a page with what is wrong."""
NAMED = frozenset({"fault", "faults", "found", "wanted", "want", "why"})
"""Variables and arguments that hold such a text."""


def sentences() -> list[str]:
    """Return every sentence once, in order."""
    found: set[str] = set()
    for pattern in SAY:
        for path in sorted(HOUSE.glob(pattern)):
            if not str(path.relative_to(HOUSE)).startswith(NOT):
                found |= set(said_in(path.read_text(encoding="utf-8")))
    for name in LOOSELY:
        found |= set(texts_in((HOUSE / name).read_text(encoding="utf-8")))
    return sorted(one for one in found if _says(one))


def texts_in(source: str) -> Iterator[str]:
    """Yield every text of a file that is no docstring and no part of another text."""
    tree = ast.parse(source)
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.BinOp) or _is_docstring(node)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and id(node) not in inside:
            text = _sentence(node)
            if text is not None:
                yield text


def said_in(source: str) -> Iterator[str]:
    """Yield the sentences of one file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            faults = name.endswith(("Error", "Exception")) or name in {"Fault", "_fault"}
            if faults or name in PAGES:
                yield from (text for one in node.args for text in _texts(one))
            yield from (
                text for one in node.keywords if one.arg in NAMED for text in _texts(one.value)
            )
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "why":
                    yield from _texts(value)
        elif isinstance(node, ast.Assign):
            names = {one.id.lower() for one in node.targets if isinstance(one, ast.Name)}
            if names & NAMED:
                yield from _texts(node.value)
        elif isinstance(node, ast.Return) and node.value is not None:
            text = _sentence(node.value)
            if text is not None and " " in text:
                yield text


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the sentences that an argument may be."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for one in node.values:
            yield from _texts(one)
    elif isinstance(node, ast.Tuple | ast.List):
        for one in node.elts:
            yield from _texts(one)
    elif isinstance(node, ast.Call) and _name(node.func) == "Fault":
        return
    else:
        text = _sentence(node)
        if text is not None:
            yield text


def _sentence(node: ast.expr) -> str | None:
    """Return a text with the values that are put into it by name; None where it is none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        taken: list[str] = []
        return "".join(
            str(one.value) if isinstance(one, ast.Constant) else _value(one, taken)
            for one in node.values
        )
    if isinstance(node, ast.Call) and _name(node.func) == "later":
        return _sentence(node.args[0])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _sentence(node.left), _sentence(node.right)
        if left is None and right is None:
            return None
        return f"{_or_value(left)}{_or_value(right)}"
    return None


def _or_value(text: str | None) -> str:
    return "%(list)s" if text is None else text


def _value(node: ast.expr, taken: list[str]) -> str:
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    name = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "value")
    name = name.lower().strip("_")
    taken.append(name)
    number = taken.count(name)
    return f"%({name if number == 1 else name + str(number)})s"


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _says(text: str) -> bool:
    """Tell whether a text has words for people: no path of a field, no format, no template."""
    bare = re.sub(r"%\(\w+\)s", "", text)
    if "\n" in text or "<svg" in text or "%" in bare or not re.search(r"[A-Za-z]{2,}", bare):
        return False
    path = re.fullmatch(r"[a-z_]*\.[a-z_]*|safepassage/\S*|\S+\.(html\.j2|json|md|py)|/\S*", bare)
    words = re.findall(r"[A-Za-z]{2,}", bare)
    many = len(words) > 1 or any(len(one) > 4 for one in words)
    return path is None and " " in text.strip() and many


if __name__ == "__main__":
    for one in sentences():
        print(one)  # noqa: T201 - to be looked at
