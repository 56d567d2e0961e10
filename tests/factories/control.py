"""Control groups of the bank that hold whom a test wants, and whom a campaign leaves out."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable
from typing import Any

from journeys.contact.models import ControlGroup
from journeys.models import Customer
from tests.factories.portal import StaffFactory

# In force from the first of two years to the last, around the days of the other factories.
FIRST, END = dt.date(2025, 12, 1), dt.date(2027, 11, 1)


def place_of(salt: bytes, who: bytes) -> int:
    """The place of the draw in plain Python, beside the function of the database."""
    return int.from_bytes(hashlib.sha256(salt + who).digest()[:6], "big") % 1_000_000


def is_left_out(campaign: str, customer: Customer, percent: int) -> bool:
    """Whether a campaign leaves somebody out for comparison, in plain Python."""
    place = place_of(f"control:{campaign}:".encode(), who_is(customer))
    return place < percent * 10_000


def who_is(customer: Customer) -> bytes:
    return bytes(customer.bearer) if customer.bearer else customer.pk.to_bytes(8, "big")


def id_numbers(count: int) -> list[str]:
    """ID numbers of so many people. Who has one is drawn by it, so in each run of the tests alike;
    everybody else by the key of the row, so by chance."""
    return [f"44030519900707{place:04}" for place in range(count)]


def salt_for(
    *, inside: Iterable[Customer] = (), outside: Iterable[Customer] = (), permille: int = 150
) -> bytes:
    """A salt by which a group of this share holds some customers, and others not."""
    held, free = [who_is(one) for one in inside], [who_is(one) for one in outside]
    for number in itertools.count():
        salt = number.to_bytes(16, "big")
        places = [place_of(salt, one) < permille * 1000 for one in (*held, *free)]
        if places == [True] * len(held) + [False] * len(free):
            return salt
    raise AssertionError


def proposed(**values: Any) -> ControlGroup:
    usual = {
        "starts_date": FIRST, "ends_date": END, "permille": 150, "salt": bytes(16),
        "reason": "年度对照组", "proposed_by": values.pop("proposed_by", None) or StaffFactory(),
        "proposed_at": dt.datetime(2025, 11, 1, tzinfo=dt.UTC),
    }  # fmt: skip
    return ControlGroup.objects.create(**usual | values)


def in_force(**values: Any) -> ControlGroup:
    """A group that was approved; `inside` and `outside` name customers instead of a salt."""
    people = {name: values.pop(name) for name in ("inside", "outside") if name in values}
    if people:
        values["salt"] = salt_for(**people, permille=values.get("permille", 150))
    settled = {
        "state": "approved", "settled_by": StaffFactory(),
        "settled_at": dt.datetime(2025, 11, 2, tzinfo=dt.UTC),
    }  # fmt: skip
    return proposed(**settled | values)
