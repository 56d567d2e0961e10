"""The gate against naive oracles: hours with caps, and faults piled on one another."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.customers.models import Customer
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory
from tests.journeys.contact import oracle
from tests.journeys.contact.test_queries import (
    DAY,
    HOUR,
    SHANGHAI,
    TINY,
    ask,
    contacted,
    lose_phone,
    pause,
    refuse,
)

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Takes an example's rows away again."""


def naive_planned(at: dt.datetime, opens: dt.time, closes: dt.time) -> dt.datetime:
    """Minute by minute, until the clock on the wall shows an open hour."""
    local = at.astimezone(SHANGHAI)
    while not opens <= local.time() < closes:
        local = local.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    return local


offsets = st.one_of(
    st.sampled_from([sign * (days * DAY + tiny * TINY)
                     for days in (0, 1, 2, 15, 29, 30) for tiny in (-1, 0, 1) for sign in (-1, 1)]),
    st.integers(-31 * 24, 31 * 24).map(lambda hours: hours * HOUR),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    minute=st.integers(0, 2 * 24 * 60),
    opens=st.integers(0, 23 * 60),
    length=st.integers(1, 24 * 60 - 1),
    caps=st.tuples(st.integers(1, 3), st.integers(0, 4)),
    times=st.lists(offsets, max_size=9),
)
def test_hours_and_caps_agree_with_the_oracle(
    minute: int, opens: int, length: int, caps: tuple[int, int], times: list[dt.timedelta]
) -> None:
    opening = dt.time(opens // 60, opens % 60)
    end = min(opens + length, 24 * 60 - 1)
    closing = dt.time(end // 60, end % 60)
    at = dt.datetime(2026, 3, 1, tzinfo=SHANGHAI) + minute * dt.timedelta(minutes=1)
    planned = naive_planned(at, opening, closing)
    day_cap, month_cap = caps[0], sum(caps)
    around = [planned + offset for offset in times]
    is_full = oracle.is_full(around, planned, day_cap, 24)
    is_full = is_full or oracle.is_full(around, planned, month_cap, 720)
    try:
        with transaction.atomic():
            ContactRuleFactory(opens=opening, closes=closing, day_cap=day_cap, month_cap=month_cap)
            customer = ConsentFactory(effective_at=at).customer
            for one in around:
                contacted(customer, one)
            verdict = ask(customer, at)
            raise Undone
    except Undone:
        pass
    expected = ("cap_reached", None) if is_full else ("open", planned)
    assert (verdict.answer, verdict.not_before) == expected


FAULTS: dict[str, Callable[[Customer], Any]] = {
    "already": lambda person: contacted(person, INSTANT - 99 * DAY, dedup_key="A:qualified"),
    "do_not_contact": refuse,
    "complaint_open": pause,
    "case_open": lambda person: pause(person, kind="case"),
    "peace": lambda person: pause(person, kind="peace"),
    "no_consent": lambda person: ConsentFactory(customer=person, is_granted=False),
    "no_address": lose_phone,
    "cap_reached": lambda person: contacted(person, INSTANT, purpose="marketing"),
}


def naive_answer(faults: set[str], paused: list[bool], purpose: str) -> str:
    """Check after check, in the order in which the gate names them."""
    if purpose == "service":
        faults = faults & {"already", "no_address"}
    elif not all(paused):
        faults = faults | {"complaint_open"}
    return next((answer for answer in FAULTS if answer in faults), "open")


@settings(max_examples=60, deadline=None)
@given(
    faults=st.sets(st.sampled_from(sorted(set(FAULTS) - {"complaint_open"}))),
    ended=st.lists(st.booleans(), max_size=3),
    purpose=st.sampled_from(["marketing", "service"]),
)
def test_faults_together_agree_with_the_oracle(
    faults: set[str], ended: list[bool], purpose: str
) -> None:
    """`ended` says for each complaint whether it was closed."""
    try:
        with transaction.atomic():
            ContactRuleFactory(day_cap=1)
            customer = ConsentFactory().customer
            for fault in sorted(faults):
                FAULTS[fault](customer)
            for is_over in ended:
                pause(customer, INSTANT if is_over else None)
            verdict = ask(customer, purpose=purpose, channels=["sms"])
            raise Undone
    except Undone:
        pass
    assert verdict.answer == naive_answer(faults, ended, purpose)
