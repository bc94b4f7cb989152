"""Docstrings as reStructuredText: lists of arguments become fields, and |x| stays a size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx.ext.napoleon import Config, GoogleDocstring
from sphinx.util.inspect import TypeAliasForwardRef

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx

# Types are in the signature.
CONFIG = Config(napoleon_attr_annotations=False, napoleon_use_ivar=True)
LITERAL = re.compile(r"(``.*?``)")
# One sentence each: a colon in it does not come after a type, as Sphinx's own reading would have it.
VALUES = {"attribute", "data", "property"}


def without_substitutions(line: str) -> str:
    """|x| as it is; reStructuredText would put in a text of that name."""
    parts = LITERAL.split(line)
    return "".join(part if part.startswith("``") else part.replace("|", r"\|") for part in parts)


def mend(app: Sphinx, what: str, name: str, it: Any, options: Any, lines: list[str]) -> None:
    """Rewrite the lines of a docstring in place."""
    if what not in VALUES:
        lines[:] = GoogleDocstring(lines, CONFIG, app, what, name, it).lines()
    lines[:] = [without_substitutions(line) for line in lines]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("autodoc-process-docstring", mend)
    # An alias within a union (`Floats | None`) is shown by its representation: let it be its name.
    TypeAliasForwardRef.__repr__ = lambda self: self.name
    return {"parallel_read_safe": True, "parallel_write_safe": True}
