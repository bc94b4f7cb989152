"""``python -m microsim.studies.mosaic FILE``: draw counties of a nation and write their scenarios."""

from __future__ import annotations

from pathlib import Path

import click

from microsim.errors import MicrosimError


@click.command(name="python -m microsim.studies.mosaic")
@click.argument("file", type=click.Path())
@click.option("--counties", type=click.IntRange(min=1), default=31, show_default=True, metavar="N")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="S", help="Seed.")
@click.option("--households", type=click.IntRange(min=1), metavar="N", help="A sample of its own for each.")
@click.option("--out", required=True, type=click.Path(file_okay=False), metavar="DIR")
@click.option("--xlsx", is_flag=True, help="Also write the table of the counties as a workbook.")
def main(file: str, counties: int, seed: int, households: int | None, out: str, xlsx: bool) -> None:
    """Draw counties from the archetypes of FILE and write a scenario for each to DIR.

    \b
    Example:
      python -m microsim.studies.mosaic data/synthetic/national-mosaic/mosaic.yaml --out my-nation
      microsim run my-nation/*.yaml
    """
    from microsim.studies.mosaic import read_mosaic
    from microsim.workbook import Sheet, write_workbook

    try:
        mosaic = read_mosaic(file)
        drawn = mosaic.draw(counties, seed)
        mosaic.write(Path(out), drawn, seed, households)
        if xlsx:
            write_workbook(Path(out) / "counties.xlsx", [Sheet("counties", mosaic.table(drawn))])
    except MicrosimError as error:
        raise SystemExit(str(error)) from None
    click.echo(mosaic.table(drawn).to_string(index=False))


if __name__ == "__main__":
    main()
