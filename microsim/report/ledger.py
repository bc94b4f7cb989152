"""The results folder of a ledger: who pays what, the ratios, the margins, and two charts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.report.texts.ledger_text import label_of
from microsim.report.texts.run_text import revenue_note
from microsim.studies.financing.rules import LEVELS
from microsim.studies.ledger.study import CENTRAL_INCREASE
from microsim.studies.sensitivity.study import sensitivity_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from microsim.studies.ledger.study import Ledger

STUDY = "ledger"


def write_ledger(folder: Path, study: Ledger, command: str, lang: str, xlsx: bool = False) -> Path:
    """Write a ledger into ``folder`` as one whole; charts carry labels in ``lang``.

    ``xlsx``: whether the tables are written as one workbook, too.
    """
    run = study.run
    return write_results(
        folder,
        manifest=manifest(study, command),
        summary=study.summary,
        tables={
            "ledger": study.table,
            "ratios": _ratios(study, lang),
            "marginal": study.marginal,
            "financing": financing(study),
            "assumptions": run.assumptions,
            **sensitivity_table(run.policy, run.population, run.result.outputs),
            **({} if study.pool is None else {"pool": study.pool.table}),
        },
        figures={"who_pays": partial(flows, study, lang), "shares": partial(shares, study, lang)},
        labels=labels_of(run.policy),
        book=book_of({"": (run.policy, run.population, run.result.outputs)}, lang) if xlsx else None,
    )


def _ratios(study: Ledger, lang: str) -> pd.DataFrame:
    """The ratios with their meaning in one language."""
    other = {"en": "meaning_zh", "zh": "meaning"}[lang]
    return study.ratios.drop(columns=other).rename(columns={"meaning_zh": "meaning"})


def manifest(study: Ledger, command: str) -> dict[str, Any]:
    """Everything needed to make the ledger again, and to know whether two are the same."""
    run = study.run
    made = manifest_of(
        run.scenario,
        run.policy,
        run.population,
        run.result.outputs,
        command,
        study=STUDY,
        kernel=run.result.kernel,
        financing=shown(study.financing.path),
        money=run.money.as_data(),
    )
    languages = ("en", "zh")
    keys = dict.fromkeys(study.keys.values())
    made["labels"]["keys"] = {key: {lang: label_of(study, key, lang) for lang in languages} for key in keys}
    return made


def financing(study: Ledger) -> pd.DataFrame:
    """key, since, zone, level, rule, source, reference: the financing rules in force, with their sums."""
    import pandas as pd

    rows = []
    for key, rule in study.rules.items():
        for level in (one for one in LEVELS if one in study.levels.get(key, {})):
            if rule is not None:
                said = (key, rule.since.isoformat(), rule.zone, level, str(study.levels[key][level]))
                rows.append((*said, rule.source, rule.reference))
    return pd.DataFrame(rows, columns=["key", "since", "zone", "payer", "rule", "source", "reference"])


def _by_key(study: Ledger, lang: str) -> pd.DataFrame:
    """payer, target, value: yuan a year; the target is the financing key in words."""
    table = study.table
    label = {name: label_of(study, key, lang) for name, key in study.keys.items()}
    own = {"collective_dividend": "village_dividends"}
    label[CENTRAL_INCREASE] = ", ".join(label_of(study, key, lang) for key in study.increases)
    rows = table.assign(
        target=[label.get(name, own.get(name, name)) for name in table["programme"]],
        value=table["cost"] + table["within_market_income"],
    )
    return rows.groupby(["payer", "target"], sort=False)["value"].sum().reset_index()


def flows(study: Ledger, lang: str) -> Figure:
    """Who pays whom."""
    from microsim import charts

    return charts.who_pays(_by_key(study, lang), lang, revenue_note(study.county, lang))


def shares(study: Ledger, lang: str) -> Figure:
    """The county's average and marginal share by financing key."""
    from microsim import charts

    rows = study.marginal[(study.marginal["payer"] == "county")]
    wide = rows.pivot_table(index="key", columns="change", values="value", sort=False)
    wide = wide.dropna(subset=["average_share"]).reset_index()
    wide["target"] = [label_of(study, key, lang) for key in wide["key"]]
    return charts.county_shares(wide[["target", "average_share", "yuan"]], lang)
