"""Finding leads that may be the next one, and asking the one gate about them."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from journeys.contact import queries as contact
from journeys.contact.enums import Channel, GateAnswer, Purpose
from journeys.outreach.models import Message
from journeys.telemarketing.enums import LeadState, PoolSight
from journeys.telemarketing.models import Lead, LeadMove, PoolPolicy
from journeys.telemarketing.queries.leads import OPEN, may_be_called, message_id_of
from journeys.telemarketing.queries.pools import callable_among
from journeys.telemarketing.queries.stopping import stopped_among
from journeys.telemarketing.rules import Candidate
from portal.kit import clock
from portal.kit.personal import ERASED
from portal.staff import queries as staff
from portal.staff.models import Staff

# How many of each kind are looked at in the first round; how many times as many are cut from the
# index to find them, and how many at most in one piece.
LOOKED_AT = 8
_CUT, _CUT_AT_MOST = 4, 2048
RESTS = "rests"  # nothing that the gate says of hours and caps
STOPPED = "stopped"  # nor this: what asked for the call is paused or stopped
_FIELDS = ("pk", "owner", "priority", "attempts", "called_at", "promised_at", "created_at")
# Calls and contacts of whoever answers a phone, over all leads and campaigns. What stands in the
# ledger of customers for a call to one of these leads is that call.
_REACHED = """
SELECT asked.callee, count(*) FILTER (WHERE made.at > %(at)s::timestamptz - interval '24 hours'),
       count(*)
FROM unnest(%(callees)s::bytea[]) AS asked(callee)
CROSS JOIN LATERAL (
    SELECT hold.called_at AS at FROM journeys_lead AS lead
    JOIN journeys_leadhold AS hold ON hold.lead_id = lead.id
    WHERE lead.callee = asked.callee AND lead.customer_id IS NULL
      AND hold.called_at > %(at)s::timestamptz - interval '720 hours'
    UNION ALL
    SELECT contact.at FROM journeys_customer AS customer
    JOIN journeys_contact AS contact ON contact.customer_id = customer.id
    WHERE customer.callee = asked.callee AND contact.purpose <> 'service'
      AND contact.released_at IS NULL AND contact.at > %(at)s::timestamptz - interval '720 hours'
      AND NOT (contact.origin = 'calls' AND EXISTS (
          SELECT FROM journeys_lead AS called
          WHERE called.callee = asked.callee AND called.customer_id IS NULL
            AND starts_with(contact.dedup_key, 'call:' || called.id || ':')))
) AS made
GROUP BY asked.callee
"""


def candidates(
    *,
    caller: Staff,
    policies: dict[int, PoolPolicy],
    at: dt.datetime,
    tried: set[int],
    wanted: int = LOOKED_AT,
) -> list[Candidate]:
    """This will find leads that may be the caller's next one at `at`, but for those `tried`: of the
    own ones and of each branch's pool the `wanted` best. `policies` are those of the branches
    within reach. What stands against calling a lead at all is seen here, and such leads are added
    to `tried`; hours and caps are asked of the gate (`gate_answers`)."""
    found: dict[int, Candidate] = {}
    before = frozenset(tried)
    for rows in sources(caller=caller, policies=policies, at=at, tried=before):
        for row in _best_of(rows, caller, at, tried, wanted):
            found[row[0]] = _candidate(row, caller)
    return list(found.values())


def sources(
    *, caller: Staff, policies: dict[int, PoolPolicy], at: dt.datetime, tried: Collection[int]
) -> list[QuerySet[Lead]]:
    """This will return the queries by which candidates are found, each in the order of an index:
    they ask of the lead's own row alone, so that the first ones are read and no more."""
    usual = Lead.objects.filter(
        Q(call_from=None) | Q(call_from__lte=at), holder=None, phone_sealed__isnull=False
    ).exclude(name=ERASED)
    if tried:
        usual = usual.exclude(pk__in=tried)
    found = []
    for branch_id, policy in policies.items():
        open_still = usual.filter(branch_id=branch_id, attempts__lt=policy.most_attempts)
        own = open_still.filter(owner=caller, state__in=OPEN)
        found += [
            own.filter(promised_at__lte=at).order_by("promised_at", "pk"),
            own.order_by("-priority", "attempts", "-created_at"),
        ]
        if policy.sight == PoolSight.GIVEN:
            continue
        pool = open_still.filter(owner=None, state=LeadState.NEW)
        if policy.sight == PoolSight.TEAM:
            pool = pool.filter(Q(team=None) | Q(team=caller.team_id))
        found += [
            pool.filter(promised_at__lte=at).order_by("promised_at"),
            pool.order_by(F("priority").desc(), "attempts", "-created_at"),
        ]
    return found


def _best_of(
    rows: QuerySet[Lead], caller: Staff, at: dt.datetime, tried: set[int], wanted: int
) -> list[tuple[Any, ...]]:
    """The first of these leads against which nothing stands. Piece by piece: asked in the same
    query, the planner would expect few of them and read and sort the branch's whole pool."""
    found: list[tuple[Any, ...]] = []
    start, size = 0, _CUT * wanted
    while len(found) < wanted:
        cut = list(rows.values_list(*_FIELDS)[start : start + size])
        good = _nothing_against([row[0] for row in cut], caller, at)
        tried |= {row[0] for row in cut} - good
        found += [row for row in cut if row[0] in good]
        if len(cut) < size:
            break
        start, size = start + size, min(2 * size, _CUT_AT_MOST)
    return found[:wanted]


def _nothing_against(ids: Sequence[int], caller: Staff, at: dt.datetime) -> set[int]:
    """Those that may be called, and that the caller did not have lately."""
    if not ids:
        return set()
    cooling = LeadMove.objects.filter(lead=OuterRef("pk"), from_owner=caller, cools_until__gt=at)
    rows = Lead.objects.filter(may_be_called(at), ~Q(Exists(cooling)), pk__in=ids)
    return set(rows.values_list("pk", flat=True))


def _candidate(row: Sequence[object], caller: Staff) -> Candidate:
    pk, owner, priority, attempts, called_at, promised_at, created_at = row
    called = clock.bank_time(called_at) if isinstance(called_at, dt.datetime) else None
    return Candidate(
        pk, owner == caller.pk, priority, attempts, called, promised_at, created_at  # type: ignore[arg-type]
    )  # fmt: skip


def branches_of(caller: Staff) -> list[int]:
    """This will list the branches whose leads a caller may have: the own one and those below."""
    return [row.pk for row in staff.branches_below(caller.branch.path)]


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
        return RESTS
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
    with connection.cursor() as cursor:
        callees = list({callee for _pk, callee, _code in rows})
        cursor.execute(_REACHED, {"callees": callees, "at": at})
        reached = {bytes(callee): (day, month) for callee, day, month in cursor.fetchall()}
    return {
        pk: _by_hours_and_caps(hours[code], reached.get(callee, (0, 0)), at)
        for pk, callee, code in rows
    }


def _by_hours_and_caps(opening: contact.Opening, reached: tuple[int, int], at: dt.datetime) -> str:
    in_day, in_month = reached
    if opening.planned is None or opening.planned > at:
        return GateAnswer.NO_HOURS.value
    if opening.day_cap is None or opening.month_cap is None:
        return GateAnswer.NO_RULE.value
    if in_day >= opening.day_cap or in_month >= opening.month_cap:
        return GateAnswer.CAP_REACHED.value
    return GateAnswer.OPEN.value
