"""``microsim completion``: commands and options completed by the shell."""

from __future__ import annotations

import click

from microsim.cli.options import speaking
from microsim.errors import InputError, Offence

SHELLS = ("bash", "zsh", "fish", "powershell")


@click.command(name="completion", short_help="Print a shell's script for completing commands.")
@click.argument("shell", type=click.Choice(SHELLS))
@speaking
def command(shell: str) -> None:
    """Print the script with which a shell completes commands, options and files of microsim.

    \b
    Examples:
      microsim completion bash >> ~/.bashrc
      microsim completion zsh >> ~/.zshrc
      microsim completion fish > ~/.config/fish/completions/microsim.fish
      microsim completion powershell >> $PROFILE
    """
    from click.shell_completion import get_completion_class

    from microsim.cli.main import cli

    made = get_completion_class(shell)
    if made is None:
        message = f"the installed version of click has no completion for {shell}"
        raise InputError(Offence(message, "", "install click 8.5 or later"))
    # As bytes: on Windows a text stream would write line ends that no other shell reads.
    click.echo(made(cli, {}, "microsim", "_MICROSIM_COMPLETE").source().encode(), nl=False)
