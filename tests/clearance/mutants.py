"""Makes mutants of a module's source: one small, wrong change each."""

import ast
import copy
import types
from collections.abc import Callable, Iterator
from pathlib import Path

SWAPPED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),  # codespell:ignore
    ast.NotIn: (ast.In,),  # codespell:ignore
}
ONLY_SHOWN = frozenset({"note", "rests_on", "words", "subject"})
"""Arguments that a person reads; they decide nothing."""

SHOWN_BY = frozenset({"_reason", "_not_asked", "_by", "promised", "checked", "code", "rests_on"})
"""Functions that make words for people."""

Change = Callable[[ast.AST], None]


def mutants(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield (what was changed, the changed tree) for each mutant of a module."""
    tree = ast.parse(source)
    nodes = [one for one in ast.walk(tree) if not _shown(one)]
    _mark(tree)
    for number, node in enumerate(nodes):
        if getattr(node, "only_shown", False):
            continue
        for what, change in _changes(node):
            changed = copy.deepcopy(tree)
            target = [one for one in ast.walk(changed) if not _shown(one)][number]
            change(target)
            ast.fix_missing_locations(changed)
            line = getattr(node, "lineno", 0)
            yield f"{line}: {ast.unparse(node).splitlines()[0][:70]} -> {what}", changed


def _shown(node: ast.AST) -> bool:
    return isinstance(node, ast.expr_context | ast.operator | ast.boolop | ast.cmpop | ast.unaryop)


def _mark(tree: ast.AST) -> None:
    """Mark what decides nothing: annotations, docstrings, imports, words for people."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.keyword) and node.arg in ONLY_SHOWN:
            parts.append(node.value)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {one.id for one in targets if isinstance(one, ast.Name)}
            if names & {
                "_WORDS",
                "NOT_ASKED",
                "OTHERWISE",
                "SENTENCES",
                "OF_PLACES",
                "subject",
                "rests_on",
                "Line",
            }:
                parts.append(node.value)
            if isinstance(node, ast.AnnAssign):
                parts.append(node.annotation)
        if isinstance(node, ast.FunctionDef):
            parts += [node.returns, *(one.annotation for one in node.args.args)]
            parts += [one.annotation for one in node.args.kwonlyargs]
            if node.name in SHOWN_BY:
                parts.append(node)
        if isinstance(node, ast.ClassDef | ast.JoinedStr):
            parts.append(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            # The subject of a standing is for people; its line and state are the rule's.
            parts += node.args[1:2] if node.func.id == "Standing" else []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts.append(node)
        if isinstance(node, ast.ImportFrom | ast.Import):
            parts.append(node)
        for part in parts:
            if part is not None:
                for one in ast.walk(part):
                    one.only_shown = True  # type: ignore[attr-defined]


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            for other in SWAPPED[type(op)]:
                yield f"{other.__name__} at {place}", _compare(place, other)
    elif isinstance(node, ast.BoolOp):
        other_op = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield other_op.__name__, _set("op", other_op())
        for place in range(len(node.values)):
            yield f"without {ast.unparse(node.values[place])}", _without(place)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without not", _not_not
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield str(not node.value), _set("value", not node.value)
        elif isinstance(node.value, int):
            yield str(node.value + 1), _set("value", node.value + 1)
        elif isinstance(node.value, str) and node.value:
            yield "other word", _set("value", node.value + "?")
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other_bin = ast.Sub if isinstance(node.op, ast.Add) else ast.Add
        yield other_bin.__name__, _set("op", other_bin())
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        swap = {"min": "max", "max": "min", "any": "all", "all": "any"}.get(node.func.id)
        if swap is not None:
            yield swap, _set("func", ast.Name(swap, ast.Load()))
        if node.func.id == "abs":
            yield "without abs", _without_abs
    elif isinstance(node, ast.If):
        yield "if True", _set("test", ast.Constant(value=True))
        yield "if False", _set("test", ast.Constant(value=False))
    elif isinstance(node, ast.IfExp):
        yield "always first", _set("test", ast.Constant(value=True))
        yield "always second", _set("test", ast.Constant(value=False))
    elif isinstance(node, ast.AugAssign):
        yield "nothing added", _set("value", ast.List([], ast.Load()))


def _set(name: str, value: object) -> Change:
    def change(node: ast.AST) -> None:
        setattr(node, name, value)

    return change


def _compare(place: int, other: type[ast.cmpop]) -> Change:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Compare)
        node.ops[place] = other()

    return change


def _without(place: int) -> Change:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.BoolOp)
        del node.values[place]

    return change


def _not_not(node: ast.AST) -> None:
    assert isinstance(node, ast.UnaryOp)
    node.op = ast.UAdd()
    node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])


def _without_abs(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    node.func = ast.Lambda(
        ast.arguments([], [ast.arg("x")], None, [], [], None, []), ast.Name("x", ast.Load())
    )


def module_of(tree: ast.Module, name: str, path: Path) -> types.ModuleType:
    """Return a module made from a tree."""
    import sys  # noqa: PLC0415

    module = types.ModuleType(name)
    module.__file__ = str(path)
    # Dataclasses look their module up by name.
    sys.modules[name] = module
    try:
        exec(compile(tree, str(path), "exec"), vars(module))  # noqa: S102 - our own source
    finally:
        del sys.modules[name]
    return module
