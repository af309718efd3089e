"""The Python blocks of the README and the pages run as they stand."""

from pathlib import Path

import pytest
from sybil import Sybil
from sybil.document import Document
from sybil.parsers.markdown import PythonCodeBlockParser

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITH_CODE = [
    page
    for page in PAGES
    if "_build" not in page.parts and "```python" in page.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    reader = Sybil(parsers=[PythonCodeBlockParser()])
    document: Document = reader.parse(page)
    blocks = list(document.examples())
    assert blocks
    for block in blocks:
        block.evaluate()
