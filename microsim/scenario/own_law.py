"""``law_package: mylaw``: a scenario that brings rules and parameters of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from microsim.documents import Document, shown
from microsim.documents.findings import Findings
from microsim.errors import MicrosimError, Offence

if TYPE_CHECKING:
    from microsim.policy.own_law import OwnLaw

# What may happen to own rules: nothing, so that a scenario with some is rejected; their text may be read; or
# they may be run.
Code = Literal["refused", "read", "run"]

KEY = "law_package"
ALLOW = "read them; if you trust them, add --allow-code (in Python: allow_code=True)"


def own_law_of(
    found: Findings, document: Document, said: str | None, code: Code
) -> tuple[OwnLaw | None, tuple[Offence, ...]]:
    """The own law that a scenario names, and what is wrong in its files; what is wrong with the path, or
    that its rules may not be run, goes to ``found``.

    The folder lies below that of the file that names it, symbolic links followed: a scenario handed on
    cannot reach into other folders.
    """
    if said is None:
        return None, ()
    from microsim.policy.own_law import read_own_law
    from microsim.policy.policy import PACKAGED_LAW

    home = document.file(KEY).parent
    folder = home / said
    try:
        outside = Path(said).is_absolute() or not folder.resolve().is_relative_to(home.resolve())
        if outside or folder.resolve() == home.resolve():
            hint = f"move it into a folder of its own below {shown(home)}, and give the path from there"
            found.add((KEY,), f"'{said}' is not a folder below the one of this file", hint)
            return None, ()
        own = read_own_law(folder, run=code == "run", beside=PACKAGED_LAW)
        own.programmes()
    except MicrosimError as error:
        return None, error.offences
    except (OSError, ValueError) as error:  # a name too long, a letter no name may have, a folder not ours
        found.add((KEY,), f"'{said[:80]}' cannot be read: {error}")
        return None, ()
    if code == "refused":
        found.add((KEY,), f"'{said}' holds rules in Python, which would be run: {told_rules(own)}", ALLOW)
    return own, ()


def told_rules(own: OwnLaw) -> str:
    """The files with rules, and how many each has."""
    files = [(own.folder / f"{programme}.py", len(rules)) for programme, rules in own.rules.items()]
    return ", ".join(f"{shown(path)} ({n} {'rule' if n == 1 else 'rules'})" for path, n in files)
