"""The browser of ``reports.chain`` as a real one: Chromium fills the same forms, and every kind of page it passes is looked at."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Locator, Response, sync_playwright
from playwright.sync_api import Page as Tab

from reports.chain.browser import ChainBroken, Upload
from reports.chain.pages import Field, Form, Page, read

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
SERIOUS = {"serious", "critical"}
SENDING = "form:not([method=dialog])"


@dataclass
class Inspection:
    """What was seen over the whole journey."""

    seen: set[tuple[str, int]] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)
    refused_by_policy: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    pictures: Path | None = Path(os.environ["SCREENSHOTS"]) if os.environ.get("SCREENSHOTS") else None

    def look(self, tab: Tab) -> None:
        """Try a kind of page at both widths, once each; leave the tab as it was."""
        kind = re.sub(r"\d+", "N", re.sub(r"/c/[0-9A-Z]{26}/", "/c/MA/", urlsplit(tab.url).path))
        before = tab.viewport_size
        for size in (PHONE, DESK):
            if (kind, size["width"]) in self.seen:
                continue
            self.seen.add((kind, size["width"]))
            tab.set_viewport_size(size)
            self._try_axe(tab, kind, size["width"])
            if tab.evaluate("document.documentElement.scrollWidth") > size["width"]:
                self.wide.append(f"{kind} at {size['width']}")
            if self.pictures:
                name = kind.strip("/").replace("/", "_") or "trang-dau"
                self.pictures.mkdir(parents=True, exist_ok=True)
                tab.screenshot(path=self.pictures / f"{name}-{size['width']}.png", full_page=True)
        tab.set_viewport_size(before or DESK)

    def _try_axe(self, tab: Tab, kind: str, width: int) -> None:
        for violation in Axe().run(tab).response["violations"]:
            if violation["impact"] in SERIOUS:
                targets = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
                self.findings.append(f"{kind} at {width}: {violation['id']} ({violation['impact']}) {targets}")

    def hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.refused_by_policy.append(message.text[:200])


class ChromiumBrowser:
    """One visitor in a context of its own; the same methods as ``reports.chain.browser.Browser``."""

    def __init__(self, chromium: Chromium, base_url: str, size: dict[str, int], inspection: Inspection) -> None:
        self.tab: Tab = chromium.new_context(viewport=size, locale="vi-VN", base_url=base_url).new_page()
        self.inspection = inspection
        self.page = Page(base_url, 0, "")
        self.tab.on("console", inspection.hear)
        self.tab.on("dialog", lambda dialog: dialog.accept())
        self.tab.on("pageerror", lambda error: inspection.faults.append(str(error)[:200]))

    def get(self, url: str) -> Page:
        return self._arrived(self.tab.goto(urljoin(self.tab.url if self.page.status else "", url)))

    def submit(
        self,
        form: Form,
        values: Mapping[str, str | Sequence[str] | bool] | None = None,
        *,
        button: tuple[str, str] | None = None,
        uploads: Mapping[str, Upload] | None = None,
    ) -> Page:
        """Fill the form in as a person would, let autosaving end, press its button."""
        there = self.tab.locator(SENDING).nth(self.page.forms.index(form))
        form.fill(values or {})
        self.tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        for each in form.fields:
            self._enter(there, each)
        for name, (filename, content, kind) in (uploads or {}).items():
            there.locator(f'[name="{name}"]').set_input_files({"name": filename, "mimeType": kind, "buffer": content})
        self.tab.wait_for_load_state("networkidle")
        with self.tab.expect_navigation() as arrival:
            self._button(there, form, button).click()
        return self._arrived(arrival.value)

    def _enter(self, there: Locator, each: Field) -> None:
        found = there.locator(f'[name="{each.name}"]')
        if each.kind in {"hidden", "file"} or not found.count():
            return
        if each.kind in {"radio", "checkbox"}:
            box = there.locator(f'[name="{each.name}"][value="{each.value}"]') if found.count() > 1 else found
            if box.is_checked() != each.is_on and (each.is_on or each.kind == "checkbox"):
                box.set_checked(each.is_on, force=True)
        elif each.kind == "select":
            found.select_option(each.value)
        elif found.input_value() != each.value:
            found.fill(each.value)

    def _button(self, there: Locator, form: Form, named: tuple[str, str] | None) -> Locator:
        if named:
            return there.locator(f'button[name="{named[0]}"][value="{named[1]}"]')
        own = there.locator("button[type=submit]:not([name])")
        return (own if own.count() else there.locator("button[type=submit]")).last

    def _arrived(self, response: Response | None) -> Page:
        status = response.status if response else 0
        self.page = read(self.tab.url, status, self.tab.content())
        if status != 200:
            raise ChainBroken(f"{self.tab.url} answers {status}: {self.page.summary()}")
        self.inspection.look(self.tab)
        return self.page


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Debian's Chromium without a window."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()
