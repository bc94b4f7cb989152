"""``microsim explain``: why one household gets what it gets."""

from __future__ import annotations

import click

from microsim.cli.options import (
    SCENARIO,
    allow_code,
    allow_unusual,
    as_json,
    language,
    print_json,
    tell_law_not_known,
    unusual_allowed,
)

# What is explained by default.
_TOLD = ("tier", "total_benefits", "in_kind_benefits")
_MORE = {
    "en": "With --all every reason, with --trace every step and its article.",
    "zh": "加--all列出全部原因，加--trace列出逐步计算过程及条文依据。",
}


@click.command(name="explain", short_help="Explain one household's benefits.")
@click.argument("scenario", type=SCENARIO)
@click.option(
    "--household", "household_id", type=int, required=True, metavar="ID", help="Number of the household."
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="RULE",
    help="Rule to show step by step (may be repeated); implies --trace.  [default: tiers, and all benefits]",
)
@click.option("--all", "everything", is_flag=True, help="Show the reason for every programme, not 15 lines.")
@click.option("--trace", is_flag=True, help="Show every step: each rule, what went in, and its article.")
@allow_code
@allow_unusual
@as_json
@language
def command(
    scenario: str,
    household_id: int,
    outputs: tuple[str, ...],
    everything: bool,
    trace: bool,
    allow_code: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Explain one household's benefits: which programmes pay, and why the others do not.

    For each programme that does not pay, the first condition that fails is shown with its value and its
    limit: in 15 lines, or with --all for every programme. With --trace, or for a rule named with --output,
    every step follows: the rule, what went in, and the article behind it.

    \b
    Examples:
      microsim explain scenarios/h-county-2020.yaml --household 17
      microsim explain scenarios/h-county-2020.yaml --household 17 --trace
      microsim explain my.yaml --household 17 --output dibao_top_up --lang zh
    """
    from microsim.errors import warn
    from microsim.report.money_text import money_note
    from microsim.report.text import wrap
    from microsim.report.texts.calibration_text import calibrated_note
    from microsim.scenario import load_scenario
    from microsim.simulation import explain

    loaded = load_scenario(scenario, allow_code=allow_code, allow_unusual=unusual_allowed())
    if loaded.budget:
        warn("budget: is left out: this is what the law gives, whether or not the money suffices")
    policy = loaded.policy()
    wanted = list(outputs) or [name for name in _TOLD if name in policy.rules]
    population = loaded.population()
    answered = explain(population, policy, household_id, wanted or None, lang)
    money = loaded.money(population)
    tell_law_not_known(policy.date, lang)
    note = calibrated_note(loaded, lang)
    if note and not as_json:
        click.echo(wrap(note[0]) + "\n")
    if as_json:
        print_json({**answered.as_data(), "money": money.as_data()})
        return
    steps = trace or bool(outputs)
    click.echo(str(answered) if steps else answered.answer if everything else answered.brief)
    click.echo(f"\n{wrap(money_note(money, lang))}")
    if not steps:
        click.echo(f"\n{_MORE[lang]}")
