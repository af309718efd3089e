"""Names that were probably meant."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like a name, None where none is near."""
    import difflib  # noqa: PLC0415 - only a faulty file needs it

    near = difflib.get_close_matches(name[:80], list(known), n=1, cutoff=0.6)
    return near[0] if near else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return '; did you mean "seat"?' for a near name, or an empty string."""
    near = nearest(name, known)
    return "" if near is None else f'; did you mean "{near}"?'


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return names as "a, b, c", cut after `most` of them."""
    every = list(names)
    shown = ", ".join(every[:most])
    return f"{shown}, … ({len(every)} in all)" if len(every) > most else shown
