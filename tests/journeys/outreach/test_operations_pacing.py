"""How fast gateways are given messages: by buckets in Valkey, or by a share where it is gone."""

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from journeys.outreach import operations as outreach
from journeys.outreach.models import Message
from journeys.outreach.operations.pacing import Pace
from portal.kit import valkey
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory
from tests.factories.outreach import MessageFactory
from tests.project.rows import row_of

SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
TODAY = INSTANT.date()
names = itertools.count()


def rate(**fields: Any) -> None:
    usual = {"channel": "sms", "effective_date": TODAY, "per_minute": 60, "burst": 5}
    row_of("journeys.SendingRate", **usual | fields)


def pace(settings: Any, at: dt.datetime = INSTANT, **more: Any) -> Pace:
    """Of a gateway of its own: what another test took is not missing."""
    settings.SMS_URL = more.get("url", f"http://gateway-{next(names)}.test/sendsms")
    return Pace(["sms", "email"], at)


def gone(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    valkey.kept.cache_clear()


@pytest.fixture(autouse=True)
def own_connection() -> Any:
    yield
    valkey.kept.cache_clear()


@pytest.mark.django_db
def test_a_bucket_fills_steadily_and_holds_its_burst(settings: Any) -> None:
    rate()
    sms = pace(settings)
    taken = [sms.take("sms", 4, INSTANT + seconds * SECOND) for seconds in (0, 1, 2, 4, 60, 60, 60)]
    assert taken == [0, 1, 1, 2, 4, 1, 0]
    sms.give_back("sms", 2, INSTANT + 60 * SECOND)
    assert sms.take("sms", 4, INSTANT + 60 * SECOND) == 2


@pytest.mark.django_db
def test_without_a_rate_there_is_no_limit(settings: Any) -> None:
    rate()
    rate(channel="email", effective_date=TODAY + DAY)
    assert pace(settings).take("email", 500, INSTANT) == 500
    assert pace(settings, INSTANT + DAY).take("email", 500, INSTANT + DAY) == 0


@pytest.mark.django_db
def test_a_rate_of_the_very_gateway_comes_before_that_of_all(settings: Any) -> None:
    rate(per_minute=60)
    rate(gateway="fast.test", per_minute=6000, burst=100, effective_date=TODAY - DAY)
    fast = pace(settings, url="http://fast.test/sendsms")
    assert [fast.take("sms", 50, INSTANT + number * SECOND) for number in range(2)] == [0, 50]


@pytest.mark.django_db
def test_two_senders_share_a_bucket(settings: Any) -> None:
    rate()
    first = pace(settings)
    second = Pace(["sms"], INSTANT)
    assert first.take("sms", 3, INSTANT) == 0
    later = INSTANT + 5 * SECOND
    assert [first.take("sms", 3, later), second.take("sms", 3, later)] == [3, 2]


@pytest.mark.django_db
def test_where_valkey_is_gone_each_sender_keeps_to_its_share(settings: Any) -> None:
    settings.OUTBOX_SENDERS = 2
    rate(burst=6)
    sms = pace(settings)
    gone(settings)
    taken = [sms.take("sms", 9, INSTANT + seconds * SECOND) for seconds in (0, 1, 2, 3, 60)]
    # A half of the rate each, and a half of what may go at once.
    assert taken == [0, 0, 1, 0, 3]


@pytest.mark.django_db
def test_a_valkey_that_comes_back_begins_with_an_empty_bucket(settings: Any) -> None:
    rate()
    sms, url = pace(settings), settings.REDIS_URL
    sms.take("sms", 1, INSTANT)
    gone(settings)
    assert sms.take("sms", 9, INSTANT + 100 * SECOND) == 0
    settings.REDIS_URL = url
    valkey.kept.cache_clear()
    sms._buckets["sms"]._fuse = valkey.Fuse(0)
    assert sms.take("sms", 9, INSTANT + 101 * SECOND) == 0
    assert sms.take("sms", 9, INSTANT + 103 * SECOND) == 2


@hypothesis_settings(max_examples=80, deadline=None)
@given(
    per_minute=st.integers(1, 600), burst=st.integers(1, 20),
    steps=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40)), max_size=20),
)  # fmt: skip
def test_no_span_holds_more_than_its_rate_and_a_burst(
    per_minute: int, burst: int, steps: list[tuple[int, int]]
) -> None:
    name, at, taken = f"test:{next(names)}", 1_800_000_000, []
    for seconds, wanted in steps:
        at += seconds
        number = valkey.take_some(name, per_minute=per_minute, burst=burst, wanted=wanted, at=at)
        assert 0 <= number <= wanted
        taken.append((at, number))
    for start, _number in taken:
        for end, _last in taken:
            given_out = sum(number for when, number in taken if start <= when <= end)
            assert end < start or given_out <= burst + (end - start) * per_minute / 60 + 1e-6


def test_a_run_goes_no_faster_than_the_rate(gateways: None, settings: Any) -> None:
    ContactRuleFactory()
    rate(per_minute=600, burst=2)
    for _each in range(12):
        message = MessageFactory()
        ConsentFactory(customer=message.customer, effective_at=INSTANT - DAY)
    clock = itertools.count()
    # Each look at the clock takes a hundredth of a second: a tenth for one message.
    sent = outreach.send_due_messages(
        clock=lambda: INSTANT + next(clock) * SECOND / 100, seconds=60
    )
    times = (
        Message.objects.filter(state="sent").order_by("sent_at").values_list("sent_at", flat=True)
    )
    assert sent == len(times) == 12
    assert times[11] - times[0] >= 0.9 * SECOND
