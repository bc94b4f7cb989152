"""Reading a mosaic file, drawing counties from it, and writing a scenario for each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.documents import Document, read_document, shown
from microsim.errors import DataError, InputError, MicrosimError, Offence, did_you_mean
from microsim.numerics.streams import Streams

if TYPE_CHECKING:
    import pandas as pd

    from microsim.scenario import Scenario

_STEP = 12.0  # lines are whole yuan a month
_SLACK = 1e-9
_KEYS = ("title", "year", "counties", "provinces", "archetypes", "bands")
_PARTS = ("provinces", "ratio", "counties")


@dataclass(frozen=True)
class Band:
    """Provinces whose urban line is so many times the rural one, and the counties that represent theirs."""

    name: str
    provinces: int
    low: float
    high: float
    shares: Mapping[str, float]


@dataclass(frozen=True)
class DrawnCounty:
    """One county of the nation: an archetype with the lines of its province (yuan per year)."""

    name: str
    archetype: str
    province: int  # from 1, in the order of the bands
    band: str
    ratio: float  # of the urban line to the rural one, as its province has it
    rural: float
    urban: float
    stands_for: float  # counties of the nation


@dataclass(frozen=True)
class Mosaic:
    """A nation of provinces in bands; ``draw`` makes counties of it."""

    path: Path
    bands: tuple[Band, ...]
    counties: int
    scenarios: Mapping[str, Scenario] = field(repr=False)

    def draw(self, count: int, seed: int = 1) -> tuple[DrawnCounty, ...]:
        """``count`` counties, spread evenly over the provinces; the same ones for the same seed.

        Each province has one ratio, drawn evenly within its band. A county keeps the urban line of its
        archetype's scenario; its rural line follows from the ratio, in whole yuan a month. Raises
        ``MicrosimError`` where ``count`` is below 1.
        """
        if count < 1:
            raise InputError(f"a nation has at least one county, not {count}")
        streams = Streams(seed)
        band_of = [band for band in self.bands for _ in range(band.provinces)]
        provinces = np.arange(1, len(band_of) + 1)
        place = streams.uniform("ratio of province", provinces)
        ids = np.arange(1, count + 1)
        # Systematic: every stretch of the list of provinces gets its share of counties, up to one.
        start = float(streams.uniform("first county", np.array([1]))[0])
        home = np.minimum(((ids - 1 + start) / count * len(band_of)).astype(int), len(band_of) - 1)
        kind = streams.uniform("archetype", ids)
        width = len(str(count))
        drawn = []
        for number, province, draw in zip(ids, home, kind, strict=True):
            band = band_of[province]
            archetype = _pick(band.shares, float(draw))
            ratio = band.low + float(place[province]) * (band.high - band.low)
            urban = float(self.scenarios[archetype].policy().value("dibao.line")["urban"])
            rural = urban if band.high == band.low == 1.0 else round(urban / ratio / _STEP) * _STEP
            name = f"county-{number:0{width}d}"
            stands_for = self.counties / count
            drawn.append(
                DrawnCounty(
                    name, archetype, int(province) + 1, band.name, round(ratio, 4), rural, urban, stands_for
                )
            )
        return tuple(drawn)

    def table(self, drawn: tuple[DrawnCounty, ...]) -> pd.DataFrame:
        """county, archetype, province, band, ratio, rural, urban, stands_for."""
        import pandas as pd

        columns = ("name", "archetype", "province", "band", "ratio", "rural", "urban", "stands_for")
        table = pd.DataFrame([[getattr(one, name) for name in columns] for one in drawn], columns=columns)
        return table.rename(columns={"name": "county"})

    def write(
        self, out: Path, drawn: tuple[DrawnCounty, ...], seed: int = 1, households: int | None = None
    ) -> list[Path]:
        """A scenario file for each county and ``counties.csv`` in ``out``; returns the scenario files.

        With ``households`` each county is a sample of its own of so many households, in a folder beside its
        scenario; without, counties of one archetype share its households.
        """
        from microsim.population import synthesize

        out.mkdir(parents=True, exist_ok=True)
        files = []
        for number, one in enumerate(drawn, start=1):
            base = self.scenarios[one.archetype]
            home = Path(os.path.relpath(base.county_path.resolve(), out.resolve()))
            if households is not None:
                synthesize(base.county, seed * 1_000_003 + number, households).write(out / one.name)
                home = Path(one.name)
            files.append(out / f"{one.name}.yaml")
            files[-1].write_text(_scenario(one, base, home), encoding="utf-8", newline="\n")
        self.table(drawn).to_csv(out / "counties.csv", index=False, lineterminator="\n")
        return files


def read_mosaic(path: str | os.PathLike[str]) -> Mosaic:
    """Read a mosaic file and the scenarios that it names.

    Raises ``MicrosimError`` with every offence at file:line:column.
    """
    from microsim.scenario import load_scenario

    document = read_document(Path(path))
    offences = list(_offences(document))
    scenarios: dict[str, Scenario] = {}
    if not offences:
        for name, file in document.data["archetypes"].items():
            try:
                scenarios[str(name)] = load_scenario(Path(path).parent / str(file))
            except MicrosimError as error:
                offences += error.offences
    if offences:
        raise DataError(offences, title=f"{shown(Path(path))} cannot be used as a mosaic of counties")
    bands = tuple(
        Band(
            str(name),
            int(one["provinces"]),
            float(one["ratio"]["low"]),
            float(one["ratio"]["high"]),
            {str(archetype): float(share) for archetype, share in one["counties"].items()},
        )
        for name, one in document.data["bands"].items()
    )
    return Mosaic(Path(path), bands, int(document.data["counties"]["value"]), scenarios)


def _offences(document: Document) -> Iterator[Offence]:
    data = document.data
    if not isinstance(data, Mapping):
        yield Offence("a mosaic is a mapping with archetypes and bands", document.place())
        return
    for key in data:
        if key not in _KEYS:
            yield Offence(f"unknown key '{key}'", document.place(key), did_you_mean(str(key), _KEYS))
    counties = data.get("counties")
    number = counties.get("value") if isinstance(counties, Mapping) else None
    if not _whole(number):
        yield Offence(f"counties must have a value of 1 or more, not {number!r}", document.place("counties"))
    for key in ("archetypes", "bands"):
        if not isinstance(data.get(key), Mapping) or not data[key]:
            yield Offence(f"'{key}' must be a mapping with at least one entry", document.place(key))
            return
    for name, band in data["bands"].items():
        yield from _offences_of_band(document, str(name), band, tuple(map(str, data["archetypes"])))


def _offences_of_band(
    document: Document, name: str, band: Any, archetypes: tuple[str, ...]
) -> Iterator[Offence]:
    where = f"bands.{name}"
    if not isinstance(band, Mapping) or set(band) != set(_PARTS):
        yield Offence(
            f"{where} must have {', '.join(_PARTS)} and nothing else", document.place("bands", name)
        )
        return
    if not _whole(band["provinces"]):
        place = document.place("bands", name, "provinces")
        yield Offence(f"{where}.provinces must be 1 or more, not {band['provinces']!r}", place)
    ratio = band["ratio"]
    place = document.place("bands", name, "ratio")
    if (
        not isinstance(ratio, Mapping)
        or set(ratio) != {"low", "high"}
        or not all(map(_number, ratio.values()))
    ):
        yield Offence(f"{where}.ratio must have numbers low and high", place)
    elif not 0 < ratio["low"] <= ratio["high"]:
        yield Offence(f"{where}.ratio: low {ratio['low']:g} must be above 0 and not above high", place)
    shares, place = band["counties"], document.place("bands", name, "counties")
    if not isinstance(shares, Mapping) or not shares or not all(map(_number, shares.values())):
        yield Offence(f"{where}.counties must give a share for each archetype", place)
        return
    for archetype, share in shares.items():
        if archetype not in archetypes:
            at = document.place("bands", name, "counties", archetype)
            hint = did_you_mean(str(archetype), archetypes) or f"archetypes: {', '.join(archetypes)}"
            yield Offence(f"{where}.counties: no archetype '{archetype}'", at, hint)
        if share < 0:
            yield Offence(f"{where}.counties.{archetype} must be at least 0, not {share:g}", place)
    if abs(sum(shares.values()) - 1.0) > _SLACK:
        yield Offence(f"{where}.counties must add up to 1; they add up to {sum(shares.values()):g}", place)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < float("inf")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _pick(shares: Mapping[str, float], draw: float) -> str:
    below = 0.0
    for name, share in shares.items():
        below += share
        if draw < below:
            return name
    return next(reversed(list(shares)))


def _scenario(one: DrawnCounty, base: Scenario, home: Path) -> str:
    """The archetype's scenario with the county's own name, place and lines."""
    import yaml

    data = dict(base.data)
    data["title"] = {
        "en": f"{one.name} ({one.archetype}, province {one.province})",
        "zh": f"{one.name}（{base.title_in('zh')}，省份{one.province}）",
    }
    data.pop("description", None)
    data["county"] = home.as_posix()
    line = {"by": {"rural": one.rural, "urban": one.urban}}
    data["changes"] = {**data.get("changes", {}), "dibao.line": line}
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110))
