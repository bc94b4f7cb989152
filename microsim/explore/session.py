"""One scenario while its page is open: households and base figures are held, answers are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.errors import InputError, MicrosimError, Offence
from microsim.explore.answer import Answer, answer
from microsim.explore.effects import Idle, idle_under, tried
from microsim.explore.knobs import CAP, CAP_RULE, Knob, cap_knobs, knobs_of
from microsim.explore.settings import Settings, read_settings, scenario_under, text_of
from microsim.studies.common.baseline import BY_MONTHS
from microsim.studies.sensitivity.study import Law, sensitivity

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population import Families
    from microsim.scenario import Scenario

Progress = Callable[[str], None]
KEPT = 8  # answers: those of both settings, and the last few before


class Session:
    """A scenario whose settings are answered. Not for several threads at once.

    Attributes:
        scenario: the scenario as it is.
        base: its answer.
        knobs: what can be moved, in the order of the page; ``absent``: what its law has no parameter for.
        idle: knobs that do nothing here at any value, with the reason.
        families: described families whose lines can be asked for; None where there are none.
        assumptions: the undocumented numbers that move expenditure most, as ``sensitivity`` gives them; None
            where there are too many households to try them.
        folder: where scenarios are saved; ``saved``: settings that were, with the file and its content.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        families: Families | None = None,
        folder: Path | None = None,
        allow_code: bool = False,
        allow_unusual: bool = False,
        progress: Progress = lambda text: None,
    ) -> None:
        self.allow_code, self.allow_unusual = allow_code, allow_unusual
        self.scenario, self.families = scenario, families
        self.folder = folder if folder is not None else scenario.path.parent
        progress("reading the county")
        self._population = scenario.population()
        progress("applying the law")
        self.base = answer(scenario, {}, self._population)
        own, self.absent = knobs_of(scenario.policy())
        self.knobs: tuple[Knob, ...] = (*own, *cap_knobs(scenario, self._dibao_cost()))
        progress("trying what can be moved")
        self.idle: dict[str, Idle] = dict(tried(own, self.base.run.result, self._scenario))
        self.idle |= self._cap_refused()
        progress("measuring the assumptions")
        law = self.base.run
        self.assumptions: pd.DataFrame | None = sensitivity(
            Law(law.policy, law.population, law.result.outputs)
        )
        self.saved: dict[tuple[Any, ...], tuple[Path, bytes]] = {}
        self._answers: OrderedDict[tuple[Any, ...], Answer] = OrderedDict()

    def settings(self, given: Any) -> Settings:
        """A setting that comes from outside; raises ``InputError`` with every offence."""
        return read_settings(self.knobs, given)

    def answer(self, settings: Settings) -> Answer:
        """The answer to a setting as :meth:`settings` reads it; raises ``MicrosimError`` if it is refused."""
        if not settings:
            return self.base
        key = tuple(sorted(settings.items()))
        if key not in self._answers:
            self._answers[key] = answer(self._scenario(settings), settings, self._population, self.base)
            if len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        self._answers.move_to_end(key)
        return self._answers[key]

    def idle_under(self, found: Answer) -> Mapping[str, Idle]:
        """Knobs that do nothing under a setting, with the reason: as the law shows it, else as was tried."""
        run = found.run
        return {**self.idle, **idle_under(run.policy, run.result.outputs, self.knobs, found.settings)}

    def _scenario(self, settings: Settings) -> Scenario:
        try:
            return scenario_under(
                self.scenario, self.knobs, settings, code=self.allow_code, unusual=self.allow_unusual
            )
        except InputError as error:  # the places in it are of a file that nobody has
            offences = [Offence(one.message, "", one.hint) for one in error.offences]
            raise InputError(offences, "the law does not allow this setting") from None

    def text(self, settings: Settings, title: Mapping[str, str]) -> str:
        """The scenario file of a setting, as it is saved in ``folder``."""
        return text_of(self.scenario, self.knobs, settings, self.folder, title)

    def _dibao_cost(self) -> float:
        run = self.base.run
        before = run.result if run.rationing is None else run.rationing.before
        return float(before.total("dibao_benefit")) if "dibao_benefit" in before.outputs else 0.0

    def _cap_refused(self) -> dict[str, Idle]:
        """Where a scenario can have no cap (a year of several laws, an ensemble), why."""
        cap = next(knob for knob in self.knobs if knob.name == CAP)
        try:
            made = self._scenario({CAP: cap.low if cap.value == cap.high else cap.high})
            if len(self.base.run.parts) > 1:
                made.refuse_budget(BY_MONTHS)
        except MicrosimError as error:
            return dict.fromkeys((CAP, CAP_RULE), Idle("refused", error=error))
        return {}
