"""``microsim check``: everything that is wrong with files, before they are used."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click

from microsim.cli.options import allow_unusual, quiet, speaking, unusual_allowed
from microsim.errors import InputError, MicrosimError, Offence
from microsim.language import language, spoken


class Good(NamedTuple):
    """A file in which nothing is wrong: what it is, what the law needs and it lacks, what else to know."""

    kind: str
    needed: str = ""
    notes: tuple[str, ...] = ()


_NOT_RUN = "the text of its own rules was checked, and nothing of it was run: --allow-code runs them"


@click.command(name="check", short_help="Report every mistake in files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "--allow-code",
    is_flag=True,
    help="Run own rules (Python code, which you should have read) and check them as well.",
)
@allow_unusual
@quiet
@speaking
def command(files: tuple[str, ...], allow_code: bool, quiet: bool) -> None:
    """Check files: scenarios, sweeps, families, county profiles, population
    folders, survey mappings, law files, folders of own law, worked cases.

    The kind of a file is recognised from its contents. Every problem is printed with file, line and column;
    the exit code is 2 if there is any. Of own rules only the text is checked, unless --allow-code is given.

    \b
    Example:
      microsim check scenarios/*.yaml data/synthetic/h-county
    """
    offences: list[Offence] = []
    good = []
    for file in files:
        try:
            good.append(_said(file, check(Path(file), allow_code)))
        except MicrosimError as error:
            offences += error.offences
    if good and not quiet:
        click.echo("\n".join(good))
    if offences:
        raise InputError(offences, title="1 problem" if len(offences) == 1 else f"{len(offences)} problems")


def _said(file: str, good: Good) -> str:
    """What the file is on one line, and each note on lines of its own."""
    from microsim.report.text import wrap

    kind = spoken(good.kind)
    if language() == "zh":
        first = f"{file}：{kind}，检查通过" + ("，但内容不全：" if good.needed else "")
    else:
        first = f"{file}: good {kind}" + (", though not complete:" if good.needed else "")
    notes = [note for note in (good.needed, *good.notes) if note]
    return "\n".join([first, *(wrap(spoken(note), "  - ", rest="    ") for note in notes)])


def check(path: Path, allow_code: bool = False) -> Good:
    """Load one file or folder, and say what it is.

    Raises ``MicrosimError`` with all that is wrong.

    ``allow_code``: whether own rules may be run; otherwise only their text is read.
    """
    from microsim.documents import read_document

    if os.path.isdir(path):  # Path.is_dir fails for names that are too long
        from microsim.population import Population

        if any(path.glob("*.py")):
            return _own_law(path, allow_code)

        return _population(Population.read(path))
    document = read_document(path)
    keys = document.data if isinstance(document.data, dict) else {}
    for kind, telling, load in _KINDS:
        if any(key in keys for key in telling):
            loaded = load(path, allow_code)
            if kind == "survey mapping":
                return Good(kind, needed_of_mapping(loaded))
            if kind == "sweep":
                from microsim.sweeps.preview import notes_of

                return Good(kind, notes=tuple(notes_of(loaded)))
            return Good(kind, notes=_of_scenario(loaded) if kind == "scenario" else ())
    known = "; ".join(f"{kind}: {' or '.join(f'{key}:' for key in telling)}" for kind, telling, _ in _KINDS)
    raise InputError(
        Offence("the kind of this file is not clear", document.place(), f"keys that decide it: {known}")
    )


def _scenario(path: Path, allow_code: bool) -> Any:
    from microsim.documents import read_document
    from microsim.scenario.reading import scenario_from

    return scenario_from(read_document(path), "run" if allow_code else "read", unusual_allowed())


def _own_law(folder: Path, allow_code: bool) -> Good:
    """Programmes and rules of a folder of own law, which is held beside the packaged law."""
    from microsim.policy.own_law import read_own_law
    from microsim.policy.policy import PACKAGED_LAW
    from microsim.scenario.lawful import law_on

    own = read_own_law(folder, run=allow_code, beside=PACKAGED_LAW)
    law_on(None, own)
    rules = sum(map(len, own.rules.values()))
    kind = f"own law ({', '.join(own.rules)}; {rules} rules)"
    return Good(kind, notes=() if allow_code else (_NOT_RUN,))


def _population(population: Any) -> Good:
    """Its size, the columns without which the law cannot be applied, and those that carry defaults."""
    from microsim.studies.common.lacking import given_columns, with_programmes

    size = f"{len(population.weight):,} households, {population.n_persons:,} persons"
    defaulted = ", ".join(population.defaulted)
    notes = (f"columns not given: {defaulted}",) if defaulted else ()
    missing = _law_needs(given_columns(population))
    needed = f"the law cannot be applied without: {with_programmes(missing)}" if missing else ""
    return Good(f"population ({size})", needed, notes)


def _law_needs(given: Any) -> Any:
    """Columns that the packaged law needs besides those given, with the programmes that read them."""
    from microsim.policy.policy import Policy
    from microsim.scenario.grammar import LAW_KNOWN_UNTIL
    from microsim.studies.common.lacking import missing_columns

    return missing_columns(Policy.load(LAW_KNOWN_UNTIL), given)


def needed_of_mapping(mapping: Any) -> str:
    """What a mapping leaves out that the law needs, and what to do; empty where nothing is."""
    from microsim.population.core.columns import registry
    from microsim.studies.common.lacking import with_programmes

    made = [rule.name for rule in (*mapping.persons.columns, *mapping.households.columns)]
    missing = _law_needs(made)
    if not missing:
        return ""
    tables = {name: registry()[name].table for name in missing if name in registry()}
    way_out = ", ".join(f"{table}: columns: {name}:" for name, table in tables.items())
    return f"the law cannot be applied without: {with_programmes(missing)}; map what is missing ({way_out})"


def _of_scenario(scenario: Any) -> tuple[str, ...]:
    """What changes nothing or is unusual, and what the county does not give or gives for nothing.

    Raises where the law cannot be applied to the county.
    """
    from microsim.documents import shown
    from microsim.policy.unusual import unusual_values
    from microsim.report.words import law_notes
    from microsim.scenario.idle import idle_parts
    from microsim.simulation import ignored_columns
    from microsim.studies.common.lacking import (
        given_columns,
        lacking_columns,
        missing_columns,
        with_programmes,
    )
    from microsim.studies.common.outputs import baseline_outputs
    from microsim.studies.ledger.checking import check_financing

    if scenario.own is not None and not scenario.own.run:
        return (_NOT_RUN,)
    if scenario.financing:
        check_financing(scenario)
    policy = scenario.policy()
    notes = law_notes(scenario, language()) if scenario.province is not None else []
    notes += [one.text(language()) for one in idle_parts(scenario, baseline_outputs(policy))]
    notes += [
        one.text(language())
        for one in unusual_values(policy.values, policy.parameters, policy.date, scenario.unusual)
    ]
    if scenario.is_profile:  # its columns are known once it is synthesised
        scenario.money()  # growth that is not known is refused
        return tuple(notes)
    population = scenario.population()
    missing = missing_columns(policy, given_columns(population))
    if missing:
        hint = "docs/columns.md describes each column; for imported data, add it to the mapping"
        raise InputError(
            [
                Offence(f"has no column {column}, which the law needs ({', '.join(who)})", place, hint)
                for place in [shown(scenario.county_path)]
                for column, who in missing.items()
            ]
        )
    found = lacking_columns(policy, population, baseline_outputs(policy))
    if found:
        notes.append(
            "missing from the county's data, so these programmes are computed without: "
            f"{with_programmes(found)}"
        )
    ignored = ignored_columns(policy, population)
    if ignored:
        columns = ", ".join(f"{column} ({spoken(str(why))})" for column, why in ignored.items())
        notes.append(f"columns that are not used: {columns}")
    return tuple(notes)


def _profile(path: Path, _: bool) -> Any:
    from microsim.population import County

    return County.read(path)


def _law(path: Path, _: bool) -> Any:
    from microsim.scenario.law_file import check_law_file

    return check_law_file(path)


def _province(path: Path, _: bool) -> Any:
    from microsim.scenario.province_file import read_province

    return read_province(path)


def _sweep(path: Path, allow_code: bool) -> Any:
    from microsim.sweeps.sweep_file import read_grid

    return read_grid(path, allow_code=allow_code, allow_unusual=unusual_allowed())


def _nation(path: Path, _: bool) -> Any:
    from microsim.studies.nation import read_nation

    return read_nation(path, allow_unusual=unusual_allowed())


def _mapping(path: Path, _: bool) -> Any:
    from microsim.population.survey.mapping import read_mapping

    return read_mapping(path)


def _families(path: Path, _: bool) -> Any:
    from microsim.population import load_families

    return load_families(path)


def _financing(path: Path, _: bool) -> Any:
    from microsim.studies.financing.reading import read_financing

    return read_financing(path)


def _case(path: Path, _: bool) -> Any:
    from microsim.studies.cases.case import read_case

    return read_case(path)


# Kinds of file, the keys that identify each, and the reader; the first that fits is used.
_KINDS: tuple[tuple[str, tuple[str, ...], Callable[[Path, bool], Any]], ...] = (
    ("law", ("parameters",), _law),
    ("worked case", ("expect",), _case),
    ("families file", ("families",), _families),
    ("province", ("sources",), _province),
    ("nation", ("coverage", "unify"), _nation),
    ("sweep", ("axes", "linked", "cases", "scenario", "scenarios"), _sweep),
    (
        "scenario",
        ("county", "law", "base", "years", "changes", "programmes", "regime", "budget", "outputs"),
        _scenario,
    ),
    ("county profile", ("demography", "public_finance", "income"), _profile),
    ("financing rules", ("keys", "zones"), _financing),
    ("survey mapping", ("persons", "households"), _mapping),
)
