"""Each party's version of a term: whether they say the same."""

import unicodedata
from collections.abc import Mapping


def versions_differ(versions: Mapping[str, str]) -> bool:
    """Tell whether two parties have been heard to say a term in different words.

    Spaces, capitals and the marks at either end are no difference; every other letter and digit
    is. A party that nobody has heard differs from nobody: its version is not known.
    """
    return len({_plain(one) for one in versions.values()}) > 1


def _plain(text: str) -> str:
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return folded.strip(" .,;:!?\"'«»“”،؛؟")
