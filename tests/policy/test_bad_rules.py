"""Rules that must be refused, each file beside the words its message must contain."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from microsim.engine.runtime.kernels import generate, kernel_and_layout
from microsim.errors import MicrosimError
from microsim.policy.policy import Policy
from tests.bad_files import bad_files, check_that_all_have_words, refused
from tests.engine.random_populations import tiny_population

COMPILED = ["not-compiled"]  # told by the compiler only
FILES = bad_files("rules", "py")


def loaded(path: Path) -> ModuleType:
    """The file as a module."""
    spec = importlib.util.spec_from_file_location(path.stem.replace("-", "_"), path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def policy_of(path: Path) -> tuple[Policy, list[str]]:
    """The file's rules, with its PARAMETERS and DATE; and its OUTPUTS, else ``payment`` or ``standing``."""
    module = loaded(path)
    policy = Policy.from_rules(module, getattr(module, "PARAMETERS", None), getattr(module, "DATE", None))
    usual = [name for name in ("payment", "standing") if name in policy.rules]
    return policy, getattr(module, "OUTPUTS", usual)


def test_every_bad_file_has_its_words() -> None:
    check_that_all_have_words("rules", "py")


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem not in COMPILED], ids=lambda path: path.stem
)
def test_a_bad_rule_is_refused_in_these_words(path: Path) -> None:
    refused(lambda bad: generate(*policy_of(bad), tiny_population(1, 2)), path)


@pytest.mark.compiled
@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem in COMPILED], ids=lambda path: path.stem
)
def test_what_the_compiler_cannot_do_is_told_with_the_rule(path: Path) -> None:
    refused(lambda bad: kernel_and_layout(*policy_of(bad), tiny_population(1, 2)), path)


def test_a_rule_whose_file_has_changed_since_it_was_loaded(tmp_path: Path) -> None:
    path = tmp_path / "changing.py"
    rule = "@household\ndef payment(assets: float) -> float:\n    return assets\n"
    text = f"from microsim.policy import household\n\n\n{rule}"
    path.write_text(text)
    policy, outputs = policy_of(path)
    path.write_text(text.replace("return assets", "return assets * 2"))
    with pytest.raises(MicrosimError, match="its file has changed since it was loaded; restart Python"):
        generate(policy, outputs, tiny_population(1, 2))


def test_a_rule_without_a_text() -> None:
    scope: dict[str, object] = {}
    exec("from microsim.policy import household\n@household\ndef payment(assets): return assets\n", scope)
    policy = Policy.from_rules({"payment": scope["payment"]})  # type: ignore[dict-item]
    with pytest.raises(MicrosimError, match="its source text cannot be found; write the rule in a file"):
        generate(policy, ["payment"], tiny_population(1, 2))
