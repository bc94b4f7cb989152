"""Identifiers of imported data: read exactly, or refused with what to do."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.documents import shown
from microsim.errors import Offence
from microsim.population.core.findings import SHOWN_ROWS
from microsim.population.survey.values import Records

if TYPE_CHECKING:
    from microsim.population.survey.files import DataFile

Array = NDArray[Any]
Ints = NDArray[np.int64]
IDS = ("number", "hash", "keep")
_SCIENTIFIC = re.compile(r"[+-]?\d(\.\d+)?[eE]\+\d+")
_POINT_ZERO = re.compile(r"(\d+)\.0+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))
_AS_TEXT = "keep ids as text: format the column as text before ids are typed or pasted, or export it again"


def exact_ids(file: DataFile, column: str, found: Records, notes: list[str]) -> Array:
    """The ids of a column as texts, one per record ("" where there is none).

    Stray spaces, full-width digits and a ".0" at the end are taken off, which is noted: the id is known all
    the same. Refused (in ``found``) are numbers of which digits may be lost, texts beside numbers, and ids of
    which some have lost their zeros in front.
    """
    import pandas as pd

    series = file.frame[column]
    codes, uniques = pd.factorize(series.to_numpy(dtype=object), use_na_sentinel=True)
    records = series.index.to_numpy()

    def say(problem: str, wrong: Sequence[int], hint: str) -> None:
        if len(wrong):
            found.say(file.place(column), problem, records[np.isin(codes, wrong)], hint)

    limit = _limit(file, column)
    lost, scientific, texts, trimmed = [], [], [], []
    numbers = [isinstance(one, (int, float, np.number)) and not isinstance(one, bool) for one in uniques]
    for k, (one, is_number) in enumerate(zip(uniques, numbers, strict=True)):
        text = _number_text(one) if is_number else _clean(str(one))
        if (is_number and abs(float(one)) >= limit) or (_POINT_ZERO.fullmatch(text) and len(text) > 17):
            lost.append(k)
        elif not is_number and _SCIENTIFIC.fullmatch(text):
            scientific.append(k)
        plain = _POINT_ZERO.fullmatch(text)
        text = plain.group(1) if plain else text
        if not is_number and text != str(one):
            trimmed.append(k)
        texts.append(text)
    lost += [k for k in _cut_by_excel(texts) if k not in lost]
    say(
        f"numbers with so many digits are not exact here (from {limit:,.0f} on they are rounded)",
        lost,
        _AS_TEXT,
    )
    say("ids in scientific notation have lost digits", scientific, _AS_TEXT)
    if any(numbers) and not all(numbers):
        mixed = [k for k, is_number in enumerate(numbers) if not is_number]
        say("some ids are text and others numbers, which lose leading zeros: text", mixed, _AS_TEXT)
    elif not lost:
        say(
            "ids that differ only in leading zeros",
            _bare(texts),
            f"did one of each pair lose its zeros? {_AS_TEXT}",
        )
    if trimmed:
        count = int(np.isin(codes, trimmed).sum())
        notes.append(
            f"{file.place(column)}: {count:,} ids read without stray spaces, full-width digits or '.0'"
        )
    return np.array([*texts, ""], dtype=object)[codes]


def refuse_gaps(file: DataFile, column: str, ids: Array, found: Records, what: str) -> None:
    """Records without an id."""
    gaps = file.frame.index.to_numpy()[ids == ""]
    if len(gaps):
        hint = (
            f"leave such records out with keep_if:; where the cell above is meant (merged or blank cells), "
            f"fill_down: [{column}] repeats it"
        )
        found.say(file.place(column), what, gaps, hint)


def refuse_repeated(file: DataFile, column: str, ids: Array, found: Records, what: str, hint: str) -> None:
    """An id that is in several records; the number itself is never shown for persons."""
    import pandas as pd

    present = ids != ""
    again = present & pd.Series(ids).duplicated(keep="first").to_numpy()
    if again.any():
        found.say(
            file.place(column),
            f"{what} that occurs again",
            file.frame.index.to_numpy()[again],
            hint,
        )


def note_copies(file: DataFile, notes: list[str]) -> None:
    """Records of persons without ids that say the same as an earlier one: twins, or there twice."""
    again = file.frame.index.to_numpy()[file.frame.duplicated().to_numpy()]
    if len(again):
        named = ", ".join(str(int(one) + 1) for one in again[:SHOWN_ROWS])
        more = f" and {len(again) - SHOWN_ROWS} more" if len(again) > SHOWN_ROWS else ""
        say = "1 record says" if len(again) == 1 else f"{len(again):,} records say"
        notes.append(
            f"{shown(file.path)}: {say} the same as an earlier one in all columns that are read "
            f"(record {named}{more}): identical persons, or duplicates? person: COLUMN would settle it"
        )


def lost_zeros(households: Array, persons: Array) -> bool:
    """Whether persons that belong to no household would belong to one but for zeros in front."""
    known, lonely = set(households.tolist()), set(persons.tolist())
    bare = {one.lstrip("0") for one in known - lonely if one.isdecimal()}
    return any(one.isdecimal() and one.lstrip("0") in bare for one in lonely - known)


def ids_as_asked(what: str, texts: Array, ids: str, key: bytes, place: str, offences: list[Offence]) -> Ints:
    """Numbers of the households or persons: counted, hashed with the key, or kept as they are."""
    if ids == "number":
        return np.arange(1, len(texts) + 1, dtype=np.int64)
    if ids == "keep":
        wrong = [text for text in texts if not re.fullmatch(r"0|[1-9]\d{0,17}", text)]
        if wrong:
            why = "whole numbers of at most 18 digits, without leading zeros"
            message = f"{len(wrong):,} ids are not {why}, and cannot be kept"
            offences.append(Offence(message, place, "--ids number or hash"))
            return np.arange(1, len(texts) + 1, dtype=np.int64)
        return np.array([int(text) for text in texts], dtype=np.int64)
    digests = (
        hashlib.blake2b(f"{what}:{text}".encode(), digest_size=8, key=key[:64]).digest() for text in texts
    )
    return np.array([int.from_bytes(digest, "little") >> 1 for digest in digests], dtype=np.int64)


def _clean(text: str) -> str:
    """Without spaces around it and what cannot be seen; full-width letters and digits as plain ones."""
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).strip()


def _number_text(number: Any) -> str:
    return str(int(number)) if np.isfinite(number) and number == int(number) else str(number)


def _limit(file: DataFile, column: str) -> float:
    """From which size on whole numbers of the column may represent several."""
    if column in file.exact_below:
        return file.exact_below[column]
    dtype = file.frame[column].dtype
    if getattr(dtype, "kind", "") == "f":
        kind = dtype if isinstance(dtype, np.dtype) else np.dtype(str(dtype).lower())
        return float(2 ** (np.finfo(kind).nmant + 1))
    return float("inf") if getattr(dtype, "kind", "") in "iu" else 2.0**53


def _cut_by_excel(texts: Sequence[str]) -> list[int]:
    """Long ids that all end in zeros from the 16th digit on: a spreadsheet has put them for lost digits."""
    long = [k for k, text in enumerate(texts) if text.isdecimal() and len(text) > 15]
    return long if len(long) > 1 and all(not texts[k][15:].strip("0") for k in long) else []


def _bare(texts: Sequence[str]) -> list[int]:
    """Ids that are another one with or without zeros in front."""
    by_bare: dict[str, set[str]] = {}
    for text in texts:
        if text.isdecimal():
            by_bare.setdefault(text.lstrip("0"), set()).add(text)
    return [k for k, text in enumerate(texts) if text.isdecimal() and len(by_bare[text.lstrip("0")]) > 1]
