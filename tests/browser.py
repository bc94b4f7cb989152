"""A headless Chromium for tests of pages; where there is none, the test is skipped and says what lacks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

PROGRAMS = (("chromium", "chromium-browser", "google-chrome"), ("chromedriver",))
_OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")


def program(names: tuple[str, ...] = PROGRAMS[0]) -> str:
    """The first of these programs on PATH, Chromium if nothing else is asked for; empty if there is none."""
    return next(filter(None, map(shutil.which, names)), "")


def missing_programs() -> str:
    """What is missing for tests that click through pages, or nothing."""
    lacking = [names[0] for names in PROGRAMS if not program(names)]
    return f"{', '.join(lacking)} not on PATH" if lacking else ""


@contextmanager
def browser(width: int = 1280, height: int = 1000, downloads: Path | None = None) -> Iterator[Chrome]:
    """A browser that is closed in the end, and stores in a folder what it downloads.

    ``get_log("browser")`` has what its console said, ``get_log("performance")`` what it asked for.
    """
    lacking = missing_programs()
    if lacking:
        pytest.skip(lacking)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    found, driver = map(program, PROGRAMS)
    options = webdriver.ChromeOptions()
    options.binary_location = found
    for option in (*_OPTIONS, f"--window-size={width},{height}"):
        options.add_argument(option)
    if downloads is not None:
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield opened
    finally:
        opened.quit()
