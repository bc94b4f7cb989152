"""What a command says at a terminal has lines of 80 columns; elsewhere each problem is one line."""

from __future__ import annotations

import io
import sys

import pytest

from microsim.cli.spoken import for_stderr
from microsim.report.text import display_width, wrap

PROBLEMS = (
    "2 problems\n"
    "  my.yaml:3:1: no such parameter 'dibao.lnie'; did you mean 'dibao.line'? (allowed: dibao.line, "
    "dibao.payment)\n"
    "  我的方案.yaml:4:1：没有名为dibao.lnie的参数；是否指dibao.line？全部参数可用microsim params列出，"
    "也可只列出一个项目的参数及其含义"
)


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


def test_problems_are_wrapped_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    lines = for_stderr(PROBLEMS).splitlines()
    assert max(map(display_width, lines)) <= 80
    assert [line.startswith("  ") for line in lines] == [False, *[True] * (len(lines) - 1)]
    assert "".join(lines).replace(" ", "") == PROBLEMS.replace("\n", "").replace(" ", "")


def test_elsewhere_a_problem_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert for_stderr(PROBLEMS) == PROBLEMS


def test_what_is_to_be_copied_is_not_broken() -> None:
    text = "see the folder data/synthetic/my-own-county and write it again with the option --allow-unusual"
    lines = wrap(text, "  - ", 40, rest="    ").splitlines()
    assert lines[0].startswith("  - see")
    assert all(line.startswith("    ") for line in lines[1:])
    assert {"data/synthetic/my-own-county", "--allow-unusual"} <= set(" ".join(lines).split())
