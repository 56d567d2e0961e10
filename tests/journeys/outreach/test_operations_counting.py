"""Counts of what was sent equal a recount, whatever was counted before."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.models import Message, SentCount
from journeys.outreach import operations as outreach
from portal.kit import clock
from tests.factories.journeys import INSTANT, CustomerFactory
from tests.factories.outreach import MessageFactory, TemplateFactory
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def count(at: dt.datetime) -> dt.date | None:
    return outreach.count_sent(at=at, seconds=60)


def counted() -> dict[tuple, int]:
    rows = SentCount.objects.values_list("day", "origin", "template", "branch", "messages")
    return {row[:4]: row[4] for row in rows}


def recounted() -> dict[tuple, int]:
    sent = Message.objects.filter(state="sent").select_related("customer")
    return dict(Counter(
        (clock.bank_day(row.sent_at), row.origin, row.template_id, row.customer.branch_id)
        for row in sent if row.sent_at
    ))  # fmt: skip


def test_nothing_sent_nothing_counted() -> None:
    MessageFactory()
    assert (count(INSTANT), counted()) == (None, {})


moments = st.lists(
    st.tuples(st.integers(0, 30 * 24), st.sampled_from(["a", "b"]), st.integers(0, 1),
              st.integers(0, 1)), max_size=12,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(sent=moments, looks=st.lists(st.integers(0, 31 * 24), max_size=4))
def test_counts_follow_whenever_it_is_counted(sent: list, looks: list[int]) -> None:
    """Messages are sent in the order of time, and counted now and then in between."""
    events = sorted(
        [*((hour, 0, rest) for hour, *rest in sent), *((hour, 1, []) for hour in looks)]
    )
    with transaction.atomic():
        texts = [TemplateFactory(), TemplateFactory(version=2)]
        people = [CustomerFactory(branch=BranchFactory()) for _number in range(2)]
        for hour, is_look, rest in events:
            at = INSTANT + dt.timedelta(hours=hour)
            if is_look:
                count(at)
                continue
            origin, text, person = rest
            MessageFactory(origin=origin, template=texts[text], customer=people[person],
                           state="sent", sent_at=at)  # fmt: skip
        count(INSTANT + 31 * DAY)
        assert counted() == recounted()
        transaction.set_rollback(True)


def test_what_is_committed_a_little_after_midnight_is_not_missed() -> None:
    midnight = clock.start_of(clock.bank_day(INSTANT) + DAY)
    second = dt.timedelta(seconds=1)
    MessageFactory(state="sent", sent_at=midnight + second)
    count(midnight + 5 * second)
    MessageFactory(state="sent", sent_at=midnight - second)  # committed late
    assert count(midnight + DAY / 2) == clock.bank_day(midnight)
    assert counted() == recounted()


def test_a_long_past_is_counted_in_steps() -> None:
    for days in (0, 20, 40):
        MessageFactory(state="sent", sent_at=INSTANT + days * DAY)
    at = INSTANT + 41 * DAY
    last = outreach.count_sent(at=at, seconds=0)
    assert last == clock.bank_day(INSTANT) + 26 * DAY
    assert len(counted()) == 2
    assert outreach.count_sent(at=at, seconds=0) == clock.bank_day(at)
    assert counted() == recounted()
    # Nothing was sent for long: no day is counted in vain.
    assert count(at + 300 * DAY) == clock.bank_day(at + 300 * DAY)
    assert counted() == recounted()
