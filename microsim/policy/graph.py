"""From argument names to an ordered graph: which rules, parameters and columns the asked-for outputs need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from microsim.errors import InputError, Offence, RuleError, did_you_mean
from microsim.policy.kinds import KindOf, ValueKind, kind_of_dtype, with_kind
from microsim.policy.parameters import Parameter
from microsim.policy.rules import Entity, Rule

Source = Literal["rule", "parameter", "column"]
Level = Literal["constant", "household", "person"]


@dataclass(frozen=True)
class Columns:
    """What the data offers: column name -> entity, and the categories of coded columns.

    ``kind`` is asked only where the kind of a rule depends on it: a column may not have been made yet.
    ``how_to_give`` says how a column that is not there is given, and nothing of a name that no column has.
    """

    entities: Mapping[str, Entity]
    categories: Mapping[str, tuple[str, ...]]
    kind: KindOf = lambda name: "unknown"
    how_to_give: Callable[[str], str] = lambda name: ""


@dataclass(frozen=True)
class Item:
    """One named value in the graph."""

    name: str
    source: Source
    level: Level
    needs: tuple[str, ...] = ()
    rule: Rule | None = None
    parameter: Parameter | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Needs:
    """What outputs depend on: columns (name -> programmes or rules that ask), parameters, rules in order."""

    columns: Mapping[str, tuple[str, ...]]
    parameters: tuple[str, ...]
    rules: tuple[str, ...]


class Resolver:
    """Finds what a name represents: a rule in force, then a parameter, then a column."""

    def __init__(
        self,
        rules: Mapping[str, Rule],
        parameters: Mapping[str, Parameter],
        columns: Columns | None,
        dotted: Mapping[str, str],
    ) -> None:
        self.rules, self.parameters, self.columns, self.dotted = rules, parameters, columns, dotted

    def rule(self, name: str) -> Rule | None:
        rule = self.rules.get(name)
        if (
            rule is not None
            and rule.unless_given
            and self.columns is not None
            and name in self.columns.entities
        ):
            return None
        return rule

    def resolve(self, outputs: Iterable[str]) -> dict[str, Item]:
        """Items needed for ``outputs``, needs first. Raises with every missing name, cycle and misuse."""
        offences: list[Offence] = []
        items: dict[str, Item] = {}
        trail: list[str] = []
        reported: set[str] = set()  # circles already reported

        def visit(name: str, asker: Rule | None) -> Item | None:
            if name in items:
                return items[name]
            if name in trail:
                loop = " -> ".join([*trail[trail.index(name) :], name])
                if loop not in reported:
                    reported.add(loop)
                    offences.append(
                        Offence(f"rules need each other in a circle: {loop}", asker.place if asker else "")
                    )
                return None
            rule = self.rule(name)
            if rule is not None:
                trail.append(name)
                needs = [(argument, visit(argument, rule)) for argument in rule.arguments]
                trail.pop()
                for argument, item in needs:
                    if (
                        item is not None and self.columns is not None
                    ):  # without data nobody knows whose columns are
                        _check_level(rule, argument, item, offences)
                try:
                    rule = with_kind(rule, lambda argument: self._kind(items.get(argument)))
                except RuleError as error:
                    offences.extend(error.offences)
                item = Item(
                    name,
                    "rule",
                    rule.entity,
                    tuple(a for a, _ in needs),
                    rule=rule,
                    categories=rule.categories,
                )
            elif name in self.dotted:
                parameter = self.parameters[self.dotted[name]]
                keys = [(column, visit(column, asker)) for column in parameter.by]
                level: Level = "constant"
                for column, key in keys:
                    if key is None:
                        continue
                    if not key.categories and (self.columns is not None or key.source == "rule"):
                        offences.append(
                            Offence(
                                f"parameter {parameter.name} is by '{column}', which has no categories",
                                parameter.place,
                                self._name_them(column, key, parameter),
                            )
                        )
                    level = "person" if "person" in (level, key.level) else "household"
                item = Item(name, "parameter", level, tuple(c for c, _ in keys), parameter=parameter)
            elif self.columns is None:
                item = Item(name, "column", "household")
            elif name in self.columns.entities:
                item = Item(
                    name,
                    "column",
                    self.columns.entities[name],
                    categories=self.columns.categories.get(name, ()),
                )
            else:
                offences.append(self._missing(name, asker))
                return None
            items[name] = item
            return item

        for output in outputs:
            visit(output, None)
        if offences:
            # What was asked for itself is not there, or what is there does not hang together.
            error = RuleError if all(output in items for output in outputs) else InputError
            raise error(_merged(offences), title="the policy cannot be evaluated on this population")
        return items

    def _kind(self, item: Item | None) -> ValueKind:
        """What kind of value an argument is."""
        if item is None or item.categories:
            return "unknown"
        if item.rule is not None:
            return kind_of_dtype(item.rule.dtype)
        if item.parameter is not None:
            return "bool" if item.parameter.kind == "boolean" else "float"
        return self.columns.kind(item.name) if self.columns is not None else "unknown"

    def _name_them(self, column: str, key: Item, parameter: Parameter) -> str:
        """How what a parameter is split by gets categories."""
        if key.rule is not None:
            return f"{column} is a rule: name what it returns with categories=(...) in its decorator"
        if self._kind(key) == "bool":
            return f"take a parameter for each: yes_amount if {column} else no_amount"
        value = next(iter(parameter.values.values())).value if parameter.values else {}
        numbers = [name for name in value if name.isdigit()] if isinstance(value, Mapping) else []
        words = {int(name): f"{column}_{name}" for name in numbers or ("0", "1")}
        table = "persons" if key.level == "person" else "households"
        named = f"{table}['{column}'] = {table}['{column}'].map({words})"
        return f"its values are numbers; name them in the data and in the parameter: {named}"

    def _missing(self, name: str, asker: Rule | None) -> Offence:
        known = [*self.rules, *self.dotted, *(self.columns.entities if self.columns else ())]
        where = asker.place if asker else "outputs"
        if asker and asker.programme:
            where = f"programme {asker.programme}, {where}"
        if self.columns is not None and (how := self.columns.how_to_give(name)):
            # A column of a like name is a slip only where it is no known column itself.
            unknown = [column for column in self.columns.entities if not self.columns.how_to_give(column)]
            hint = did_you_mean(name, unknown) or how
            return Offence(f"the population has no column '{name}'", where, hint)
        return Offence(f"no rule, parameter or column named '{name}'", where, did_you_mean(name, known))


def _check_level(rule: Rule, argument: str, item: Item, offences: list[Offence]) -> None:
    if rule.kind == "formula":
        if rule.entity == "household" and item.level == "person":
            offences.append(
                Offence(
                    f"a household rule cannot read '{argument}', which differs from person to person",
                    rule.place,
                    f"aggregate it to the household first, e.g. total({argument})",
                )
            )
    elif item.level != "person":
        offences.append(
            Offence(
                f"{rule.kind}() needs a person value, but '{argument}' is a {item.level} value", rule.place
            )
        )


def _merged(offences: list[Offence]) -> list[Offence]:
    """One line for each missing name, however many rules ask for it."""
    out: dict[str, list[Offence]] = {}
    for offence in offences:
        out.setdefault(f"{offence.message}|{offence.hint}", []).append(offence)
    merged = []
    for group in out.values():
        places = list(dict.fromkeys(o.place for o in group if o.place))
        more = f" and {len(places) - 2} more" if len(places) > 2 else ""
        merged.append(Offence(group[0].message, "; ".join(places[:2]) + more, group[0].hint))
    return merged
