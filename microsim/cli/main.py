"""``microsim``: the table of commands, and what happens when something goes wrong."""

from __future__ import annotations

import copy
import importlib
import os
import sys
import traceback
import warnings
from typing import Any, NoReturn

import click

from microsim.cli.options import speaking, version
from microsim.cli.signals import (
    INTERRUPTED,
    TERMINATED,
    TerminatedError,
    begin,
    leave_at_once,
    on_signals,
    stop_work,
)
from microsim.cli.spoken import Context, Told, choose, for_stderr
from microsim.errors import InternalError, MicrosimError, did_you_mean
from microsim.language import language, speak, spoken

# Command -> the module whose `command` it is. A module is imported when its command is asked for, and imports
# what is heavy (numba, pandas, matplotlib) only when it runs: `microsim --help` must answer at once.
COMMANDS = {
    "run": "microsim.cli.commands.run",
    "explore": "microsim.cli.commands.explore",
    "compare": "microsim.cli.commands.studies.compare",
    "policy-effects": "microsim.cli.commands.studies.policy_effects",
    "cliffs": "microsim.cli.commands.studies.cliffs",
    "sweep": "microsim.cli.commands.sweep",
    "unify": "microsim.cli.commands.studies.unify",
    "project": "microsim.cli.commands.studies.project",
    "months": "microsim.cli.commands.studies.months",
    "plan": "microsim.cli.commands.studies.plan",
    "nation": "microsim.cli.commands.studies.nation",
    "ledger": "microsim.cli.commands.studies.ledger",
    "solve": "microsim.cli.commands.studies.solve",
    "brief": "microsim.cli.commands.studies.brief",
    "charts": "microsim.cli.commands.studies.charts",
    "transplant": "microsim.cli.commands.studies.transplant",
    "calibrate": "microsim.cli.commands.data.calibrate",
    "explain": "microsim.cli.commands.explain",
    "params": "microsim.cli.commands.params",
    "rules": "microsim.cli.commands.rules",
    "kernel": "microsim.cli.commands.kernel",
    "check": "microsim.cli.commands.check",
    "test": "microsim.cli.commands.test",
    "profile": "microsim.cli.commands.data.profile",
    "synth": "microsim.cli.commands.data.synth",
    "import": "microsim.cli.commands.data.import_",
    "schema": "microsim.cli.commands.schema",
    "init": "microsim.cli.commands.init",
    "cache": "microsim.cli.commands.cache",
    "completion": "microsim.cli.commands.completion",
}

BAD_INPUT = 2
FAILURE = 1


class Commands(click.Group):
    """A group that imports a command only when it is used, and turns errors into words and exit codes."""

    context_class = Context

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As click does; the language is that of this one command."""
        try:
            return super().main(*args, **kwargs)
        finally:
            speak(None)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """As click does, in the language that the arguments ask for."""
        choose(args)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise Told(error) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table, which is the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        if language() == "en":
            return command
        command = copy.copy(command)
        command.context_class, command.short_help = Context, spoken(command.short_help or "")
        if ctx.resilient_parsing:  # a shell completes, and shows the help of each option
            command.params = [_in_words(one) for one in command.params]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name where there is no such command."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            hint = did_you_mean(name, COMMANDS) or f"commands: {', '.join(COMMANDS)}"
            ctx.fail(f"no such command '{name}'; {hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command: exit code 2 and every offence for bad input, 1 for a failure, 130 for Ctrl-C."""
        try:
            on_signals(stop_work)
            return super().invoke(ctx)
        except MicrosimError as error:
            leave(ctx, str(error), FAILURE if isinstance(error, InternalError) else BAD_INPUT)
        except KeyboardInterrupt as stop:
            on_signals(leave_at_once)
            leave(ctx, "interrupted; nothing incomplete is left behind", code_of(stop))
        except click.UsageError as error:
            raise Told(error) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except OSError as error:
            leave(ctx, about(error), FAILURE)
        except Exception as error:  # noqa: BLE001 - the last door before the user, who must not meet a traceback
            if os.environ.get("MICROSIM_TRACEBACK"):
                traceback.print_exc()
            text = f"microsim failed: {type(error).__name__}: {error}"
            hint = (
                "this is a bug in microsim, not a mistake in your files; MICROSIM_TRACEBACK=1 shows where "
                "it happened"
            )
            leave(ctx, f"{spoken(text)}\n{spoken(hint)}", FAILURE)
        finally:
            on_signals(leave_at_once)


def _in_words(parameter: click.Parameter) -> click.Parameter:
    out = copy.copy(parameter)
    if isinstance(out, click.Option):
        out.help = spoken(out.help or "")
    return out


def about(error: OSError) -> str:
    """What the system refused, and to whom: without a file it is the stream that is printed to."""
    return f"{error.filename or spoken('the output')}: {spoken(error.strerror or str(error))}"


def code_of(stop: KeyboardInterrupt) -> int:
    """The exit code after Ctrl-C or `kill`."""
    return TERMINATED if isinstance(stop, TerminatedError) else INTERRUPTED


def leave(ctx: click.Context, text: str, code: int) -> NoReturn:
    """Say why on stderr, and go."""
    click.echo(for_stderr(spoken(text)), err=True)
    ctx.exit(code)


@click.group(
    name="microsim",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@version
@speaking
def cli() -> None:
    """Social assistance in a Chinese county: who receives what, what it costs, where earning more costs
    money.

    \b
    Start here:
      microsim run scenarios/h-county-2020.yaml
      microsim params dibao
      microsim explain scenarios/h-county-2020.yaml --household 17
    """


def one_line(message: Warning | str, *_: object, **__: object) -> str:
    """A warning as a user needs it: what it says, not the line of code it comes from."""
    return for_stderr(f"{spoken('warning')}: {message}\n")


def main() -> None:
    """Run the command that the shell asks for; the console script comes here by way of ``entry``."""
    begin()
    warnings.formatwarning = one_line
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Chinese gets a question mark, not an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        cli(prog_name="microsim")
    except OSError as error:  # before a command begins, as where --help finds a full disk
        click.echo(about(error), err=True)
        sys.exit(_written(FAILURE))
    except SystemExit as end:
        sys.exit(_written(end.code))


def _written(code: Any) -> Any:
    """The exit code once all is printed; what cannot be is dropped, or Python would fail on it again."""
    if sys.stdout is None:
        return code
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not code:
            click.echo(about(error), err=True)
        return code or FAILURE
    return code


if __name__ == "__main__":
    main()
