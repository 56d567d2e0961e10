"""Reading leads."""

import datetime as dt
import re
from collections.abc import Collection

from django.db.models import BigIntegerField, Count, Exists, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from journeys.contact import queries as contact
from journeys.contact.enums import Channel, Purpose
from journeys.customers.models import Customer
from journeys.outreach.models import Message
from journeys.telemarketing.enums import LeadState
from journeys.telemarketing.models import MESSAGE_ID, Lead, LeadCall
from portal.kit.compiled import Compiled
from portal.staff.access import Scope

OPEN = (LeadState.NEW, LeadState.WORKING)
# Calls of messages that are not over, as the outbox may read them
# (`portal.kit.registry.CallPool`): found by `lead_open_call` by the message, by `lead_call_turn`
# by the turn and the last day.
_MESSAGE_SQL = f"substring(number, '{MESSAGE_ID}')::bigint"
OPEN_CALLS = f"""
    SELECT {_MESSAGE_SQL} AS message_id, mod({_MESSAGE_SQL}, 60) AS turn,
           call_before AS before,
           state = 'new' AND owner_id IS NULL AND holder_id IS NULL AS is_free
    FROM journeys_lead WHERE number LIKE 'M-%%' AND state IN ('new', 'working')
"""
# Leads that were won at posts, as others may read them (`portal.kit.registry.PostSource`).
LEADS_OF_POSTS = """
    SELECT post_id, (created_at AT TIME ZONE 'Asia/Shanghai')::date AS day, 'lead' AS kind,
           1 AS number
    FROM journeys_lead WHERE post_id IS NOT NULL
"""


def list_leads(
    *, scope: Scope, at: dt.datetime, state: str = "", source: str = ""
) -> QuerySet[Lead]:
    """This will list the leads of a scope, the youngest first: for a telemarketer the own ones
    and those of the branch that nobody owns, for others all of the branch and below. Each says
    whether a word stands against contacting it (`is_refused`), whether it rests at `at`
    (`is_resting`), and whether it does for the bank's control group (`is_control`) or because its
    last day is over (`is_past`)."""
    rows = Lead.objects.filter(_visible(scope))
    rows = rows.annotate(
        is_refused=_refused(), is_resting=_rests(at), is_control=_is_control(at),
        is_past=_is_past(at),
    )  # fmt: skip
    if state:
        rows = rows.filter(state=state)
    if source:
        rows = rows.filter(source=source)
    return rows.select_related("branch", "team", "owner").order_by("-created_at", "-id")


def message_id_of(number: str) -> int | None:
    """This will return the id of the message that asked for a call, from the lead's number."""
    found = re.fullmatch(MESSAGE_ID, number)
    return int(found[1]) if found else None


def callable_leads(*, scope: Scope, at: dt.datetime) -> QuerySet[Lead]:
    """This will list the open leads of a scope that may be handed to somebody for a call at `at`,
    the youngest first: none against which a word stands, and none that rests."""
    return list_leads(scope=scope, at=at).filter(may_be_called(at), state__in=OPEN)


def _is_past(at: dt.datetime) -> Q:
    """Whether the last day of its call is over."""
    return Q(call_before__isnull=False, call_before__lte=at)


def may_be_called(at: dt.datetime) -> Q:
    """This will tell whether nothing stands against a call of a lead at `at` but hours and caps."""
    return ~_refused() & ~_rests(at)


_NOTHING_AGAINST = Compiled(lambda at: Lead.objects.filter(may_be_called(at)))
_OPEN_NOW = Compiled(lambda at: Lead.objects.filter(may_be_called(at), state__in=OPEN))


def callable_of(lead_ids: Collection[int], *, at: dt.datetime) -> set[int]:
    """This will tell against which of these leads nothing stands but hours and caps."""
    return _NOTHING_AGAINST.among(lead_ids, at=at)


def callable_among(lead_ids: Collection[int], *, at: dt.datetime) -> set[int]:
    """This will tell which of these leads are open, and may be handed to somebody for a call."""
    return _OPEN_NOW.among(lead_ids, at=at)


def _refused() -> Q:
    """Whether somebody refused who has the lead's phone, or the customer who the lead became."""
    return contact.phone_is_refused("callee") | contact.customer_is_barred("customer")


def _rests(at: dt.datetime) -> Q:
    """Whether a lead may not be called for now. A customer's as the gate would answer by then: a
    complaint or service case is open, no consent to calls holds, the bank's control group holds
    him, or he has another phone or none; a call of service rests for the phone alone. Another one
    where the control group holds a customer with its phone, or a complaint or service case of one
    is open. Whatever has a last day rests from then on, a call whose person is out of the plan
    where nobody is on it (any more), and marketing to a phone that is left in peace."""
    has_phone = Customer.objects.filter(pk=OuterRef("customer"), callee=OuterRef("callee"))
    marketing = contact.marketing_rests("customer", channel=Channel.PHONE, at=at)
    of_customer = ~Q(Exists(has_phone)) | marketing & ~Q(Exists(_service()))
    paused = Q(customer__isnull=True) & contact.phone_is_paused("callee")
    held = Q(customer__isnull=False) & of_customer | _is_held_by_phone(at) | paused
    return _is_past(at) | held | _has_left() | _is_in_peace(at)


def left_in_peace(at: dt.datetime) -> Q:
    """This will tell whether a lead's phone, or the customer that it is, is left in peace at `at`
    after an angry call."""
    calls = LeadCall.objects.filter(cools_until__gt=at, callee=OuterRef("callee"))
    return Q(Exists(calls)) | contact.customer_in_peace("customer")


def rests_in_peace(at: dt.datetime) -> Q:
    """This will tell whether a lead is left in peace at `at`, and nothing that lasts stands against
    a call: a refusal, a last day that is over, a plan that its person has left."""
    return ~_refused() & ~_is_past(at) & ~_has_left() & left_in_peace(at)


def _is_in_peace(at: dt.datetime) -> Q:
    """Whoever was angry lately, or was called as often as the outcome of the last call allows."""
    calls = LeadCall.objects.filter(
        Q(is_last=True) | Q(cools_until__gt=at), callee=OuterRef("callee")
    )
    return Q(Exists(calls)) & ~Q(Exists(_service()))


def _has_left() -> Q:
    """A call that somebody was on whose person is out of the plan since, and gave back."""
    return Q(left_at__isnull=False, owner=None, state=LeadState.NEW)


def _is_control(at: dt.datetime) -> Q:
    """Whether the bank's control group keeps a lead from being called for marketing."""
    held = contact.customer_is_held("customer", at=at) & ~Q(Exists(_service()))
    return Q(customer__isnull=False) & held | _is_held_by_phone(at)


def _is_held_by_phone(at: dt.datetime) -> Q:
    """Whoever is no customer yet, but answers the phone of one."""
    return Q(customer__isnull=True) & contact.phone_is_held("callee", at=at)


def _service() -> QuerySet[Message]:
    """The message of service that a lead was made for."""
    message_id = Func(OuterRef("number"), Value(MESSAGE_ID), function="substring")
    return Message.objects.filter(
        pk=Cast(message_id, BigIntegerField()),
        customer=OuterRef("customer"),
        purpose=Purpose.SERVICE,
    )


def _visible(scope: Scope) -> Q:
    if scope.own_staff_id is None:
        return scope.branches()
    return scope.branches() & Q(owner=None) | Q(owner=scope.own_staff_id)


def counts_of_owner(*, staff_id: int, at: dt.datetime) -> dict[str, int]:
    """This will count a person's own leads by state, but for those not to be contacted and the open
    ones that rest at `at`."""
    rows = Lead.objects.filter(~_refused(), ~_waits(at), owner_id=staff_id).values("state")
    counted = rows.annotate(count=Count("id")).order_by("state")
    return {row["state"]: row["count"] for row in counted}


def refused_of_owner(*, staff_id: int) -> int:
    """This will count a person's own leads that are not to be contacted."""
    return Lead.objects.filter(_refused(), owner_id=staff_id).count()


def resting_of_owner(*, staff_id: int, at: dt.datetime) -> int:
    """This will count a person's own open leads that rest at `at`."""
    return Lead.objects.filter(~_refused(), _waits(at), owner_id=staff_id).count()


def _waits(at: dt.datetime) -> Q:
    """Whether there is still work to do that rests."""
    return Q(state__in=OPEN) & _rests(at)


def counts_by_source(*, scope: Scope) -> list[tuple[str, int, int]]:
    """This will count the scope's leads by source, the most frequent first:
    (source, all, those that led to an application). Those that were merged into others are
    none."""
    rows = (
        Lead.objects.filter(_visible(scope))
        .exclude(state=LeadState.MERGED)
        .values("source")
        .annotate(count=Count("id"), won=Count("id", filter=Q(state=LeadState.WON)))
        .order_by("-count", "source")
    )
    return [(row["source"], row["count"], row["won"]) for row in rows]
