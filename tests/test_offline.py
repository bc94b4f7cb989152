"""From a folder of wheels, in a network namespace without a network: installed, warmed, run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WITHOUT = ["unshare", "--map-root-user", "--net"]
REACH = "import socket; socket.create_connection(('pypi.org', 443), 5)"


@pytest.mark.long
def test_installed_and_run_without_a_network(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run([*WITHOUT, "true"], check=False).returncode:
        pytest.skip("no network namespace may be made here (unshare --net)")
    made = subprocess.run(
        [sys.executable, ROOT / "tools" / "wheelhouse.py", tmp_path / "wheelhouse"], check=False, cwd=tmp_path
    )
    if made.returncode:
        pytest.skip("the wheels cannot be had: no package index can be reached")
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "PYTHON", "MICROSIM_"))
        },
        "HOME": str(tmp_path / "home"),
        "MICROSIM_CACHE": str(tmp_path / "kernels"),
    }

    def offline(*command: object, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        given = [*WITHOUT, *map(str, command)]
        return subprocess.run(given, cwd=cwd, env=environment, capture_output=True, text=True, check=False)

    assert (
        "OSError" in offline(sys.executable, "-c", f"try: {REACH}\nexcept OSError: print('OSError')").stdout
    )
    home = tmp_path / "office"
    assert offline(sys.executable, "-m", "venv", home).returncode == 0
    install = ("-m", "pip", "install", "--no-index", "--find-links", tmp_path / "wheelhouse", "microsim")
    done = offline(home / "bin" / "python", *install)
    assert done.returncode == 0, done.stderr
    program = home / "bin" / "microsim"
    assert str(tmp_path / "kernels") in offline(program, "--version").stdout
    assert offline(program, "init", "county").returncode == 0
    county = tmp_path / "county"
    warmed = json.loads(offline(program, "cache", "--warm", "--json", cwd=county).stdout)
    assert warmed["compiled"] >= 2
    done = offline(program, "run", "scenarios/h-county-2020.yaml", "--xlsx", "--csv-bom", cwd=county)
    assert done.returncode == 0, done.stderr
    results = county / "results" / "h-county-2020"
    assert (results / "h-county-2020.xlsx").is_file()
    assert (results / "tables" / "expenditure.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    after = json.loads(offline(program, "cache", "--json", cwd=county).stdout)
    assert after["kernels"] == warmed["kernels"]  # the run found all that it needs
