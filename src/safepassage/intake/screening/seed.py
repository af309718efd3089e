"""What the classifier knows before a moderator has chosen anything: a short list of our own."""

from importlib.resources import files

from safepassage.intake.screening.folding import fold


def seed() -> tuple[tuple[str, bool], ...]:
    """Return folded texts and whether each is junk."""
    return (
        *((one, True) for one in _lines("seed_junk.txt")),
        *((one, False) for one in _lines("seed_genuine.txt")),
    )


def _lines(name: str) -> tuple[str, ...]:
    text = (files("safepassage.intake.screening") / name).read_text(encoding="utf-8")
    return tuple(fold(one) for one in text.splitlines() if one and not one.startswith("#"))
