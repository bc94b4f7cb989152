"""From a policy to numbers: the compiler of its rules, its kernels, and a plain interpreter beside them."""

from typing import Any


def __getattr__(name: str) -> Any:
    """What rules import (``from microsim.engine import person``) has moved to ``microsim.policy``."""
    from microsim import policy
    from microsim.renamed import say_renamed

    if name not in policy.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    say_renamed(f"microsim.engine.{name}", f"microsim.policy.{name}")
    return getattr(policy, name)
