"""Machine code on disk: a generated module and what numba makes of it, named by a hash of all it depends on.

numba's own cache looks only at the file of the function itself and would return old machine code when a rule
that was called from it is edited. Here the text of every rule is in the generated file, so an edited rule
is always another file.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib.util
import json
import linecache
import os
import platform
import re
import sys
import tempfile
import types
import warnings
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microsim.engine.compiler.emit import Text
from microsim.engine.compiler.nodes import Plan
from microsim.errors import InternalError, MicrosimError, Offence, RuleError

LOCK_SECONDS = 300.0


class NotCompiledError(InternalError):
    """A kernel would have to be compiled where nothing may be (``nothing_compiled``)."""


class CacheWarning(UserWarning):
    """The kernel cache cannot be used; kernels are compiled in memory."""


@dataclass(frozen=True, eq=False)
class Machine:
    """A function ready to run, the hash that names it, and whether the cache had it."""

    hash: str
    function: Callable[..., Any]
    from_cache: bool


def cache_folder() -> Path:
    """Where kernels are kept: ``MICROSIM_CACHE``, else the user's cache folder."""
    chosen = os.environ.get("MICROSIM_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    return Path(base or Path.home() / ".cache") / "microsim" / "kernels"


def name_of(source: str) -> str:
    """The hash of a kernel's text and of all else that its machine code depends on."""
    import llvmlite
    import numba
    import numpy as np

    settings = sorted(
        f"{k}={v}" for k, v in os.environ.items() if k.startswith("NUMBA_") and k != "NUMBA_NUM_THREADS"
    )
    parts = [
        source,
        Path(__file__).with_name("numba_passes.py").read_text(encoding="utf-8"),
        numba.__version__,
        llvmlite.__version__,
        np.__version__,
        platform.python_version(),
        *settings,
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def compiled(plan: Plan, text: Text, signature: tuple[Any, ...]) -> Machine:
    """The machine code of ``text`` for arguments of these types, from the cache or made now."""
    name = name_of(text.source)
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(folder / f"{name}.lock"):
            return _from_disk(plan, text, signature, name, folder)
    except OSError as error:
        _warn(f"the kernel cache {folder} cannot be used ({error.strerror or error}); compiling in memory")
        return _in_memory(plan, text, signature, name)


def _from_disk(plan: Plan, text: Text, signature: tuple[Any, ...], name: str, folder: Path) -> Machine:
    path = folder / f"kernel_{name}.py"
    source = text.source.replace("cache=CACHE", "cache=True")
    damaged = ""
    if not path.exists() or path.read_text(encoding="utf-8", errors="replace") != source:
        if path.exists():
            damaged = f"{path.name} in the kernel cache was not what it should be; it is written anew"
        _forget(folder, name)
        _write(path, source)
    sums = folder / f"kernel_{name}.json"
    found = _checksums(artefacts(folder, name))
    if found and found != _recorded(sums):
        if sums.exists():
            damaged = f"machine code of {path.name} in the kernel cache is damaged; it is compiled anew"
        _forget(folder, name)
        found = {}
    if not found and _only_found.get():
        raise NotCompiledError(f"kernel {name} is not compiled")
    function = _load(path, name)
    _compile(function, plan, text, signature)
    made = _checksums(artefacts(folder, name))
    if made != found:  # nothing was there, or not for columns of these types
        _write(sums, json.dumps(made))
    if damaged:
        _warn(damaged)
    return Machine(name, function, bool(found) and made == found)


def _in_memory(plan: Plan, text: Text, signature: tuple[Any, ...], name: str) -> Machine:
    source = text.source.replace("cache=CACHE", "cache=False")
    file = f"<kernel {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    module = types.ModuleType(f"microsim_kernel_{name}")
    exec(compile(source, file, "exec"), module.__dict__)
    function = getattr(module, plan.driver)
    _compile(function, plan, text, signature)
    return Machine(name, function, False)


def _load(path: Path, name: str) -> Callable[..., Any]:
    module_name = f"microsim_kernel_{name}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # numba finds the globals of a cached function through its module
    spec.loader.exec_module(module)
    function: Callable[..., Any] = next(
        getattr(module, driver)
        for driver in ("evaluate", "totals", "walk", "notches")
        if hasattr(module, driver)
    )
    return function


def _compile(function: Any, plan: Plan, text: Text, signature: tuple[Any, ...]) -> None:
    from numba.core.errors import NumbaError

    if not hasattr(function, "compile"):
        return  # NUMBA_DISABLE_JIT: the same text runs as plain Python
    try:
        function.compile(signature)
        # Other types at a call are a mistake of the driver, not a reason to compile again.
        function.disable_compile()
    except NumbaError as error:
        raise _in_words(error, plan, text) from None


_only_found: ContextVar[bool] = ContextVar("only_found", default=False)


@contextlib.contextmanager
def nothing_compiled() -> Iterator[None]:
    """Kernels that are not on disk raise ``NotCompiledError`` in this thread, in place of being compiled."""
    token = _only_found.set(True)
    try:
        yield
    finally:
        _only_found.reset(token)


@contextlib.contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Compilers make objects by the million that live to the end: a search for garbage finds none."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _in_words(error: Exception, plan: Plan, text: Text) -> MicrosimError:
    """numba's complaint as a sentence about the rule whose line it points at."""
    message = str(error)
    rule = None
    for number in re.findall(r"line (\d+)", message):
        rule = text.lines.get(int(number)) or rule
    first = [x for x in (re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in message.splitlines()) if x]
    said = next(
        (x for x in first if not x.startswith(("Failed in", "During:", "File ", "-"))), "no reason given"
    )
    node = plan.nodes.get(rule or "")
    made = node.item.rule if node is not None and node.item is not None else None
    place = made.place if made is not None else f"rule {rule}" if rule else "the generated function"
    if made is None:
        return InternalError(Offence(f"cannot be compiled: {said}", place))
    hint = "see that each path returns the same kind of value"
    return RuleError(Offence(f"cannot be compiled: {said}", place, hint))


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Only one process compiles a kernel; the others wait and find it in the cache."""
    from filelock import FileLock, Timeout

    lock = FileLock(str(path), timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise OSError(f"another process has held {path.name} for {LOCK_SECONDS:.0f} s") from None
    try:
        yield
    finally:
        lock.release()


def _write(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".write-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(temporary, 0o644)  # others may read a shared cache
    os.replace(temporary, path)


def artefacts(folder: Path, name: str) -> list[Path]:
    """The files of machine code that numba keeps for a kernel."""
    return sorted((folder / "__pycache__").glob(f"kernel_{name}.*.nb[ci]"))


def _checksums(files: list[Path]) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _recorded(sums: Path) -> dict[str, str] | None:
    """Checksums noted when the machine code was written; None where that cannot be read."""
    try:
        known = json.loads(sums.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) else None


def _forget(folder: Path, name: str) -> None:
    for file in [*artefacts(folder, name), folder / f"kernel_{name}.json"]:
        file.unlink(missing_ok=True)


_warned: set[str] = set()


def _warn(message: str) -> None:
    if message not in _warned:
        _warned.add(message)
        warnings.warn(message, CacheWarning, stacklevel=2)
