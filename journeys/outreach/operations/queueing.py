"""Queueing: contacts and messages written together, and called off together."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.contact.rules import GateVerdict
from journeys.outreach import queries, rules
from journeys.outreach.enums import Failure
from journeys.outreach.models import MessageTemplate
from journeys.outreach.operations import cancelling, placing
from journeys.outreach.operations.requesting import request_sending
from portal.audit import operations as audit

# Goes on after the reservation, within its statement: a whole chunk is written by one.
_QUEUE = """, queued AS (
    INSERT INTO journeys_message
        (customer_id, channel, purpose, template_id, context, origin, dedup_key, state, queued_at,
         not_before, attempts, gateway_reference, failure_kind, failure, priority, variant,
         valid_until)
    SELECT gate.customer_id, gate.channel, gate.purpose, coalesce(own.id, usual.id), one.context,
           %(origin)s, gate.dedup_key, 'queued', %(at)s, gate.planned, 0, '', '', '', %(priority)s,
           %(variant)s, one.valid_until
    FROM gate
    JOIN ROWS FROM (
        unnest(%(people)s::bigint[]), jsonb_array_elements(%(contexts)s::jsonb),
        unnest(%(ends)s::timestamptz[])
    ) AS one(customer_id, context, valid_until) ON one.customer_id = gate.customer_id
    JOIN journeys_customer AS customer ON customer.id = gate.customer_id
    LEFT JOIN journeys_messagetemplate AS own
        ON own.id = ANY(%(template_ids)s) AND own.channel = gate.channel
        AND own.language = customer.language
    JOIN journeys_messagetemplate AS usual
        ON usual.id = ANY(%(template_ids)s) AND usual.channel = gate.channel
        AND usual.language = %(fallback)s
    WHERE gate.answer = 'open' ORDER BY gate.customer_id
)
"""

_NAMED = """
    JOIN unnest(%(ids)s::bigint[], %(keys)s::text[]) AS named(customer_id, dedup_key)
        USING (customer_id, dedup_key) WHERE TRUE"""
_REWORD = """
UPDATE journeys_message SET context = context || %(context)s::jsonb
WHERE customer_id = %(customer_id)s AND dedup_key = %(dedup_key)s
  AND state IN ('queued', 'held', 'parked')
"""


class TemplateMissing(Exception):
    """Raised when a channel has no text in the language that everybody can be sent."""


class ContextIncomplete(Exception):
    """Raised when a customer's context does not hold what the text needs."""


@transaction.atomic
def queue_messages(
    *,
    customer_ids: Sequence[int],
    contexts: Mapping[int, Mapping[str, str]],
    purpose: str,
    channels: Sequence[str],
    template_code: str,
    origin: str,
    dedup_key: str,
    at: dt.datetime,
    text_ids: Sequence[int] | None = None,
    priority: int = rules.USUAL_PRIORITY,
    variant: str = "",
    valid_until: Mapping[int, dt.datetime] | None = None,
) -> list[GateVerdict]:
    """This will pass people through the gate and write a message for each whom it lets through.

    `contexts` holds, by customer id, the values of the text's variables; `channels` stands in
    order of preference. The contacts are reserved in the same transaction, so that there is never
    one without the other. Safe to repeat: a person is taken once per `dedup_key`. `text_ids` names
    the very wordings to be sent, as somebody approved them; without it the latest ones are.
    `priority`, 0 first, decides about the place under a cap: a person's message that waits with a
    larger number gives its place up and takes the next free one. `variant`, of a text that is one
    of several, is noted with each; from `valid_until`, by customer id, on none is sent any more.

    Raises TemplateMissing, ContextIncomplete, rules.BadTemplate and contact.UnknownQuestion,
    before anything is written.
    """
    templates = _templates_for(template_code, channels, text_ids)
    _check_contexts(templates, customer_ids, contexts)
    asked: dict[str, Any] = {
        "purpose": purpose, "channels": channels, "origin": origin, "dedup_key": dedup_key,
        "at": at, "writes": _QUEUE,
    }  # fmt: skip
    people = list(dict.fromkeys(customer_ids))
    shared = {
        "priority": priority, "variant": variant, "fallback": queries.FALLBACK_LANGUAGE,
        "template_ids": [template.pk for template in templates],
    }  # fmt: skip
    reserve = _reserving(_Written(contexts, valid_until or {}), asked, shared)
    verdicts = queries.ask_by_priority(reserve, customer_ids=people, priority=priority)
    number = sum(verdict.is_open for verdict in verdicts)
    if number:
        changes = {"origin": origin, "template": template_code, "messages": number}
        audit.record(action="outbox.queued", actor=None, at=at, changes=changes)
        transaction.on_commit(request_sending)
    return verdicts


@dataclass(frozen=True)
class _Written:
    """What stands in the messages to people, by their ids."""

    contexts: Mapping[int, Mapping[str, str]]
    ends: Mapping[int, dt.datetime]

    def to(self, people: Sequence[int]) -> dict[str, Any]:
        """The values for some of them. The contexts are one document: as an array of texts, every
        quotation mark in it would be escaped in Python. Where nothing ends, no ends are named."""
        words = [dict(self.contexts.get(customer_id, {})) for customer_id in people]
        return {
            "people": gate.array_of(people),
            "contexts": json.dumps(words, ensure_ascii=False),
            "ends": [self.ends.get(customer_id) for customer_id in people] if self.ends else [],
        }


def _reserving(
    written: _Written, asked: Mapping[str, Any], shared: Mapping[str, Any]
) -> Callable[[Sequence[int], str], list[GateVerdict]]:
    """How the question is put to the gate here: by writing for whom it lets through. What gave
    way takes the next places."""

    def reserve(people: Sequence[int], spares: str) -> list[GateVerdict]:
        values = {**shared, **written.to(people)}
        found = contact.reserve_contacts(customer_ids=people, spares=spares, values=values, **asked)
        if spares:
            reserved = [one.customer_id for one in found if one.is_open]
            placing.place_anew(customer_ids=reserved, but=[], at=asked["at"])
        return found

    return reserve


def _templates_for(
    code: str, channels: Sequence[str], ids: Sequence[int] | None
) -> list[MessageTemplate]:
    found = (
        queries.templates_of(code=code, channels=channels)
        if ids is None
        else queries.texts_by_id(ids)
    )
    if missing := queries.without_text(found, channels):
        raise TemplateMissing(
            f"The message text {code} does not exist in simplified Chinese for: "
            f"{', '.join(missing)}. Add it before anything can be sent."
        )
    return found


def _check_contexts(
    templates: Sequence[MessageTemplate],
    customer_ids: Sequence[int],
    contexts: Mapping[int, Mapping[str, str]],
) -> None:
    """Every person's context is checked, but by set of names, of which there are few."""
    needed = frozenset[str]().union(
        *(rules.variables_of(text) for each in templates for text in (each.subject, each.body))
    )
    for customer_id in customer_ids:
        context = contexts.get(customer_id, {})
        if not needed <= context.keys():
            missing = ", ".join(sorted(needed - context.keys()))
            raise ContextIncomplete(
                f"Customer {customer_id}: the message text needs {missing}, which is not given."
            )


@transaction.atomic
def call_off(
    *, causes: Sequence[tuple[int, str]], failure: Failure, at: dt.datetime
) -> set[tuple[int, str]]:
    """This will call off the messages named by (customer id, dedup key) that still wait or are set
    aside, and return the names of those. What a worker holds at this instant is not called back.
    """
    if not causes:
        return set()
    values: dict[str, Any] = {
        "ids": [customer_id for customer_id, _key in causes],
        "keys": [key for _customer_id, key in causes],
    }
    gone = cancelling.cancel(_NAMED, values, failure=failure, at=at)
    if gone:
        changes = {"messages": len(gone), "failure": failure.value}
        audit.record(action="outbox.called_off", actor=None, at=at, changes=changes)
    return set(gone)


@transaction.atomic
def reword(
    *, customer_id: int, dedup_key: str, context: Mapping[str, str], at: dt.datetime
) -> bool:
    """This will put other values into the text of a message that still waits or is set aside, and
    tell whether there was one. Its contact stays reserved: the person is told once, as before. What
    a worker holds at this instant is not called back.
    """
    values: dict[str, Any] = {
        "customer_id": customer_id,
        "dedup_key": dedup_key,
        "context": json.dumps(dict(context), ensure_ascii=False),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REWORD, values)
        is_there = cursor.rowcount > 0
    if is_there:
        changes = {"messages": 1, "cause": dedup_key, "values": sorted(context)}
        audit.record(action="outbox.reworded", actor=None, at=at, changes=changes)
    return is_there
