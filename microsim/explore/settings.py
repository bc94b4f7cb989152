"""A setting of the knobs: read, put into the changes of a scenario, and that scenario made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import parse_document
from microsim.errors import InputError, Offence, did_you_mean
from microsim.explore.knobs import CAP, CAP_NAME, CAP_RULE, Knob, Value, own_cap
from microsim.scenario.base import scenario_text
from microsim.scenario.economy import AREAS
from microsim.scenario.reading import scenario_from

if TYPE_CHECKING:
    from microsim.scenario import Scenario

Settings = Mapping[str, Value]


def read_settings(knobs: Sequence[Knob], given: Any) -> dict[str, Value]:
    """What differs from the scenario in a setting that comes from outside, in the order of the knobs.

    Raises ``InputError`` with every offence: unknown knobs, values of the wrong kind.
    """
    known = {knob.name: knob for knob in knobs}
    if not isinstance(given, Mapping):
        raise InputError(Offence("a setting is values by knob", "", f"the knobs are {', '.join(known)}"))
    offences = []
    for name, value in given.items():
        if name not in known:
            hint = did_you_mean(str(name), known) or f"the knobs are {', '.join(known)}"
            offences.append(Offence(f"no knob '{name}'", "", hint))
        elif wrong := _wrong(known[name], value):
            offences.append(Offence(f"knob '{name}' cannot have the value {value!r}", "", wrong))
    if offences:
        raise InputError(offences)
    taken = {name: _plain(known[name], given[name]) for name in known if name in given}
    return {name: value for name, value in taken.items() if value != known[name].value}


def _wrong(knob: Knob, value: Any) -> str:
    """What the value must be, where it is not."""
    if value is None and knob.optional:
        return ""
    if knob.kind == "flag":
        return "" if isinstance(value, bool) else "true or false"
    if knob.kind == "choice":
        return "" if value in knob.choices else f"one of {', '.join(knob.choices)}"
    number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    return "" if number and value >= 0 else "a number, 0 or more"


def _plain(knob: Knob, value: Any) -> Value:
    return float(value) if knob.kind == "number" and value is not None else value


def sections_of(scenario: Scenario, knobs: Sequence[Knob], settings: Settings) -> dict[str, dict[str, Any]]:
    """What a scenario that departs from ``scenario`` says: ``programmes``, ``changes`` and ``budget``.

    A switch or form that ``scenario`` has under ``programmes:`` is changed there: it is said once.
    """
    moved: dict[str, Any] = {}
    for knob in knobs:
        if knob.name in settings:
            moved |= {name: _short(value) for name, value in knob.changes(settings[knob.name]).items()}
    forms = _mapping(scenario.data.get("programmes"))
    programmes: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    for name, value in _whole(scenario, forms, moved).items():
        programme, _, key = name.partition(".")
        if key in _mapping(forms.get(programme)):
            programmes[programme] = {**programmes.get(programme, forms[programme]), key: value}
        elif key == "enabled" and programme in forms:
            programmes[programme] = "on" if value else "off"
        else:
            changes[name] = value
    return {"programmes": programmes, "changes": changes, "budget": _budget(scenario, knobs, settings)}


def _whole(scenario: Scenario, forms: Mapping[str, Any], moved: Mapping[str, Any]) -> dict[str, Any]:
    """``moved`` with all areas said where one alone cannot be.

    That is where the scenario says one value for all, values by date, or a form under ``programmes:``.
    """
    out: dict[str, Any] = {}
    for name, value in moved.items():
        parameter, _, area = name.rpartition(".")
        programme, _, key = parameter.partition(".")
        own = scenario.changes.get(parameter)
        alone = own is None or ("by" in _mapping(own) and key not in _mapping(forms.get(programme)))
        if area not in AREAS or alone:
            out[name] = value
            continue
        now = {one: scenario.policy().value(f"{parameter}.{one}") for one in AREAS}
        out[parameter] = {"by": {**out.get(parameter, {"by": now})["by"], area: value}}
    return out


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _budget(scenario: Scenario, knobs: Sequence[Knob], settings: Settings) -> dict[str, Any]:
    if not {CAP, CAP_RULE} & set(settings):
        return {}
    own = own_cap(scenario)
    now = {knob.name: settings.get(knob.name, knob.value) for knob in knobs if knob.name in (CAP, CAP_RULE)}
    name = CAP_NAME if own is None else own.name
    if now[CAP] is None:
        return {} if own is None else {name: None}
    return {name: {"programmes": ["dibao"], "cap": _short(now[CAP]), "rule": now[CAP_RULE]}}


def _short(value: Any) -> Any:
    """Whole numbers as people write them."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def text_of(
    scenario: Scenario, knobs: Sequence[Knob], settings: Settings, folder: Path, title: Mapping[str, str]
) -> str:
    """The scenario file of a setting, as it reads in ``folder``."""
    return scenario_text(scenario.path, folder, title, sections_of(scenario, knobs, settings))


def scenario_under(
    scenario: Scenario,
    knobs: Sequence[Knob],
    settings: Settings,
    *,
    code: bool = False,
    unusual: bool = False,
) -> Scenario:
    """The scenario of a setting, read and checked from the very text that would be saved.

    ``code``: whether own rules of the scenario may be run. ``unusual``: whether values outside the observed
    range are taken. Raises ``MicrosimError`` where the law refuses the setting, or the file of ``scenario``
    has been changed since it was read.
    """
    folder = scenario.path.parent
    text = text_of(scenario, knobs, settings, folder, scenario.title)
    document = parse_document(text, folder / f"{scenario.name}-setting.yaml")
    made = scenario_from(document, "run" if code else "refused", unusual)
    if made.base is None or made.base.hash != scenario.hash:
        message = f"{scenario.path.name} has been changed since the page was opened"
        raise InputError(Offence(message, "", "end microsim explore with Ctrl-C and start it again"))
    # The very scenario and county whose figures are shown beside it: comparisons know them by their paths.
    return replace(made, base=scenario, county_path=scenario.county_path)
