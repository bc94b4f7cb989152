"""How numba compiles a kernel: its options, and the passes that a kernel needs and no others.

A kernel is one long function of scalars, loops and array elements. numba's standard pipeline also looks for
closures, array expressions, literals to unroll and dead branches, and renames every variable at every
assignment; on the whole law that is more than half of the compile time, and LLVM undoes the renaming. What is
left out changes no result: the text's own functions (schedules, helpers of rules) go the standard way.

The passes are no public part of numba. Where a version has others, kernels go the standard way too: slower to
compile, with the same numbers.

Building blocks: https://numba.readthedocs.io/en/stable/developer/custom_pipeline.html
"""

from __future__ import annotations

from typing import Any

from microsim.errors import warn

# nogil: blocks of households run in plain threads. numpy error model: no test for division by zero in the
# loop. No fastmath: it changes bits. Nothing but the kernel calls the text's own functions, and only Python
# calls the kernel: entrances for others take time to compile.
_COMMON: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "boundscheck": False,
    "no_cfunc_wrapper": True,
}
OPTIONS: dict[str, Any] = {**_COMMON, "no_cpython_wrapper": True}

NEEDLESS = frozenset(
    [
        "IRProcessing",
        "WithLifting",
        "InlineClosureLikes",
        "RewriteSemanticConstants",
        "DeadBranchPrune",
        "GenericRewrites",
        "RewriteDynamicRaises",
        "MakeFunctionToJitFunction",
        "InlineInlinables",
        "FindLiterallyCalls",
        "LiteralUnroll",
        "LiteralPropagationSubPipelinePass",
        "PreLowerStripPhis",
        "InlineOverloads",
        "NopythonRewrites",
    ]
)
REPLACED = "ReconstructSSA"  # by constants of plain types
LEGALIZED = "IRLegalization"  # after it numbers need not be deleted


def _passes(state: Any) -> list[tuple[Any, str]]:
    """numba's own passes, with what each does."""
    from numba.core.compiler import DefaultPassBuilder

    return list(DefaultPassBuilder.define_nopython_pipeline(state).passes)


def _short_pipeline() -> type[Any]:
    """numba's nopython pipeline without the ``NEEDLESS`` passes."""
    from numba.core import ir, types
    from numba.core.compiler import CompilerBase
    from numba.core.compiler_machinery import AnalysisPass, FunctionPass, PassManager, register_pass

    @register_pass(mutates_CFG=False, analysis_only=False)
    class PlainConstants(FunctionPass):
        """A variable has the type of all its values, not that of one number assigned to it."""

        _name = "microsim_plain_constants"

        def __init__(self) -> None:
            FunctionPass.__init__(self)

        def run_pass(self, state: Any) -> bool:
            for block in state.func_ir.blocks.values():
                for statement in block.find_insts(ir.Assign):
                    value = statement.value
                    if isinstance(value, ir.Global) and isinstance(value.value, int):
                        value = statement.value = ir.Const(value.value, value.loc)
                    if isinstance(value, ir.Const):
                        value.use_literal_type = False
            return True

    @register_pass(mutates_CFG=False, analysis_only=False)
    class KeptNumbers(AnalysisPass):
        """A number is not deleted after its last use: only references to arrays are counted."""

        _name = "microsim_kept_numbers"

        def __init__(self) -> None:
            AnalysisPass.__init__(self)

        def run_pass(self, state: Any) -> bool:
            for block in state.func_ir.blocks.values():
                block.body = [
                    statement
                    for statement in block.body
                    if not isinstance(statement, ir.Del)
                    or not isinstance(state.typemap[statement.value], types.Number | types.Boolean)
                ]
            return True

    class ShortPipeline(CompilerBase):
        def define_pipelines(self) -> list[PassManager]:
            manager = PassManager("kernel")
            for step, description in _passes(self.state):
                if step.__name__ == REPLACED:
                    manager.add_pass(PlainConstants, "constants of plain types")
                elif step.__name__ not in NEEDLESS:
                    manager.add_pass(step, description)
                if step.__name__ == LEGALIZED:
                    manager.add_pass(KeptNumbers, "numbers are not deleted")
            manager.finalize()
            return [manager]

    return ShortPipeline


def missing_parts() -> list[str]:
    """What the short pipeline is made of and this version of numba does not have."""
    try:
        from numba.core import compiler, ir

        _short_pipeline()
        _ = ir.Const(0, ir.unknown_loc).use_literal_type
        flags: Any = compiler.Flags()
        flags.enable_ssa = True
        state: Any = compiler.StateDict()
        state.func_ir, state.flags = None, flags
        names = {step.__name__ for step, _ in _passes(state)}
    except (ImportError, AttributeError, TypeError) as error:
        return [str(error)]
    return sorted((NEEDLESS | {REPLACED, LEGALIZED}) - names)


def kernel_options() -> dict[str, Any]:
    """Options of a kernel's own function: the short pipeline, where this numba has all that it takes."""
    missing = missing_parts()
    if not missing:
        return {**_COMMON, "pipeline_class": _short_pipeline()}
    warn(
        f"this numba lacks parts that microsim compiles with ({', '.join(missing)}): kernels take longer to "
        "compile and give the same numbers; install a version that microsim asks for"
    )
    return _COMMON


KERNEL_OPTIONS = kernel_options()
