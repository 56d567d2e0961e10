"""Every page that can be opened, in a real browser, by one of those who may: in both languages and
at both widths by turns."""

import itertools
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page

from portal.models import Staff
from portal.staff.enums import Role
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories.portal import StaffFactory
from tests.project import doors

# Parts of pages, seen on others; answers for machines; and what is saved, not shown.
FRAGMENTS = {
    "merchant_turnover", "customer_timeline", "outbox_figures", "sandbox_received",
    "campaign_runs", "run_progress", "upload_progress", "customer_care", "customer_points",
    "customer_contact", "customer_spending", "reveal_field", "cause_search",
    "outbox_standing", "origin_standing", "touch_part", "partnership_funds",
    "partnership_returns", "lead_in_hand", "watch_people", "watch_queue", "watch_results",
    "call_facts", "call_offers", "partnership_effects", "inside_counts",
}  # fmt: skip
FOR_MACHINES = {
    "healthz", "readyz", "metrics", "api_openapi", "api_unknown", "api_import", "api_send_rows",
    "api_flash_sale", "api_flash_claim", "api_flash_confirm", "api_flash_standing",
    "api_on_site_messages", "api_on_site_read", "channel_receipts", "channel_answers",
    "api_telephone_orders", "api_telephone_calls",
}  # fmt: skip
DOWNLOADS = {"upload_errors", "design_file", "sales_report_pdf"}
LEFT_OUT = FRAGMENTS | FOR_MACHINES | DOWNLOADS
ROLES_BY_REACH = sorted(Role.values, key=lambda role: -len(doors.rules.PERMISSIONS[role]))
WAYS = [("zh-hans", 1280), ("en", 390), ("zh-hans", 390), ("en", 1280)]


def _pages() -> Iterator[tuple[str, doors.Door]]:
    for name, door in doors.DOORS.items():
        if door.answer != 405 and name not in LEFT_OUT:
            yield name, door


def _visitor(door: doors.Door) -> str | None:
    if door.who == doors.PUBLIC:
        return None
    return next(role for role in ROLES_BY_REACH if door.lets_in(role))


def _address(name: str, staff: Staff | None, door: doors.Door) -> str:
    arguments = doors.ARGUMENTS[name](staff) if staff and name in doors.ARGUMENTS else {}
    return reverse(name, kwargs=arguments, query=door.data or None)


def test_every_page_is_sound(open_page: OpenPage, settings: Any) -> None:
    settings.SANDBOX_HTTP_PORT = 1
    pages: dict[tuple[str | None, str, int], tuple[Page, Staff | None]] = {}
    ways = itertools.cycle(WAYS)
    faults = []
    for name, door in _pages():
        role, (language, width) = _visitor(door), next(ways)
        key = (role, language, width)
        if key not in pages:
            staff = StaffFactory(role=role, language=language) if role else None
            pages[key] = (open_page(staff, language=language, width=width), staff)
        page, staff = pages[key]
        try:
            status = visit(page, _address(name, staff, door)).status
            # A redirect has been followed.
            assert status == (200 if door.answer == 302 else door.answer)
        except AssertionError as fault:
            faults.append(f"{name} ({role}, {language}, {width}): {fault}")
    assert faults == []
