"""Asking the one gate about leads that may be the next one."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from journeys.contact import queries as contact
from journeys.contact.enums import Channel, GateAnswer, Purpose
from journeys.contact.rules import MONTH, is_full_sql
from journeys.outreach.models import Message
from journeys.telemarketing.models import Lead
from journeys.telemarketing.queries.leads import (
    callable_among,
    message_id_of,
    rests_in_peace,
)
from journeys.telemarketing.queries.stopping import stopped_among
from portal.kit import prepared
from portal.kit.personal import ERASED

RESTS = "rests"  # nothing that the gate says of hours and caps
STOPPED = "stopped"  # nor this: what asked for the call is paused or stopped
# Those of some leads whose phones have had as many calls and contacts as the caps allow, over all
# leads and campaigns. What stands in the ledger of customers for a call to one of these leads is
# that call.
_FULL = f"""
SELECT asked.id
FROM unnest(%(ids)s::bigint[], %(callees)s::bytea[], %(day_caps)s::int[], %(month_caps)s::int[])
    AS asked(id, callee, day_cap, month_cap)
CROSS JOIN LATERAL (SELECT array_agg(made.at) AS times FROM (
    SELECT hold.called_at AS at FROM journeys_lead AS lead
    JOIN journeys_leadhold AS hold ON hold.lead_id = lead.id
    WHERE lead.callee = asked.callee AND lead.customer_id IS NULL
      AND hold.called_at > %(at)s::timestamptz - {MONTH}
    UNION ALL
    SELECT contact.at FROM journeys_customer AS customer
    JOIN journeys_contact AS contact ON contact.customer_id = customer.id
    WHERE customer.callee = asked.callee AND contact.purpose <> 'service'
      AND contact.released_at IS NULL AND contact.at > %(at)s::timestamptz - {MONTH}
      AND NOT (contact.origin = 'calls' AND EXISTS (
          SELECT FROM journeys_lead AS called
          WHERE called.callee = asked.callee AND called.customer_id IS NULL
            AND starts_with(contact.dedup_key, 'call:' || called.id || ':')))
) AS made) AS reached
WHERE {is_full_sql("reached.times", "%(at)s::timestamptz")}
"""


def gate_answers(lead_ids: Sequence[int], *, at: dt.datetime) -> dict[int, str]:
    """This will ask the one gate whether these leads may be called at `at`, and return its answer
    for each: a customer's own, and for others by hours of the branch's place and by the caps over
    all calls and contacts of the phone. Who may be called later only is answered with no hours, and
    whose call was asked for by something that is paused or stopped now with that, before all
    else."""
    rows = list(
        Lead.objects.filter(pk__in=lead_ids).values_list(
            "pk", "number", "customer", "callee", "attempts", "branch__division_code"
        )
    )
    of_customers = [(pk, number, who, tries) for pk, number, who, _c, tries, _d in rows if who]
    others = [(pk, bytes(callee or b""), code) for pk, _n, who, callee, _t, code in rows if not who]
    stopped = stopped_among({pk: number for pk, number, *_rest in rows})
    answers = _of_customers(of_customers, at) | _of_others(others, at)
    return answers | dict.fromkeys(stopped, STOPPED)


def answer_of(lead_id: int, *, at: dt.datetime) -> str:
    """This will ask about one lead: what stands against calling it at all, and the gate."""
    held = Lead.objects.filter(pk=lead_id, phone_sealed__isnull=False).exclude(name=ERASED)
    if not held.exists() or not callable_among([lead_id], at=at):
        return GateAnswer.PEACE.value if held.filter(rests_in_peace(at)).exists() else RESTS
    return gate_answers([lead_id], at=at)[lead_id]


def words_of(answer: str) -> str:
    """This will say an answer in words."""
    if answer == RESTS:
        return _("it rests, or a word stands against it")
    if answer == STOPPED:
        return _("the campaign that asked for the call is paused or stopped")
    return str(GateAnswer(answer).label)


def own_key(lead: Lead) -> str:
    """This will return the key of the contact that stands for the next call of a lead itself."""
    return _own_key(lead.pk, lead.attempts)


def _own_key(lead_id: int, attempts: int) -> str:
    return f"call:{lead_id}:{attempts + 1}"


def question_of(lead: Lead) -> tuple[str, str]:
    """This will return the purpose of a call to a lead that is a customer, and the key of the
    contact that stands for it: that of the message that asked for the call, or the call's own."""
    return _questions([(lead.pk, lead.number, lead.customer_id, lead.attempts)])[lead.pk]


def _questions(
    rows: Sequence[tuple[int, str, int | None, int]],
) -> dict[int, tuple[str, str]]:
    ids = {pk: message_id_of(number) for pk, number, _who, _tries in rows}
    wanted = [number for number in ids.values() if number is not None]
    messages = Message.objects.filter(pk__in=wanted).values_list(
        "pk", "customer", "purpose", "dedup_key"
    )
    known = {pk: (customer, purpose, key) for pk, customer, purpose, key in messages}
    found = {}
    for pk, _number, customer_id, tries in rows:
        customer, purpose, key = known.get(ids[pk] or 0, (None, "", ""))
        is_of_message = customer == customer_id
        found[pk] = (
            purpose if is_of_message else Purpose.MARKETING.value,
            key if is_of_message and tries == 0 else _own_key(pk, tries),
        )
    return found


def _of_customers(rows: Sequence[tuple[int, str, int, int]], at: dt.datetime) -> dict[int, str]:
    if not rows:
        return {}
    questions = _questions(rows)
    verdicts = contact.ask_again(
        customer_ids=[who for _pk, _number, who, _tries in rows],
        purposes=[questions[pk][0] for pk, *_rest in rows],
        channels=[Channel.PHONE.value for _row in rows],
        dedup_keys=[questions[pk][1] for pk, *_rest in rows],
        at=at,
    )
    found = {}
    for pk, _number, who, _tries in rows:
        verdict = verdicts[who, questions[pk][1]]
        waits = verdict.is_open and (verdict.not_before is None or verdict.not_before > at)
        found[pk] = GateAnswer.NO_HOURS.value if waits else verdict.answer
    return found


def _of_others(rows: Sequence[tuple[int, bytes, str]], at: dt.datetime) -> dict[int, str]:
    if not rows:
        return {}
    hours = contact.openings(
        codes={code for _pk, _callee, code in rows}, channel=Channel.PHONE, at=at
    )
    found = {pk: _by_hours(hours[code], at) for pk, _callee, code in rows}
    open_ones = [row for row in rows if found[row[0]] == GateAnswer.OPEN.value]
    full = _full(open_ones, hours, at)
    return found | dict.fromkeys(full, GateAnswer.CAP_REACHED.value)


def _by_hours(opening: contact.Opening, at: dt.datetime) -> str:
    if opening.planned is None or opening.planned > at:
        return GateAnswer.NO_HOURS.value
    if opening.day_cap is None or opening.month_cap is None:
        return GateAnswer.NO_RULE.value
    return GateAnswer.OPEN.value


def _full(
    rows: Sequence[tuple[int, bytes, str]], hours: dict[str, contact.Opening], at: dt.datetime
) -> list[int]:
    """Those whose phones the caps hold back."""
    if not rows:
        return []
    values: dict[str, Any] = {
        "ids": [pk for pk, _callee, _code in rows],
        "callees": [callee for _pk, callee, _code in rows],
        "day_caps": [hours[code].day_cap for _pk, _callee, code in rows],
        "month_caps": [hours[code].month_cap for _pk, _callee, code in rows],
        "at": at,
    }
    return [pk for (pk,) in prepared.fetch_about(len(rows), _FULL, values)]
