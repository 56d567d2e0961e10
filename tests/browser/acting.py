"""What is done to a page is done as by somebody who looks at it: once it stands still, and until it
does so again. A test then neither types into a field that is just being replaced nor reads what a
click has not yet done, however slow the machine is."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Keyboard, Locator, Page

from tests.browser.checks import settle

_BY_LOCATOR = (
    "check", "click", "drag_to", "fill", "focus", "press", "press_sequentially", "select_option",
    "set_input_files",
)  # fmt: skip
_BY_KEYBOARD = ("press", "type")
_OF_PAGES = ("goto", "reload")
_keyboards: WeakKeyDictionary[Keyboard, Page] = WeakKeyDictionary()


def _on_a_still_page(act: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(act)
    def acts(actor: Locator | Keyboard, *given: Any, **named: Any) -> Any:
        page = _keyboards[actor] if isinstance(actor, Keyboard) else actor.page
        settle(page)
        answer = act(actor, *given, **named)
        settle(page)
        return answer

    return acts


def _until_it_is_still(act: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(act)
    def acts(page: Page, *given: Any, **named: Any) -> Any:
        answer = act(page, *given, **named)
        settle(page)
        return answer

    return acts


@contextmanager
def on_still_pages() -> Iterator[None]:
    """This will have all actions of Playwright wait before and after."""
    ways = [
        (Locator, _BY_LOCATOR, _on_a_still_page),
        (Keyboard, _BY_KEYBOARD, _on_a_still_page),
        (Page, _OF_PAGES, _until_it_is_still),
    ]
    with pytest.MonkeyPatch.context() as patch:
        for kind, names, waiting in ways:
            for name in names:
                patch.setattr(kind, name, waiting(getattr(kind, name)))
        yield


def watch(page: Page) -> None:
    """This will say whose keyboard it is, and that a file that is handed over leaves the page."""
    _keyboards[page.keyboard] = page
    page.on("download", lambda _file: page.evaluate("window.stays()"))
