"""A headless Chromium for tests of pages; where there is none, the test is skipped and says what lacks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

PROGRAMS = (("chromium", "chromium-browser", "google-chrome"), ("chromedriver",))
_OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")


def missing_programs() -> str:
    """What is missing for tests in a browser, or nothing."""
    lacking = [names[0] for names in PROGRAMS if not any(map(shutil.which, names))]
    return f"{', '.join(lacking)} not on PATH" if lacking else ""


@contextmanager
def browser(width: int = 1280, height: int = 1000) -> Iterator[Chrome]:
    """A browser that is closed in the end; ``get_log("browser")`` has what its console said."""
    lacking = missing_programs()
    if lacking:
        pytest.skip(lacking)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    program, driver = (next(filter(None, map(shutil.which, names))) for names in PROGRAMS)
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for option in (*_OPTIONS, f"--window-size={width},{height}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield opened
    finally:
        opened.quit()
