"""Gathers microsim and all that it needs as wheels, for a computer without internet.

    python tools/wheelhouse.py wheelhouse                              # for a computer like this one
    python tools/wheelhouse.py wheelhouse --for windows --python 3.12  # for another one

The versions are those of uv.lock. `docs/offices.md` says how they are installed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = [sys.executable, "-m", "uv"]
_GLIBC = (17, 24, 26, 27, 28)  # 2.28 is that of Kylin V10, UOS 20 and Red Hat 8
# What uv calls a computer, and how wheels that run on it are marked.
TARGETS = {
    "windows": ("x86_64-pc-windows-msvc", ["win_amd64"]),
    "linux": (
        "x86_64-manylinux_2_28",
        [*(f"manylinux_2_{n}_x86_64" for n in _GLIBC), "manylinux2014_x86_64"],
    ),
    "linux-arm": (
        "aarch64-manylinux_2_28",
        [*(f"manylinux_2_{n}_aarch64" for n in _GLIBC), "manylinux2014_aarch64"],
    ),
    "mac": ("aarch64-apple-darwin", [f"macosx_{n}_0_arm64" for n in range(11, 15)]),
}


def gather(folder: Path, target: str | None, python: str | None, extras: list[str]) -> int:
    """Fill a folder with wheels; returns how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    run([*UV, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT])
    with tempfile.TemporaryDirectory() as scratch:
        locked, wanted = Path(scratch, "locked.txt"), Path(scratch, "wanted.txt")
        named = [part for extra in extras for part in ("--extra", extra)]
        run(
            [
                *UV,
                "export",
                "--quiet",
                "--project",
                ROOT,
                "--frozen",
                "--no-dev",
                "--no-emit-project",
                *named,
                "-o",
                locked,
            ]
        )
        # pip judges conditions such as "on Windows only" by the computer it runs on, uv by the one meant.
        here = [] if target is None else ["--python-platform", TARGETS[target][0]]
        version = [] if python is None else ["--python-version", python]
        resolve = [*UV, "pip", "compile", "--quiet", "--no-deps", "--generate-hashes", *here, *version]
        run([*resolve, locked, "-o", wanted])
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        download += ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--dest", str(folder)]
        if target is not None:
            download += [part for mark in TARGETS[target][1] for part in ("--platform", mark)]
        if python is not None:
            download += ["--python-version", python]
        run([*download, "-r", wanted])
    return len(list(folder.glob("*.whl")))


def run(command: list[str | Path]) -> None:
    """Run a command that must succeed."""
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder for the wheels")
    parser.add_argument("--for", dest="target", choices=TARGETS, help="the other computer's system")
    parser.add_argument("--python", help="the other computer's Python, as 3.12")
    parser.add_argument(
        "--extra", action="append", default=[], help="also what microsim[EXTRA] needs: survey, dask"
    )
    given = parser.parse_args()
    count = gather(given.folder, given.target, given.python, given.extra)
    print(f"{given.folder}: {count} wheels")


if __name__ == "__main__":
    main()
