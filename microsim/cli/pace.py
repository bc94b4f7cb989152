"""How fast numbered tasks go and how long they still take, in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from microsim.language import language, spoken

if TYPE_CHECKING:
    from microsim.batch.work import Step

WORDS = {
    "done": {"en": "{done:,} of {of:,} done", "zh": "已完成{done:,}/{of:,}"},
    "second": {"en": "{rate} a second", "zh": "每秒{rate}个"},
    "minute": {"en": "{rate} a minute", "zh": "每分钟{rate}个"},
    "hour": {"en": "{rate} an hour", "zh": "每小时{rate}个"},
    "s": {"en": "{left} s left", "zh": "还需{left}秒"},
    "min": {"en": "{left} min left", "zh": "还需{left}分钟"},
    "h": {"en": "{left} h left", "zh": "还需{left}小时"},
}
SETTLED = 1.0  # seconds before a rate means something


class Pace:
    """Counts from the first step that it sees."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first: tuple[float, int] | None = None

    def text(self, step: Step) -> str:
        """The step, how many are done, and once that is known, the rate and the time left."""
        now = self._clock()
        if self._first is None:
            self._first = (now, step.done)
        began, before = self._first
        parts = [_say("done", done=step.done, of=step.of)]
        if step.done > before and now - began >= SETTLED:
            rate = (step.done - before) / (now - began)
            parts += [_rate(rate), _left((step.of - step.done) / rate)]
        comma, colon = (", ", ": ") if language() == "en" else ("，", "：")
        return f"{spoken(step)}{colon}{comma.join(parts)}"


def _rate(rate: float) -> str:
    key, value = "second", rate
    if rate < 1:
        key, value = ("minute", rate * 60) if rate * 60 >= 1 else ("hour", rate * 3600)
    return _say(key, rate=f"{value:,.0f}" if value >= 10 else f"{value:.1f}")


def _left(seconds: float) -> str:
    if seconds < 90:
        return _say("s", left=f"{seconds:.0f}")
    if seconds < 90 * 60:
        return _say("min", left=f"{seconds / 60:.0f}")
    return _say("h", left=f"{seconds / 3600:.1f}")


def _say(key: str, **given: object) -> str:
    return WORDS[key][language()].format(**given)
