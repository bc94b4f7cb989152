"""Links of pages to what the site does not hold, and names of types in signatures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform

import microsim

if TYPE_CHECKING:
    from typing import Any

    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class OutsideTheSite(SphinxPostTransform):
    """Folders, and pages that only a checkout has, are shown without a link."""

    default_priority = 8  # before MyST resolves its links

    def run(self, **kwargs: Any) -> None:
        """Replace links of this kind by their text."""
        for node in list(self.document.findall(pending_xref)):
            if node["reftype"] == "myst":
                target = Path(self.env.doc2path(node["refdoc"])).parent / node["reftarget"]
                if node["refdomain"] == "doc":
                    target = Path(self.env.srcdir) / f"{node['reftarget']}.md"
                    outside = target.is_file() and node["reftarget"] not in self.env.found_docs
                else:
                    outside = target.is_dir()
                if outside:
                    node.replace_self(node.children)


def public_type(app: Sphinx, env: BuildEnvironment, node: pending_xref, text: Element) -> Element | None:
    """Link a public type wherever it is defined; types of other libraries are shown without a link."""
    if node.get("refdomain") != "py" or "refwarn" in node:
        return None  # written by an author, who meant a link; types of signatures have no such mark
    name = node["reftarget"].rsplit(".", 1)[-1]
    if name not in microsim.__all__:
        return text
    return env.domains.python_domain.resolve_xref(
        env, node["refdoc"], app.builder, "obj", f"microsim.{name}", node, text
    )


def list_outside(app: Sphinx, failure: Exception | None) -> None:
    """Write the links that lead outside, with the pages that have them: nothing is fetched to check them."""
    if failure is not None or app.builder.format != "html":
        return
    found: dict[str, set[str]] = {}
    for page in sorted(Path(app.outdir).rglob("*.html")):
        for link in re.findall(r'class="reference external" href="(https?:[^"]*)"', page.read_text("utf-8")):
            found.setdefault(link, set()).add(page.relative_to(app.outdir).as_posix())
    lines = [f"{link}  {', '.join(sorted(pages))}" for link, pages in sorted(found.items())]
    Path(app.outdir, "outside-links.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_post_transform(OutsideTheSite)
    app.connect("missing-reference", public_type)
    app.connect("build-finished", list_outside)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
