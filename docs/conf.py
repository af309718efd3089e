"""Sphinx configuration of the pages under docs/."""

project = "Safe Passage"
author = "the Safe Passage team"
project_copyright = "2026, the Safe Passage team"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
master_doc = "index"
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Safe Passage"
html_show_sourcelink = False
myst_heading_anchors = 3
myst_enable_extensions = ["deflist", "colon_fence"]
suppress_warnings = ["myst.xref_missing"]
