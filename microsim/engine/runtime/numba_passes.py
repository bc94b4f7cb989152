"""The numba passes that a kernel needs, and no others.

A kernel is one long function of scalars, loops and array elements. numba's standard pipeline also looks for
closures, array expressions, literals to unroll and dead branches, and renames every variable at every
assignment; on the whole law that is more than half of the compile time, and LLVM undoes the renaming. What is
left out changes no result: the text's own functions (schedules, helpers of rules) go the standard way.

Building blocks: https://numba.readthedocs.io/en/stable/developer/custom_pipeline.html
"""

from __future__ import annotations

from typing import Any

from numba.core import ir
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.untyped_passes import ReconstructSSA

NEEDLESS = frozenset(
    [
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


@register_pass(mutates_CFG=False, analysis_only=False)
class _PlainConstants(FunctionPass):
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


class KernelPipeline(CompilerBase):
    """numba's nopython pipeline without the ``NEEDLESS`` passes."""

    def define_pipelines(self) -> list[PassManager]:
        manager = PassManager("kernel")
        for step, description in DefaultPassBuilder.define_nopython_pipeline(self.state).passes:
            if step is ReconstructSSA:
                manager.add_pass(_PlainConstants, "constants of plain types")
            elif step.__name__ not in NEEDLESS:
                manager.add_pass(step, description)
        manager.finalize()
        return [manager]
