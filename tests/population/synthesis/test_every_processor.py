"""One profile and one seed give the same bytes whatever the processor, its instructions and its BLAS.

The committed counties are made anew, in processes of their own, with every way of computing that can be
switched: NumPy without any instruction set beyond the least, another BLAS kernel, machine code of numba for a
processor without extensions. And within one process, with all that may differ in its last bit nudged there.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.special

from microsim.numerics.sums import total
from microsim.population import County, Population, synthesize
from microsim.population.synthesis.incomes import _fitted

ROOT = Path(__file__).parents[3]
SYNTHETIC = ROOT / "data" / "synthetic"
ROWS = {
    "h-county": None,
    "h-county-2016": None,
    "central-county": 8_000,
    "coastal-county": 7_000,
    "pilot-county": 7_000,
    "plateau-county": 6_000,
}
# These two in every run, in a third of the time; the others in the long tests.
FEW = ("pilot-county", "plateau-county")
FILES = ("persons.parquet", "households.parquet")
MAKE = """
import hashlib, json, sys, tempfile
from pathlib import Path
from microsim.population import County, synthesize
out = {}
for name, rows in json.loads(sys.argv[2]).items():
    with tempfile.TemporaryDirectory() as folder:
        synthesize(County.read(Path(sys.argv[1]) / name), households=rows).write(Path(folder) / "made")
        for file in ("persons.parquet", "households.parquet"):
            out[f"{name}/{file}"] = hashlib.sha256((Path(folder) / "made" / file).read_bytes()).hexdigest()
print(json.dumps(out))
"""


def features() -> str:
    """Every instruction set that NumPy chooses by the processor, as its switch wants them."""
    return ",".join(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))  # type: ignore[index]


@pytest.mark.slow
@pytest.mark.parametrize("names", [FEW, pytest.param((*ROWS,), marks=pytest.mark.long)], ids=len)
@pytest.mark.parametrize(
    "switch",
    [
        {"NPY_DISABLE_CPU_FEATURES": features()},
        {"OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "1"},
        {"NUMBA_CPU_NAME": "generic", "MICROSIM_THREADS": "1"},
    ],
    ids=lambda switch: next(iter(switch)),
)
def test_the_committed_counties_are_the_same_bytes(
    switch: dict[str, str], names: tuple[str, ...], tmp_path: Path
) -> None:
    kept = {"NUMBA_CACHE_DIR": str(tmp_path)} if "NUMBA_CPU_NAME" in switch else {}
    done = subprocess.run(
        [sys.executable, "-c", MAKE, str(SYNTHETIC), json.dumps({name: ROWS[name] for name in names})],
        env={**os.environ, **switch, **kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    committed = {
        f"{name}/{file}": hashlib.sha256((SYNTHETIC / name / file).read_bytes()).hexdigest()
        for name in names
        for file in FILES
    }
    assert json.loads(done.stdout) == committed


# --- the last bit


def nudged(function: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    """The function with its floating-point results moved by one unit in the last place, up, down or not."""

    def wrapped(*args: Any, **options: Any) -> Any:
        out = function(*args, **options)
        if not isinstance(out, np.ndarray | np.floating) or out.dtype != np.float64:
            return out
        towards = rng.choice([-np.inf, np.inf], size=np.shape(out))
        return np.where(rng.random(np.shape(out)) < 2 / 3, np.nextafter(out, towards), out)[()]

    return wrapped


@pytest.fixture
def last_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything vectorised that is transcendental, and every product of matrices, nudged at random."""
    total([0.0])  # numba reads NumPy's functions once, which must be before they are replaced
    rng = np.random.default_rng(12)
    of_numpy = "exp exp2 expm1 log log2 log10 log1p power float_power sin cos tan tanh logaddexp hypot cbrt"
    of_scipy = "ndtr ndtri betainc betaincinv betaln gammaln gamma expit logit erf erfc erfinv log1p expm1"
    products = "dot matmul vdot inner einsum tensordot"
    for module, names in ((np, f"{of_numpy} {products}"), (scipy.special, of_scipy)):
        for name in names.split():
            patched = nudged(getattr(module, name), rng)
            monkeypatch.setattr(module, name, patched)
    for name in ("solve", "lstsq", "qr", "eigh", "svd", "inv"):
        monkeypatch.setattr(np.linalg, name, _parts_nudged(getattr(np.linalg, name), rng))


def _parts_nudged(function: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    def wrapped(*args: Any, **options: Any) -> Any:
        out = function(*args, **options)
        if not isinstance(out, tuple):
            return nudged(lambda: out, rng)()
        parts = [nudged(lambda part=part: part, rng)() for part in out]
        return out._make(parts) if hasattr(out, "_make") else tuple(parts)

    return wrapped


@pytest.mark.parametrize(
    "name", [name if name in FEW else pytest.param(name, marks=pytest.mark.long) for name in ROWS]
)
def test_a_last_bit_changes_nothing(name: str, tmp_path: Path, last_bits: None) -> None:
    _fitted.cache_clear()  # so that its distribution of incomes is fitted with the nudges, too
    made = synthesize(County.read(SYNTHETIC / name), households=ROWS[name])
    assert made.hash == Population.read(SYNTHETIC / name).hash
    made.write(tmp_path / "made")
    for file in FILES:
        assert (tmp_path / "made" / file).read_bytes() == (SYNTHETIC / name / file).read_bytes()


def test_the_nudges_are_felt(last_bits: None) -> None:
    x = np.linspace(0.1, 0.9, 50)
    assert np.exp(x).tolist() != [math.exp(value) for value in x]
    assert (scipy.special.ndtri(x) != scipy.special.ndtri(x)).any()
    assert np.allclose(np.matmul(np.eye(2), np.eye(2)), np.eye(2))
    assert (np.matmul(np.eye(9), np.eye(9)) != np.eye(9)).any()


# What a module may not call that decides who is drawn, chosen or weighted: reports may.
FORBIDDEN = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "power", "float_power", "sin", "cos", "tan",
    "logaddexp", "dot", "matmul", "vdot", "inner", "einsum", "tensordot", "lstsq", "solve", "inv", "svd",
}  # fmt: skip
REPORTS = {"fit.py", "fit_drawn.py"}


def calls_of(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        of_numpy = isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"np", "np.linalg"}
        named = of_numpy and node.attr in FORBIDDEN
        product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
        scipys = isinstance(node, ast.ImportFrom) and node.module in {"scipy.special", "scipy.stats"}
        if named or product or scipys:
            found.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
    return found


def test_what_decides_calls_nothing_whose_last_bit_differs() -> None:
    modules = sorted((ROOT / "microsim" / "population").glob("**/*.py"))
    assert [call for path in modules if path.name not in REPORTS for call in calls_of(path)] == []
    assert any(calls_of(path) for path in modules if path.name in REPORTS)
