"""From the YAML file to a checked :class:`Scenario`: every offence at once, each with its place."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import Document, Step, read_document, reason, shown
from microsim.documents.findings import Findings, kind_of
from microsim.documents.nodes import by_language
from microsim.errors import InputError, Offence, did_you_mean
from microsim.scenario.administration.figures import Administration
from microsim.scenario.base import base_of, laid_over
from microsim.scenario.budget.caps import Cap
from microsim.scenario.budget.reading import caps_of
from microsim.scenario.calibration import calibration_of
from microsim.scenario.description import PERIOD, SCENARIO, scenario_under
from microsim.scenario.economy import Economy
from microsim.scenario.grammar import DEFAULT_OUTPUTS, MONTHS, YEAR_RANGE
from microsim.scenario.lawful import check_against_law, law_on
from microsim.scenario.model import LawDate, Scenario
from microsim.scenario.outlook.outlook import check_outlook
from microsim.scenario.own_law import KEY, Code, own_law_of
from microsim.scenario.possible import marked
from microsim.scenario.practice.anchor import anchor_of
from microsim.scenario.practice.ensemble import members_of
from microsim.scenario.province_file import province_named
from microsim.scenario.unification.zones import named_file, plan_of, zones_of

if TYPE_CHECKING:
    from microsim.policy.own_law import OwnLaw
    from microsim.scenario.provinces import Province


def load_scenario(
    path: str | os.PathLike[str],
    *,
    allow_code: bool = False,
    allow_unusual: bool = False,
    county: str | os.PathLike[str] | None = None,
) -> Scenario:
    """Read and check a scenario file.

    ``allow_code``: whether the rules of its ``law_package:`` may be run; without it, a scenario that has one
    is rejected with a list of what would be run. ``allow_unusual``: whether values outside the observed range
    are taken where the file does not say that they are meant. ``county``: used in place of the county that
    the file (or its base) names, which then need not be there yet.

    Raises ``MicrosimError`` naming every offence with file, line and column: unknown keys, parameters,
    programmes, categories and outputs, values of the wrong kind, impossible dates and years, a county that is
    not there.
    """
    document = read_document(path, "microsim init DIR makes a folder with scenarios and a county")
    return scenario_from(document, "run" if allow_code else "refused", allow_unusual, county)


def scenario_from(
    document: Document,
    code: Code = "refused",
    allow_unusual: bool = False,
    county: str | os.PathLike[str] | None = None,
) -> Scenario:
    """The scenario a parsed document describes, on its base; errors as for :func:`load_scenario`.

    ``code``: what may happen to its own rules. Of a scenario whose rules were only ``read`` no policy can be
    made.
    """
    return _on_its_base(document, (), code, allow_unusual, None if county is None else Path(county))[0]


def _on_its_base(
    document: Document, above: tuple[Path, ...], code: Code, allow_unusual: bool, county: Path | None
) -> tuple[Scenario, Document]:
    """The scenario, and its document with what its base says; ``above``: the files that lead here."""
    path = base_of(document, above)
    if path is None:
        return _checked(document, None, code, allow_unusual, county), document
    # What is wrong with the base is said first, in its own file.
    through = (*above, document.path.resolve())
    base, below = _on_its_base(read_document(path), through, code, allow_unusual, county)
    both = laid_over(document, below)
    return _checked(both, base, code, allow_unusual, county), both


def _checked(
    document: Document, base: Scenario | None, code: Code, allow_unusual: bool, county: Path | None
) -> Scenario:
    """The scenario that a document, its base's parts included, describes."""
    title = f"{shown(document.path)} cannot be used as a scenario"
    data = document.data
    if not isinstance(data, dict):
        found = "is empty" if data is None else f"contains a {kind_of(data)}"
        hint = "a scenario is a list of keys with values, at least county: and law:"
        raise InputError(Offence(f"the file {found}", document.place(), hint), title)
    if "scenario" in data and ("axes" in data or "cases" in data):
        hint = f"run it with: microsim sweep {shown(document.path)}"
        raise InputError(
            Offence("the file is a sweep, not one scenario", document.place("scenario"), hint), title
        )
    found_in = Findings(document)
    said, own, elsewhere = _said(found_in, document, data, code)
    years = _years(found_in, said.get("years"))
    if isinstance(said.get("economy"), dict):
        check_outlook(found_in, said["economy"], years[0] if years else None, ("economy",))
    law = _law(found_in, said.get("law"), years)
    province = _province(said.get("province"))
    given_county = county
    county = county or county_at(found_in, ("county",), document.file("county").parent, said.get("county"))
    financing = _financing(found_in, document.file("financing").parent, said.get("financing"))
    changes = (
        {}
        if elsewhere
        else check_against_law(found_in.add, data, law, own, province, allow_unusual=allow_unusual)
    )
    regime = dict(data["regime"]) if isinstance(data.get("regime"), dict) else {}
    caps = _caps(found_in, said.get("budget"), law, years, own)
    anchor = anchor_of(
        found_in,
        document.file("anchor").parent,
        said.get("anchor"),
        lambda path: load_scenario(path, allow_code=code == "run", allow_unusual=True, county=given_county),
        law=law,
        county=county,
        regime=regime,
        changes=changes,
        place=document.place("anchor") if "anchor" in data else "",
    )
    if anchor is not None and said.get("ensemble") is not None:
        hint = "the lever would have to be solved under each set; take one of the two out"
        found_in.add(("ensemble",), "an ensemble and an anchor: in one scenario", hint)
    members = members_of(found_in, county, said.get("ensemble"))
    if members and caps:
        hint = "the range over an ensemble takes no account of caps; take one of the two out"
        found_in.add(("ensemble",), "an ensemble and a budget: in one scenario", hint)
    # Never taken from a base: counties are relative to this file.
    zones = zones_of(found_in, document.path, said.get("zones"), years)
    plan = plan_of(found_in, document.path, said.get("plan"), years)
    if found_in or elsewhere or law is None or county is None:
        raise InputError([*found_in.offences, *elsewhere], title)
    return Scenario(
        path=document.path,
        name=document.path.stem,
        county_path=county,
        law=law,
        title=by_language(said.get("title")),
        description=by_language(said.get("description")),
        language=said.get("language"),
        years=years,
        regime=regime,
        changes=changes,
        unusual=tuple(dict.fromkeys([*said.get("unusual", ()), *marked(changes)])),
        economy=Economy.of(said.get("economy")),
        budget=caps,
        administration=Administration.of(said.get("administration")),
        financing=financing,
        unification=dict(said.get("unification") or {}),
        zones=zones,
        plan=plan,
        within_year=said.get("within_year", MONTHS),
        outputs=tuple(said.get("outputs", DEFAULT_OUTPUTS)),
        data={key: value for key, value in data.items() if key != "base"},
        base=base,
        province=province,
        own=own,
        calibration=calibration_of(county),
        anchor=anchor,
        ensemble=members,
    )


def _said(
    found: Findings, document: Document, data: dict[str, Any], code: Code
) -> tuple[Any, OwnLaw | None, tuple[Offence, ...]]:
    """What the file says, the own law that it names, and what is wrong in the files of that law."""
    named = data.get(KEY)
    own, elsewhere = own_law_of(found, document, named if isinstance(named, str) else None, code)
    node = SCENARIO if own is None else scenario_under(lambda: law_on(None, own))
    return found.check(node, data), own, elsewhere


def _caps(
    found: Findings,
    said: dict[str, Any] | None,
    law: LawDate | None,
    years: tuple[int, int] | None,
    own: OwnLaw | None,
) -> tuple[Cap, ...]:
    if not said or law is None:
        return ()
    from microsim.policy.policy import Policy

    day = law.on(years[0] if years else None)
    return caps_of(found, said, Policy.load(day, own=own, known=law.known))


def _province(name: str | None) -> Province | None:
    return None if name is None else province_named(name)


def _years(found: Findings, said: list[int] | None) -> tuple[int, int] | None:
    if said is None:
        return None
    first, last = said
    low, high = YEAR_RANGE
    if not all(low <= year <= high for year in said):
        found.add(("years",), f"years {first} to {last} are outside {low} to {high}", PERIOD)
    elif first > last:
        message = f"years are out of order: {first} comes after {last}"
        found.add(("years",), message, f"write years: [{last}, {first}]")
    else:
        return (first, last)
    return None


def _law(found: Findings, said: Any, years: tuple[int, int] | None) -> LawDate | None:
    if said is None:
        return None
    if isinstance(said, dt.date):
        return LawDate(said)
    follow = said.get("follow", False)
    if "date" in said:
        return LawDate(said["date"], follow, said.get("known"))
    if not found.clean("law"):
        return None
    if follow and years:
        return LawDate(dt.date(years[0], 12, 31), follow, said.get("known"))
    hint = "write law: {date: 2020-12-31, follow: true}, or name the years: [2021, 2030] to follow"
    found.add(("law",), "law: has no date" + (" and there are no years: to follow" if follow else ""), hint)
    return None


def _financing(found: Findings, folder: Path, said: dict[str, Any] | None) -> dict[str, Any]:
    """What is said of who pays, with the files it names as paths; those that are not there are reported."""
    out = dict(said or {})

    if isinstance(out.get("rules"), str):
        out["rules"] = named_file(found, folder, ("financing", "rules"), out["rules"])
    pool = out.get("pool") or {}
    if pool:
        counties = [
            {
                **one,
                "scenario": named_file(
                    found, folder, ("financing", "pool", "counties", k, "scenario"), one["scenario"]
                ),
            }
            for k, one in enumerate(pool.get("counties") or ())
            if one and isinstance(one.get("scenario"), str)
        ]
        out["pool"] = {**pool, "counties": counties}
    return out


def county_at(found: Findings, steps: tuple[Step, ...], folder: Path, value: str | None) -> Path | None:
    """The county at a path from ``folder``; what is wrong with it is noted at ``steps``."""
    if value is None:
        return None
    path = Path(os.path.normpath(folder / value))
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError) as error:  # a name too long, a letter no name may have, a folder not ours
        found.add(steps, f"'{value[:80]}' cannot be read: {reason(error)}")
        return None
    if path.is_dir():
        if any(path.glob("*.parquet")) or any(path.glob("households*")):
            return path
        if (path / "profile.yaml").is_file():
            hint = f"make one with: microsim synth {shown(path / 'profile.yaml')} --out {shown(path)}"
            found.add(steps, f"the folder '{value}' has a profile but no population ({shown(path)})", hint)
        else:
            found.add(
                steps,
                f"the folder '{value}' contains no population ({shown(path)})",
                "make one with: microsim synth",
            )
        return None
    if path.exists():
        if path.suffix in (".yaml", ".yml"):
            return path
        hint = "county: names the folder that holds the tables" if path.suffix == ".parquet" else ""
        found.add(steps, f"'{value}' is neither a population folder nor a profile (.yaml)", hint)
        return None
    near = (
        did_you_mean(path.name, [item.name for item in path.parent.iterdir()]) if path.parent.is_dir() else ""
    )
    made = "microsim synth makes a county, microsim init copies one"
    hint = near or f"the path is relative to the scenario file; {made}"
    found.add(steps, f"no county at '{value}' ({shown(path)})", hint)
    return None
