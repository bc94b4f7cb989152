"""Compiled policies: from a plan's text to machine code, remembered on disk.

numba's own cache looks only at the file of the function itself and would return old machine code when a rule
that was called from it is edited. Here the text of every rule stands in the generated file, and the file is
named by the hash of all it depends on, so an edited rule is always another file.
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.engine.codegen import Text, write
from microsim.engine.data import Data, column, columns_of
from microsim.engine.graph import Item
from microsim.engine.nodes import Driver, Plan
from microsim.engine.plan import make_plan
from microsim.errors import MicrosimError, Offence

if TYPE_CHECKING:
    from microsim.engine.policy import Policy

# The numba options of every kernel, in one place. nogil: blocks of households run in plain threads. numpy
# error model: no test for division by zero in the loop. No fastmath: it changes bits.
OPTIONS = 'dict(nogil=True, error_model="numpy", boundscheck=False)'

LOCK_SECONDS = 300.0


class CacheWarning(UserWarning):
    """The kernel cache cannot be used; kernels are compiled in memory."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """A compiled policy.

    ``source`` is the readable text, ``hash`` names it in the cache, ``inputs`` are the population columns it
    reads and ``outputs`` the values it gives.
    """

    plan: Plan
    text: Text
    hash: str
    function: Callable[..., Any]
    from_cache: bool

    @property
    def source(self) -> str:
        return self.text.source

    @property
    def inputs(self) -> tuple[str, ...]:
        return (*self.text.person_columns, *self.text.household_columns)

    @property
    def outputs(self) -> tuple[str, ...]:
        return self.text.outputs


def kernel_for(
    policy: Policy,
    outputs: Sequence[str],
    data: Data,
    *,
    driver: Driver = "evaluate",
    varying: Sequence[str] = (),
    totals: Sequence[str] = (),
) -> Kernel:
    """The kernel of ``policy`` for ``outputs`` on data with these columns and categories.

    ``varying``: argument names of parameters (``totals``) or the walked column (``walk``); values play no
    part, so that reforms share one kernel. ``totals``: household values whose weighted sums are taken on the
    way.
    """
    columns = columns_of(data)
    asked = (tuple(outputs), driver, tuple(sorted(varying)), tuple(totals))
    known = (*asked, tuple(sorted(columns.entities.items())), tuple(sorted(columns.categories.items())))
    written = policy.book.kernels.get(known)
    if written is None:
        written = generate(policy, outputs, data, driver=driver, varying=varying, totals=totals)
        policy.book.kernels[known] = written
    text, plan = written
    # Only columns that the text reads are looked at: others may not even have been made yet.
    read = [data.offsets, data.weight]
    read += [data.person_columns[name] for name in text.person_columns]
    read += [data.household_columns[name] for name in text.household_columns]
    types = tuple((a.dtype.str, a.flags.writeable, a.flags.c_contiguous) for a in read)
    key = (*known, types, os.environ.get("MICROSIM_CACHE"))
    kernel = policy.book.kernels.get(key)
    if kernel is None:
        kernel = _compiled(plan, text, _signature(plan, text, data))
        policy.book.kernels[key] = kernel
    assert isinstance(kernel, Kernel)
    return kernel


def generate(
    policy: Policy,
    outputs: Sequence[str],
    data: Data,
    *,
    driver: Driver = "evaluate",
    varying: Sequence[str] = (),
    totals: Sequence[str] = (),
) -> tuple[Text, Plan]:
    """The readable text of a kernel, without compiling it."""
    wanted = tuple(dict.fromkeys([*outputs, *totals]))
    items = policy.book.resolve(wanted, columns_of(data))
    _check_wanted(items, outputs, totals, driver)
    plan = make_plan(items, wanted, driver, [v for v in varying if v in items])
    keep = tuple(outputs)
    plan.outputs = keep if driver != "totals" else ()
    # The date is no part of the text: a policy on another day with the same rules shares the kernel.
    title = f"{driver.capitalize()}: {', '.join(wanted[:6])}{' ...' if len(wanted) > 6 else ''}"
    return write(plan, OPTIONS, tuple(totals), title), plan


def _check_wanted(
    items: Mapping[str, Item], outputs: Sequence[str], totals: Sequence[str], driver: Driver
) -> None:
    """Raises for what is no value of households, or not one number where a number is needed."""
    offences = []
    if driver == "walk" and not outputs:
        offences.append(Offence("no outputs are asked for", "outputs", "name at least one household value"))
    for name in dict.fromkeys([*outputs, *totals]):
        item = items[name]
        parameter = item.parameter
        if parameter is not None and parameter.kind not in ("number", "boolean"):
            hint = f"policy.value('{parameter.name}') gives it"
            offences.append(
                Offence(f"'{name}' is a {parameter.kind} and no value of households", "outputs", hint)
            )
        elif item.categories and name in totals:
            hint = "count a yes/no rule instead"
            offences.append(Offence(f"'{name}' is a category and has no total", "outputs", hint))
        elif item.level == "person" and (name in totals or driver == "walk"):
            hint = f"take total({name}) or another household value"
            offences.append(Offence(f"'{name}' differs from person to person", "outputs", hint))
    if offences:
        raise MicrosimError(offences)


OUTPUT_TYPES = {"float": "float64", "bool": "bool", "int": "int64", "category": "uint8"}


def output_type(plan: Plan, name: str, data: Data) -> Any:
    """NumPy dtype of an output; a column asked for as output keeps its own."""
    import numpy as np

    node = plan.nodes[name]
    if node.kind == "column" and node.column:
        return column(data, node.column, node.level == "person").dtype
    return np.dtype(OUTPUT_TYPES[node.dtype])


def _signature(plan: Plan, text: Text, data: Data) -> tuple[Any, ...]:
    """numba types of the kernel's arguments: it is compiled once, under the lock, for the data at hand."""
    import numpy as np
    from numba import typeof as numba_type
    from numba import types

    typeof: Callable[[Any], Any] = numba_type

    def array(dtype: Any, dimensions: int) -> Any:
        return typeof(np.empty((1,) * dimensions, dtype))

    i8, f8 = types.int64, np.float64
    offsets, weight, group = typeof(data.offsets), typeof(data.weight), array(np.uint8, 1)
    if plan.driver == "walk":
        fixed = [i8, i8, array(np.uint64, 1), array(np.uint64, 1), array(f8, 1), offsets, array(f8, 1), i8]
    else:
        sums = array(f8, 3 if plan.driver == "evaluate" else 4)
        vary = [array(f8, 2)] if plan.driver == "totals" else []
        fixed = [i8, i8, i8, offsets, weight, group, sums, array(f8, 1), *vary, i8]
    columns = [typeof(column(data, n, True)) for n in text.person_columns]
    columns += [typeof(column(data, n, False)) for n in text.household_columns]
    dimensions = 2 if plan.driver == "walk" else 1
    outputs = [array(output_type(plan, n, data), dimensions) for n in text.outputs]
    return (*fixed, *columns, *outputs)


# -- compiling -----------------------------------------------------------------------------------------------


def cache_folder() -> Path:
    """Where kernels are kept: ``MICROSIM_CACHE``, else the user's cache folder."""
    chosen = os.environ.get("MICROSIM_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    return Path(base or Path.home() / ".cache") / "microsim" / "kernels"


def _hash(source: str) -> str:
    import llvmlite
    import numba
    import numpy as np

    settings = sorted(
        f"{k}={v}" for k, v in os.environ.items() if k.startswith("NUMBA_") and k != "NUMBA_NUM_THREADS"
    )
    parts = [
        source,
        Path(__file__).with_name("pipeline.py").read_text(encoding="utf-8"),
        numba.__version__,
        llvmlite.__version__,
        np.__version__,
        platform.python_version(),
        *settings,
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _compiled(plan: Plan, text: Text, signature: tuple[Any, ...]) -> Kernel:
    name = _hash(text.source)
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(folder / f"{name}.lock"):
            return _from_disk(plan, text, signature, name, folder)
    except OSError as error:
        _warn(f"the kernel cache {folder} cannot be used ({error.strerror or error}); compiling in memory")
        return _in_memory(plan, text, signature, name)


def _from_disk(plan: Plan, text: Text, signature: tuple[Any, ...], name: str, folder: Path) -> Kernel:
    path = folder / f"kernel_{name}.py"
    source = text.source.replace("cache=CACHE", "cache=True")
    damaged = ""
    if not path.exists() or path.read_text(encoding="utf-8", errors="replace") != source:
        if path.exists():
            damaged = f"{path.name} in the kernel cache was not what it should be; it is written anew"
        _forget(folder, name)
        _write(path, source)
    sums = folder / f"kernel_{name}.json"
    found = _checksums(_artefacts(folder, name))
    if found and found != _recorded(sums):
        if sums.exists():
            damaged = f"machine code of {path.name} in the kernel cache is damaged; it is compiled anew"
        _forget(folder, name)
        found = {}
    function = _load(path, name)
    _compile(function, plan, text, signature)
    made = _checksums(_artefacts(folder, name))
    if made != found:  # nothing was there, or not for columns of these types
        _write(sums, json.dumps(made))
    if damaged:
        _warn(damaged)
    return Kernel(plan, text, name, function, bool(found) and made == found)


def _in_memory(plan: Plan, text: Text, signature: tuple[Any, ...], name: str) -> Kernel:
    source = text.source.replace("cache=CACHE", "cache=False")
    file = f"<kernel {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    module = types.ModuleType(f"microsim_kernel_{name}")
    exec(compile(source, file, "exec"), module.__dict__)
    function = getattr(module, plan.driver)
    _compile(function, plan, text, signature)
    return Kernel(plan, text, name, function, False)


def _load(path: Path, name: str) -> Callable[..., Any]:
    module_name = f"microsim_kernel_{name}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # numba finds the globals of a cached function through its module
    spec.loader.exec_module(module)
    function: Callable[..., Any] = next(
        getattr(module, driver) for driver in ("evaluate", "totals", "walk") if hasattr(module, driver)
    )
    return function


def _compile(function: Any, plan: Plan, text: Text, signature: tuple[Any, ...]) -> None:
    from numba.core.errors import NumbaError

    if not hasattr(function, "compile"):
        return  # NUMBA_DISABLE_JIT: the same text runs as plain Python
    try:
        with _no_collection():
            function.compile(signature)
        # Other types at a call are a mistake of the driver, not a reason to compile again.
        function.disable_compile()
    except NumbaError as error:
        raise _in_words(error, plan, text) from None


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """numba makes objects by the million, and nearly all live to the end: looking for garbage finds none."""
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
    return MicrosimError(
        Offence(f"cannot be compiled: {said}", place, "see that each path returns the same kind of value")
    )


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


def _artefacts(folder: Path, name: str) -> list[Path]:
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
    for file in [*_artefacts(folder, name), folder / f"kernel_{name}.json"]:
        file.unlink(missing_ok=True)


_warned: set[str] = set()


def _warn(message: str) -> None:
    if message not in _warned:
        _warned.add(message)
        warnings.warn(message, CacheWarning, stacklevel=2)
