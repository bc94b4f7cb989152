"""Compiled for another processor: the same decisions, and amounts within 1e-12."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
SAME_BITS = ROOT / "tests" / "engine" / "drivers" / "test_same_bits.py"
# As numba names the least that a processor of this kind can do, and nothing besides.
GENERIC = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}

LONG = ("law", "projection")  # which compile the whole law

pytestmark = pytest.mark.compiled


def computed(what: str, folder: Path, **env: str) -> dict[str, np.ndarray]:
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-m", "tests.engine.on_processor", str(folder / "out.npz"), what],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        check=True,
        capture_output=True,
    )
    with np.load(folder / "out.npz") as file:
        return dict(file)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["small", *(pytest.param(one, marks=pytest.mark.long) for one in LONG)])
def test_another_processor_decides_the_same(tmp_path: Path, what: str) -> None:
    here = computed(what, tmp_path / "here")
    cache = tmp_path / "kernels"
    there = computed(what, tmp_path / "there", MICROSIM_CACHE=str(cache), **GENERIC)
    assert list(cache.rglob("*.nbc")), "nothing was compiled: the test shows nothing"
    assert here.keys() == there.keys()
    decisions = [name for name, values in here.items() if values.dtype.kind in "biu"]
    assert decisions
    for name, values in here.items():
        if name in decisions:
            np.testing.assert_array_equal(there[name], values, name)
        else:
            np.testing.assert_allclose(there[name], values, rtol=1e-12, atol=0, err_msg=name)


@pytest.mark.long
def test_bits_do_not_hang_on_threads_or_pieces_there_either(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(SAME_BITS)],
        cwd=ROOT,
        env={**os.environ, "MICROSIM_CACHE": str(tmp_path), **GENERIC},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
