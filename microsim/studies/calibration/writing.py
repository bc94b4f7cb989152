"""A calibration as a YAML file in the county's folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.staging import becoming

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.studies.calibration.solving import Met
    from microsim.studies.calibration.targets import Targets

HEAD = """\
# What makes the rules give this county's recipients and expenditure. Made by microsim calibrate, and laid
# over the law under the changes of every scenario of the county. Not one of these values is documented
# (source: assumption); the sets under `others` meet the targets as well. Delete the file to be without it.
"""


def write_calibration(path: Path, scenario: Scenario, targets: Targets, ways: Sequence[Met]) -> Path:
    """Write the file, whole or not at all, in the place of an older one."""
    text = HEAD + _yaml(_data(path, scenario, targets, ways))
    with becoming(path, lambda new, target: os.replace(new / target.name, target)) as new:
        (new / path.name).write_text(text, encoding="utf-8", newline="\n")
    return path


def _data(path: Path, scenario: Scenario, targets: Targets, ways: Sequence[Met]) -> dict[str, Any]:
    first, *others = ways
    known: dict[str, Any] = {}
    for programme, kind, group, value in targets:
        entry = {"target": value, "reached": round(first.reached[programme, kind, group], 2)}
        known.setdefault(programme, {}).setdefault(kind, {})[group] = entry
    return {
        "law": scenario.law.date,
        "scenario": os.path.relpath(scenario.path, path.parent) if scenario.data else "",
        "way": first.name,
        "targets": known,
        "changes": _plain(first.changes),
        "others": [
            {
                "way": met.name,
                "label": dict(met.label),
                "changes": _plain(met.changes),
                "draws": dict(met.draws),
            }
            for met in others
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return float(value) if isinstance(value, float) else value


def _yaml(data: Mapping[str, Any]) -> str:
    """Block style for what people read, one line for each change; JSON, which YAML contains, for the rest."""
    lines = [f"law: {data['law']}"]
    lines += [f"{key}: {_flow(data[key])}" for key in ("scenario", "way") if data[key]]
    lines += ["targets:", *_lines(data["targets"], "  ")]
    lines += ["changes:", *_lines(data["changes"], "  ")] if data["changes"] else ["changes: {}"]
    if data["others"]:
        lines.append("others:")
    for other in data["others"]:
        lines += [f"- way: {_flow(other['way'])}", f"  label: {_flow(other['label'])}"]
        lines += ["  changes:", *_lines(other["changes"], "    ")] if other["changes"] else ["  changes: {}"]
        lines += [f"  draws: {_flow(other['draws'])}"] if other["draws"] else []
    return "\n".join(lines) + "\n"


def _lines(entries: Mapping[str, Any], indent: str) -> list[str]:
    return [f"{indent}{key}: {_flow(value)}" for key, value in entries.items()]


def _flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
