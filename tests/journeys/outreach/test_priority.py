"""Messages of one person that compete for places under the caps, against a naive oracle."""

import contextlib
import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.contact.models import Contact, ContactRule
from journeys.customers.models import Customer
from journeys.outreach import operations as outreach
from journeys.outreach import queries, rules
from journeys.outreach.models import Message
from journeys.outreach.operations import claiming
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory, TemplateFactory

pytestmark = pytest.mark.django_db

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MIDNIGHT = dt.time(0)


class Undone(Exception):
    """Takes an example's rows away again."""


def always_open(**caps: int) -> None:
    ContactRuleFactory(opens=MIDNIGHT, closes=MIDNIGHT, **caps)


def person() -> Customer:
    return ConsentFactory(
        customer=CustomerFactory(), effective_at=INSTANT - 90 * DAY, recorded_at=INSTANT - 90 * DAY
    ).customer


def queue(customer: Customer, key: str, at: dt.datetime = INSTANT, **more: Any) -> str:
    """What is queued has the answer that was told before, when nothing was written."""
    TemplateFactory()
    asked: dict[str, Any] = {
        "customer_ids": [customer.pk], "purpose": "marketing", "channels": ["sms"],
        "dedup_key": key, "at": at, "priority": rules.USUAL_PRIORITY, **more,
    }  # fmt: skip
    before = standing()
    told = queries.ask_about_new(**asked)
    assert standing() == before
    verdicts = outreach.queue_messages(
        contexts={customer.pk: {"name": "王**"}}, template_code="greeting", origin="test", **asked
    )
    assert told == verdicts
    return verdicts[0].answer


def claim(at: dt.datetime = INSTANT, size: int = 20) -> list[str]:
    claims, _is_more = claiming.claim_batch(sizes={"email": size, "sms": size}, at=at)
    return [each.dedup_key for each in claims]


def standing() -> dict[str, tuple[str, dt.datetime]]:
    """What became of each message, and where its place is."""
    places = dict(Contact.objects.values_list("dedup_key", "at"))
    rows = Message.objects.order_by("pk").values_list("dedup_key", "state")
    return {key: (state, places[key]) for key, state in rows}


# --- by example -----------------------------------------------------------------------------------


def test_a_message_of_higher_priority_takes_the_place_of_one_that_waits() -> None:
    always_open(day_cap=1)
    customer = person()
    tomorrow = INSTANT + 12 * HOUR
    MessageFactory(customer=customer, dedup_key="low", priority=80, not_before=tomorrow)
    assert queue(customer, "high", priority=10) == "open"
    assert standing() == {"low": ("queued", INSTANT + DAY), "high": ("queued", INSTANT)}
    low = Message.objects.get(dedup_key="low")
    assert (low.not_before, low.failure_kind, low.failure) == (INSTANT + DAY, "policy", "yielded")
    assert claim() == ["high"]
    assert claim(INSTANT + DAY) == ["low"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"priority": 10}, "equal"),
        ({"priority": 5}, "higher"),
        ({"priority": 80, "state": "in_doubt"}, "may have reached the person"),
        ({"priority": 80, "state": "sending", "lease_until": INSTANT}, "is being sent"),
        ({"priority": 80, "state": "sent", "sent_at": INSTANT}, "was sent"),
        ({"priority": 80, "state": "parked", "failure_kind": "temporary"}, "a person decides"),
    ],
)
def test_what_is_not_lower_or_does_not_wait_keeps_its_place(
    fields: dict[str, Any], why: str
) -> None:
    always_open(day_cap=1)
    customer = person()
    MessageFactory(customer=customer, dedup_key="other", **fields)
    before = standing()
    assert queue(customer, "new", priority=10) == "cap_reached", why
    assert standing() == before


def test_only_as_many_give_way_as_are_needed_the_lowest_first() -> None:
    always_open(day_cap=3)
    customer = person()
    for key, priority in (("a", 60), ("b", 90), ("c", 70)):
        MessageFactory(customer=customer, dedup_key=key, priority=priority, not_before=INSTANT)
    assert queue(customer, "high", priority=10) == "open"
    assert {key: place for key, (_state, place) in standing().items()} == {
        "a": INSTANT, "b": INSTANT + DAY, "c": INSTANT, "high": INSTANT,
    }  # fmt: skip


def test_a_call_keeps_its_place() -> None:
    """It stands in the ledger without a message, so it has no priority."""
    always_open(day_cap=1)
    customer = person()
    Contact.objects.create(
        customer=customer, channel="phone", purpose="marketing", at=INSTANT, origin="call",
        dedup_key="call",
    )  # fmt: skip
    assert queue(customer, "new", priority=0) == "cap_reached"


def test_service_messages_neither_take_nor_give_places() -> None:
    always_open(day_cap=1)
    customer = person()
    MessageFactory(customer=customer, dedup_key="service", purpose="service", priority=99)
    assert queue(customer, "new", priority=0) == "open"
    assert standing()["service"] == ("queued", INSTANT)


def test_a_paused_message_gives_way_and_stays_paused() -> None:
    always_open(day_cap=1)
    customer = person()
    MessageFactory(customer=customer, dedup_key="low", priority=80, state="held")
    assert queue(customer, "high", priority=10) == "open"
    assert standing() == {"low": ("held", INSTANT + DAY), "high": ("queued", INSTANT)}


def test_the_gate_is_asked_by_channel_and_the_first_of_a_person_goes_first() -> None:
    """The message of higher priority goes by another channel, which has no room just now: it keeps
    its place under the cap all the same."""
    always_open(day_cap=1)
    customer = person()
    ConsentFactory(customer=customer, channel="email", effective_at=INSTANT - DAY)
    old = INSTANT - 2 * DAY
    MessageFactory(customer=customer, dedup_key="low", priority=80, not_before=old)
    MessageFactory(
        customer=customer, dedup_key="high", priority=10, channel="email", not_before=old + HOUR
    )
    claims, is_more = claiming.claim_batch(
        sizes={"sms": 5}, open_channels=["sms", "email"], at=INSTANT
    )
    assert (claims, is_more) == ([], True)
    assert standing() == {"low": ("queued", INSTANT + DAY), "high": ("queued", INSTANT)}
    assert claim() == ["high"]


def test_the_first_of_a_channel_are_found_by_the_index() -> None:
    """Also behind a million that are not due yet, and with many priorities.

    Of a handful of rows sorting is as cheap, so the planner may not sort: what is left is to ask
    whether an index gives this order at all.
    """
    MessageFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(
            "EXPLAIN SELECT customer_id FROM journeys_message WHERE state = 'queued'"
            " AND channel = 'sms' AND not_before <= now()"
            " ORDER BY priority, not_before, id LIMIT 50 FOR UPDATE SKIP LOCKED"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "message_next" in plan
    assert "Sort" not in plan


def test_what_is_due_of_some_people_is_not_looked_for_among_all_that_is_due() -> None:
    """With statistics from before a run queued a million, the index of what is next looks empty."""
    message = MessageFactory()
    asked = {
        "customers": [message.customer_id, *range(10**9, 10**9 + 500)],
        "channels": ["sms", "email"], "at": INSTANT,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        for statement in (claiming._LOCK_DUE, claiming._DUE):
            cursor.execute(f"EXPLAIN {statement}", asked)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Index Scan" in plan
            assert "message_next" not in plan


# --- against the oracle ---------------------------------------------------------------------------


@dataclasses.dataclass
class Waits:
    """A message of the oracle: `due` is when it may go, `place` where it counts."""

    number: int
    priority: int
    due: dt.datetime
    place: dt.datetime
    is_sent: bool = False


class Oracle:
    """One person, always reachable: windows counted out one by one."""

    def __init__(self, day_cap: int, month_cap: int) -> None:
        self._caps = [(DAY, day_cap), (30 * DAY, month_cap)]
        self.messages: list[Waits] = []

    def fits(self, others: list[dt.datetime], at: dt.datetime) -> bool:
        times = [*others, at]
        return all(
            sum(start <= each < start + length for each in times) <= cap
            for length, cap in self._caps
            for start in times
            if start <= at < start + length
        )

    def next_free(self, others: list[dt.datetime], after: dt.datetime) -> dt.datetime:
        ends = sorted(each + length for each in others for length, _cap in self._caps)
        return next(end for end in ends if end > after and self.fits(others, end))

    def others(self, one: Waits, at: dt.datetime, *, but_behind: bool) -> list[dt.datetime]:
        return [
            each.place
            for each in self.messages
            if each is not one
            and not (but_behind and not each.is_sent and self.is_behind(each, one, at))
        ]

    def is_behind(self, other: Waits, one: Waits, at: dt.datetime) -> bool:
        if other.priority != one.priority:
            return other.priority > one.priority
        return other.due <= at and (other.due, other.number) > (one.due, one.number)

    def queue(self, priority: int, at: dt.datetime) -> None:
        new = Waits(len(self.messages), priority, at, at)
        if self.fits([each.place for each in self.messages], at):
            self.messages.append(new)
            return
        lower = [each for each in self.messages if not each.is_sent and each.priority > priority]
        rest = [each.place for each in self.messages if each not in lower]
        if lower and self.fits(rest, at):
            self.messages.append(new)
            self.replace([each for each in self.messages if each is not new], at)

    def replace(self, those: list[Waits], at: dt.datetime) -> None:
        waiting = [each for each in those if not each.is_sent]
        for one in sorted(waiting, key=lambda each: (each.priority, each.due, each.number)):
            start = max(at, one.due)
            rest = self.others(one, at, but_behind=True)
            if not self.fits(rest, start):
                one.due = one.place = self.next_free(rest, start)

    def claim(self, at: dt.datetime) -> None:
        due = [each for each in self.messages if not each.is_sent and each.due <= at]
        for one in sorted(due, key=lambda each: (each.priority, each.due, each.number)):
            is_free = self.fits(self.others(one, at, but_behind=False), at)
            rest = self.others(one, at, but_behind=True)
            if is_free or self.fits(rest, at):
                one.place, one.is_sent = at, True
            else:
                one.due = one.place = self.next_free(rest, at)
            if not is_free:
                self.replace([each for each in self.messages if each not in due], at)


steps = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 5, 12, 23, 24, 25, 24 * 7, 24 * 29]),
        st.one_of(st.just("claim"), st.sampled_from([10, 50, 80])),
    ),
    min_size=2,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(steps=steps, caps=st.tuples(st.integers(1, 3), st.integers(0, 2)))
def test_places_agree_with_the_oracle(steps: list[tuple[int, Any]], caps: tuple[int, int]) -> None:
    with contextlib.suppress(Undone), transaction.atomic():
        _walk(steps, *caps)
        raise Undone


def _walk(steps: list[tuple[int, Any]], day_cap: int, more: int) -> None:
    always_open(day_cap=day_cap, month_cap=day_cap + more)
    customer, oracle, at = person(), Oracle(day_cap, day_cap + more), INSTANT
    for number, (hours, step) in enumerate(steps):
        at += hours * HOUR
        if step == "claim":
            oracle.claim(at)
            claim(at)
        else:
            oracle.queue(step, at)
            queue(customer, f"k{number}", at, priority=step)
        expected = [
            ("sending" if each.is_sent else "queued", each.place) for each in oracle.messages
        ]
        assert list(standing().values()) == expected
    assert_caps_hold()


def assert_caps_hold() -> None:
    """What was really made breaks no cap, however the places moved."""
    rule = ContactRule.objects.get()
    made = Message.objects.filter(state="sending").values("dedup_key")
    times = sorted(Contact.objects.filter(dedup_key__in=made).values_list("at", flat=True))
    for length, cap in ((DAY, rule.day_cap), (30 * DAY, rule.month_cap)):
        for start in times:
            assert sum(start <= each < start + length for each in times) <= cap
