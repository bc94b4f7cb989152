"""``microsim schema``: JSON Schemas of the YAML files, with which editors complete and check as one types."""

from __future__ import annotations

import json
from pathlib import Path

import click

from microsim.cli.options import quiet, speaking
from microsim.errors import InputError, Offence, did_you_mean
from microsim.language import spoken

# Kind of file -> what it is, and the module and name of its description.
KINDS = {
    "scenario": ("A scenario: county, law and changes", "microsim.scenario.description", "SCENARIO"),
    "sweep": ("A sweep: values of parameters that cross", "microsim.sweeps.grammar", "SWEEP"),
    "nation": ("Every county of the census, and who could pay", "microsim.studies.nation.grammar", "NATION"),
    "families": ("Families in words and numbers", "microsim.population.family_grammar", "FAMILIES"),
    "profile": (
        "A county's published figures with their sources",
        "microsim.population.profile.grammar",
        "PROFILE",
    ),
    "mapping": ("A mapping of survey or register columns", "microsim.population.survey.grammar", "MAPPING"),
    "targets": (
        "Figures that an office knows of its county",
        "microsim.studies.calibration.targets",
        "TARGETS",
    ),
    "calibration": (
        "A county's calibration, as microsim calibrate writes it",
        "microsim.scenario.calibration",
        "CALIBRATION",
    ),
    "ensemble": (
        "A county's ensemble of calibrations",
        "microsim.scenario.practice.ensemble",
        "ENSEMBLE",
    ),
    "province": (
        "A province's values in place of the national ones",
        "microsim.scenario.province_file",
        "PROVINCE",
    ),
    "financing": (
        "Who pays: financing keys, zones and dated rules",
        "microsim.studies.financing.grammar",
        "FINANCING",
    ),
    "law": ("Parameters of one programme of law", "microsim.policy.grammar", "LAW"),
    "case": ("A hand-worked case", "microsim.studies.cases.grammar", "CASE"),
}


@click.command(name="schema", short_help="JSON Schemas of the YAML files, for editors.")
@click.argument("kind", required=False, metavar="[KIND]")
@click.option("--out", type=click.Path(file_okay=False), metavar="DIR", help="Write DIR/KIND.json instead.")
@click.option(
    "--law-package",
    type=click.Path(file_okay=True),
    metavar="DIR",
    help="Let a scenario name your own parameters in DIR as well; nothing in DIR is run.",
)
@quiet
@speaking
def command(kind: str | None, out: str | None, law_package: str | None, quiet: bool) -> None:
    """Print the JSON Schema of one kind of file, or list the kinds.

    An editor that knows the schema (VS Code with the YAML extension, PyCharm)
    completes keys, parameters, columns and categories as one types, explains
    them in English and Chinese, and underlines what is not allowed. The files that
    come with microsim name their schema in their first line.

    With --out and no KIND, the schemas of all kinds are written.

    \b
    Example:
      microsim schema
      microsim schema scenario > scenario.json
      microsim schema --out schemas
    """
    if kind is not None and kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or f"kinds: {', '.join(KINDS)}"
        raise InputError(Offence(f"no kind of file is called '{kind}'", hint=hint))
    if law_package is not None and kind != "scenario":
        hint = "write: microsim schema scenario --law-package DIR"
        raise InputError(Offence("only a scenario has own parameters", "--law-package", hint))
    if out is None and kind is None:
        click.echo("\n".join(f"{name:<9} {spoken(about)}" for name, (about, *_) in KINDS.items()))
    elif out is None:
        assert kind is not None
        click.echo(text_of(kind, law_package), nl=False)
    else:
        folder = Path(out)
        folder.mkdir(parents=True, exist_ok=True)
        for name in [kind] if kind else KINDS:
            (folder / f"{name}.json").write_text(text_of(name, law_package), encoding="utf-8", newline="\n")
        if not quiet:
            click.echo(f"{folder}: {kind or ', '.join(KINDS)}")


def text_of(kind: str, law_package: str | None = None) -> str:
    """The schema of a kind of file, as text; of a scenario with the own parameters of a folder, too."""
    import importlib

    from microsim.cli.loading import own_numbers
    from microsim.documents.json_schema import json_schema
    from microsim.scenario.description import scenario_under
    from microsim.scenario.lawful import law_on

    about, module, name = KINDS[kind]
    node = getattr(importlib.import_module(module), name)
    own = own_numbers(law_package)
    if own is not None:
        node = scenario_under(lambda: law_on(None, own))
    return json.dumps(json_schema(about, node), ensure_ascii=False, indent=1) + "\n"
