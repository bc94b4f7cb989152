"""The figures of a finished sweep, read back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from microsim.batch.reading import read_results, scan_results

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset as ds

KIND = "sweep"  # what the manifest says the folder is, and the command that makes it


def read_sweep(out: str | os.PathLike[str]) -> pd.DataFrame:
    """The figures of a finished sweep, one a row.

    Columns: ``scenario`` (number of the point, from 0), ``county``, ``seed`` (0: the county as it is in its
    folder), one for each axis (a parameter in the unit that the sweep file gave it in, or ``base``, ``law``
    and so on; empty where it is as in the base scenario), ``measure``, ``subject``, ``group`` (area; empty
    for the county), ``value``, ``unit``. Raises
    ``MicrosimError`` where there is no finished sweep, and with the name of every part that is missing or
    does not have the bytes that were written.
    """
    frame: pd.DataFrame = read_results(out, KIND).to_pandas()
    return frame


def scan_sweep(out: str | os.PathLike[str]) -> ds.Dataset:
    """The figures of a finished sweep that may be larger than memory, as a ``pyarrow.dataset.Dataset``.

    Columns as those of :func:`read_sweep`. Only what is asked for is read, when it is asked for:
    ``scan_sweep(out).to_table(columns=["scenario", "value"], filter=pc.field("group") == "")``. Raises
    ``MicrosimError`` where there is no finished sweep or a part is missing; the checksum of each page is
    compared when it is read, and ``OSError`` says that it is another.
    """
    return scan_results(out, KIND)
