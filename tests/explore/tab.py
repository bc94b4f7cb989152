"""The page in a browser as somebody sees it who has a mouse and a keyboard."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser import browser

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

PATIENCE = 120.0  # seconds; a busy machine compiles and draws slowly


class Tab:
    """One page. Selectors are those of CSS."""

    def __init__(self, chrome: Chrome) -> None:
        self.chrome = chrome

    def evaluate(self, script: str) -> Any:
        return self.chrome.execute_script(f"return ({script})")

    def until(self, script: str) -> Any:
        """The value of a script once it is true."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := self.evaluate(script):
                return found
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}\n{self.evaluate('document.body.innerText')[:2000]}")

    def open(self, address: str, ready: str) -> None:
        self.chrome.get(address)
        self.until(f"!!({ready})")

    def click(self, selector: str) -> WebElement:
        """Press the mouse on an element once it is what is seen there."""
        from selenium.common.exceptions import ElementNotInteractableException, NoSuchElementException
        from selenium.webdriver.support.ui import WebDriverWait

        early = (ElementNotInteractableException, NoSuchElementException)

        def clicked(chrome: Chrome) -> WebElement:
            found = chrome.find_element("css selector", selector)
            found.click()
            return found

        return WebDriverWait(self.chrome, PATIENCE, ignored_exceptions=early).until(clicked)

    def drag(self, selector: str, share: float) -> None:
        """Press a slider at a share of its length."""
        from selenium.webdriver import ActionChains

        slider = self.chrome.find_element("css selector", selector)
        reach = slider.size["width"] / 2 - 8  # from its middle to the last place of its thumb
        to = round((2 * share - 1) * reach)
        ActionChains(self.chrome).move_to_element_with_offset(slider, to, 0).click().perform()

    def keys(self, *names: str) -> None:
        """Keys for what has the focus, by their names in selenium's ``Keys`` or as characters."""
        from selenium.webdriver import ActionChains
        from selenium.webdriver.common.keys import Keys

        ActionChains(self.chrome).send_keys(*(getattr(Keys, name, name) for name in names)).perform()

    def write(self, selector: str, text: str) -> None:
        """Type into a field, in place of what is in it, and leave it."""
        field = self.click(selector)
        self.chrome.execute_script("arguments[0].select()", field)
        self.keys(*text, "TAB")

    def resize(self, width: int, height: int) -> None:
        """The size of what is shown, also below the least size of a window."""
        self.chrome.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def requested(self) -> list[str]:
        """Addresses that the page has asked for since the last call."""
        said = [json.loads(entry["message"])["message"] for entry in self.chrome.get_log("performance")]
        return [
            one["params"]["request"]["url"] for one in said if one["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """Errors in the console since the last call."""
        entries = self.chrome.get_log("browser")
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]


@contextmanager
def tab(downloads: Path) -> Iterator[Tab]:
    """A fresh browser that stores what it downloads in a folder."""
    with browser(height=900, downloads=downloads) as chrome:
        yield Tab(chrome)
