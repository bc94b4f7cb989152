"""The values of one imported column: codes to categories, units to yuan per year, gaps marked."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import Offence, did_you_mean
from microsim.population.survey.encoding import LOST, garbled
from microsim.population.survey.files import DataFile
from microsim.population.survey.mapping import ColumnRule, text_of

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[Any]
_SHOWN = 5
_SINGLE = 2.0**24  # up to which single precision holds every whole number
_YES_NO = {
    "1": True,
    "0": False,
    "true": True,
    "false": False,
    "yes": True,
    "no": False,
    "是": True,
    "否": False,
}
_IDENTITY = re.compile(r"\d{17}[\dXx]")
# Nines with a last digit from 6 on, one digit five times and more, or a small negative whole number.
_CODE = re.compile(r"9{4,}[6-9]?|([1-9])\1{4,}|-(?:10|[1-9]|8{2,}|9{2,})")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_CHECK = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, weights of the check digit


@dataclass
class Values:
    """One value per record (objects, or float64 where all are numbers), and which are missing."""

    values: Array
    missing: NDArray[np.bool_]
    parts_missing: int = 0  # of sums: parts that were missing where others were not, taken as 0
    clipped: int = 0  # values beyond the column's range that were moved to its bound
    otherwise: Mapping[str, int] = field(
        default_factory=dict
    )  # codes that only `otherwise` took, and how often
    codes: Mapping[str, int] = field(default_factory=dict)  # amounts that look like codes for "no answer"


def repeatable(text: str) -> str:
    """A value as a message may repeat it: never a person's number."""
    return "(a personal number)" if _IDENTITY.search(text) or _MOBILE.search(text) else text


class Records:
    """Offences in records, which are counted from 1 as a reader of the file counts them, header left out."""

    def __init__(self) -> None:
        self.offences: list[Offence] = []

    def say(self, place: str, problem: str, records: Sequence[int] | Array, hint: str = "") -> None:
        """One problem in some records: the first few are named, all are counted."""
        named = ", ".join(str(int(one) + 1) for one in records[:_SHOWN])
        more = f" and {len(records) - _SHOWN} more" if len(records) > _SHOWN else ""
        word = "record" if len(records) == 1 else f"{len(records)} records:"
        self.offences.append(Offence(f"{problem} in {word} {named}{more}", place, hint))


def column_values(rule: ColumnRule, file: DataFile, found: Records) -> Values:
    """The values of a column of the mapping, one per record of ``file``; offences go to ``found``."""
    parts = [_part(rule, file, source, found) for source in rule.sources]
    if rule.less:
        return _less(rule, file, _added(parts), found)
    return parts[0] if len(parts) == 1 else _added(parts)


def _less(rule: ColumnRule, file: DataFile, whole: Values, found: Records) -> Values:
    """What ``less`` leaves of an amount; a missing part takes nothing off."""
    taken = _added([_part(rule, file, source, found) for source in rule.less])
    left = np.where(whole.missing, 0.0, whole.values - np.where(taken.missing, 0.0, taken.values))
    low = -np.inf if rule.column is None or rule.column.minimum is None else rule.column.minimum
    below = ~whole.missing & (left < low)
    if below.any() and not rule.clip:
        hint = "correct the records, or clip: true sets them to the least allowed"
        less = ", ".join(rule.less)
        message = f"{rule.name} is below {low:g} once {less} is taken off"
        found.say(file.place(rule.less[0]), message, file.frame.index.to_numpy()[below], hint)
    return replace(
        whole,
        values=np.where(below, low, left),
        parts_missing=whole.parts_missing + int((taken.missing & ~whole.missing).sum()),
        clipped=whole.clipped + (int(below.sum()) if rule.clip else 0),
    )


def _added(parts: Sequence[Values]) -> Values:
    """Several amounts added up, missing parts as 0."""
    clipped = sum(part.clipped for part in parts)
    stacked = np.array([np.where(part.missing, 0.0, part.values).astype(np.float64) for part in parts])
    gaps = np.array([part.missing for part in parts])
    nothing: NDArray[np.bool_] = np.all(gaps, axis=0)
    otherwise, codes = (
        dict(sum((Counter(getattr(part, what)) for part in parts), Counter[str]()))
        for what in ("otherwise", "codes")
    )
    return Values(stacked.sum(axis=0), nothing, int((gaps & ~nothing).sum()), clipped, otherwise, codes)


def looks_like_identity(values: pd.Series) -> bool:
    """Whether most of the texts of a column look like identity or mobile phone numbers."""
    texts = [text_of(value) for value in values.dropna().head(200)]
    alike = [text for text in texts if _IDENTITY.fullmatch(text) or _MOBILE.fullmatch(text)]
    return len(texts) > 0 and len(alike) > len(texts) / 2


def _part(rule: ColumnRule, file: DataFile, source: str, found: Records) -> Values:
    import pandas as pd

    series = file.frame[source]
    codes, uniques = pd.factorize(series.to_numpy(dtype=object), use_na_sentinel=True)
    if series.dtype == np.float32 or file.exact_below.get(source) == _SINGLE:
        # The shortest decimal that is stored as this number: what was typed.
        uniques = np.array([float(str(np.float32(one))) for one in uniques])
    texts = [text_of(one) for one in uniques]
    if _garbled(rule, file, source, [one for one in uniques if isinstance(one, str)], found):
        return Values(np.zeros(len(codes)), np.ones(len(codes), dtype=bool))
    convert = _converter(rule, file, source)
    good: list[Any] = []
    empty = np.zeros(len(texts) + 1, dtype=bool)  # the last represents code -1, a gap in the file
    empty[-1] = True
    for position, text in enumerate(texts):
        if text == "" or text in rule.missing:
            empty[position] = True
            good.append(None)
            continue
        try:
            value = convert(text)
        except ValueError as error:
            at = series.index.to_numpy()[codes == position]
            problem, _, hint = str(error).partition("|")
            found.say(file.place(source), problem, at, hint)
            value, empty[position] = None, True
        else:
            empty[position] = value is None
        good.append(value)
    missing, clipped = empty[codes], 0
    if rule.clip and rule.column is not None:
        low = -np.inf if rule.column.minimum is None else rule.column.minimum
        high = np.inf if rule.column.maximum is None else rule.column.maximum
        inside = [value if value is None else float(min(max(value, low), high)) for value in good]
        moved = np.array([new != old for new, old in zip(inside, good, strict=True)] + [False])
        good, clipped = inside, int(moved[codes].sum())
    numbers = [value for value in good if value is not None]
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in numbers):
        table = np.array([0.0 if value is None else float(value) for value in good] + [0.0])
    else:
        table = np.array([*good, None], dtype=object)
    times = np.bincount(codes[codes >= 0], minlength=len(texts))
    return Values(
        table[codes],
        missing,
        clipped=clipped,
        otherwise=_counted(_untold(rule, file, source, texts), texts, times),
        codes=_counted(_like_codes(rule, texts), texts, times),
    )


def _garbled(rule: ColumnRule, file: DataFile, source: str, texts: list[str], found: Records) -> bool:
    """Whether texts or labels were decoded wrongly, which is an offence."""
    labels = file.labels.get(source, {})
    wrong = garbled([*texts, *map(str, labels.values())])
    lost = [text for text in texts if LOST in text]
    if wrong is None and not lost:
        return False
    records = file.frame.index.to_numpy()
    if wrong is None:
        at = records[file.frame[source].isin(lost).to_numpy()]
        found.say(
            file.place(source), "characters that were lost (\ufffd)", at, "export the data again, in UTF-8"
        )
        return True
    hint = (
        f"read: {{encoding: {wrong.encoding}}}"
        if file.takes_encoding
        else f"save the file again: its text was written as {wrong.encoding} and read as something else"
    )
    message = f"{rule.name} contains garbled text: '{repeatable(wrong.seen)}' is '{repeatable(wrong.meant)}'"
    found.offences.append(Offence(message, file.place(source), hint))
    return True


def _counted(positions: Sequence[int], texts: Sequence[str], times: Array) -> dict[str, int]:
    """Texts and how often they are there, the most frequent first; 1 and 1.0 are one."""
    counts: Counter[str] = Counter()
    for k in positions:
        counts[repeatable(texts[k])] += int(times[k])
    return dict(counts.most_common())


def _untold(rule: ColumnRule, file: DataFile, source: str, texts: Sequence[str]) -> list[int]:
    """Codes that recode does not name, so that ``otherwise`` took them."""
    if rule.recode is None or rule.otherwise is None:
        return []
    labels = _labels(file, source)
    return [
        k
        for k, text in enumerate(texts)
        if text not in ("", *rule.missing) and text not in rule.recode and labels.get(text) not in rule.recode
    ]


def _like_codes(rule: ColumnRule, texts: Sequence[str]) -> list[int]:
    """Amounts that look like codes for "no answer": 99999, 9999998, 7777777, -8, -99."""
    numeric = rule.column is None or rule.column.type in ("int", "float")
    if not numeric or rule.recode is not None or rule.identity or rule.name == "weight":
        return []
    return [k for k, text in enumerate(texts) if text not in rule.missing and _CODE.fullmatch(text)]


def _labels(file: DataFile, source: str) -> dict[str, str]:
    return {text_of(code): str(label).strip() for code, label in file.labels.get(source, {}).items()}


def _converter(rule: ColumnRule, file: DataFile, source: str) -> Callable[[str], Any]:
    """What one code becomes; ``ValueError("problem|hint")`` for a code that becomes nothing."""
    column = rule.column
    kind = column.type if column is not None else ""
    if rule.identity:
        return lambda text: _of_identity(text, rule)
    if rule.recode is not None:
        labels = _labels(file, source)
        return lambda text: _recoded(text, rule, labels)
    if kind == "category":
        assert column is not None
        labels = _labels(file, source)
        allowed = column.categories

        def category(text: str) -> str:
            for one in (text, labels.get(text, "")):
                if one in allowed:
                    return one
            hint = did_you_mean(text, allowed) or f"recode it to one of {', '.join(allowed)}"
            raise ValueError(f"'{repeatable(text)}' is not a category of {rule.name}|{hint}")

        return category
    if kind == "bool":

        def yes_no(text: str) -> bool:
            if text.lower() not in _YES_NO:
                raise ValueError(f"'{repeatable(text)}' is neither yes nor no|recode it to true and false")
            return _YES_NO[text.lower()]

        return yes_no
    if column is None and not rule.unit and rule.subtract_from is None:
        return _number_or_text
    return lambda text: _amount(text, rule)


def _recoded(text: str, rule: ColumnRule, labels: dict[str, str]) -> Any:
    assert rule.recode is not None
    for one in (text, labels.get(text)):
        if one is not None and one in rule.recode:
            return rule.recode[one]
    if rule.otherwise is not None:
        return rule.otherwise
    label = f" ({labels[text]})" if text in labels else ""
    raise ValueError(
        f"code '{repeatable(text)}'{label} of {rule.name} is not in recode|add it, or list it under missing:"
    )


def _number_or_text(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _amount(text: str, rule: ColumnRule) -> float:
    try:
        number = float(text.replace(",", "").replace("，", ""))
    except ValueError:
        raise ValueError(
            f"'{repeatable(text)}' is not a number|recode it, or list it under missing:"
        ) from None
    if not np.isfinite(number):
        raise ValueError(f"'{text}' is not a finite number|list it under missing:")
    if rule.subtract_from is not None:
        number = float(rule.subtract_from) - number
    column = rule.column
    if rule.factor != 1.0:
        number *= rule.factor
        if column is not None and column.is_money:
            number = round(number, 2)  # 0.69564 of 10,000 yuan are 6,956.4 yuan, not a last bit more or less
    if column is None:
        return number
    if column.type == "int" and number != np.floor(number):
        raise ValueError(f"{text} gives {rule.name} {number:g}, which is not a whole number|")
    low, high = (None, None) if rule.clip else (column.minimum, column.maximum)
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}".strip()
        way_out = "list codes that mean missing under missing:, or clip: true"
        hint = f"{rule.name} must be in {bounds} {column.unit}; {way_out}"
        raise ValueError(
            f"{repeatable(text)} gives {rule.name} {repeatable(f'{number:g}')}, out of range|{hint}"
        )
    return number


def _of_identity(text: str, rule: ColumnRule) -> Any:
    """Age on a day, or sex, out of an 18-digit identity number (GB 11643)."""
    # The number itself is never repeated in a message: it is a person's.
    if not _IDENTITY.fullmatch(text):
        raise ValueError(f"no identity number of 18 digits|fill: or correct {', '.join(rule.sources)}")
    total = sum(weight * int(digit) for weight, digit in zip(_CHECK, text, strict=False))
    if "10X98765432"[total % 11] != text[-1].upper():
        raise ValueError(f"identity number whose check digit is wrong|correct {', '.join(rule.sources)}")
    if rule.identity == "sex":
        return "male" if int(text[16]) % 2 else "female"
    try:
        born = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise ValueError("identity number without a valid date of birth|correct the record") from None
    day = dt.date.fromisoformat(rule.on)
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if age < 0:
        raise ValueError(f"born after {rule.on}|is the date (on:) right?")
    return float(age)
