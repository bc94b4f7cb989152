"""The language of a command, found before anything of it is read, and click's own pages in that language."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from microsim.language import LANGUAGES, VARIABLE, Lang, language, speak, spoken

_SAID = re.compile(r"^(language|base|scenario):[ \t]*['\"]?([^'\"#\n]+?)['\"]?[ \t]*(?:#.*)?$", re.MULTILINE)
_DEEPEST = 20  # bases of bases


def choose(arguments: Sequence[str]) -> None:
    """Set the language for the arguments of a command: ``--lang``, or else what the first file says.

    Raises ``click.UsageError`` where the environment names a language that there is not.
    """
    asked = _asked(arguments)
    speak(asked or next((said for said in map(_said, arguments) if said), None))
    try:
        language()
    except ValueError as error:
        speak("en")
        raise click.UsageError(f"{error}; unset {VARIABLE} or correct it") from None


def _asked(arguments: Sequence[str]) -> Lang | None:
    """What ``--lang`` says; another language than there is is left to the command to refuse."""
    for k, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            value = value or next(iter(arguments[k + 1 :]), "")
            return next((lang for lang in LANGUAGES if lang == value), None)
    return None


def _said(argument: str, deep: int = 0) -> Lang | None:
    """What a scenario's ``language:`` says, or that of its base, even where the rest cannot be read."""
    if not argument.endswith((".yaml", ".yml")) or deep > _DEEPEST:
        return None
    try:
        text = Path(argument).read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None  # the command says what is wrong with it
    said = dict(reversed(_SAID.findall(text)))
    if "language" in said:
        return next((lang for lang in LANGUAGES if lang == said["language"]), None)
    further = said.get("base") or said.get("scenario")
    return _said(str(Path(argument).parent / further), deep + 1) if further else None


def for_stderr(text: str) -> str:
    """A message as it is printed: at a terminal in lines of 80 columns, elsewhere an offence a line."""
    if sys.stderr is None or not sys.stderr.isatty():
        return text
    from microsim.report.text import wrap

    lines = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        lines.append(wrap(line.strip(), indent, rest=f"{indent}    "))
    return "\n".join(lines)


def chosen(_: click.Context, __: click.Parameter, ___: str | None) -> Lang:
    """The value of ``--lang``: the language in force, wherever it was said."""
    return language()


class Told(click.UsageError):
    """A mistake in what was typed, shown in the language in force."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(error.format_message(), error.ctx)

    def show(self, file: Any = None) -> None:
        """Print the usage, where help is, and the mistake."""
        if self.ctx is not None:
            where = spoken(f"Try '{self.ctx.command_path} --help' for help.")
            click.echo(f"{self.ctx.get_usage()}\n{where}\n", file=file, err=file is None)
        click.echo(for_stderr(spoken(f"Error: {self.format_message()}")), file=file, err=file is None)


class Help(click.HelpFormatter):
    """A page of help in the language in force; Chinese is wrapped by the columns that it takes."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line with the form of the command."""
        super().write_usage(prog, args, prefix or spoken("Usage: "))

    def write_heading(self, heading: str) -> None:
        """The heading of a part."""
        if language() == "en":
            super().write_heading(heading)
        else:
            self.write(f"{' ' * self.current_indent}{spoken(heading)}：\n")

    def write_text(self, text: str) -> None:
        """Paragraphs; lines after a mark are kept as they are."""
        if language() == "en":
            super().write_text(text)
            return
        from microsim.report.text import wrap

        paragraphs = []
        for paragraph in text.split("\n\n"):
            first, *rest = paragraph.splitlines()
            if first == "\b":
                folded = "\n".join(f"{' ' * self.current_indent}{spoken(line)}" for line in rest)
            else:
                folded = wrap(spoken(" ".join(paragraph.split())), " " * self.current_indent, self.width)
            paragraphs.append(folded)
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options and what they mean."""
        rows = list(rows)
        if language() == "en":
            super().write_dl(rows, col_max, col_spacing)
            return
        from microsim.report.text import wrap

        column = min(max(len(first) for first, _ in rows), col_max) + col_spacing
        for first, second in rows:
            lines = wrap(_option(second), "", max(self.width - column - 2, 20)).splitlines()
            begin = " " * self.current_indent + first
            if len(first) > column - col_spacing:
                lines.insert(0, "")
            self.write(begin + " " * max(0, column - len(first)) + (lines[0] if lines else "") + "\n")
            self.write("".join(f"{' ' * (column + self.current_indent)}{line}\n" for line in lines[1:]))


def _option(text: str) -> str:
    """What an option means, and in brackets its default, its range and whether it is needed."""
    body, bracket, more = text.replace("]  [", "; ").partition("  [")
    return (
        f"{spoken(body)}{bracket}{'；'.join(map(spoken, more[:-1].split('; ')))}]"
        if bracket
        else spoken(body)
    )


class Context(click.Context):
    """Whose pages are in the language in force."""

    formatter_class = Help
