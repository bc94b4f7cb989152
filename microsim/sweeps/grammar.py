"""What a sweep file may say."""

from __future__ import annotations

from collections.abc import Iterable

from microsim.documents.nodes import (
    AnyOf,
    Choice,
    Date,
    Described,
    Items,
    Node,
    Number,
    Record,
    Switch,
    Text,
    localised,
)
from microsim.scenario.grammar import ECONOMY

OUTPUTS = ("cost", "caseload")  # where nothing is said
PARTS = ("cost", "caseload", "poverty", "inequality", "hardship", "ledger", "cliffs")
MOST = 1_000_000  # scenarios; more is a slip of the pen
COUNT = ("steps", "step")
RANGE = ("from", "to", *COUNT)


def _axes() -> Node:
    return Record(fields=_parameters(_axis()), filled=True, null=False, ref="axes")


def _axis() -> Node:
    values = Items(item=_value(), least=1, null=False)
    spread = {
        "from": _end("the first value", "起始值"),
        "to": _end("the last value", "结束值"),
        "steps": Number(
            en="how many values, including both ends",
            zh="取值个数（含两端）",
            whole=True,
            least=2,
            most=MOST,
            null=False,
        ),
        "step": Number(
            en="the distance of two values; of days, in years",
            zh="相邻两个取值的间距（日期以年计）",
            fraction=True,
            null=False,
        ),
    }
    between = Record(fields=spread, required=dict.fromkeys(("from", "to"), ""), null=False)
    every = Choice(en="all sets of the ensemble", zh="校准组合的全部各组", names=("all",), null=False)
    return AnyOf(options=(values, between, every), null=False, ref="axis")


def _end(en: str, zh: str) -> Node:
    return AnyOf(en=en, zh=zh, options=(Number(fraction=True, null=False), Date(null=False)), null=False)


def _linked() -> Node:
    return Items(item=_axes(), least=1, null=False)


def _cases() -> Node:
    case = Record(fields=_parameters(_value()), filled=True, null=False)
    return Items(item=case, least=1, null=False)


def _value() -> Node:
    options = (Number(null=False), Switch(null=False), Text(null=False), Date(null=False))
    return AnyOf(options=options, null=False, ref="value")


def _counties() -> Node:
    path = Text(filled=True, null=False)
    own = Record(
        fields={
            "county": Text(en="its folder or profile", zh="县的文件夹或县情资料", filled=True, null=False),
            "name": Text(en="its name in the rows", zh="结果中的名称", null=False),
        },
        rest=_value(),  # of a parameter
        required={"county": "county: ../data/a-county"},
        null=False,
    )
    several = Items(item=AnyOf(options=(path, own), null=False), least=1, null=False)
    return AnyOf(options=(several, path), null=False)


def _design() -> Node:
    count = Number(en="how many points", zh="取点个数", whole=True, least=1, most=MOST, null=False)
    seed = Number(en="seed of the draws", zh="随机种子", whole=True, least=0, null=False)
    first = Number(
        en="number of the first point: 128 goes on after a sweep of 128",
        zh="起始序号：128表示接续前128个点",
        whole=True,
        least=0,
        null=False,
    )
    fields = {"latin_hypercube": count, "sobol": count, "seed": seed, "first": first}
    drawn = Record(fields=fields, filled=True, null=False)
    return AnyOf(options=(Choice(names=("grid",), null=False), drawn), null=False)


def _outputs() -> Node:
    part = Choice(names=PARTS, null=False)
    figure = Text(en="a figure", zh="指标名", filled=True, null=False)
    return Items(item=AnyOf(options=(part, figure), null=False), least=1, null=False)


def _known() -> Iterable[str]:
    from microsim.scenario.lawful import law_on

    return law_on(None).parameters


def _parameters(node: Node) -> dict[str, Node]:
    """Everything that can vary, with what each is."""
    from microsim.law import REGIMES
    from microsim.scenario.change_nodes import sweepable
    from microsim.scenario.lawful import law_on
    from microsim.scenario.regimes import ALL, with_terms

    law = law_on(None)
    named = [
        ("law", "the day whose law applies", "适用哪一天的政策"),
        ("ensemble", "sets of the county's ensemble, from 1, or all", "校准组合的组别（自1起）或all"),
        ("seed", "seeds of the county's households; 0: as in its folder", "住户样本的随机种子，0为现有样本"),
        *(
            (f"regime.{name}", f"regime of {name}: {', '.join(REGIMES)}", f"{name}的制度阶段")
            for name in (ALL, *with_terms(law))
        ),
        *((f"economy.{name}", en, zh) for name, (en, zh) in ECONOMY.items()),
        *(
            (f"programmes.{name}", f"{name}: on or off", f"{name}：开或关")
            for name in sorted({parameter.programme for parameter in law.parameters.values()})
            if f"{name}.enabled" in law.parameters
        ),
        *sweepable(law),
    ]
    return {name: AnyOf(en=en, zh=zh, options=(node,), null=False) for name, en, zh in named}


SWEEP = Record(
    null=False,
    en="A sweep: base scenarios, and values that cross (axes), move together (linked) or are listed (cases).",
    zh="批量情景：基础情景，以及相互组合（axes）、联动变化（linked）或逐一列出（cases）的取值。",
    required={"scenario": "add scenario: <file of the base scenario>, relative to this file"},
    unless="scenarios",
    empty="'$key' is missing",
    fields={
        "title": localised("What results are headed with.", "结果的标题。", found="$shown"),
        "description": localised("What the sweep is for.", "说明。", found="$shown"),
        "scenario": Text(
            en="The base scenario: its file, from this file's own place.",
            zh="基础情景文件的路径（相对于本文件）。",
            examples=("h-county-2020.yaml",),
            wrong="'scenario' must be the path of a scenario file, found $shown",
            hint="several: scenarios: [one.yaml, two.yaml]",
            filled=True,
        ),
        "scenarios": Items(
            en="Several base scenarios: their files, or a pattern such as unify-*.yaml.",
            zh="多个基础情景：各文件的路径，或unify-*.yaml一类的通配写法。",
            item=Text(filled=True, null=False, wrong="'scenarios' are paths of scenario files, found $shown"),
            least=1,
            alone=True,
            null=False,
            wrong="'scenarios' must be a list of scenario files",
            hint="scenarios: [one.yaml, two.yaml]",
        ),
        "counties": Described(
            en="Counties in place of the scenarios' own: folders, a pattern of folders, or a table (.csv) "
            "with the column county and values of each county.",
            zh="替代情景所指的县：文件夹、文件夹的通配写法，或含county一列及各县取值的表（.csv）。",
            node=_counties,
        ),
        "axes": Described(
            en="What varies, with its values; all are crossed with one another.",
            zh="变化的内容及其取值，相互组合。",
            node=_axes,
        ),
        "linked": Described(
            en="Groups of names whose values move together, the first with the first and so on.",
            zh="联动变化的若干组：各组内的取值按顺序一一对应。",
            node=_linked,
        ),
        "design": Described(
            en="Which points of the axes are computed: grid (all), {latin_hypercube: N, seed: S} or "
            "{sobol: N, seed: S}.",
            zh="计算哪些组合：grid（全部）、{latin_hypercube: N, seed: S}（拉丁超立方）"
            "或{sobol: N, seed: S}（Sobol序列）。",
            node=_design,
        ),
        "cases": Described(
            en="One scenario after the other: what each changes.",
            zh="逐一列出的情景及其取值。",
            node=_cases,
        ),
        "unusual": Items(
            en="Parameters whose values are meant, though outside the observed range.",
            zh="数值超出常见范围、但确属有意设定的参数。",
            item=Choice(
                names=_known,
                wrong="no such parameter '$value'",
                known="microsim params lists them",
                null=False,
            ),
            wrong="'unusual' must be a list of parameters",
            hint="unusual: [dibao.line]",
        ),
        "outputs": Described(
            en="What is asked for: parts of a run, or figures as summary.json names them "
            "(poverty.headcount.rural).",
            zh="需要的结果：测算的各部分，或summary.json中的指标名（如poverty.headcount.rural）。",
            node=_outputs,
            default=list(OUTPUTS),
        ),
    },
)
