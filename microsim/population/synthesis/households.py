"""Who lives with whom: household sizes, generations, ages, sexes and relations, drawn before weighting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.streams import Streams
from microsim.numerics.sums import sums_by_group
from microsim.population.core.columns import registry
from microsim.population.profile.county import County
from microsim.population.profile.figures import band

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OLDEST = 99
# Habits of households that no table of the profile gives.
_HUSBAND_OLDER = (2.0, 2.5)  # years: mean, standard deviation
_MALE_HEAD_OF_COUPLE, _MALE_ALONE, _MALE_LONE_PARENT, _MALE_CHILD = 0.88, 0.55, 0.40, 0.52
_LONE_PARENT, _BOTH_GRANDPARENTS, _GRANDMOTHER = 0.08, 0.55, 0.65
_LAST_MINOR_AGE, _LAST_GROWN_AGE, _YOUNGEST_ADULT = 19, 40, 16


@dataclass(frozen=True)
class Roster:
    """Households and their members, persons in household order; ``owner`` is the household of each person."""

    household_id: Ints
    area: NDArray[np.int8]
    size: Ints
    generations: Ints  # 1, 2, 3
    offsets: Ints
    owner: Ints
    member: Ints  # 0 is the head
    age: NDArray[np.int16]
    female: NDArray[np.bool_]
    relation: NDArray[np.int8]

    def sums(self, values: NDArray[np.generic]) -> Floats:
        """Sum over the members of each household."""
        if values.dtype == np.bool_:
            # Whole numbers: differences of running counts are exact, and several times faster.
            until = np.zeros(len(values) + 1, dtype=np.int32)
            np.cumsum(values, dtype=np.int32, out=until[1:])
            return np.diff(until[self.offsets]).astype(np.float64)
        return sums_by_group(values, self.offsets)

    def any_member(self, condition: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether any member of each household fulfils a condition."""
        some: NDArray[np.bool_] = self.sums(condition) > 0
        return some


def draw_roster(county: County, streams: Streams, households: int, first: int = 1) -> Roster:
    """Households of the county in the proportions of its profile; weights meet the margins exactly later.

    They are numbered from ``first``: whoever draws the households of one county in parts gets different ones.
    """
    ids = np.arange(first, first + households, dtype=np.int64)
    residents = county.residents
    urban = streams.uniform("area", ids) >= residents["rural"] / fsum(residents.values())
    size = 1 + _pick(streams.uniform("size", ids), list(county["demography.household_sizes"].values()))
    generations = _generations(county, streams.uniform("generations", ids), size)
    offsets = np.concatenate(([0], np.cumsum(size)))
    owner = np.repeat(np.arange(households), size)
    member = np.arange(offsets[-1]) - offsets[owner]
    cast = _cast(streams, ids, size, generations)
    relation = _relations(cast, owner, member)
    woman, eldest = _ages_of_core(county, streams, ids, size, generations, cast)
    female = _sexes(streams, ids, cast, owner, member, relation)
    age = _ages(county, streams, ids, cast, owner, member, relation, female, woman, eldest)
    area = urban.astype(np.int8)
    return Roster(ids, area, size, generations, offsets, owner, member, age, female, relation)


def code(column: str, category: str) -> int:
    """The code of a registered category."""
    return registry()[column].categories.index(category)


def whole(amounts: Floats) -> Floats:
    """Whole yuan: nobody knows more, and the last bits of exp and log differ between processors."""
    return np.asarray(np.round(amounts), dtype=np.float64)


def by_band(values: Mapping[str, float], age: NDArray[np.int16]) -> Floats:
    """A table by age bands looked up for each person; 0 outside the bands."""
    table = np.zeros(121)
    for name, value in values.items():
        first, last = band(name) or (0, -1)
        table[first : last + 1] = value
    found: Floats = table[age]
    return found


def _pick(draw: Floats, shares: list[float]) -> Ints:
    """Position drawn in proportion to ``shares``."""
    edges = np.cumsum(shares) / fsum(shares)
    return np.minimum(np.searchsorted(edges, draw, side="right"), len(shares) - 1).astype(np.int64)


def _generations(county: County, draw: Floats, size: Ints) -> Ints:
    out = np.ones(len(size), dtype=np.int64)
    for larger, shares in county["structure.generations_by_size"].items():
        chosen = size == int(larger)
        out[chosen] = 1 + _pick(draw[chosen], list(shares.values()))
    return out


def _age_in(table: Mapping[str, float], draw: Floats, within: Floats) -> Floats:
    bands = [band(name) or (0, 0) for name in table]
    chosen = _pick(draw, list(table.values()))
    first, last = np.array(bands, dtype=np.float64).T
    age: Floats = first[chosen] + within * (last[chosen] + 1 - first[chosen])
    return age


@dataclass(frozen=True)
class _Cast:
    """How many of each relation live in a household: spouse 0 or 1, parents 0 to 2, children."""

    spouse: Ints
    parents: Ints
    children: Ints
    male_head: NDArray[np.bool_]


def _cast(streams: Streams, ids: Ints, size: Ints, generations: Ints) -> _Cast:
    """Families by generations: couples, parents with children, and those with parents of the head too."""
    others = size - 1
    lone = streams.uniform("lone parent", ids) < _LONE_PARENT
    couple = (generations == 1) & (size > 1)
    family = (generations == 2) & (size > 2) & ~lone
    large = (generations == 3) & (size > 3)
    spouse = (couple | family | large).astype(np.int64)
    both = 1 + (streams.uniform("grandparents", ids) < _BOTH_GRANDPARENTS)
    # At least one child: three generations live here.
    parents = np.where(generations == 3, np.minimum(both, others - spouse - 1), 0)
    children = np.where(generations > 1, others - spouse - parents, 0)
    chance = np.select([spouse == 1, size == 1], [_MALE_HEAD_OF_COUPLE, _MALE_ALONE], _MALE_LONE_PARENT)
    return _Cast(spouse, parents, children, streams.uniform("sex of head", ids) < chance)


def _relations(cast: _Cast, owner: Ints, member: Ints) -> NDArray[np.int8]:
    """Members are in the order head, spouse, parents, children, siblings."""
    spouse, parents, children = cast.spouse[owner], cast.parents[owner], cast.children[owner]
    codes = [code("relation", name) for name in ("head", "spouse", "parent", "child")]
    edges = [member == 0, member <= spouse, member <= spouse + parents, member <= spouse + parents + children]
    return np.select(edges, codes, code("relation", "sibling")).astype(np.int8)


def _ages_of_core(
    county: County, streams: Streams, ids: Ints, size: Ints, generations: Ints, cast: _Cast
) -> tuple[Floats, Floats]:
    """Age of the woman of the leading couple (or of whoever leads alone), and of the eldest child."""
    draw, within = streams.uniform("leading age", ids), streams.uniform("age within band", ids)
    alone = _age_in(county["structure.age_living_alone"], draw, within)
    couple = _age_in(county["structure.age_of_couple"], draw, within)
    birth = county["structure.age_at_birth"]
    at_birth = np.clip(birth["mean"] + birth["spread"] * streams.normal("age at birth", ids), 17.0, 42.0)
    grown = (streams.uniform("grown children", ids) < county["structure.grown_children"]) & (generations == 2)
    first = np.where(
        grown, _LAST_MINOR_AGE, np.minimum(county["structure.birth_spacing"] * (cast.children - 1), 15)
    )
    last = np.where(grown, _LAST_GROWN_AGE, _LAST_MINOR_AGE)
    eldest = first + within * (last - first)
    woman = np.where(generations > 1, at_birth + eldest, np.where(size == 1, alone, couple))
    return woman, eldest


def _sexes(
    streams: Streams, ids: Ints, cast: _Cast, owner: Ints, member: Ints, relation: NDArray[np.int8]
) -> NDArray[np.bool_]:
    female = streams.uniform("sex", ids[owner], member) >= _MALE_CHILD
    is_head, is_spouse = relation == code("relation", "head"), relation == code("relation", "spouse")
    parent = relation == code("relation", "parent")
    # The first parent is the grandmother where both live here; a single one is more often she, too.
    second = parent & (member == cast.spouse[owner] + 2)
    single = parent & (cast.parents[owner] == 1)
    female = np.where(is_head, ~cast.male_head[owner], np.where(is_spouse, cast.male_head[owner], female))
    grandmother = streams.uniform("sex of grandparent", ids)[owner] < _GRANDMOTHER
    return np.where(single, grandmother, np.where(parent, ~second, female))


def _ages(
    county: County,
    streams: Streams,
    ids: Ints,
    cast: _Cast,
    owner: Ints,
    member: Ints,
    relation: NDArray[np.int8],
    female: NDArray[np.bool_],
    woman: Floats,
    eldest: Floats,
) -> NDArray[np.int16]:
    """Ages in completed years: a couple some years apart, parents a generation older, children spaced."""
    birth, spacing = county["structure.age_at_birth"], county["structure.birth_spacing"]
    older = np.maximum(_HUSBAND_OLDER[0] + _HUSBAND_OLDER[1] * streams.normal("age gap", ids), -6.0)[owner]
    leading = woman[owner] + np.where(female, 0.0, np.where(cast.spouse[owner] == 1, older, 0.0))
    above = birth["mean"] + birth["spread"] * streams.normal("age at own birth", ids)
    parent = woman[owner] + np.clip(above, 17.0, 42.0)[owner] + np.where(female, 0.0, older)
    place = member - cast.spouse[owner] - cast.parents[owner] - 1
    apart = spacing * (0.6 + 0.8 * streams.uniform("birth spacing", ids[owner], member))
    child = np.maximum(eldest[owner] - apart * place, 0.0)
    sibling = woman[owner] + 12.0 * (streams.uniform("age of sibling", ids[owner], member) - 0.5)
    names = ("head", "spouse", "parent", "child")
    of_relation = [relation == code("relation", name) for name in names]
    age = np.select(of_relation, [leading, leading, parent, child], np.maximum(sibling, 16.0))
    lowest = np.where(relation == code("relation", "child"), 0, _YOUNGEST_ADULT)
    completed: NDArray[np.int16] = np.clip(np.floor(age), lowest, OLDEST).astype(np.int16)
    return completed
