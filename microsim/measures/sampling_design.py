"""How a sample was drawn and what its weights were calibrated to, for standard errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from microsim.errors import DataError, Offence
from microsim.measures.arrays import Floats, rows
from microsim.measures.labels import labels

Codes = npt.NDArray[np.int64]
_STEPS = 50  # of Newton's method: calibrated weights that exist are found in a few


@dataclass(frozen=True, eq=False)
class Design:
    """The design of a sample, one entry a row unless said otherwise.

    ``cluster`` is of no meaning for rows of weight 0, which add nothing. ``stratum_of`` gives the stratum of
    each cluster, ``uncovered`` of each stratum the share of its clusters that was not drawn (1 - n / N; 1
    where N is not known). ``controls`` float64[n, k], with no column where weights were not calibrated, and
    ``design_weights`` those before calibration.
    """

    weights: Floats
    cluster: Codes
    stratum_of: Codes
    uncovered: Floats
    controls: Floats
    design_weights: Floats

    def residuals(self, influence: Floats) -> Floats:
        """What a regression of the influence on the controls leaves, float64[n].

        Weighted by the weights before calibration. This is the part that calibrated weights leave to chance:
        a total that a control fixes does not vary from sample to sample. Source: Deville and Sarndal (1992).
        """
        if self.controls.shape[1] == 0:
            return influence
        root = np.sqrt(self.design_weights)
        # By its size first: incomes beside head counts would be lost to rounding.
        scaled = self.controls / self._sizes
        slopes = np.linalg.lstsq(scaled * root[:, None], influence * root, rcond=None)[0]
        return np.asarray(influence - scaled @ slopes)

    def calibrated(self, drawn: Floats) -> Floats:
        """Weights as near to ``drawn`` as meet the totals of the controls under the main weights: raking.

        A control of which nobody was drawn cannot be met and is left out. Raises ``DataError`` where no
        weights meet the others. Source: Deville and Sarndal (1992), the multiplicative distance.
        """
        scaled = self.controls / self._sizes
        scaled = scaled[:, np.abs(drawn @ np.abs(scaled)) > 0]
        wanted = self.weights @ scaled
        slopes = np.zeros(scaled.shape[1])
        missed = np.inf
        for _ in range(_STEPS):
            now = drawn * np.exp(scaled @ slopes)
            gap = wanted - now @ scaled
            missed = float(np.max(np.abs(gap) / (1.0 + np.abs(wanted)), initial=0.0))
            if missed < 1e-9:
                return np.asarray(now)
            step = np.linalg.lstsq((scaled * now[:, None]).T @ scaled, gap, rcond=None)[0]
            slopes += step * min(1.0, 2.0 / max(float(np.max(np.abs(scaled @ step), initial=0.0)), 1e-300))
        hint = "name fewer controls, or take the linearised error"
        text = f"replicate weights cannot meet the controls (off by {missed:.2g} of their totals)"
        raise DataError(Offence(text, "controls", hint), title="the bootstrap cannot be computed")

    @property
    def _sizes(self) -> Floats:
        largest = np.max(np.abs(self.controls), axis=0, initial=0.0)
        return np.asarray(np.where(largest > 0, largest, 1.0))


def design_of(
    measure: str,
    weights: npt.ArrayLike | None,
    found: list[Offence],
    *,
    clusters: npt.ArrayLike | None,
    strata: npt.ArrayLike | None,
    controls: npt.ArrayLike | None,
    design_weights: npt.ArrayLike | None,
    fpc: npt.ArrayLike | None,
    **columns: Any,
) -> Design:
    """Who was drawn with whom, out of how many; rows of weight 0 form no cluster of their own.

    Raises ``DataError`` with every offence, those ``found`` before among them.
    """
    given: dict[str, Any] = {}
    for name, by in (("clusters", clusters), ("strata", strata)):
        if by is not None:
            _, given[name] = labels(name, by, found)
    length = np.size(next(iter(columns.values())))
    given |= dict(_controls(controls, found))
    if design_weights is not None:
        given["design_weights"] = design_weights
        if controls is None:
            hint = "say what the weights were calibrated to: controls="
            found.append(Offence("are given without controls", "design_weights", hint))
    if fpc is not None:
        given["fpc"] = np.full(length, fpc) if np.ndim(fpc) == 0 else fpc
    rows(measure, weights, found, **columns, **given)
    w = np.ones(length) if weights is None else np.asarray(weights, dtype=np.float64)
    before = np.asarray(given.get("design_weights", w), dtype=np.float64)
    counts = w > 0
    if np.any(before[counts] <= 0):
        text = f"{int(np.sum(before[counts] <= 0))} are not positive where the weight is"
        raise DataError(Offence(text, "design_weights"), title=f"{measure} cannot be computed")
    stratum = given.get("strata", np.zeros(length))[counts].astype(np.int64)
    own = given.get("clusters", np.arange(length, dtype=np.float64))[counts].astype(np.int64)
    most = int(own.max()) + 1
    drawn, first, cluster = np.unique(stratum * most + own, return_index=True, return_inverse=True)
    _, stratum_of = np.unique(drawn // most, return_inverse=True)
    sizes = np.bincount(stratum_of)
    if np.any(sizes < 2):
        lonely = int(np.sum(sizes < 2))
        text = f"{lonely} of {len(sizes)} strata have a single cluster, whose variance cannot be estimated"
        hint = "merge strata" if strata is not None else "give at least 2 rows or clusters of positive weight"
        raise DataError(Offence(text, "strata", hint), title=f"{measure} cannot be computed")
    everyone = np.zeros(length, dtype=np.int64)
    everyone[counts] = cluster
    uncovered = np.ones(len(sizes))
    if "fpc" in given:
        totals = np.asarray(given["fpc"], dtype=np.float64)[counts]
        uncovered = _uncovered(measure, totals, first, cluster, stratum_of, sizes)
    columns_of = [np.asarray(given[name], dtype=np.float64) for name in given if name.startswith("controls[")]
    kept = np.column_stack(columns_of) if columns_of else np.zeros((length, 0))
    return Design(w, everyone, stratum_of, uncovered, kept, np.where(counts, before, 0.0))


def _controls(controls: npt.ArrayLike | None, found: list[Offence]) -> Iterator[tuple[str, Floats]]:
    """Each control as a column with a name for messages."""
    if controls is None:
        return
    table: npt.NDArray[Any] = np.asarray(controls)
    if table.ndim not in (1, 2):
        hint = "give a table, one row for each row of the data and one column for each control"
        found.append(Offence(f"have {table.ndim} dimensions", "controls", hint))
        return
    for k, column in enumerate(table.reshape(len(table), -1).T):
        yield f"controls[{k}]", column


def _uncovered(
    measure: str, totals: Floats, first: Codes, cluster: Codes, stratum_of: Codes, sizes: Codes
) -> Floats:
    """Share of each stratum's clusters that was not drawn; ``totals`` says for each row out of how many."""
    of_row = stratum_of[cluster]
    of_stratum = np.zeros(len(sizes))
    of_stratum[stratum_of] = totals[first]
    problems = []
    if np.any(totals != of_stratum[of_row]):
        problems.append(Offence("differs within a stratum", "fpc", "it is one number for each stratum"))
    elif np.any(of_stratum < sizes):
        k = int(np.argmax(of_stratum < sizes))
        hint = "it is the number of clusters (of rows, without clusters) in the population of each stratum"
        if np.any(of_stratum <= 1.0):
            hint += ", not the share that was drawn"
        text = f"is {of_stratum[k]:g} for a stratum of which {sizes[k]} clusters were drawn"
        problems.append(Offence(text, "fpc", hint))
    if problems:
        raise DataError(problems, title=f"{measure} cannot be computed")
    return np.asarray(1.0 - sizes / of_stratum)
