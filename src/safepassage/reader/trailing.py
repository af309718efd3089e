"""Attributions that stand after or within what they attribute: ", witnesses said"."""

from safepassage.reader.cues import is_cue_lemma
from safepassage.reader.parsing import Tree


def trailing_attribution(tree: Tree, first: int, end: int) -> tuple[int, int] | None:
    """Return the comma and the verb of ", X said" at the end of a sentence, if it ends so."""
    last = end - 1
    while last > first and tree.words[last].dep == "punct":
        last -= 1
    if not is_cue_lemma(tree.words[last]):
        # "..., a monitor said, a day after ...": the verb stands between two commas.
        last = next(
            (
                i
                for i in range(first + 5, end - 1)
                if tree.words[i + 1].text == ","
                and is_cue_lemma(tree.words[i])
                and tree.words[i].tag in {"VBD", "VBZ", "VBP"}
                and not any(one.i > i for one in tree.kids(tree.words[i], "nsubj"))
                and any(one.text == "," for one in tree.words[max(first, i - 9) : i])
            ),
            -1,
        )
        if last < 0:
            return None
    comma = next((i for i in range(last - 1, first, -1) if tree.words[i].text == ","), None)
    if comma is None or comma - first < 4 or not 1 <= last - comma - 1 <= 12:
        return None
    inside = tree.words[comma + 1 : last]
    finite = any(one.tag in {"VBD", "VBZ", "VBP", "MD"} for one in tree.words[first:comma])
    nominal = any(one.pos in {"NOUN", "PROPN", "PRON"} for one in inside)
    if any(one.verb for one in inside) or not finite or not nominal:
        return None
    if inside[0].low in {"something", "which", "who", "that", "and", "but"}:
        return None
    return comma, last
