"""The command reference, made from the commands' own help.

``python -m microsim.cli.reference > docs/cli-reference.md`` writes it.
"""

from __future__ import annotations

import click

from microsim.cli.main import COMMANDS, cli

HEAD = """# Command reference

This page is the commands' own help. It is written by
`python -m microsim.cli.reference > docs/cli-reference.md`,
and a test holds it equal to what the commands print.

Errors go to standard error and name every problem with its place and a way out. Exit codes: 0 all went well,
1 a failure, 2 bad input, 130 interrupted with Ctrl-C, 143 ended by `kill`.
"""


def render() -> str:
    """The page, as Markdown."""
    sections = [HEAD]
    with click.Context(cli, info_name="microsim", terminal_width=80, **cli.context_settings) as top:
        sections.append(_section("microsim", cli.get_help(top)))
        for name in COMMANDS:
            command = cli.get_command(top, name)
            assert command is not None
            with click.Context(command, info_name=name, parent=top, terminal_width=80) as context:
                sections.append(_section(f"microsim {name}", command.get_help(context)))
    return "\n".join(sections)


def _section(title: str, text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"## {title}\n\n```text\n{lines}\n```\n"


if __name__ == "__main__":
    click.echo(render(), nl=False)
