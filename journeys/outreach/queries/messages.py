"""Reading messages and their texts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from journeys.contact.enums import Channel
from journeys.contact.models import Contact
from journeys.outreach import rules
from journeys.outreach.enums import Failure, MessageState
from journeys.outreach.models import (
    Message,
    MessageTemplate,
    SentCount,
)
from journeys.outreach.queries.naming import origins_like
from portal.kit import clock
from portal.staff.access import Scope

FALLBACK_LANGUAGE = "zh-hans"
_MOST_FOUND = 8
_WAITS = {MessageState.QUEUED, MessageState.HELD, MessageState.PARKED}

# How often a message of a cause, its later turns included, told what held no more, or was at fault
# for its address.
_CALLED_OFF = """
SELECT customer_id, count(*) FROM journeys_message
WHERE customer_id = ANY(%(customer_ids)s)
  AND (state = 'cancelled' AND failure = %(failure)s
       OR %(unreached)s AND state = 'failed' AND failure_kind = 'address')
  AND (dedup_key = %(key)s OR starts_with(dedup_key, %(key)s || ':'))
GROUP BY customer_id
"""


def count_by_state(*, origin: str) -> dict[str, int]:
    """This will count the messages of an origin by state; states without messages are left out."""
    rows = Message.objects.filter(origin=origin).values_list("state").annotate(number=Count("pk"))
    return dict(rows.order_by("state"))


def count_open(*, origins: Sequence[str]) -> int:
    """This will count the messages of origins that were not handed over yet, those that are paused
    or set aside included."""
    return Message.objects.filter(origin__in=origins, state__in=_WAITS).count()


def next_due(*, origin: str) -> dt.datetime | None:
    """This will tell when the first waiting message of an origin may go; None where none waits."""
    waiting = Message.objects.filter(origin=origin, state=MessageState.QUEUED)
    return waiting.aggregate(first=Min("not_before"))["first"]


def templates_of(*, code: str, channels: Sequence[str]) -> list[MessageTemplate]:
    """This will return the latest version of a template for each channel and language. Where that
    was withdrawn there is none: no earlier wording comes back unasked."""
    latest = latest_texts().filter(code=code, channel__in=channels)
    standing = MessageTemplate.objects.filter(pk__in=latest.values("pk"), withdrawal=None)
    return list(standing.order_by("channel", "language"))


def texts_by_id(ids: Sequence[int]) -> list[MessageTemplate]:
    """This will return these very wordings, as far as they are there and were not withdrawn, in
    the order of `templates_of`."""
    rows = MessageTemplate.objects.filter(pk__in=ids, withdrawal=None)
    return list(rows.order_by("channel", "language", "-version"))


def authors_of_texts(ids: Sequence[int]) -> list[Any]:
    """This will list who wrote these wordings, or an earlier version of one of them: the next one
    is written over the words of the one before."""
    later = MessageTemplate.objects.filter(
        pk__in=ids, code=OuterRef("code"), channel=OuterRef("channel"),
        language=OuterRef("language"), version__gte=OuterRef("version"),
    )  # fmt: skip
    rows = MessageTemplate.objects.filter(Exists(later), author__isnull=False)
    found = {row.author_id: row.author for row in rows.select_related("author").order_by("id")}
    return list(found.values())


def withdrawn_among(ids: Sequence[int]) -> list[MessageTemplate]:
    """This will return those of these wordings that were withdrawn."""
    rows = MessageTemplate.objects.filter(pk__in=ids, withdrawal__isnull=False)
    return list(rows.order_by("code", "channel", "language", "version"))


def latest_texts() -> QuerySet[MessageTemplate]:
    """This will list the latest version of every text, withdrawn or not, by code, channel and
    language."""
    rows = MessageTemplate.objects.select_related("withdrawal").order_by(
        "code", "channel", "language", "-version"
    )
    return rows.distinct("code", "channel", "language")


def latest_texts_among(*, words: Sequence[str] = (), **given: str) -> QuerySet[MessageTemplate]:
    """This will list the latest version of the texts that have what is `given` (channel, language),
    by code, channel and language: those alone that hold all `words` in their code, headline or
    text."""
    # The latest first, then the words: an earlier version is none that says them.
    rows = MessageTemplate.objects.filter(pk__in=latest_texts().filter(**given).values("pk"))
    for word in words:
        rows = rows.filter(
            Q(code__icontains=word) | Q(subject__icontains=word) | Q(body__icontains=word)
        )
    return rows.select_related("withdrawal").order_by("code", "channel", "language")


def texts_in_use() -> list[MessageTemplate]:
    """This will return the latest version of every text, by code, channel and language, without
    those that were withdrawn."""
    standing = MessageTemplate.objects.filter(pk__in=latest_texts().values("pk"), withdrawal=None)
    return list(standing.order_by("code", "channel", "language"))


def texts_naming(words: str) -> list[MessageTemplate]:
    """This will list the wordings of SMS, of whichever version, that hold some words and were not
    withdrawn."""
    rows = MessageTemplate.objects.filter(
        channel=Channel.SMS, body__contains=words, withdrawal=None
    )
    return list(rows.order_by("code", "language", "version"))


def texts_written(codes: Sequence[str]) -> set[tuple[str, str, str]]:
    """This will tell of which of these texts there is a version, withdrawn or not, by code,
    channel and language."""
    rows = MessageTemplate.objects.filter(code__in=codes)
    return set(rows.values_list("code", "channel", "language").order_by().distinct())


def find_text(text_id: int) -> MessageTemplate | None:
    """This will find a wording, with its withdrawal if there was one."""
    rows = MessageTemplate.objects.select_related("withdrawal__withdrawn_by")
    return rows.filter(pk=text_id).first()


def latest_version(*, code: str, channel: str, language: str) -> MessageTemplate | None:
    """This will find the latest version of a text, withdrawn or not, with its withdrawal."""
    rows = MessageTemplate.objects.filter(code=code, channel=channel, language=language)
    return rows.select_related("withdrawal").order_by("-version").first()


def versions_of_text(text: MessageTemplate) -> QuerySet[MessageTemplate]:
    """This will list the versions of a text, the latest first, with their authors and
    withdrawals."""
    same = MessageTemplate.objects.filter(
        code=text.code, channel=text.channel, language=text.language
    )
    return same.select_related("author", "withdrawal__withdrawn_by").order_by("-version")


def count_waiting(text_id: int) -> int:
    """This will count the messages with a wording that were not handed over yet."""
    return Message.objects.filter(template_id=text_id, state__in=_WAITS).count()


def channels_without_text(*, code: str, channels: Sequence[str]) -> list[str]:
    """This will return the channels for which a template lacks the text in the language that
    everybody can be sent."""
    return without_text(templates_of(code=code, channels=channels), channels)


def channels_not_covered(ids: Sequence[int], *, channels: Sequence[str]) -> list[str]:
    """This will return the channels for which these very wordings lack one in the language that
    everybody can be sent."""
    return without_text(texts_by_id(ids), channels)


def without_text(found: Sequence[MessageTemplate], channels: Sequence[str]) -> list[str]:
    """This will return the channels for which these wordings lack one in the language that
    everybody can be sent."""
    usual = {each.channel for each in found if each.language == FALLBACK_LANGUAGE}
    return [channel for channel in channels if channel not in usual]


def list_messages(
    *, scope: Scope, state: str = "", channel: str = "", origin: str = ""
) -> QuerySet[Message]:
    """This will list the messages to customers of a scope, the latest first; `origin` is one, or
    words of what they are sent for (`origins_like`)."""
    rows = Message.objects.filter(scope.branches("customer__branch"))
    given = {"state": state, "channel": channel}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if origin:
        rows = rows.filter(origin__in=origins_like(origin))
    return rows.select_related("customer").order_by("-id")


def message_in(*, scope: Scope, message_id: int) -> Message | None:
    """This will return one message of a scope, with its text and customer; None outside it."""
    rows = Message.objects.filter(scope.branches("customer__branch"), pk=message_id)
    return rows.select_related("customer", "template").first()


def message_about(*, customer_id: int, dedup_key: str) -> Message | None:
    """This will find the message that a customer was written for a cause; the last, where an
    earlier one was called off and what it told of came again."""
    later = Q(dedup_key__startswith=f"{dedup_key}:")
    rows = Message.objects.filter(Q(dedup_key=dedup_key) | later, customer_id=customer_id)
    return rows.order_by("-id").first()


def causes_now(
    *, customer_ids: Sequence[int], dedup_key: str, counts_unreached: bool = False
) -> dict[str, list[int]]:
    """This will return under which cause each person is told what `dedup_key` stands for, by that
    cause: the key itself, and, where a message was called off because what it told held no more,
    a cause of its own for each time that there is something to tell again. `counts_unreached` for
    what is told again, by another channel, where the address was at fault."""
    asked: dict[str, Any] = {
        "customer_ids": list(customer_ids), "key": dedup_key, "failure": Failure.REPLACED.value,
        "unreached": counts_unreached,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CALLED_OFF, asked)
        times = dict(cursor.fetchall())
    found: dict[str, list[int]] = {}
    for customer in customer_ids:
        key = rules.cause_of_turn(dedup_key, 1 + times.get(customer, 0))
        found.setdefault(key, []).append(customer)
    return found


@dataclass(frozen=True)
class Written:
    """A message as it stands in the outbox: does it wait there, or was it called off because what
    it told held no more?"""

    customer_id: int
    dedup_key: str
    context: dict[str, str]
    waits: bool
    is_replaced: bool


def written_to(*, customer_ids: Sequence[int], prefix: str) -> list[Written]:
    """This will list the messages to people under causes of a kind, the earliest first."""
    rows = Message.objects.filter(customer_id__in=customer_ids, dedup_key__startswith=prefix)
    return [
        Written(
            customer_id,
            key,
            context,
            state in _WAITS,
            state == MessageState.CANCELLED and failure == Failure.REPLACED,
        )
        for customer_id, key, context, state, failure in rows.order_by("id").values_list(
            "customer_id", "dedup_key", "context", "state", "failure"
        )
    ]


def messages_to(customer_id: int) -> QuerySet[Message]:
    """This will list a customer's messages; `stood_at` is when each was sent, or else queued. How
    many there are is limited by the caps of contacts."""
    rows = Message.objects.filter(customer_id=customer_id).select_related("customer")
    rows = rows.defer("context")
    return rows.annotate(stood_at=Coalesce("sent_at", "queued_at"))


def contacts_without_message(customer_id: int) -> QuerySet[Contact]:
    """This will list a customer's contacts for which no message was written: calls and others."""
    message = Message.objects.filter(
        customer_id=OuterRef("customer_id"), dedup_key=OuterRef("dedup_key")
    )
    return Contact.objects.filter(~Exists(message), customer_id=customer_id)


def named_texts(references: Sequence[str]) -> dict[str, MessageTemplate]:
    """This will return the texts that exist, by their reference ("first_gift/sms/en/2")."""
    either = Q(pk=None)
    for reference in references:
        code, channel, language, version = (*reference.rsplit("/", 3), "", "", "")[:4]
        if version.isascii() and version.isdecimal() and len(version) < 10:
            either |= Q(code=code, channel=channel, language=language, version=int(version))
    return {text.reference: text for text in MessageTemplate.objects.filter(either)}


def search_texts(text: str) -> list[MessageTemplate]:
    """This will find a few texts by their code or words, the latest version first."""
    rows = MessageTemplate.objects.filter(
        Q(code__icontains=text) | Q(body__icontains=text) | Q(subject__icontains=text)
    )
    return list(rows.order_by("code", "channel", "language", "-version")[:_MOST_FOUND])


def texts_sent_to(
    *, customer_id: int, since: dt.datetime
) -> list[tuple[MessageTemplate, dt.datetime]]:
    """This will list the texts that a customer was sent since an instant, each with its last
    time, the latest first."""
    sent = Message.objects.filter(
        customer_id=customer_id, state=MessageState.SENT, sent_at__gte=since
    )
    rows = sent.values_list("template").annotate(last=Max("sent_at")).order_by()
    last = dict(rows)
    texts = MessageTemplate.objects.filter(pk__in=last)
    found = [(text, last[text.pk]) for text in texts]
    return sorted(found, key=lambda pair: (pair[1], pair[0].pk), reverse=True)


def first_day_to_count() -> dt.date | None:
    """This will return the first day that is to be counted: the one before the last counted, for
    what was sent about midnight; where nothing was counted, that of the first message sent."""
    last = SentCount.objects.aggregate(last=Max("day"))["last"]
    if last is not None:
        return last - dt.timedelta(days=1)
    first = Message.objects.filter(state=MessageState.SENT).aggregate(first=Min("sent_at"))["first"]
    return None if first is None else clock.bank_day(first)


def next_sent_day(*, after: dt.date) -> dt.date | None:
    """This will return the first day after another on which something was sent."""
    later = Message.objects.filter(
        state=MessageState.SENT, sent_at__gte=clock.start_of(after + dt.timedelta(days=1))
    )
    first = later.aggregate(first=Min("sent_at"))["first"]
    return None if first is None else clock.bank_day(first)


def sent_between(
    *, scope: Scope, first: dt.date, last: dt.date, branch_path: str = "",
    origins: Sequence[str] = (), template_ids: Sequence[int] = (),
) -> tuple[dict[str, int], dict[int, int]]:  # fmt: skip
    """This will return how many messages of each origin, and of each text, were sent to customers
    of a scope from one day to another, as counted so far."""
    rows = SentCount.objects.filter(
        scope.branches(), day__gte=first, day__lte=last, branch__path__startswith=branch_path
    )
    by_origin = rows.filter(origin__in=origins).values_list("origin")
    by_text = rows.filter(template_id__in=template_ids).values_list("template_id")
    return (
        dict(by_origin.annotate(sent=Sum("messages")).order_by()),
        dict(by_text.annotate(sent=Sum("messages")).order_by()),
    )
