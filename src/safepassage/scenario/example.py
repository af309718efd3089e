"""The commented scenario that a newcomer starts from."""

from importlib import resources

from safepassage.scenario.reading import atoms
from safepassage.scenario.reading.atoms import WrongError


def scenario_name(name: str) -> str:
    """Return a name that a new scenario may have: it becomes the name of a folder.

    Raises
    ------
    ValueError
        If it is not made of letters, digits, "-", "_" and ".".
    """
    try:
        return atoms.identifier(name)
    except WrongError as error:
        raise ValueError(f"got {atoms.shown(name)}, want {error.wanted}") from None


def example_text(name: str) -> str:
    """Return the text of scenario.toml for a new scenario of this name."""
    text = resources.files("safepassage.scenario").joinpath("example.toml").read_text("utf-8")
    return text.replace("NAME", name)
