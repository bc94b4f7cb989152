"""Make the Chinese font of the charts: the characters of GB2312 and of place names, of WenQuanYi Micro Hei.

    python tools/subset_font.py wqy-microhei.ttc microsim/charts/fonts/wqy-microhei-gb2312.ttf

The source is `wqy-microhei.ttc` 0.2.0-beta (Debian package `fonts-wqy-microhei`). The same source and
fontTools give the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

# Names of administrative divisions with a character outside GB2312: all of counties and districts (2020)
# and of the prefectures and provinces above them; some of townships, and of counties that were.
NAMES = (
    *("埇桥区", "浉河区", "瀍河回族区", "猇亭区", "硚口区", "鄠邑区"),
    *("甪直镇", "栟茶镇", "鄚州镇", "鄌郚镇", "洈水镇", "烔炀镇", "堽城镇", "虒亭镇", "酂阳镇", "郪江镇"),
    *("大峃镇", "崀山镇", "大碶街道", "大漈乡", "毛垟乡", "嵖岈山镇", "东漖街道"),
    *("郿县", "盩厔县", "邽县", "鄀县", "酂县", "氹仔", "深水埗", "红磡", "东塱"),
)  # fmt: skip


def gb2312() -> set[int]:
    """Code points of GB2312 (6,763 Han characters and its symbols) and of printable ASCII."""
    points = set(range(0x20, 0x7F))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                points.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue  # a cell that GB2312 leaves empty
    return points


def characters() -> set[int]:
    """Code points of GB2312, ASCII and ``NAMES``."""
    return gb2312() | set(map(ord, "".join(NAMES)))


def make(source: Path, target: Path) -> int:
    """Write the subset of the first face in ``source`` and return its size in bytes."""
    from fontTools import subset

    options = subset.Options()
    options.font_number = 0  # Micro Hei; face 1 is Micro Hei Mono
    options.hinting = False  # charts are drawn at print sizes, and outlines without hints are half the bytes
    options.recalc_timestamp = False
    options.name_IDs = ["*"]  # keep copyright and licence in the name table
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "vhea", "vmtx", "VORG", "FFTM"]
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters())
    worker.subset(font)
    subset.save_font(font, str(target), options)
    return target.stat().st_size


def main() -> None:
    """Read the command line and make the font."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path, help="wqy-microhei.ttc")
    parser.add_argument("target", type=Path, help="the font to write")
    arguments = parser.parse_args()
    size = make(arguments.source, arguments.target)
    print(f"{arguments.target}: {size:,} bytes")


if __name__ == "__main__":
    main()
