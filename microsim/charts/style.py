"""How every chart looks: colours, hatches, markers, type and sizes.

Nothing here touches matplotlib's global settings, so charts can be drawn in threads and in any notebook.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from matplotlib import font_manager

# Okabe and Ito (2008): colours that people with any common colour blindness can distinguish.
BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
WHITE = "#FFFFFF"
LIGHT_GREY = "#DDDDDD"
MID_GREY = "#A8A8A8"
GREY = "#595959"
RULE = "#D0D0D0"


class Look(NamedTuple):
    """One series: colour for the screen, hatch and marker for the photocopier."""

    colour: str
    hatch: str
    marker: str
    line: str = "-"


# Neighbours differ in lightness as well as in hue, so that stacked areas stay apart in grey.
SERIES = (
    Look(LIGHT_GREY, "", "o"),
    Look(BLUE, "", "s", "--"),
    Look(ORANGE, "//", "^", "-."),
    Look(GREEN, "..", "D", ":"),
    Look(YELLOW, "\\\\", "v"),
    Look(PURPLE, "xx", "P", "--"),
    Look(SKY, "--", "X", "-."),
    Look(VERMILLION, "++", "*", ":"),
)
# One look for a programme in every chart. In grey, dibao and the programmes that are often stacked on it
# differ by lightness; the rest by hatch. None looks like an area.
PROGRAMMES = {
    "earnings": Look(LIGHT_GREY, "", "o"),
    "other_income": Look(MID_GREY, "", "s", "--"),
    "dibao": Look(ORANGE, "\\\\", "^", "-."),
    "dibao_top_up": Look(YELLOW, "", "v"),
    "dibao_single": Look(YELLOW, "..", "v", ":"),
    "dibao_price_supplement": Look(ORANGE, "", "^", ":"),
    "price_supplement": Look(ORANGE, "", "^", ":"),
    "gradual_exit": Look(ORANGE, "..", "^", "--"),
    "tekun": Look(VERMILLION, "xx", "*", ":"),
    "temporary_aid": Look(VERMILLION, "", "*", "--"),
    "disaster": Look(VERMILLION, "..", "*"),
    "medical_aid": Look(SKY, "", "X", "-."),
    "education_aid": Look(PURPLE, "xx", "P", "--"),
    "housing_aid": Look(GREEN, "..", "D", ":"),
    "employment_aid": Look(BLUE, "||", "s", "--"),
    "collective_dividend": Look(BLUE, "\\\\", "s", ":"),
    "disability_subsidies": Look(BLUE, "++", "s"),
    "elderly_allowance": Look(PURPLE, "", "P", ":"),
    "care_services": Look(GREEN, "//", "D"),
    "childcare_subsidy": Look(PURPLE, "//", "P"),
    "elderly_vouchers": Look(GREEN, "xx", "D", "-."),
    "free_preschool": Look(PURPLE, "..", "P", "-."),
    "heating": Look(SKY, "--", "X", ":"),
}
COSTS = Look(WHITE, "///", "")  # what a household must spend: below zero, under what it has
AREAS = {
    "rural": Look(ORANGE, "//", "o"),
    "urban": Look(BLUE, "", "s", "--"),
    "all": Look(LIGHT_GREY, "..", "D", ":"),
}
OURS = Look(BLUE, "", "o")
PUBLISHED = Look(WHITE, "///", "D")

TITLE_SIZE = 12.0
TEXT_SIZE = 9.5
SMALL_SIZE = 8.5
LINE = 1.8
EDGE = 0.6

FONT_FILE = Path(__file__).with_name("fonts") / "wqy-microhei-gb2312.ttf"


def look(index: int) -> Look:
    """The look of series number ``index``; colours come round again after eight, with other hatches."""
    series = SERIES[index % len(SERIES)]
    if index < len(SERIES):
        return series
    return series._replace(hatch=SERIES[(index + index // len(SERIES)) % len(SERIES)].hatch + "o")


def looks_of(names: Iterable[str]) -> dict[str, Look]:
    """The look of each programme, and of each other part of a household's resources, by name.

    A rule of a programme (``medical_aid_benefit``) looks as its programme does. Names that the table does not
    know, such as programmes of one's own, take looks that none of the table has.
    """
    found: dict[str, Look | None] = {}
    for name in names:
        known = [key for key in PROGRAMMES if name == key or name.startswith(f"{key}_")]
        found[name] = PROGRAMMES[max(known, key=len)] if known else None
    taken = {(one.colour, one.hatch) for one in (*PROGRAMMES.values(), *AREAS.values())}
    free = (one for one in map(look, range(200)) if (one.colour, one.hatch) not in taken)
    return {name: one or next(free) for name, one in found.items()}


@functools.cache
def font_family() -> list[str]:
    """Font families in the order of search for a glyph: DejaVu Sans, then the bundled Chinese font."""
    font_manager.fontManager.addfont(str(FONT_FILE))
    return ["DejaVu Sans", font_manager.FontProperties(fname=str(FONT_FILE)).get_name()]
