"""The next lead: given to one person at a time, and put down again."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from journeys.contact.enums import GateAnswer
from journeys.telemarketing import queries, rules
from journeys.telemarketing.enums import HoldEnd
from journeys.telemarketing.models import Lead, LeadHold, PoolPolicy
from journeys.telemarketing.operations.moving import refuse_without
from journeys.telemarketing.operations.refusing import LeadRefused
from journeys.telemarketing.operations.resting import pass_over
from merchants.posts import queries as people
from merchants.posts.enums import QualificationKind
from portal.kit import clock
from portal.staff.enums import Permission
from portal.staff.models import Staff

# How often leads are looked at, each time twice as many up to the most, before the caller is told
# that there is none; and after how many that are all out of hours no more are asked about.
ROUNDS, _MOST_ASKED, _OUT_OF_HOURS = 12, 256, 100
_NOT_NOW = {GateAnswer.NO_HOURS.value, GateAnswer.NO_CALENDAR.value}
_TAKEN_OUT = 500  # holds that are ended at once
# Of those that the gate lets through, the best that nobody has locked; looked at once more, since
# others took leads meanwhile.
_LOCK = """
SELECT id, callee FROM journeys_lead
WHERE id = ANY(%(ids)s::bigint[]) AND holder_id IS NULL
  AND (call_from IS NULL OR call_from <= %(at)s)
  AND (owner_id IS NULL AND state = 'new'
       OR owner_id = %(caller)s AND state IN ('new', 'working'))
ORDER BY array_position(%(ids)s::bigint[], id) LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED
"""
# By `lead_held_until`; and by `lead_one_in_hand` those of people who may not have them (any more).
_OVER = """
SELECT id FROM journeys_lead WHERE held_until IS NOT NULL AND held_until <= %(at)s
ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
"""
_WITHOUT_HOLDER = """
SELECT lead.id FROM journeys_lead AS lead JOIN portal_staff AS person ON person.id = lead.holder_id
WHERE lead.holder_id IS NOT NULL AND NOT journeys_may_own_leads(person, lead.branch_id)
ORDER BY lead.id LIMIT %(most)s FOR NO KEY UPDATE OF lead SKIP LOCKED
"""
# Two leads may be of one phone: whoever has one of them has that phone. Looked at after the lock,
# by a statement of its own: one that locks still sees what was before it began.
_PHONE = "hashtextextended('journeys.callee:' || encode(%(callee)s, 'hex'), 0)"
_LOCK_PHONE = f"SELECT pg_try_advisory_xact_lock({_PHONE})"
_WAIT_FOR_PHONE = f"SELECT pg_advisory_xact_lock({_PHONE})"
_PHONE_IS_FREE = """
SELECT NOT EXISTS (SELECT FROM journeys_lead
                   WHERE callee = %(callee)s AND holder_id IS NOT NULL AND id <> %(id)s)
"""


def next_lead(*, caller: Staff, at: dt.datetime) -> LeadHold:
    """This will give a caller the best lead to call at `at` (`rules.ranked`), to have in hand until
    the policy's minutes are over; one that is in hand already, and may be called still, stays
    there. What the caller put down without a call is passed over for those minutes, unless there is
    no other. No two people ever have one, nor two leads of one phone, and nobody gets one against
    the gate. Raises LeadRefused, with what stands against it where there is none."""
    refuse_unfit(caller=caller, at=at)
    held = _still_held(caller, at)
    if held is not None:
        return held
    passed: list[int] = []
    try:
        return _take_next(caller, at, passed)
    finally:
        pass_over(lead_ids=passed, at=at)


@transaction.atomic
def _take_next(caller: Staff, at: dt.datetime, passed: list[int]) -> LeadHold:
    # One window of a person after the other, and as the person is now.
    rows = Staff.objects.select_related("branch").select_for_update(of=("self",), no_key=True)
    caller = rows.get(pk=caller.pk)
    refuse_unfit(caller=caller, at=at)
    other = LeadHold.objects.filter(holder=caller, ended_at=None).select_related("lead").first()
    if other is not None:
        return other
    policies = queries.policies_in_force(queries.branches_of(caller), on=clock.bank_day(at))
    if not policies:
        raise LeadRefused(_("No policy of the pool is in force for this branch; ask the manager."))
    answers = Counter[str]()
    aside = queries.put_aside(caller=caller, policies=policies, at=at)
    coming = queries.Coming(caller=caller, policies=policies, at=at, but=aside, passed=passed)
    taken = _best_of(coming, caller, at, answers)
    if taken is None and aside:
        again = queries.aside_again(aside, caller=caller, policies=policies, at=at)
        taken = _first_open(again, caller, at, answers)
    if taken is None:
        raise LeadRefused(_none_left(answers))
    return _hold(taken, caller, policies, at)


def _best_of(
    coming: queries.Coming, caller: Staff, at: dt.datetime, answers: Counter[str]
) -> rules.Candidate | None:
    """Lock the best lead that may be called, round by round; what the gate answered about those
    before it is counted in `answers`."""
    left: list[rules.Candidate] = []
    wanted = queries.LOOKED_AT
    for _round in range(ROUNDS):
        left = rules.ranked([*left, *coming.more(wanted)], now=clock.bank_time(at))
        if not left or (answers.total() >= _OUT_OF_HOURS and set(answers) <= _NOT_NOW):
            return None
        taken = _first_open(left[:wanted], caller, at, answers)
        if taken is not None:
            return taken
        left = left[wanted:]
        wanted = min(2 * wanted, _MOST_ASKED)
    return None


def _first_open(
    order: Sequence[rules.Candidate], caller: Staff, at: dt.datetime, answers: Counter[str]
) -> rules.Candidate | None:
    """Lock the first of these leads that the gate lets through and that nobody has."""
    asked = queries.gate_answers([one.lead_id for one in order], at=at)
    answers.update(asked.values())
    open_ones = {one.lead_id: one for one in order if asked[one.lead_id] == GateAnswer.OPEN.value}
    taken = _lock_one(list(open_ones), caller, at)
    return open_ones[taken] if taken is not None else None


def refuse_unfit(*, caller: Staff, at: dt.datetime) -> None:
    """This will refuse whoever may not call on this day: by the role, or without a qualification
    in cards that holds. Raises LeadRefused."""
    refuse_without(actor=caller, permission=Permission.WORK_LEADS)
    on = clock.bank_day(at)
    if not people.qualified_among([caller.pk], kind=QualificationKind.CARDS, on=on):
        raise LeadRefused(
            _(
                "You have no qualification for selling cards that holds today, and nobody calls "
                "without one. The branch manager records it under Staff at posts."
            )
        )


@transaction.atomic
def put_down(*, caller_id: int, at: dt.datetime, end: HoldEnd = HoldEnd.PUT_DOWN) -> int:
    """This will put down what somebody has in hand, and return how many leads that were: one, or
    none where there was nothing (any more)."""
    holds = LeadHold.objects.filter(holder=caller_id, ended_at=None)
    return _end(list(holds.values_list("pk", "lead")), at, end)


@transaction.atomic
def end_holds(*, at: dt.datetime) -> int:
    """This will put down what people have had in hand for longer than the policy lets them, and
    what those have who left, or have another role or place now; it returns how many leads that
    were. What somebody changes at this moment is left to the next tick."""
    count = 0
    for due, end in ((_OVER, HoldEnd.TIMED_OUT), (_WITHOUT_HOLDER, HoldEnd.CLOSED)):
        with connection.cursor() as cursor:
            cursor.execute(due, {"at": at, "most": _TAKEN_OUT})
            ids = [pk for (pk,) in cursor.fetchall()]
        holds = LeadHold.objects.filter(lead__in=ids, ended_at=None)
        count += _end(list(holds.values_list("pk", "lead")), at, end)
    return count


def _end(holds: Sequence[tuple[int, int]], at: dt.datetime, end: HoldEnd) -> int:
    leads = sorted(lead_id for _pk, lead_id in holds)
    rows = Lead.objects.filter(pk__in=leads).select_for_update(of=("self",), no_key=True)
    list(rows.order_by("pk").values_list("pk"))
    # Whoever ended it while we waited has said how.
    ended = LeadHold.objects.filter(pk__in=[pk for pk, _lead in holds], ended_at=None)
    count = 0
    for hold in ended.select_for_update(of=("self",)).order_by("pk"):
        end_one(hold=hold, at=at, end=end)
        count += 1
    return count


def end_one(*, hold: LeadHold, at: dt.datetime, end: HoldEnd) -> None:
    """This will end a hold whose lead is locked."""
    hold.ended_at, hold.end = max(at, hold.taken_at), end.value
    hold.save(update_fields=["ended_at", "end", "called_at"])
    Lead.objects.filter(pk=hold.lead_id).update(holder=None, held_until=None)


@transaction.atomic
def _still_held(caller: Staff, at: dt.datetime) -> LeadHold | None:
    """What the caller has in hand; it is put down where the time is over or it may not be called
    any more."""
    hold = LeadHold.objects.filter(holder=caller, ended_at=None).select_related("lead").first()
    if hold is None:
        return None
    until = hold.lead.held_until
    if until is None or until <= at:
        put_down(caller_id=caller.pk, at=at, end=HoldEnd.TIMED_OUT)
        return None
    if queries.answer_of(hold.lead_id, at=at) != GateAnswer.OPEN.value:
        put_down(caller_id=caller.pk, at=at, end=HoldEnd.CLOSED)
        return None
    return hold


def _lock_one(ids: Sequence[int], caller: Staff, at: dt.datetime) -> int | None:
    """Lock the first of these leads that nobody has and whose phone nobody has."""
    left = list(ids)
    with connection.cursor() as cursor:
        while left:
            cursor.execute(_LOCK, {"ids": left, "at": at, "caller": caller.pk})
            found = cursor.fetchone()
            if found is None:
                return None
            lead_id, callee = found
            values = {"callee": bytes(callee), "id": lead_id}
            if all(_says(cursor, sql, values) for sql in (_LOCK_PHONE, _PHONE_IS_FREE)):
                return int(lead_id)
            left.remove(lead_id)
    return None


def wait_for_phone(callee: bytes) -> None:
    """This will lock a phone, of which this is the hash, against whoever would take a lead of it
    in hand, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_WAIT_FOR_PHONE, {"callee": callee})


def _says(cursor: Any, statement: str, values: dict[str, Any]) -> bool:
    cursor.execute(statement, values)
    return bool(cursor.fetchone()[0])


def _hold(
    one: rules.Candidate, caller: Staff, policies: dict[int, PoolPolicy], at: dt.datetime
) -> LeadHold:
    lead = Lead.objects.select_related("score").get(pk=one.lead_id)
    policy = policies[lead.branch_id]
    reasons: list[dict[str, Any]] = rules.reasons_for(
        one, now=clock.bank_time(at), most=policy.most_attempts
    )
    lead.holder, lead.held_until = caller, at + dt.timedelta(minutes=policy.hold_minutes)
    lead.save(update_fields=["holder", "held_until"])
    return LeadHold.objects.create(
        lead=lead, holder=caller, taken_at=at, reasons=reasons, known=queries.known_now(lead)
    )


def _none_left(answers: Counter[str]) -> str:
    """Why there is no next lead."""
    if answers and set(answers) <= _NOT_NOW:
        return _("It is outside the hours of calls. The next lead comes when they begin.")
    if answers:
        words = " · ".join(queries.words_of(code) for code, _count in answers.most_common(3))
        return _("No lead may be called at this moment: {why}.").format(why=words)
    return _(
        "There is no lead to call at this moment, neither of your own nor in the pool. Come back "
        "later, or ask the branch manager."
    )
