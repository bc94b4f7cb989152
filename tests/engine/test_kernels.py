"""Kernels: the same text from run to run, compiled once, and never a wrong answer from the cache."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from microsim.engine.runtime import cache as kernel_cache
from microsim.engine.runtime import kernels
from microsim.engine.runtime.cache import CacheWarning
from microsim.engine.runtime.kernels import Kernel, kernel_and_layout
from microsim.policy import count, household, person, total
from microsim.policy.policy import Policy
from microsim.simulation import simulate
from tests.engine.random_populations import TinyPopulation, tiny_population

ROOT = Path(__file__).resolve().parents[2]


@person
def net(wage_income: float, rate: float) -> float:
    """Wage less a rate."""
    return wage_income * (1 - rate)


@household
def gap(income: float, line: float, size: int, area: str) -> float:
    """What is missing up to the line."""
    missing = max(line * size - income, 0.0)
    return missing if area == "rural" else missing / 2


RULES = {"net": net, "income": total(net), "size": count(), "gap": gap}
PARAMETERS: dict[str, Any] = {"rate": 0.25, "line": {"by": "area", "values": {"rural": 400, "urban": 800}}}


def policy() -> Policy:
    return Policy.from_rules(RULES, PARAMETERS)


@pytest.fixture
def population() -> TinyPopulation:
    return tiny_population(7, 30)


def expected(
    data: TinyPopulation, rate: float = 0.25, rural: float = 400.0, urban: float = 800.0
) -> np.ndarray:
    """``gap``, written out with NumPy."""
    income = np.add.reduceat(data.person_columns["wage_income"] * (1 - rate), data.offsets[:-1])
    in_town = data.household_columns["area"] == 1
    missing = np.maximum(np.where(in_town, urban, rural) * np.diff(data.offsets) - income, 0)
    return np.where(in_town, missing / 2, missing)


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("MICROSIM_CACHE", str(tmp_path / "kernels"))
    monkeypatch.setattr(kernel_cache, "_warned", set())
    return tmp_path / "kernels"


@household
def third(assets: float, parts: float) -> float:
    """Little to compile."""
    return assets / parts


def thirds() -> Policy:
    return Policy.from_rules([third], {"parts": 3})


def kernel(data: TinyPopulation) -> Kernel:
    return kernel_and_layout(thirds(), ["third"], data)[0]


def is_right(data: TinyPopulation) -> bool:
    found = simulate(data, thirds(), ["third"]).array("third")
    return bool((found == data.household_columns["assets"] / 3).all())


# -- the text ------------------------------------------------------------------------------------------------


def run(code: str, **environment: str) -> subprocess.Popen[str]:
    """Python in a process of its own, at the root of the checkout."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str]) -> str:
    out, error = process.communicate(timeout=300)
    assert process.returncode == 0, error
    return out


@pytest.mark.slow
@pytest.mark.compiled  # the text does not hang on how it is run
def test_the_text_is_the_same_from_run_to_run() -> None:
    code = """
        from microsim.engine.runtime.kernels import generate
        from tests.engine.test_hoisting import OUTPUTS, PARAMETERS, RULES
        from tests.engine.random_populations import tiny_population
        from microsim.policy.policy import Policy
        policy = Policy.from_rules(RULES, PARAMETERS)
        data = tiny_population(1, 3)
        print(generate(policy, OUTPUTS, data)[0].source)
        print(generate(policy, [], data, driver="totals", varying=["rate", "line"], totals=OUTPUTS)[0].source)
        print(generate(policy, OUTPUTS, data, driver="walk", varying=["wage_income"])[0].source)
    """
    first, second = (run(code, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    text = answer(first)
    assert "for point in range(len(grid)):" in text
    assert text == answer(second)


def test_a_kernel_knows_what_it_reads_and_gives(population: TinyPopulation) -> None:
    made = kernel_and_layout(policy(), ["gap"], population)[0]
    assert set(made.inputs) == {"area", "wage_income"}
    assert made.outputs == ("gap",)
    assert len(made.hash) == 32
    assert made.source == made.text.source
    assert "# What is missing up to the line." in made.source
    assert set(made.text.lines.values()) >= {"gap", "net"}


# -- one kernel for many values ------------------------------------------------------------------------------


def test_a_reform_of_values_never_compiles(
    population: TinyPopulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = policy()
    first = kernel_and_layout(made, ["gap"], population)[0]

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(kernels, "generate", refuse)
    reformed = made.reform({"line.rural": 1000, "rate": 0.5}).reform({"rate": 0.0})
    assert kernel_and_layout(reformed, ["gap"], population)[0] is first
    found = simulate(population, reformed, ["gap"])
    np.testing.assert_allclose(found.array("gap"), expected(population, 0.0, 1000.0), rtol=1e-12)
    assert kernel_and_layout(made.at("2021-01-01"), ["gap"], population)[0] is first
    with pytest.raises(AssertionError, match="compiled again"):
        kernel_and_layout(made.with_rules({"size": count("disabled")}), ["gap"], population)


RULE = """
from microsim.policy import household

FACTOR = 2.0


def helper(x):
    return x * 3.0


@household
def payment(assets: float) -> float:
    return helper(assets) + FACTOR
"""


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("edited_rule", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_edited_rule_helper_or_constant_always_compiles(
    tmp_path: Path, population: TinyPopulation
) -> None:
    assets = population.household_columns["assets"]
    texts = [
        (RULE, 3 * assets + 2),
        (RULE.replace("+ FACTOR", "- FACTOR"), 3 * assets - 2),
        (RULE.replace("x * 3.0", "x * 4.0"), 4 * assets + 2),
        (RULE.replace("FACTOR = 2.0", "FACTOR = 7.0"), 3 * assets + 7),
    ]
    path, hashes = tmp_path / "edited.py", set()
    for k, (text, values) in enumerate(texts):
        path.write_text(text)
        os.utime(path, (k, k))  # an editor may be faster than the clock of a file system
        result = simulate(population, Policy.from_rules(loaded(path)), ["payment"])
        np.testing.assert_array_equal(result.array("payment"), values)
        hashes.add(result.kernel.hash)
    assert len(hashes) == len(texts)


def test_data_with_other_types_and_category_orders_has_kernels_of_its_own() -> None:
    data, made = tiny_population(7, 30), policy()
    swapped = TinyPopulation(
        data.offsets,
        {**data.household_columns, "area": (1 - data.household_columns["area"]).astype(np.int8)},
        {**data.person_columns, "wage_income": data.person_columns["wage_income"].astype(np.float32)},
        data.weight,
        data.household_id,
        data.person_id,
        {**data.categories, "area": ("urban", "rural")},
    )
    for each in (data, swapped, data):
        found = simulate(each, made, ["gap"]).array("gap")
        np.testing.assert_allclose(found, expected(data), rtol=1e-6)
    frozen = tiny_population(7, 30)
    for column in (*frozen.person_columns.values(), *frozen.household_columns.values(), frozen.weight):
        column.flags.writeable = False
    np.testing.assert_allclose(simulate(frozen, made, ["gap"]).array("gap"), expected(data), rtol=1e-12)


@pytest.mark.compiled
def test_other_types_of_column_do_not_look_like_damage(fresh: Path, population: TinyPopulation) -> None:
    first, assets = kernel(population), population.household_columns["assets"]
    single = dataclasses.replace(
        population, household_columns={**population.household_columns, "assets": assets.astype(np.float32)}
    )
    second = kernel(single)
    assert first.hash == second.hash
    assert not second.from_cache
    assert kernel(single).from_cache
    assets.flags.writeable = False  # the mark alone makes no other type
    assert kernel(population).from_cache


# -- the cache -----------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_a_second_process_finds_the_kernel(fresh: Path, population: TinyPopulation) -> None:
    assert not kernel(population).from_cache
    again = kernel(population)
    assert again.from_cache
    assert sorted(p.suffix for p in fresh.iterdir() if p.is_file()) == [".json", ".lock", ".py"]
    assert is_right(population)


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the kernel."""
    folder = tmp_path_factory.mktemp("once")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROSIM_CACHE", str(folder))
        kernel(tiny_population(7, 30))
    return folder


def artefact(fresh: Path, ending: str) -> Path:
    (found,) = fresh.rglob(f"*{ending}")
    return found


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("ending", "damage", "told"),
    [
        (".nbc", "cut", "is damaged; it is compiled anew"),
        (".nbc", "garbled", "is damaged; it is compiled anew"),
        (".nbc", "deleted", "is damaged; it is compiled anew"),
        (".nbi", "garbled", "is damaged; it is compiled anew"),
        (".py", "cut", "was not what it should be; it is written anew"),
        (".py", "garbled", "was not what it should be; it is written anew"),
        (".py", "deleted", ""),  # as after a compilation that was broken off
        (".json", "cut", "is damaged; it is compiled anew"),
        (".json", "deleted", ""),
    ],
)
def test_a_damaged_cache_gives_right_answers(
    fresh: Path,
    compiled_once: Path,
    population: TinyPopulation,
    ending: str,
    damage: str,
    told: str,
    recwarn: pytest.WarningsRecorder,
) -> None:
    shutil.copytree(compiled_once, fresh)
    assert kernel(population).from_cache
    path = artefact(fresh, ending)
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        case "garbled":
            path.write_bytes(bytes(255 - byte for byte in path.read_bytes()))
        case "deleted":
            path.unlink()
    assert is_right(population)
    warned = [str(w.message) for w in recwarn if w.category is CacheWarning]
    assert [told in message for message in warned] == ([True] if told else [])
    assert kernel(population).from_cache, "and it is mended"


def test_a_cache_that_cannot_be_written_is_told_and_done_without(
    tmp_path: Path, population: TinyPopulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a-file"
    file.write_text("in the way")
    monkeypatch.setenv("MICROSIM_CACHE", str(file / "kernels"))
    monkeypatch.setattr(kernel_cache, "_warned", set())
    with pytest.warns(CacheWarning, match=r"cannot be used \(.*\); compiling in memory"):
        assert is_right(population)


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MICROSIM_CACHE", str(tmp_path))
    assert kernel_cache.cache_folder() == tmp_path
    monkeypatch.delenv("MICROSIM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert kernel_cache.cache_folder() == tmp_path / "x" / "microsim" / "kernels"


ONCE = """
    from tests.engine import test_kernels as here
    data = here.tiny_population(7, 30)
    assert here.is_right(data)
    print(here.kernel(data).from_cache)
"""


@pytest.mark.slow
@pytest.mark.compiled
def test_two_processes_that_compile_at_once_both_succeed(fresh: Path) -> None:
    processes = [run(ONCE, PYTHONWARNINGS="error::UserWarning") for _ in range(2)]
    assert [answer(process).strip() for process in processes] == ["True", "True"]
    assert len(list(fresh.glob("*.py"))) == 1


def test_without_compilation_the_same_text_gives_the_same_numbers(tmp_path: Path) -> None:
    assert answer(run(ONCE, NUMBA_DISABLE_JIT="1", MICROSIM_CACHE=str(tmp_path))).strip() == "False"
    assert list(tmp_path.rglob("*.nbc")) == []
