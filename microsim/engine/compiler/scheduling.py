"""The stage of each value: after how many loops over members it is computed, and what is kept between them.

Work on a household alternates: household values of stage 0, a loop over members, household values of stage 1,
a loop, and so on. What varies has such a sequence of its own, inside the inner loop.
"""

from __future__ import annotations

from collections.abc import Mapping

from microsim.engine.compiler.nodes import Node, Plan, in_order


def arrange(plan: Plan, nodes: Mapping[str, Node]) -> None:
    """Take what the plan's outputs need of ``nodes``, in order, and give each its stage."""
    needed = set(in_order(nodes, plan.outputs))
    plan.order = [name for name in in_order(nodes, nodes) if name in needed]
    plan.nodes = {name: nodes[name] for name in plan.order}
    _stages(plan)
    _keep(plan)


def _stages(plan: Plan) -> None:
    for name in plan.order:
        node = plan.nodes[name]
        stage = 0
        for need in (plan.nodes[n] for n in node.needs):
            if need.varying != node.varying:
                continue  # done before the inner loop begins
            stage = max(stage, need.stage)
            if need.inline and need.kind == "aggregate":
                stage = max(
                    stage,
                    *(plan.nodes[n].stage + (plan.nodes[n].level == "person") for n in need.needs),
                    0,
                )
        if node.skip_walked:
            node.stage = 1 + max((_outer_loop(plan, plan.nodes[n]) for n in node.needs), default=0)
        elif node.kind == "aggregate":
            guards = _guard_stage(plan, node)
            # A guarded sum that no earlier loop can carry gets a loop of its own behind its condition.
            beside = all(u.varying == node.varying for u in plan.nodes.values() if node.name in u.needs)
            lone = node.varying or (guards is not None and stage >= guards)
            node.inline = node.guarded and beside and lone
            node.stage = stage if node.inline else stage + 1
        else:
            node.stage = stage


def _outer_loop(plan: Plan, node: Node) -> int:
    """The first loop in which a person value can be had at its starting wage."""
    if node.level != "person" or not node.varying:
        return node.stage
    return max((_outer_loop(plan, plan.nodes[n]) for n in node.needs), default=0)


def _guard_stage(plan: Plan, node: Node) -> int | None:
    """Stage at which the conditions are known under which ``node`` is needed."""
    stages = []
    for user in plan.nodes.values():
        if node.name in user.needs and user.kind == "formula" and user.tree is not None:
            others = [plan.nodes[n] for n in user.needs if n != node.name and not plan.nodes[n].guarded]
            stages.append(max((_early_stage(plan, n) for n in others), default=0))
    return min(stages) if stages else None


def _keep(plan: Plan) -> None:
    """Person formulas that are read in another loop than their own are kept in a small buffer."""
    for name in plan.order:
        user = plan.nodes[name]
        for need in (plan.nodes[n] for n in user.needs):
            if need.level != "person" or need.kind != "formula" or (user.skip_walked and need.varying):
                continue
            loop = user.stage - 1 if user.kind == "aggregate" and not user.inline else user.stage
            if need.varying != user.varying or need.stage != loop or user.inline:
                plan.buffers[need.name] = need


def _early_stage(plan: Plan, node: Node) -> int:
    """Stage of a node that may not have been set yet: the number of loops after which it is computed."""
    if node.kind in ("column", "parameter", "grid", "column_of_walked") and not node.needs:
        return 0
    if node.name not in plan.early:
        needs = [_early_stage(plan, plan.nodes[n]) for n in node.needs]
        plan.early[node.name] = max(needs, default=0) + (1 if node.kind == "aggregate" else 0)
    return plan.early[node.name]
