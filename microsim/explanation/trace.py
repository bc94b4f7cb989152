"""Why did this household get this? The interpreter's trace, in the order in which a person would work it
out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Any, Literal, Protocol

from microsim.engine.reference.interpreter import Found, Interpreter, household_from
from microsim.errors import InputError, Offence, did_you_mean
from microsim.explanation import page as explain_page
from microsim.explanation import words as explain_words
from microsim.explanation.answer import answer
from microsim.explanation.record import Input, Member, ParameterUsed, Reckoning, Record, Step
from microsim.explanation.words import Words
from microsim.language import LANGUAGES

if TYPE_CHECKING:
    import numpy as np

    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy
    from microsim.policy.rules import Rule


class ColumnWords(Protocol):
    """What is said of a column of the population: its labels by language, and its unit."""

    @property
    def label(self) -> Mapping[str, str]: ...
    @property
    def unit(self) -> str: ...


class Explanation(Record):
    """What a household gets and how it was computed; ``str()`` prints it, at most 80 columns wide."""

    @property
    def brief(self) -> str:
        """The answer in at most 15 lines."""
        return explain_page.brief_page(self)

    @property
    def answer(self) -> str:
        """What the household is paid, and for every other programme the first condition that fails."""
        return explain_page.answer_page(self)

    def __str__(self) -> str:
        return explain_page.page(self)


def explain(
    population: Any,
    policy: Policy,
    household_id: int,
    outputs: Iterable[str] | None = None,
    lang: str = "en",
    *,
    columns: Mapping[str, ColumnWords] | None = None,
    words: Words | None = None,
    phrases: Mapping[str, str] | None = None,
) -> Explanation:
    """How ``policy`` comes to its results for one household of ``population``.

    ``outputs``: names of rules (default: every household rule that no other rule uses). ``lang``: ``en`` or
    ``zh``. ``columns``: labels and units of population columns by name. ``words``: labels of categories by
    name. ``phrases``: names of documents and the like in citations, English to Chinese.

    Steps are ordered by programme, as far as none needs another. Of a sum over all programmes
    (``collect``) only those are reported that give something; ask for another by its name.

    Raises ``MicrosimError`` for a household, an output or a language that is not known, and as the
    interpreter does.
    """
    if lang not in LANGUAGES:
        raise InputError(Offence(f"no language '{lang}'", "lang", f"one of {', '.join(LANGUAGES)}"))
    index = _index_of(population.household_id, household_id)
    wanted = leaves(policy) if outputs is None else _checked(policy, list(outputs))
    household, persons = household_from(population, index)
    found: list[Found] = []
    interpreter = Interpreter(policy, household, persons, observer=found.append)
    results = [
        interpreter.find(name, member)
        for name in wanted
        for member in (range(len(persons)) if policy.rules[name].entity == "person" else [None])
    ]
    teller = _Teller(policy, "zh" if lang == "zh" else "en", columns or {}, words or {}, phrases or {})
    steps = teller.steps(relevant(found, results, teller.sums))
    paid, unpaid = answer(policy, interpreter, teller)
    return Explanation(
        household_id=int(household_id),
        date=policy.date,
        lang=teller.lang,
        paid=paid,
        unpaid=unpaid,
        members=tuple(
            Member(number, teller.traits(person)) for number, person in enumerate(persons, start=1)
        ),
        results=tuple(line for result in results for line in teller.result(result)),
        steps=steps,
    )


def leaves(policy: Policy) -> list[str]:
    """Household rules in force that no other rule and no parameter asks for: what the law is about in the
    end."""
    used = {argument for rule in policy.rules.values() for argument in rule.arguments}
    used |= {by for parameter in policy.parameters.values() for by in parameter.by}
    return [name for name, rule in policy.rules.items() if rule.entity == "household" and name not in used]


def relevant(found: Sequence[Found], results: Sequence[Found], sums: Container[str]) -> list[Found]:
    """What the results were computed from, without the inputs of parts of a sum that are 0."""
    kept: set[tuple[str, int | None]] = set()
    waiting = list(results)
    while waiting:
        item = waiting.pop()
        if (item.name, item.member) not in kept:
            kept.add((item.name, item.member))
            waiting += [used for used in item.inputs if item.name not in sums or used.value]
    return [item for item in found if (item.name, item.member) in kept]


def _index_of(ids: np.ndarray[Any, Any], wanted: int) -> int:
    listed = [int(known) for known in ids]
    if wanted in listed:
        return listed.index(wanted)
    given: object = wanted
    if not isinstance(given, Integral):
        hint = "write household_id=17"
        message = f"the id of a household is a whole number, not {wanted!r}"
        raise InputError(Offence(message, "household_id", hint))
    near = sorted(sorted(listed), key=lambda known: abs(known - wanted))[:3]
    hint = f"nearest: {', '.join(map(str, sorted(near)))}"
    raise InputError(Offence(f"no household {wanted} in the population", "household_id", hint))


def _checked(policy: Policy, outputs: Sequence[str]) -> list[str]:
    offences = [
        Offence(f"no rule named '{name}' in force", "outputs", did_you_mean(name, policy.rules))
        for name in outputs
        if name not in policy.rules
    ]
    if offences:
        raise InputError(offences)
    return list(outputs)


class _Teller:
    """Turns values found by the interpreter into steps with labels and units."""

    def __init__(
        self,
        policy: Policy,
        lang: Literal["en", "zh"],
        columns: Mapping[str, ColumnWords],
        words: Words,
        phrases: Mapping[str, str],
    ) -> None:
        self.policy, self.lang, self.columns, self.words, self.phrases = policy, lang, columns, words, phrases
        self.programmes = {programme.name: programme.label for programme in policy.programmes}
        self.sums = {rule.name for rule in policy.versions if rule.kind == "collected"}
        self.numbers: dict[str, int] = {}

    def steps(self, found: Sequence[Found]) -> tuple[Step, ...]:
        """One step a rule, inputs first, programme by programme; a rule about persons gathers its members."""
        by_rule: dict[str, list[Found]] = {}
        for item in found:
            if item.kind == "rule":
                by_rule.setdefault(item.name, []).append(item)
        order = self._in_order(by_rule)
        self.numbers = {name: number for number, name in enumerate(order, start=1)}
        return tuple(self._step(self.policy.rules[name], by_rule[name]) for name in order)

    def _in_order(self, by_rule: Mapping[str, Sequence[Found]]) -> list[str]:
        """Each rule after those it was computed from, staying with one programme as long as that goes."""
        needs = {
            name: {used.name for item in items for used in item.inputs if used.name in by_rule}
            for name, items in by_rule.items()
        }
        left, order = list(by_rule), list[str]()
        while left:
            ready = [name for name in left if needs[name] <= set(order)]
            last = self.policy.rules[order[-1]].programme if order else ""
            same = [name for name in ready if self.policy.rules[name].programme == last]
            order.append((same or ready)[0])
            left.remove(order[-1])
        return order

    def _step(self, rule: Rule, items: Sequence[Found]) -> Step:
        parameters = dict.fromkeys(
            self._parameter(used) for item in items for used in item.inputs if used.kind == "parameter"
        )
        return Step(
            number=self.numbers[rule.name],
            programme=self.programme(rule.programme),
            name=rule.name,
            kind=rule.kind,
            label=self._label(rule.label, rule.name),
            unit=rule.unit,
            reference=self._cited(rule.reference),
            of="" if rule.of is None else self._named(rule.of),
            description=self._described(rule),
            parameters=tuple(parameters),
            reckonings=self._reckonings(rule, items),
            nothing=tuple(
                self._name(used)
                for item in items
                for used in item.inputs
                if rule.name in self.sums and not used.value
            ),
        )

    def _reckonings(self, rule: Rule, items: Sequence[Found]) -> tuple[Reckoning, ...]:
        """Members with the same outcome from the same inputs are together."""
        groups: dict[tuple[str, tuple[Input, ...]], list[Found]] = {}
        for item in items:
            text = self._text(item)
            groups.setdefault((text, tuple(self._inputs(rule, item))), []).append(item)
        return tuple(
            Reckoning(
                members=tuple(item.member + 1 for item in group if item.member is not None),
                value=group[0].value,
                text=text,
                inputs=inputs,
            )
            for (text, inputs), group in groups.items()
        )

    def _inputs(self, rule: Rule, item: Found) -> Iterable[Input]:
        """What a rule was computed from, without values of law; members with the same value are together."""
        if rule.kind != "formula":
            groups: dict[str, list[Found]] = {}
            for used in item.inputs:
                groups.setdefault(self._text(used), []).append(used)
            for of_each, group in groups.items():
                label = explain_words.members([used.member or 0 for used in group], self.lang)
                shared = rule.kind == "total" and len(group) > 1
                text = explain_words.each(of_each, self.lang) if shared else of_each
                step = self.numbers.get(group[0].name) if group[0].kind == "rule" else None
                yield Input(label, group[0].value, text, step)
            return
        for used in item.inputs:
            if used.kind == "parameter" or (rule.name in self.sums and not used.value):
                continue
            step = self.numbers.get(used.name) if used.kind == "rule" else None
            yield Input(self._name(used), used.value, self._text(used), step)

    def _parameter(self, used: Found) -> ParameterUsed:
        parameter: Parameter = self.policy.parameters[used.name]
        dated = self.policy.values[used.name]
        own = parameter.cell(dated.value, used.categories)
        return ParameterUsed(
            name=used.name,
            label=self._label(parameter.label, parameter.argument),
            categories=tuple(self._category(category) for category in used.categories),
            value=tuple(map(tuple, own)) if isinstance(own, list | tuple) else own,
            text=self._law_text(parameter, own, used.value),
            since=None if dated.since == dt.date.min else dated.since,
            source=dated.source,
            reference=self._cited(dated.reference),
        )

    def _law_text(self, parameter: Parameter, own: Any, inside: Any) -> str:
        """A value in the parameter's own unit, and as the rule took it where that is another."""
        stated, taken = (
            explain_words.parameter_text(
                value,
                parameter.kind,
                explain_words.unit_of(parameter.argument, unit),
                self.lang,
                self.words,
            )
            for value, unit in ((own, parameter.unit), (inside, parameter.internal_unit))
        )
        same = parameter.unit == parameter.internal_unit
        return stated if same else explain_words.beside(stated, taken, self.lang)

    def result(self, found: Found) -> Iterable[Input]:
        """The result, and under a sum over programmes what each of them gives."""
        label = self._name(found)
        if found.member is not None:
            label = explain_words.of_member(label, explain_words.member(found.member, self.lang), self.lang)
        yield Input(label, found.value, self._text(found), self.numbers.get(found.name))
        for part in found.inputs:
            if found.name in self.sums and part.value:
                text = self._text(part)
                yield Input(self._name(part), part.value, text, self.numbers.get(part.name), depth=1)

    def _described(self, rule: Rule) -> str:
        """The first paragraph of a rule's docstring, which is in English; in Chinese its label says it."""
        if rule.kind != "formula" or self.lang == "zh":
            return ""
        return " ".join(rule.description.split("\n\n")[0].split())

    def _cited(self, reference: str) -> str:
        translated = self.lang == "zh" and self.phrases
        return explain_words.cited(reference, self.phrases) if translated else reference

    def traits(self, person: Mapping[str, Any]) -> tuple[str, ...]:
        """Age and relation, where the population has them."""
        traits = [explain_words.age(person["age"], self.lang)] if "age" in person else []
        return (*traits, self._category(person["relation"])) if "relation" in person else tuple(traits)

    def named(self, found: Found) -> str:
        """The label of a rule, a parameter (with the categories it was looked up by) or a column."""
        if found.kind != "parameter":
            return self._name(found)
        used = self._parameter(found)
        return explain_words.of_categories(used.label, used.categories, self.lang)

    def text(self, found: Found) -> str:
        """Its value with the unit."""
        return self._parameter(found).text if found.kind == "parameter" else self._text(found)

    def programme(self, name: str) -> str:
        """The label of a programme."""
        return self._label(self.programmes.get(name, {}), name)

    def in_unit_of(self, found: Found, value: float) -> str:
        """Another value in the unit of a rule, a parameter or a column."""
        return self._text(replace(found, value=value))

    def _name(self, found: Found) -> str:
        return self._named(found.name, found.kind == "rule")

    def _named(self, name: str, is_rule: bool = True) -> str:
        if is_rule and name in self.policy.rules:
            return self._label(self.policy.rules[name].label, name)
        column = self.columns.get(name)
        return self._label(column.label if column is not None else {}, name)

    def _label(self, label: Mapping[str, str], name: str) -> str:
        return label.get(self.lang) or label.get("en") or explain_words.spelled(name)

    def _category(self, category: str) -> str:
        return self._label(self.words.get(category, {}), category)

    def _text(self, found: Found) -> str:
        if found.kind == "rule":
            unit = self.policy.rules[found.name].unit
        elif found.kind == "parameter":
            unit = self.policy.parameters[found.name].internal_unit
        else:
            column = self.columns.get(found.name)
            unit = column.unit if column is not None else ""
        unit = explain_words.unit_of(found.name, unit)
        return explain_words.value_text(found.value, unit, self.lang, self.words)
