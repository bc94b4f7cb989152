"""docs/images/brief*.png: the first page of a brief in each language, as an office program shows it.

    python tools/brief_images.py RESULTS

Needs LibreOffice and pdftoppm. Look at them after a change of a brief's text or form.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from microsim.report.brief.writing import brief

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"


def main() -> None:
    """Both languages of the brief of one results folder."""
    for program in ("soffice", "pdftoppm"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is needed and is not here")
    with tempfile.TemporaryDirectory() as scratch:
        for lang, name in (("en", "brief"), ("zh", "brief.zh-CN")):
            made = brief(sys.argv[1], Path(scratch) / f"{name}.docx", lang=lang)
            convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", scratch, str(made)]
            subprocess.run(convert, check=True, capture_output=True)
            page = ["pdftoppm", "-r", "70", "-png", "-f", "1", "-l", "1", "-singlefile"]
            subprocess.run([*page, str(made.with_suffix(".pdf")), str(IMAGES / name)], check=True)
            print(f"docs/images/{name}.png")


if __name__ == "__main__":
    main()
