"""Labels of groups: sorted, and none missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from microsim.errors import Offence
from microsim.measures.arrays import Floats


def labels(name: str, by: npt.ArrayLike, offences: list[Offence]) -> tuple[list[Any], Floats]:
    """Sorted labels, and each row's position among them; rows without a label are added to ``offences``."""
    given = np.asarray(by).reshape(-1).tolist()
    # What does not equal itself is a missing value: NaN, NaT, pandas.NA.
    known = [label is not None and (label == label) is True for label in given]
    missing = [k for k, there in enumerate(known) if not there]
    if missing:
        shown = ", ".join(map(str, missing[:5]))
        text = f"{len(missing)} of {len(given)} labels are missing, such as at positions {shown}"
        offences.append(Offence(text, name, "the first row is 0"))
    try:
        names = sorted({label for label, there in zip(given, known, strict=True) if there})
    except TypeError:
        offences.append(Offence("mixes labels of different types", name, "give all as text"))
        names = []
    position = {label: float(k) for k, label in enumerate(names)}
    return names, np.array([position.get(label, 0.0) for label in given])
