"""A real browser before a live server. Where no Chromium is found the tests are left out."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal.models import Staff
from tests.browser import acting
from tests.factories.portal import StaffFactory

# Of five seconds a machine with other work takes more; what is awaited comes, or the test fails.
expect.set_options(timeout=30_000)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


# For the package, not the session: while Playwright runs, Django takes every query for one from
# an event loop, and must be told otherwise; no other test may run under that permission.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The one browser of all browser tests."""
    path = _chromium()
    if path is None:
        pytest.skip("no Chromium found: install one (apt-get install chromium) or set CHROMIUM")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_QUIET)
        with acting.on_still_pages():
            yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


OpenPage = Callable[..., Page]
_STILL = Path(__file__).with_name("still.js")
# How many times slower than this machine pages are, each request 150 ms away: what holds only on a
# fast machine fails there first.
_SLOWER = float(os.environ.get("PORTAL_SLOW_PAGES", "1"))
_FAR = {"latency": 150, "downloadThroughput": -1, "uploadThroughput": -1}


def _begin(page: Page) -> None:
    acting.watch(page)
    if _SLOWER > 1:
        tools = page.context.new_cdp_session(page)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        tools.send("Network.enable")
        tools.send("Network.setCacheDisabled", {"cacheDisabled": True})

        def set_offline(offline: bool) -> None:
            tools.send("Network.emulateNetworkConditions", {**_FAR, "offline": offline})

        set_offline(False)
        # Playwright's own would not hold against it.
        page.context.set_offline = set_offline  # type: ignore[method-assign]


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """`open_page(who, language="en", width=390)`: a page on the live server, signed in as the
    role or staff member `who`, or as nobody. Relative addresses work."""
    contexts = []

    def open_one(
        who: str | Staff | None = None, *, language: str = "zh-hans", width: int = 1280
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        context.add_init_script(path=_STILL)
        context.on("page", _begin)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if who is not None:
            staff = who if isinstance(who, Staff) else StaffFactory(role=who, language=language)
            cookies[settings.SESSION_COOKIE_NAME] = _session_of(staff)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in cookies.items()
            ]
        )
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def _session_of(staff: Staff) -> str:
    client = Client()
    client.force_login(staff, "portal.staff.access.backend.StaffBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value
