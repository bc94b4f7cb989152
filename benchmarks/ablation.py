"""What each optional step of the compiler is worth: the same tasks with the step and without it.

    python -m benchmarks.ablation [TASK ...]      # a Markdown table; some minutes a task

Every way of a task is compiled in the same process into an empty kernel cache, then all run in turn on one
thread; the least processor time of each counts. A way whose text is that of the whole compiler is left out.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from unittest.mock import patch

import numpy as np

ROUNDS = 9
COMPILER = "microsim.engine.compiler"


def _not_in_place(plan: Any, nodes: Any) -> None:
    from microsim.engine.compiler.scheduling import arrange

    for node in nodes.values():
        node.guarded = False
    arrange(plan, nodes)


def _without() -> dict[str, list[tuple[str, Any]]]:
    """Each step, and what is put in its place to turn it off."""
    from microsim.engine.compiler.hoisting import Part
    from microsim.engine.compiler.plan import _Builder

    tree_of = _Builder._tree_of

    def forgetting(builder: Any, *args: Any) -> Any:
        builder.parts = {}
        return tree_of(builder, *args)

    return {
        "conditions out of sums": [("plan._Builder._lift", lambda *_: None)],
        "products out of sums": [("hoisting._factored", lambda value, *_: Part(value))],
        "equal sums once": [("plan._Builder._tree_of", forgetting)],
        "guarded sums where they are needed": [("plan.arrange", _not_in_place)],
        "walked member apart": [("plan.split_sums", lambda *_: None)],
        "choices on one line": [("household_code.HouseholdWriter._short", lambda *_: None)],
    }


@contextmanager
def off(step: str) -> Iterator[list[str]]:
    """The compiler without ``step`` ("": whole); collects the texts that it writes."""
    from microsim.engine.runtime import kernels

    texts: list[str] = []
    generate = kernels.generate

    def noted(*args: Any, **options: Any) -> Any:
        made = generate(*args, **options)
        texts.append(made[0].source)
        return made

    with ExitStack() as stack:
        for name, instead in _without()[step] if step else []:
            stack.enter_context(patch(f"{COMPILER}.{name}", instead))
        stack.enter_context(patch.object(kernels, "generate", noted))
        yield texts


def _law(task: str) -> Callable[[], Any]:
    import microsim as ms
    from benchmarks import notches, whole_law

    ms.Policy.load(whole_law.DAY).book.kernels.clear()  # shared by all policies of the law
    if task == "notches":
        search, _ = notches.whole_law(5_000)
        return lambda: search(1)
    county = whole_law.population(1)
    policy = ms.Policy.load(whole_law.DAY)
    benefits = [name for name, rule in policy.rules.items() if rule.role]
    if task == "benefits":
        return lambda: ms.simulate(county, policy, benefits, threads=1)
    if task == "walk":
        grid = np.linspace(0.0, 60_000.0, 21)
        return lambda: ms.walk(county, policy, "wage_income", grid, ["resources", *benefits], threads=1)
    changed = "dibao.line" if task == "lines" else "dibao.top_up.minor"
    value = policy.value(changed)
    steps = np.linspace(1.0, 1.99, 20)
    changes = [{changed: {"by": {area: v * step for area, v in value.items()}}} for step in steps]
    return lambda: ms.simulate_many(county, policy, changes, benefits, threads=1)


def _bench(task: str) -> Callable[[], Any]:
    from benchmarks import bench_population, notches
    from benchmarks.impl_microsim import Impl

    if task == "notches":
        search, _ = notches.bench_policy(20_000)
        return lambda: search(1)
    impl = Impl(threads=1)
    impl.load(bench_population.generate(10_000 if task == "T3" else 100_000))
    run: Callable[[], Any] = getattr(impl, task.lower())
    return run


TASKS: dict[str, Callable[[], Callable[[], Any]]] = {
    **{f"bench {task}": lambda task=task: _bench(task) for task in ("T1", "T2", "T3", "notches")},  # type: ignore[misc]
    **{
        f"law {task}": lambda task=task: _law(task)
        for task in ("benefits", "amounts", "lines", "walk", "notches")
    },  # type: ignore[misc]
}


def measured(task: str) -> Iterator[str]:
    """Rows of the table: lines of text, compilation and running time without each step, over the whole."""
    calls: dict[str, Callable[[], Any]] = {}
    texts: dict[str, list[str]] = {}
    compiled: dict[str, float] = {}
    for step in ["", *_without()]:
        with tempfile.TemporaryDirectory() as cache, off(step) as texts[step]:
            os.environ["MICROSIM_CACHE"] = cache
            call = TASKS[task]()
            if step:
                from microsim.engine.runtime import kernels

                with suppress(StopIteration), patch.object(kernels, "compiled", side_effect=StopIteration):
                    call()
                if texts[step] == texts[""]:
                    continue
                call = TASKS[task]()
            began = time.process_time()
            call()
            compiled[step], calls[step] = time.process_time() - began, call
    best = dict.fromkeys(calls, np.inf)
    for _ in range(ROUNDS):
        for step, call in calls.items():
            began = time.process_time()
            call()
            best[step] = min(best[step], time.process_time() - began)
    lines = {step: sum(text.count("\n") for text in texts[step][-len(texts[""]) :]) for step in calls}
    for step in calls:
        if step:
            ratios = [each[step] / each[""] for each in (lines, compiled, best)]
            yield f"| {step} | {task} | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |"


def main() -> None:
    """Print the table of the tasks that are named, else of all."""
    with tempfile.TemporaryDirectory() as cache:  # imports, and numba's own start
        os.environ["MICROSIM_CACHE"] = cache
        _bench("T1")()
    print("| without | task | text | compilation | run |\n|---|---|---:|---:|---:|")
    for task in sys.argv[1:] or TASKS:
        for row in measured(task):
            print(row, flush=True)


if __name__ == "__main__":
    main()
