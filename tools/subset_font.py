"""Make the Chinese font of the charts: the GB2312 characters of WenQuanYi Micro Hei.

    python tools/subset_font.py wqy-microhei.ttc microsim/charts/fonts/wqy-microhei-gb2312.ttf

The source is `wqy-microhei.ttc` 0.2.0-beta (Debian package `fonts-wqy-microhei`). The same source and
fontTools give the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools import subset


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


def make(source: Path, target: Path) -> int:
    """Write the subset of the first face in ``source`` and return its size in bytes."""
    options = subset.Options()
    options.font_number = 0  # Micro Hei; face 1 is Micro Hei Mono
    options.hinting = False  # charts are drawn at print sizes, and outlines without hints are half the bytes
    options.recalc_timestamp = False
    options.name_IDs = ["*"]  # keep copyright and licence in the name table
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "vhea", "vmtx", "VORG", "FFTM"]
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=gb2312())
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
