"""Telling a story in a browser: people with pages of their own, and what their pages say."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import time_machine
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from portal.kit import clock
from portal.models import Staff
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage


def word(text: Any, language: str, **values: object) -> str:
    """A word of the house, or a label, as a page in this language says it, with its values."""
    with translation.override(language):
        said = translation.gettext(text) if isinstance(text, str) else str(text)
    return said % values if values else said


class Story:
    """The people of a story by their roles, each with the own page, and what they do there one
    after the other."""

    def __init__(
        self, open_page: OpenPage, language: str, width: int, people: dict[str, Staff]
    ) -> None:
        self.language, self.width, self.people = language, width, people
        self._open_page = open_page
        self.pages: dict[str, Page] = {}

    @contextmanager
    def day(self, day: dt.date, *, hour: int = 9) -> Iterator[None]:
        """A day of the bank, on which everybody signs in anew."""
        with time_machine.travel(clock.start_of(day) + dt.timedelta(hours=hour)):
            yield
            for page in self.pages.values():
                page.close()
            self.pages = {}

    def page_of(self, role: str) -> Page:
        if role not in self.pages:
            person = self.people[role]
            self.pages[role] = self._open_page(person, language=self.language, width=self.width)
        return self.pages[role]

    def open(self, role: str, url: str) -> Page:
        """Open an address in a tab of its own: what was open may just load itself anew, as the page
        of a run does once that is done, and would break this off."""
        before = self.page_of(role)
        page = self.pages[role] = before.context.new_page()
        before.close()
        response = page.goto(url)
        assert response is not None
        assert response.status == 200
        self.look(page)
        return page

    def look(self, page: Page) -> None:
        """The page that is open is sound, and in the language of its reader."""
        assert faults_of(page) == []
        assert page.locator("html").get_attribute("lang") == self.language

    def said(self, text: Any, **values: object) -> str:
        return word(text, self.language, **values)

    def named(self, role: str) -> str:
        """A person's name as pages in this language say it."""
        with translation.override(self.language):
            return self.people[role].label

    def reads(self, page: Page, text: Any, place: str = "main", **values: object) -> None:
        expect(page.locator(place).first).to_contain_text(self.said(text, **values))

    def press(self, page: Page, action: str) -> None:
        """Press the button of the form that sends to the address ending in `action`."""
        page.locator(f"form[action$='{action}'] button[type=submit]").click()
        settle(page)

    def follow(self, page: Page, link: Locator) -> None:
        link.click()
        self.look(page)

    def send(self, page: Page, form: str = "main form", **values: str) -> None:
        """Fill fields of a form by their names, and send it by its first button."""
        for name, value in values.items():
            field = page.locator(f"{form} [name={name}]")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        page.locator(f"{form} button[type=submit]").first.click()
        self.look(page)
