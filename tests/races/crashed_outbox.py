"""A bank whose outbox is sent while everything around it is killed, and what must be true at the
end, in plain SQL and rows."""

import datetime as dt
import itertools

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from journeys.contact.enums import DayKind
from journeys.contact.models import Consent, Contact, ContactHours
from journeys.customers.models import Customer
from journeys.outreach import queries
from journeys.outreach.models import Message, Receipt
from journeys.sandbox.models import ReceivedMessage
from portal.kit import clock
from tests.factories.journeys import ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import TemplateFactory
from tests.factories.portal import BranchFactory

# Short, and yet longer than a slow machine lets a process stand still between two steps.
TIMES = {
    "OUTBOX_LEASE_SECONDS": "8", "OUTBOX_HAND_OVER_SECONDS": "5", "OUTBOX_FRESH_SECONDS": "4",
}  # fmt: skip
HOUR = dt.timedelta(hours=1)
MIDNIGHT = dt.time(0)
# Every third lives where the hours end in the middle of the run.
CLOSING = "3101"
# By the end of a number the practice gateways lose the receipt, or give no answer at all.
LOST, SILENT = "3333", "2222"


def phone_of(number: int, count: int) -> dict[str, str]:
    """A number of one's own for those whose receipts get lost, and of two who are not answered."""
    if number % 20 == 1:
        return {"phone": f"13{number:05d}{LOST}"}
    return {"phone": f"13{number:05d}{SILENT}"} if number % (count // 2) == 5 else {}


def a_bank(count: int) -> list[int]:
    """Half the people agreed to SMS, half to e-mail; all hours are open."""
    ContactRuleFactory(opens=MIDNIGHT, closes=MIDNIGHT, day_cap=1, month_cap=3)
    for channel in ("sms", "email"):
        TemplateFactory(channel=channel)
    branch, before = BranchFactory(), timezone.now() - dt.timedelta(days=9)
    text = ConsentFactory(customer=CustomerFactory(branch=branch)).text
    people = Customer.objects.bulk_create(
        [
            CustomerFactory.build(
                branch=branch, division_code="" if number % 3 else f"{CLOSING}01",
                **phone_of(number, count),
            )
            for number in range(count)
        ],
        batch_size=2000,
    )  # fmt: skip
    Consent.objects.bulk_create(
        [
            Consent(
                customer=one, purpose="marketing", channel="sms" if number % 2 else "email",
                is_granted=True, text=text, evidence="x", effective_at=before, recorded_at=before,
            )
            for number, one in enumerate(people)
        ],
        batch_size=2000,
    )  # fmt: skip
    return [one.pk for one in people]


def close_soon() -> dt.datetime:
    """The hours of a place come to an end in a moment: from then on whoever is due there waits for
    the next day. It returns when."""
    closes = timezone.now() + dt.timedelta(seconds=2)
    first, last = (clock.bank_time(one).time() for one in (closes - 6 * HOUR, closes))
    for channel, day_kind in itertools.product(("sms", "email"), DayKind.values):
        ContactHours.objects.create(
            effective_date=dt.date(2020, 1, 1), channel=channel, division_prefix=CLOSING,
            day_kind=day_kind, opens=first, closes=last, is_overnight=last < first, source="crash",
        )  # fmt: skip
    return closes


def there() -> QuerySet[Message]:
    """The messages of those who live where the hours end."""
    return Message.objects.filter(customer__division_code__startswith=CLOSING)


def sent_there() -> int:
    return there().filter(state="sent").count()


def count_rows() -> None:
    """As a bank's database does by itself: engines of tests do not."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# --- what must be true at the end ----------------------------------------------------------------
# What stands before the keys of messages that the gateway has forgotten.
FORGOTTEN = "forgotten:"


def keys_taken() -> list[str]:
    found = ReceivedMessage.objects.values_list("message_key", flat=True)
    return [key.removeprefix(FORGOTTEN) for key in found]


def message_of(key: str) -> int:
    return int(key.partition("-")[0])


def assert_exactly_one_for_each_due(ids: list[int], begun: dt.datetime) -> None:
    sent = Message.objects.filter(state="sent")
    keys = keys_taken()
    assert len(keys) == len(set(keys)) == sent.count()
    assert {message_of(key) for key in keys} == set(sent.values_list("pk", flat=True))
    # One place a day: the first of a person went, unless the person said no; nothing is lost.
    refused = {
        *Consent.objects.filter(is_granted=False).values_list("customer_id", flat=True),
        *Customer.objects.filter(refusals__isnull=False).values_list("pk", flat=True),
    }
    reached = list(sent.values_list("customer_id", flat=True))
    assert len(reached) == len(set(reached))
    # Whose hours ended before the turn came waits for those of tomorrow.
    waits = Message.objects.filter(state="queued", failure="")
    shut = set(waits.values_list("customer_id", flat=True)) - set(reached)
    assert set(waits.values_list("pk", flat=True)) <= set(there().values_list("pk", flat=True))
    assert set(ids) - refused - shut <= set(reached)
    firsts = Message.objects.filter(origin="crash:first", customer__in=set(ids) - refused - shut)
    assert set(firsts.values_list("state", flat=True)) == {"sent"}
    rest = Message.objects.exclude(state="sent").values_list("state", "failure").distinct()
    assert set(rest) <= {
        ("cancelled", "no_consent"), ("cancelled", "do_not_contact"), ("queued", "yielded"),
        ("queued", "cap_reached"), ("queued", ""),
    }  # fmt: skip
    assert Contact.objects.filter(released_at=None, dedup_key__startswith="crash").count() == (
        sent.count() + Message.objects.filter(state="queued").count()
    )
    count_rows()
    breaches = queries.find_breaches(since=begun - dt.timedelta(days=1), at=timezone.now(), grace=0)
    assert list(breaches) == []


_HANDED_OVER_AFTER = """
SELECT count(*) FROM journeys_receivedmessage taken
JOIN journeys_message message ON message.id = split_part(taken.message_key, '-', 1)::bigint
JOIN journeys_customer customer ON customer.id = message.customer_id
WHERE starts_with(customer.division_code, %s) AND taken.received_at >= %s
"""


def assert_closed_in_the_middle(closes: dt.datetime) -> None:
    """Some were reached before the hours ended, some wait, and what the gateway took it took in
    time: but for what was in a worker's hands just then, and for no longer than that may last."""
    assert there().filter(state="sent").exists()
    assert there().filter(state="queued", failure="", not_before__gt=closes + HOUR).exists()
    in_hand = sum(int(seconds) for name, seconds in TIMES.items() if name != "OUTBOX_LEASE_SECONDS")
    with connection.cursor() as cursor:
        cursor.execute(_HANDED_OVER_AFTER, [CLOSING, closes + dt.timedelta(seconds=in_hand)])
        assert cursor.fetchone()[0] == 0


def assert_receipts_are_kept_once() -> None:
    """Receipts came back while the web server ran, each about an SMS that was sent; what was sent
    without one stands as sent all the same."""
    kept = list(Receipt.objects.values_list("message_id", "kind"))
    assert {kind for _message, kind in kept} == {"delivered"}
    told = {message for message, _kind in kept}
    sms = Message.objects.filter(state="sent", channel="sms").values_list("pk", flat=True)
    assert len(told) == len(kept)
    assert told <= set(sms)
    ends = {end: _taken_by(end) for end in (LOST, SILENT)}
    assert ends[LOST]
    assert not ends[LOST] & told
    assert (ends[LOST] | ends[SILENT]) <= set(sms)


def _taken_by(end: str) -> set[int]:
    found = ReceivedMessage.objects.filter(channel="sms", destination__endswith=end)
    return {message_of(key) for key in found.values_list("message_key", flat=True)}
