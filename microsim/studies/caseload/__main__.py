"""``python -m microsim.studies.caseload PROFILE``: find the assumptions, print them, write the report."""

from __future__ import annotations

from pathlib import Path

import click

from microsim.errors import MicrosimError


@click.command(name="python -m microsim.studies.caseload")
@click.argument("profile", type=click.Path())
@click.option("--law", metavar="DATE", help="Day of the law; the end of the county's year unless given.")
@click.option("--variant", metavar="NAME", help="One of the variants of levers.yaml; the first unless given.")
@click.option(
    "--report", "to", type=click.Path(), metavar="FILE", help="Write the report, with all variants."
)
@click.option(
    "--beside",
    type=click.Path(),
    metavar="SCENARIO",
    help="The county's scenario of another year, for the report.",
)
@click.option("--xlsx", type=click.Path(), metavar="FILE", help="Write the figures found as a workbook.")
@click.option(
    "--ensemble",
    type=click.IntRange(min=2),
    metavar="K",
    help="Find K sets that meet the targets and write them to ensemble.yaml beside PROFILE.",
)
@click.option("--write", is_flag=True, help="Write the values found into PROFILE.")
@click.option("--households", type=click.IntRange(min=1), metavar="N", help="Households to generate.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="S", help="Seed.")
def main(
    profile: str,
    law: str | None,
    variant: str | None,
    to: str | None,
    beside: str | None,
    xlsx: str | None,
    ensemble: int | None,
    write: bool,
    households: int | None,
    seed: int,
) -> None:
    """Move assumptions of county and law until the rules give the known recipients and expenditure.

    \b
    Example:
      python -m microsim.studies.caseload data/synthetic/h-county/profile.yaml --report report.md
    """
    from microsim.population import County
    from microsim.scenario import load_scenario
    from microsim.scenario.practice.ensemble import ensemble_file
    from microsim.studies.caseload.ensemble import calibrate_ensemble
    from microsim.studies.caseload.levers import variants
    from microsim.studies.caseload.report import report
    from microsim.studies.caseload.study import calibrate_caseload

    try:
        county = County.read(profile)
        if ensemble is not None:
            sets = calibrate_ensemble(
                county,
                ensemble,
                law,
                variant=variant or next(iter(variants())),
                households=households,
                seed=seed,
                progress=lambda text: click.echo(text, err=True),
            )
            command = _command(profile, law, variant, households, seed, ensemble=ensemble)
            ensemble_file(Path(profile)).write_text(sets.text(command), encoding="utf-8")
            click.echo(sets.headline)
            return
        names = [variant or next(iter(variants()))]
        if to is not None:
            names += [name for name in variants() if name not in names]
        found = [
            calibrate_caseload(county, law, variant=name, households=households, seed=seed) for name in names
        ]
        if to is not None:
            command = _command(profile, law, variant, households, seed, beside=beside, report=to)
            other = load_scenario(beside) if beside else None
            Path(to).write_text(report(found[0], found[1:], command, other), encoding="utf-8")
        if xlsx:
            found[0].to_excel(xlsx)
        if write:
            Path(profile).write_text(county.with_values(found[0].profile_values).text, encoding="utf-8")
    except MicrosimError as error:
        raise SystemExit(_refused(error)) from None
    click.echo(found[0].describe())


def _command(
    profile: str, law: str | None, variant: str | None, households: int | None, seed: int, **purpose: object
) -> str:
    """The command that makes the same again, as files name it: options at their defaults are left out."""
    given = {"law": law, "variant": variant, "households": households, "seed": seed if seed != 1 else None}
    options = "".join(
        f" --{name} {value}" for name, value in {**given, **purpose}.items() if value is not None
    )
    return f"python -m microsim.studies.caseload {profile}{options}"


def _refused(error: MicrosimError) -> int:
    click.echo(str(error), err=True)
    return 2


if __name__ == "__main__":
    main()
