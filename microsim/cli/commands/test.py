"""``microsim test``: hand-worked cases held against the law."""

from __future__ import annotations

import click

from microsim.cli.options import allow_code, as_json, language, law_package, print_json, quiet


@click.command(name="test", short_help="Check the law against hand-worked cases.")
@click.argument("cases", nargs=-1, required=True, type=click.Path(), metavar="CASES...")
@law_package
@allow_code
@as_json
@quiet
@language
def command(
    cases: tuple[str, ...], law_package: str | None, allow_code: bool, as_json: bool, quiet: bool, lang: str
) -> None:
    """Check the law against hand-worked cases: families whose amounts were worked out on paper.

    CASES are files, or folders with files, of one case each: the family, the day of the law, and what each
    rule must give. For each case that differs, what was expected and what the law gives are printed, and the
    first rule that differs with all that it was computed from. The exit code is 1 if a case differs.

    \b
    Examples:
      microsim test mylaw/cases --law-package mylaw --allow-code
      microsim test tests/cases/dibao
    """
    from microsim.cli.loading import own_law
    from microsim.report.texts.cases_text import cases_text
    from microsim.studies.cases.case import read_cases
    from microsim.studies.cases.held import hold

    verdicts = hold(read_cases(cases), own_law(law_package, allow_code))
    if as_json:
        print_json([verdict.as_data() for verdict in verdicts])
    elif not quiet:
        click.echo(cases_text(verdicts, lang))
    if any(verdict.differences for verdict in verdicts):
        click.get_current_context().exit(1)
