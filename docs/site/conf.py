"""How the pages become a site (`make docs`). They stay plain Markdown that a forge shows as it is."""

from __future__ import annotations

import sys
from pathlib import Path

import microsim

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

project = "microsim"
author = "microsim authors"
project_copyright = author
version = release = microsim.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "docstrings",
    "contents",
    "formulas",
    "references",
    "two_languages",
]

# Pages are read where they are in the repository, so that their links hold on a forge and in the site.
root_doc = "docs/index"
include_patterns = [
    "docs/*.md",
    "docs/law/*.md",
    "docs/api/*.md",
    "notebooks/*.ipynb",
    "benchmarks/README.md",
    "README.md",
    "README.zh-CN.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
]
# Whole folders, which are then not searched for pages.
exclude_patterns = [
    ".*",
    "build",
    "dist",
    "results",
    "data",
    "microsim",
    "scenarios",
    "schemas",
    "tests",
    "tools",
]

# Markdown as forges read it: anchors of headings, and formulas between dollar signs.
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
# What could be a price or a variable of a shell is no formula.
myst_dmath_allow_digits = False
myst_dmath_allow_space = False
# Tests execute the notebooks; `make docs NOTEBOOKS=cache` shows their results too.
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # would be fetched
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_execution_cache_path = str(HERE.parents[1] / ".cache" / "notebooks")

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
# Shown by these names and not by what they are made of.
autodoc_type_aliases = {
    name: name.rsplit(".")[-1]
    for name in ("npt.ArrayLike", "ArrayLike", "Floats", "Data", "Changes", "npt.NDArray", "NDArray")
}
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
toc_object_entries_show_parents = "hide"

nitpicky = True
# Quotation marks stay as they are typed: the curly ones are full width in Chinese fonts.
smartquotes = False

html_theme = "furo"
html_title = "microsim"
html_static_path = ["static"]
html_extra_path = ["entry"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_search_language = "both"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None

suppress_warnings = ["config.cache"]
