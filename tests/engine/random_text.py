"""The text of one random rule: every form of expression and statement that a rule may use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.engine.random_populations import PLAIN, Entity, Type, Value

if TYPE_CHECKING:
    from tests.engine.random_policies import Chooser

# Two yes are 2 in Python and in compiled code, but not where numpy's own booleans run through plain Python.
YES = "int" if PLAIN else ""
HELPERS = '''"""Rules made up at random."""

from __future__ import annotations

import math

from microsim.policy import any_member, count, every_member, household, largest, person, smallest, total

HALF = 0.5
THRESHOLD = 600


def halved(amount):
    """A helper without branches."""
    return amount * HALF


def capped(amount, top):
    """A helper with early returns."""
    if amount > top:
        return top
    if amount < -top:
        return -top
    return amount


def tapered(amount, top):
    """A helper that calls a helper, with a local name."""
    rest = capped(amount, top)
    if rest < 0.0:
        rest = 0.0
    return top - halved(rest)'''


class RuleText:
    """Writes one rule.

    ``scope``: what it may read; ``must``: what it shall read where given; ``names``: every name known so far,
    some of which become local names of this rule.
    """

    def __init__(
        self,
        chooser: Chooser,
        name: str,
        entity: Entity,
        scope: Sequence[Value],
        must: Value | None,
        names: Sequence[str],
        undefined: bool,
    ) -> None:
        self.chooser, self.undefined = chooser, undefined
        arguments = [must] if must is not None else []
        count = chooser.integer(2, 5)
        arguments += [chooser.pick(scope[-6:] if chooser.chance(40) else scope) for _ in range(count)]
        self.arguments = list(dict.fromkeys(arguments))
        type_: Type = chooser.pick(("float", "float", "float", "float", "bool", "bool", "int", "category"))
        categories = ("alpha", "beta", "gamma")[: chooser.integer(2, 3)] if type_ == "category" else ()
        self.value = Value(name, entity, type_, categories)
        used = {argument.name for argument in self.arguments}
        self.locals_left = [
            local for local in ("t", "x", "amount", "i", *names[-4:], "halved_") if local not in (*used, name)
        ]
        self.must = must
        self.known = list(self.arguments)
        self.counters: list[str] = []

    # --- the whole ---

    def text(self) -> str:
        """Decorator, signature and body."""
        value = self.value
        options = ['unit="yuan/year"'] if value.type == "float" else []
        if value.type == "category":
            options.append(f"categories={value.categories!r}")
        decorator = (
            f"@{value.entity}({', '.join(options)})"
            if options or self.chooser.chance(50)
            else f"@{value.entity}"
        )
        returns = {"category": "str"}.get(value.type, value.type)
        signature = ", ".join(argument.name for argument in self.arguments)
        body = self.block(depth=2, last=True)
        return "\n".join(
            [decorator, f"def {value.name}({signature}) -> {returns}:", '    """Made up."""', *body]
        )

    # --- statements ---

    def block(self, depth: int, last: bool, indent: str = "    ", in_loop: bool = False) -> list[str]:
        """Some statements; the ``last`` block returns on every path. Its new names are known in it only."""
        before = list(self.known)
        lines: list[str] = []
        for _ in range(self.chooser.integer(0, 4) if last else self.chooser.integer(1, 2)):
            lines += self.statement(depth, indent, in_loop)
        if last:
            top = self.must is not None and indent == "    "
            lines.append(f"{indent}return {self.about(self.must) if top else self.result()}")
        self.known = before
        return lines

    def statement(self, depth: int, indent: str, in_loop: bool) -> list[str]:
        """One statement, with what stands inside it."""
        kind = self.chooser.pick(
            ("assign", "again", "early", "branch", "chosen", "loop") if depth > 0 else ("again",)
        )
        if kind == "assign" and self.locals_left:
            return [f"{indent}{self.new_local()}"]
        if kind == "early" and not in_loop:
            return [f"{indent}if {self.bool_(1)}:", f"{indent}    return {self.result()}"]
        if kind == "branch":
            return self.branch(depth, indent, in_loop)
        if kind == "chosen" and self.locals_left:
            return self.chosen(indent)
        if kind == "loop" and len(self.counters) < 2 and not in_loop:
            return self.loop(depth, indent)
        return self.again(indent)

    def new_local(self) -> str:
        """An assignment to a name that was not known."""
        name = self.locals_left.pop(0)
        type_: Type = self.chooser.pick(("float", "float", "int", "bool"))
        text = f"{name} = {self.of_type(type_, 2)}"
        self.known.append(Value(name, None, type_))
        return text

    def again(self, indent: str) -> list[str]:
        """An assignment to a name made before; inputs and counters of loops are not assigned to."""
        options = [v for v in self.known if v not in self.arguments and v.name not in self.counters]
        if not options:
            return [f"{indent}{self.new_local()}"] if self.locals_left else [f"{indent}pass"]
        value = self.chooser.pick(options[::-1])
        if value.type != "bool" and self.chooser.chance(40):
            sign = self.chooser.pick(("+=", "-="))
            return [f"{indent}{value.name} {sign} {self.of_type(value.type, 1)}"]
        return [f"{indent}{value.name} = {self.of_type(value.type, 1)}"]

    def branch(self, depth: int, indent: str, in_loop: bool) -> list[str]:
        """If, elif and else; now and then one of them returns."""
        inner = indent + "    "
        lines = [f"{indent}if {self.bool_(2)}:", *self.block(depth - 1, False, inner, in_loop)]
        for _ in range(self.chooser.integer(0, 2)):
            returns = not in_loop and self.chooser.chance(25)
            lines += [f"{indent}elif {self.bool_(1)}:", *self.block(depth - 1, returns, inner, in_loop)]
        if self.chooser.chance(60):
            returns = not in_loop and self.chooser.chance(15)
            lines += [f"{indent}else:", *self.block(depth - 1, returns, inner, in_loop)]
        return lines

    def chosen(self, indent: str) -> list[str]:
        """A new name that every branch gives a value."""
        name = self.locals_left.pop(0)
        type_: Type = self.chooser.pick(("float", "int", "bool"))
        heads = [f"if {self.bool_(1)}:", f"elif {self.bool_(1)}:", "else:"]
        if self.chooser.chance(50):
            del heads[1]
        lines = []
        for head in heads:
            lines += [f"{indent}{head}", f"{indent}    {name} = {self.of_type(type_, 1)}"]
        self.known.append(Value(name, None, type_))
        return lines

    def loop(self, depth: int, indent: str) -> list[str]:
        """A loop over a short fixed range."""
        name = f"step{len(self.counters)}" if "i" in {value.name for value in self.known} else "i"
        self.counters.append(name)
        self.locals_left = [local for local in self.locals_left if local != name]
        bounds = self.chooser.pick(("3", "1, 4", "0", "0, 6, 2"))
        before = list(self.known)
        self.known.append(Value(name, None, "int"))
        body = self.block(min(depth - 1, 1), False, indent + "    ", in_loop=True)
        self.known = before  # after an empty range the counter would not exist
        return [f"{indent}for {name} in range({bounds}):", *body]

    def result(self) -> str:
        return self.of_type(self.value.type, 3)

    def about(self, must: Value) -> str:
        """A result in which ``must`` has a say, so that what stands at the bottom is felt at the top."""
        if must.type == "category":
            test = self.category_test(must)
        elif must.type == "bool":
            test = must.name
        else:
            test = f"{must.name} {self.chooser.pick(('<', '<=', '>', '>='))} {self.float_(1)}"
        if self.value.type == "bool":
            return self.chooser.pick(
                (test, f"({test}) and ({self.bool_(1)})", f"({self.bool_(1)}) or {test}")
            )
        if self.value.type == "float" and must.type in ("float", "int") and self.chooser.chance(70):
            form = self.chooser.pick(("({0} * 0.5 + {1})", "max({0}, {1})", "({1} - {0})", "min({1}, {0})"))
            return form.format(must.name, self.float_(2))
        return f"{self.of_type(self.value.type, 2)} if {test} else {self.of_type(self.value.type, 2)}"

    # --- expressions ---

    def of_type(self, type_: Type, depth: int) -> str:
        if type_ == "category":
            options = [f'"{category}"' for category in self.value.categories]
            if depth > 2 and self.chooser.chance(25):
                return f"{self.chooser.pick(options)} if {self.bool_(1)} else {self.chooser.pick(options)}"
            return self.chooser.pick(options)
        return {"float": self.float_, "int": self.int_, "bool": self.bool_}[type_](depth)

    def _named(self, *types: Type) -> str | None:
        options = [value.name for value in self.known if value.type in types]
        return self.chooser.pick(options) if options else None

    def float_(self, depth: int) -> str:
        pick = self.chooser.pick
        if depth <= 0 or self.chooser.chance(10):
            if self.chooser.chance(25):
                return pick(("0.0", "100.0", "250.5", "1200", "THRESHOLD", "HALF", "0.25", "-50.0"))
            return self.amount()
        deeper = depth - 1

        def part() -> str:
            return self.float_(deeper)

        forms = [
            lambda: f"({part()} + {part()})",
            lambda: f"({part()} - {part()})",
            lambda: f"({part()} * {pick(('0.5', '2', '0.75', '-0.25', 'HALF'))})",
            lambda: f"({part()} / {pick(('2', '4.0', '8'))})",
            lambda: f"min({part()}, {part()})",
            lambda: f"max({part()}, {part()}, {pick(('0.0', '100.0', '0'))})",
            lambda: f"max({part()} - {part()}, 0.0)",
            lambda: f"({part()} if {self.bool_(deeper)} else {part()})",
            lambda: f"capped({part()} * {part()}, 2048.0)",
            lambda: f"halved({part()})",
            lambda: f"tapered({part()}, {pick(('1024.0', '512', 'THRESHOLD'))})",
            lambda: f"-{part()}" if self.chooser.chance(50) else f"abs({part()})",
            lambda: f"({part()} // {pick(('100', '64.0', '-128'))})",
            lambda: f"({part()} % {pick(('300', '256.0', '-100.0'))})",
            lambda: f"float({self.int_(deeper)})",
            lambda: f"({part()} * ({self.bool_(0)}))",
            lambda: f"math.sqrt(abs({part()}))",
            lambda: f"(capped({part()}, 512.0) ** 2)",
        ]
        schedule = self._named("schedule")
        if schedule is not None and not (self.undefined and schedule == "tax"):  # marginal rates of NaN
            forms += [lambda: f"{schedule}({part()})"] * 4
        if not self.undefined:  # NaN has no whole part
            forms.append(lambda: f"math.floor({part()} / 64)")
        if self.undefined:
            forms += [
                lambda: f"({part()} / {self.amount()})",
                lambda: f"({part()} / ({self.amount()} - {self.amount()}))",
                lambda: f"math.sqrt({self.amount()})",
            ]
        return pick(forms)()

    def amount(self) -> str:
        """A name that stands for a number, where the rule knows one."""
        name = self._named("float") if self.chooser.chance(80) else self._named("int")
        return name or self._named("float", "int") or self.chooser.pick(("300.0", "1200"))

    def int_(self, depth: int) -> str:
        pick = self.chooser.pick
        if depth <= 0 or self.chooser.chance(15):
            name = self._named("int")
            return name if name is not None and self.chooser.chance(80) else pick(("1", "0", "2", "18", "60"))
        deeper = depth - 1
        forms = [
            lambda: f"({self.int_(deeper)} + {self.int_(deeper)})",
            lambda: f"({self.int_(deeper)} - {self.int_(deeper)})",
            lambda: f"({self.int_(deeper)} * {pick(('2', '3'))})",
            lambda: f"({self.int_(deeper)} // {pick(('2', '5', '-3'))})",
            lambda: f"({self.int_(deeper)} % {pick(('4', '7', '-3'))})",
            lambda: f"min({self.int_(deeper)}, {self.int_(deeper)})",
            lambda: f"max({self.int_(deeper)}, {self.int_(deeper)})",
            lambda: f"({self.int_(deeper)} if {self.bool_(deeper)} else {self.int_(deeper)})",
            lambda: f"int({self.bool_(deeper)})",
            lambda: f"({YES}({self.bool_(0)}) + {YES}({self.bool_(0)}))",
            lambda: f"abs({self.int_(deeper)})",
        ]
        if not self.undefined:
            forms.append(lambda: f"int({self.float_(deeper)})")
        return pick(forms)()

    def bool_(self, depth: int) -> str:
        pick = self.chooser.pick
        name = self._named("bool")
        categorical = [value for value in self.known if value.type == "category"]
        if name is not None and (depth <= 0 or self.chooser.chance(10)):
            return name
        if categorical and self.chooser.chance(35):
            return self.category_test(pick(categorical))
        sign = pick(("<", "<=", ">", ">="))
        if depth <= 0:
            return f"{self.amount()} {sign} {self.float_(0)}"
        deeper = depth - 1
        forms = [
            lambda: f"{self.float_(deeper)} {sign} {self.float_(deeper)}",
            lambda: f"{self.float_(0)} {pick(('<', '<='))} {self.amount()} {sign} {self.float_(0)}",
            lambda: f"{self.int_(deeper)} {pick(('==', '!=', '<', '>='))} {self.int_(0)}",
            lambda: f"{self.float_(deeper)} {pick(('==', '!='))} {self.float_(0)}",
            lambda: f"not ({self.bool_(deeper)})",
            lambda: f"(({self.bool_(deeper)}) and ({self.bool_(deeper)}))",
            lambda: f"(({self.bool_(deeper)}) or ({self.bool_(deeper)}))",
            lambda: f"(({self.bool_(0)}) or ({self.bool_(0)}) and not ({self.bool_(0)}))",
            lambda: f"bool({self.int_(deeper)})",
            lambda: f"(({self.bool_(0)}) if ({self.bool_(0)}) else ({self.bool_(0)}))",
            lambda: f"(({self.bool_(0)}) == ({self.bool_(0)}))",
        ]
        if self.undefined:
            forms.append(lambda: f"({self.amount()} != 0 and {self.amount()} / {self.amount()} > 1)")
        return pick(forms)()

    def category_test(self, value: Value) -> str:
        one = f'"{self.chooser.pick(value.categories)}"'
        listed = ", ".join(f'"{category}"' for category in value.categories[: self.chooser.integer(1, 2)])
        return self.chooser.pick(
            (
                f"{value.name} == {one}",
                f"{value.name} != {one}",
                f"{one} == {value.name}",
                f"{value.name} in ({listed},)",
                f"{value.name} not in ({listed},)",
            )
        )
