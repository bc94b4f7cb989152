"""A policy: rules and parameters taken on one date."""

from __future__ import annotations

import datetime as dt
import hashlib
import inspect
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from microsim.card import card
from microsim.errors import InputError, MicrosimError, Offence, RuleError, did_you_mean, made_by
from microsim.policy.given import named_rules, undated
from microsim.policy.graph import Columns, Item, Needs, Resolver
from microsim.policy.kinds import settled
from microsim.policy.known import rules_known, values_known
from microsim.policy.own_law import OwnLaw, read_own_law
from microsim.policy.parameter_spec import parameter_from
from microsim.policy.parameters import ALWAYS, DatedValue, Parameter, argument_name
from microsim.policy.paths.path import Path, follow_paths
from microsim.policy.plain import as_date
from microsim.policy.programme_sums import expand_collected
from microsim.policy.programmes import Programme, load_programmes
from microsim.policy.reform import apply_changes, given_cells, meet, split_name
from microsim.policy.rules import Rule
from microsim.policy.shown import headline_shown, rows_shown
from microsim.policy.unusual import unusual_changes

PACKAGED_LAW = "microsim.law"


@dataclass(frozen=True, eq=False)
class RuleBook:
    """The rules in force and the shape of the parameters, shared by all reforms of values.

    Kernels belong to the book and not to the policy: this is why a reform of values never compiles.
    """

    rules: Mapping[str, Rule]
    shapes: Mapping[str, Parameter]
    kernels: dict[Any, Any] = field(default_factory=dict, repr=False)
    # Kernels as they go with the arrays of one population, for as long as there is such a population.
    prepared: WeakKeyDictionary[Any, dict[Any, Any]] = field(default_factory=WeakKeyDictionary, repr=False)

    @cached_property
    def dotted(self) -> dict[str, str]:
        """Argument name -> dotted parameter name."""
        return {parameter.argument: name for name, parameter in self.shapes.items()}

    @cached_property
    def kinds_asked(self) -> tuple[str, ...]:
        """Names that decide what a rule without annotation gives: those of columns among them are asked."""
        undecided = [rule for rule in self.rules.values() if not rule.kind_stated]
        return tuple(sorted({name for rule in undecided for name in rule.arguments}))

    def resolve(self, outputs: Iterable[str], columns: Columns | None) -> dict[str, Item]:
        return Resolver(self.rules, self.shapes, columns, self.dotted).resolve(outputs)


@made_by("write ms.Policy.from_rules(rules, parameters), or ms.Policy.load(date) for the law of a day")
@dataclass(frozen=True, eq=False)
class Policy:
    """Rules + parameters on a date. Frozen: ``reform``, ``with_rules`` and ``at`` give new policies."""

    versions: tuple[Rule, ...]
    timelines: Mapping[str, Parameter]
    date: dt.date | None = None
    paths: tuple[Path, ...] = ()
    programmes: tuple[Programme, ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()
    book: RuleBook = field(repr=False, default_factory=lambda: RuleBook({}, {}))

    def __repr__(self) -> str:
        # Short: the whole law, spelt out, would fill a notebook.
        day = f"law of {self.date}, " if self.date else ""
        changed = sum(map(len, self.changes))
        after = f", {changed} changed" if changed else ""
        return f"<Policy: {day}{len(self.rules)} rules, {len(self.values)} parameters{after}>"

    def _repr_html_(self) -> str:
        said = headline_shown(self.date, len(self.rules), len(self.values), sum(map(len, self.changes)))
        return card("Policy", said, rows_shown(self.changes, self.programmes, self.rules))

    # -- making ----------------------------------------------------------------------------------------------

    @staticmethod
    def load(
        date: str | dt.date,
        law: str = PACKAGED_LAW,
        own: str | os.PathLike[str] | OwnLaw | None = None,
        known: str | dt.date | None = None,
    ) -> Policy:
        """The law of package ``law`` (default: the packaged one) as in force on ``date``.

        ``law``: the name of a Python package with ``<programme>.py`` and ``<programme>.yaml`` files.
        ``own``: a folder of such files, laid beside ``law``. Its rules are imported, that is, run: name only
        a folder you trust. ``known``: take only what had been adopted or published by this day, as a study
        of that day would have (default: all that the law files have). Raises ``MicrosimError`` with every
        offence of all files.
        """
        if own is not None and not isinstance(own, OwnLaw):
            own = read_own_law(own, run=True, beside=law)
        return _load(_as_date(date), law, own, None if known is None else _as_date(known))

    @staticmethod
    def from_rules(
        rules: Mapping[str, Rule] | ModuleType | Sequence[Rule],
        parameters: Mapping[str, Any] | None = None,
        date: str | dt.date | None = None,
    ) -> Policy:
        """A policy from rules written by hand.

        ``rules``: name -> rule, a module, or a list of named rules; a rule that an aggregate is
        made of (``total(g)``) comes along under its own name. ``parameters``: name -> plain value,
        ``{"by": "area", "values": {...}}`` or the full form of a law file. ``date``: the day of the law,
        which rules with a ``start`` or ``end`` need.
        """
        versions = named_rules(rules)
        offences = undated(versions) if date is None else []
        timelines: dict[str, Parameter] = {}
        for name, spec in (parameters or {}).items():
            try:
                timelines[name] = spec if isinstance(spec, Parameter) else parameter_from(name, spec)
            except MicrosimError as error:
                offences.extend(error.offences)
        if offences:
            raise RuleError(offences, title="the rules and parameters cannot be used")
        return _policy(versions, timelines, _as_date(date) if date is not None else None)

    # -- looking ---------------------------------------------------------------------------------------------

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Rules in force on the policy's date, by name."""
        return self.book.rules

    @cached_property
    def values(self) -> Mapping[str, DatedValue]:
        """Value of each parameter on the policy's date, by dotted name; what does not exist yet is absent."""
        now = {name: parameter.at(self.date) for name, parameter in self.timelines.items()}
        found = {name: value for name, value in now.items() if value is not None}
        return follow_paths(found, self.timelines, self.paths, self.date) if self.date else found

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter by dotted name, with its whole timeline."""
        return self.timelines

    def value(self, name: str) -> Any:
        """The value in force of a parameter, or of one cell of it (``dibao.line.rural``), in its own unit.

        What :meth:`reform` takes; :meth:`amount` gives a number as rules take it.
        """
        found = split_name(self.timelines, name)
        if found is None or found[0].name not in self.values:
            _, problems = apply_changes(self.timelines, {name: None})
            hint = problems[0][2] if problems and found is None else f"it has no value on {self.date}"
            raise InputError(Offence(f"no parameter '{name}'", "", hint))
        parameter, cell = found
        value = self.values[parameter.name].value
        try:
            return parameter.cell(value, cell)
        except KeyError as error:
            known = [key for level in range(len(cell)) for key in keys_at(value, level)]
            hint = did_you_mean(error.args[0], known) or f"one of {', '.join(dict.fromkeys(known))}"
            message = f"{parameter.name} has no value for '{error.args[0]}'"
            raise InputError(Offence(message, name, hint)) from None

    def amount(self, name: str) -> float:
        """The number in force of a parameter or of one cell of it as rules take it: money per year."""
        value, found = self.value(name), split_name(self.timelines, name)
        assert found is not None, "value() refuses names that are no parameter's"
        return float(found[0].inside(value))

    def needs(self, outputs: Iterable[str], columns: Iterable[str] = ()) -> Needs:
        """Needs of ``outputs``. ``columns``: names the data has (they replace ``unless_given`` rules)."""
        given = set(columns)
        rules = {n: r for n, r in self.rules.items() if not (r.unless_given and n in given)}
        items = Resolver(rules, self.book.shapes, None, self.book.dotted).resolve(outputs)
        askers: dict[str, list[str]] = {name: [] for name, item in items.items() if item.source == "column"}
        for item in items.values():
            who = item.rule.programme or item.name if item.rule else item.name
            for need in item.needs:
                if need in askers and who not in askers[need]:
                    askers[need].append(who)
        return Needs(
            {name: tuple(who) for name, who in askers.items()},
            tuple(item.parameter.name for item in items.values() if item.parameter),
            tuple(name for name, item in items.items() if item.source == "rule"),
        )

    # -- changing --------------------------------------------------------------------------------------------

    def reform(self, changes: Mapping[str, Any], *, allow_unusual: bool = False) -> Policy:
        """A policy with parameters changed, as in a scenario's ``changes`` (grammar: ``policy/reform.py``).

        A value outside its parameter's observed range is refused unless ``unusual: True`` is beside it or
        ``allow_unusual`` says so of all. Raises ``MicrosimError`` with every offence. Never recompiles a
        kernel.
        """
        given: object = changes
        if not isinstance(given, Mapping):
            message = f"changes are a mapping of parameter to value, not {type(given).__name__}"
            raise InputError(Offence(message, "", "write reform({'dibao.line.rural': 4800})"))
        changed, problems = apply_changes(self.timelines, changes)
        problems += self._unknown_categories(changed.timelines) + self._on_a_path(changes)
        if not allow_unusual:
            problems += unusual_changes(changed, self.timelines, self.date)
        if problems:
            offences = [
                Offence(message, ".".join(map(str, steps)), hint) for steps, message, hint in problems
            ]
            raise InputError(offences, title="the changes cannot be made")
        made = replace(
            self,
            timelines={**self.timelines, **changed.timelines},
            paths=(*self.paths, *changed.paths),
            changes=(*self.changes, changes),
        )
        if not made.paths:  # what is not changed need not be looked up again, for each scenario of a sweep
            now = {name: value for name, p in changed.timelines.items() if (value := p.at(self.date))}
            made.__dict__["values"] = {**self.values, **now}
        return made

    def pin(self, programme: str, date: str | dt.date) -> Policy:
        """A programme's terms of access (who may enter, at which rates) as on ``date``.

        They are the parameters marked ``access: true``; other values go on with the policy's own date.
        Raises where the programme has none, or none of them had a value on that date.
        """
        day = _as_date(date)
        terms = [p for p in self.timelines.values() if p.programme == programme and p.access]
        then = {p.name: p.at(day) for p in terms}
        if not any(then.values()):
            known = sorted({p.programme for p in self.timelines.values() if p.access})
            message = f"programme '{programme}' has no terms of access in force on {day}"
            having = f"programmes with terms of access: {', '.join(known) or 'none'}"
            raise InputError(Offence(message, "", did_you_mean(programme, known) or having))
        pinned = {
            p.name: p.with_values(
                {ALWAYS: replace(value, source="scenario", note=f"as on {day}", since=ALWAYS)}
            )
            for p in terms
            if (value := then[p.name]) is not None
        }
        return replace(self, timelines={**self.timelines, **pinned})

    def with_rules(self, rules: Mapping[str, Rule] | ModuleType | Sequence[Rule]) -> Policy:
        """A policy with rules added or replaced by name."""
        new = named_rules(rules)
        names = {rule.name for rule in new}
        kept = tuple(rule for rule in self.versions if rule.name not in names)
        made = _policy((*kept, *new), self.timelines, self.date)
        return replace(made, paths=self.paths, programmes=self.programmes, changes=self.changes)

    def at(self, date: str | dt.date) -> Policy:
        """The same body of law and the same changes on another date."""
        day = _as_date(date)
        made = _policy(self.versions, self.timelines, day)
        book = self.book if dict(made.rules) == dict(self.rules) else made.book
        return replace(made, paths=self.paths, programmes=self.programmes, changes=self.changes, book=book)

    def frozen(self) -> Policy:
        """The policy as if its day lasted for ever, with its own changes laid over it.

        What those changes date (``on``, ``path``) still moves; the law does not. All years then share one set
        of compiled functions.
        """
        assert self.date is not None, "a policy without a date has no day to hold"
        versions = tuple(
            replace(rule, start=None, end=None) for rule in self.versions if rule.in_force(self.date)
        )
        now = {name: parameter.at(self.date) for name, parameter in self.timelines.items()}
        timelines = {
            name: parameter.with_values({ALWAYS: value} if (value := now[name]) is not None else {})
            for name, parameter in self.timelines.items()
        }
        made = replace(_policy(versions, timelines, self.date), programmes=self.programmes)
        for changes in self.changes:  # which were accepted when they were made
            made = made.reform(changes, allow_unusual=True)
        return made

    @property
    def hash(self) -> str:
        """SHA-256 over the rules in force, their text, and every value in force on the policy's date."""
        rules = {
            name: [
                rule.entity,
                inspect.getsource(rule.function) if rule.function else f"{rule.kind} of {rule.of}",
            ]
            for name, rule in self.rules.items()
        }
        values = {name: dated.value for name, dated in self.values.items()}
        content = json.dumps([str(self.date), rules, values], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8")).hexdigest()

    def _on_a_path(self, changes: Mapping[str, Any]) -> list[Any]:
        """Values for what an earlier reform has put on a path: the path would go on and hide them."""
        problems = []
        for name, change in changes.items():
            found = split_name(self.timelines, str(name))
            cells = given_cells(found[1], change) if found else []
            for path in self.paths:
                if found and path.target == found[0].name and any(meet(c, path.categories) for c in cells):
                    target = ".".join((path.target, *path.categories))
                    hint = "give it a new path, or start from the policy without the path"
                    problems.append(((str(name),), f"{target} already follows a path", hint))
        return list(dict.fromkeys(problems))

    def _unknown_categories(self, timelines: Mapping[str, Parameter]) -> list[Any]:
        """Categories of categorical *rules* are known here; those of columns are checked with the data."""
        problems = []
        for name, parameter in timelines.items():
            for level, column in enumerate(parameter.by):
                rule = self.rules.get(column)
                if rule is None or not rule.categories:
                    continue
                for value in parameter.values.values():
                    for key in keys_at(value.value, level):
                        if key != "default" and key not in rule.categories:
                            hint = (
                                did_you_mean(key, rule.categories) or f"one of {', '.join(rule.categories)}"
                            )
                            problems.append(
                                ((name, "by", key), f"'{key}' is not a category of {column}", hint)
                            )
        return list(dict.fromkeys(problems))


def keys_at(value: Any, level: int) -> list[str]:
    """Category names that a nested value uses at one depth."""
    if not isinstance(value, Mapping):
        return []
    if level == 0:
        return list(value)
    return [key for item in value.values() for key in keys_at(item, level - 1)]


def _as_date(date: str | dt.date) -> dt.date:
    day = as_date(date)
    if day is None:
        raise InputError(Offence(f"'{date}' is not a date", "", "write dates as 2020-12-31"))
    return day


def _policy(versions: tuple[Rule, ...], timelines: Mapping[str, Parameter], date: dt.date | None) -> Policy:
    offences = []
    in_force: dict[str, Rule] = {}
    for rule in versions:
        if not rule.in_force(date):
            continue
        other = in_force.get(rule.name)
        if other is not None:
            offences.append(
                Offence(
                    f"two rules named '{rule.name}' are in force on {date}", f"{other.place} and {rule.place}"
                )
            )
        in_force[rule.name] = rule
    # A sum over members begins and ends with the rule that it is made of.
    over = {rule.name for rule in versions} - {*in_force}
    in_force = {name: rule for name, rule in in_force.items() if rule.of not in over}
    offences += [
        Offence(
            f"the name '{rule.name}' has two underscores in a row",
            rule.place,
            "use one: local variables have two",
        )
        for rule in in_force.values()
        if "__" in rule.name
    ]
    arguments = {argument_name(name) for name in timelines}
    offences += [
        Offence(f"'{name}' is both a rule and a parameter", rule.place, "rename one")
        for name, rule in in_force.items()
        if name in arguments
    ]
    if offences:
        raise RuleError(offences, title="the rules cannot be used together")
    rules = settled(expand_collected(in_force), timelines)
    return Policy(versions, dict(timelines), date, book=RuleBook(rules, dict(timelines)))


@lru_cache(maxsize=64)
def _load(date: dt.date, law: str, own: OwnLaw | None, known: dt.date | None) -> Policy:
    programmes = load_programmes(law)
    if own is not None:
        programmes = tuple(sorted((*programmes, *own.programmes()), key=lambda one: one.name))
    versions = tuple(rule for programme in programmes for rule in programme.rules)
    timelines = {parameter.name: parameter for programme in programmes for parameter in programme.parameters}
    if known is not None:
        versions, timelines = rules_known(versions, known), values_known(timelines, known)
    return replace(_policy(versions, timelines, date), programmes=programmes)
