"""Telling results: those that are due pass the gate and go to the outbox, each once."""

import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from journeys.contact.enums import Channel, GateAnswer, Purpose
from journeys.notices import queries, rules
from journeys.notices.enums import Hindrance, NoticeState
from journeys.notices.models import ResultNotice
from journeys.notices.operations import again
from journeys.notices.operations.texts import ensure_result_texts
from journeys.outreach import operations as outreach
from journeys.outreach import rules as texts
from journeys.outreach.enums import Failure, MessageState
from portal.kit import clock as bank_clock

logger = logging.getLogger(__name__)

_BATCH = 200
_CHANNELS = [Channel.SMS, Channel.EMAIL]
_NO_TEXT = (outreach.TemplateMissing, outreach.ContextIncomplete, texts.BadTemplate)

# Held until the commit: a second worker takes others, and a killed one leaves them as they were.
_PICK = """
SELECT id FROM journeys_resultnotice WHERE state = 'due' AND not_before <= %s
ORDER BY not_before, id LIMIT %s FOR UPDATE SKIP LOCKED
"""
# A customer's results of the same kind and day: rows stay and ids grow, so a place never changes.
_PLACES = """
SELECT notice.id, 1 + count(earlier.id) FROM journeys_resultnotice notice
LEFT JOIN journeys_resultnotice earlier
    ON earlier.customer_id = notice.customer_id AND earlier.result = notice.result
    AND earlier.decided_date = notice.decided_date AND earlier.id < notice.id
WHERE notice.id = ANY(%s) GROUP BY notice.id
"""
# What the customer hears last of an application beside the notice itself: what is on its way comes
# after what was sent, and of several on their way another result counts. A later notice of the
# same result that is due makes the earlier one needless.
_LAST_WORDS = """
SELECT notice.id, EXISTS (
           SELECT FROM journeys_resultnotice later
           WHERE later.application_id = notice.application_id AND later.result = notice.result
             AND later.state = 'due' AND (later.noted_at, later.id) > (notice.noted_at, notice.id)
       ),
       last.result, last.is_reopened AND last.decided_date <> notice.decided_date, last.state
FROM journeys_resultnotice notice LEFT JOIN LATERAL (
    SELECT other.result, other.is_reopened, other.decided_date, message.state
    FROM journeys_resultnotice other JOIN journeys_message message ON message.id = other.message_id
    WHERE other.application_id = notice.application_id AND other.id <> notice.id
      AND message.state IN ('queued', 'held', 'parked', 'sending', 'sent', 'in_doubt')
    ORDER BY message.state IN ('sent', 'in_doubt'), other.result = notice.result,
             coalesce(message.sent_at, other.told_at) DESC, other.id DESC LIMIT 1
) last ON TRUE
WHERE notice.id = ANY(%s)
"""
_TOLD = """
UPDATE journeys_resultnotice AS notice
SET state = 'told', told_at = %(at)s, answer = '', message_id = message.id
FROM journeys_message AS message
WHERE notice.id = ANY(%(ids)s) AND message.customer_id = notice.customer_id
  AND message.dedup_key = %(dedup_key)s
"""


@dataclass(frozen=True)
class _LastWord:
    """What the customer hears last of an application, beside the notice in question."""

    is_followed: bool
    result: str | None
    is_of_before: bool | None
    message_state: str | None

    def says(self, result: str) -> bool:
        """Whether this result need not be said again: it is the last word, or will be."""
        return self.is_followed or (self.result == result and not self.is_of_before)

    def may_be_called_off(self, result: str) -> bool:
        """Whether another result waits to go, which holds no more."""
        waits = self.message_state in {MessageState.QUEUED, MessageState.HELD, MessageState.PARKED}
        return waits and self.result != result


@dataclass(frozen=True)
class _Batch:
    """How many notices were taken up and messages written; whether notices were left as they
    were until messages that hold no more are called off."""

    taken: int
    written: int
    has_left: bool


@dataclass(frozen=True)
class _Cause:
    """What one call of the outbox is made for: people of the same result and key."""

    result: str
    dedup_key: str


def tell_results(*, clock: Callable[[], dt.datetime], seconds: float, size: int = _BATCH) -> int:
    """This will tell the results that are due until none is left or `seconds` have passed, and
    return how many messages were written. Safe to repeat, and to run several times at once."""
    end = time.monotonic() + seconds
    call_off_replaced(at=clock())
    again.tell_withdrawn_again(at=clock())
    told = 0
    while True:
        batch = _tell_batch(clock(), size)
        told += batch.written
        if not batch.taken or time.monotonic() >= end:
            return told
        if batch.has_left:
            call_off_replaced(at=clock())


@transaction.atomic
def call_off_replaced(*, at: dt.datetime) -> int:
    """This will call off messages that still wait and tell a result that holds no more, and
    return how many. Their notices are replaced: should the same result come again, it is told."""
    stale = queries.replaced_waiting()
    gone = outreach.call_off(causes=list(stale), failure=Failure.REPLACED, at=at)
    ids = [stale[cause] for cause in gone]
    ResultNotice.objects.filter(pk__in=ids).update(
        state=NoticeState.SUPERSEDED, message=None, told_at=None
    )
    return len(ids)


@transaction.atomic
def _tell_batch(at: dt.datetime, size: int) -> _Batch:
    with connection.cursor() as cursor:
        cursor.execute(_PICK, [at, size])
        picked = [row[0] for row in cursor.fetchall()]
        if not picked:
            return _Batch(0, 0, has_left=False)
        cursor.execute(_PLACES, [picked])
        places = dict(cursor.fetchall())
    ensure_result_texts(at=at)
    to_tell, has_left = _weigh(picked, at)
    groups: dict[_Cause, list[ResultNotice]] = defaultdict(list)
    for notice in to_tell:
        key = rules.dedup_key_of(
            notice.result, notice.decided_date, places[notice.pk], notice.round_number
        )
        groups[_Cause(notice.result, key)].append(notice)
    written = sum(_tell(cause, group, at) for cause, group in groups.items())
    return _Batch(len(picked), written, has_left)


def _weigh(picked: Sequence[int], at: dt.datetime) -> tuple[list[ResultNotice], bool]:
    """Which of these are to be told, and whether any is left as it is for the next round. The
    others are replaced: they hold no more, or the customer hears them last anyhow."""
    notices = list(queries.with_facts(picked))
    # Asked for after the applications: whatever was decided since has a notice of its own.
    with connection.cursor() as cursor:
        cursor.execute(_LAST_WORDS, [list(picked)])
        words = {row[0]: _LastWord(*row[1:]) for row in cursor.fetchall()}
    too_old = _too_old(notices)
    to_tell, replaced, needless, has_left = [], [], [], False
    for notice in notices:
        last = words[notice.pk]
        if not _holds(notice) or (last.result is None and notice.pk in too_old):
            replaced.append(notice.pk)
        elif last.says(notice.result):
            needless.append(notice.pk)
        elif last.may_be_called_off(notice.result):
            has_left = True
        else:
            to_tell.append(notice)
    for ids, answer in ((replaced, ""), (needless, GateAnswer.ALREADY)):
        settled = ResultNotice.objects.filter(pk__in=ids)
        settled.update(state=NoticeState.SUPERSEDED, answer=answer)
    return to_tell, has_left


def _too_old(notices: Sequence[ResultNotice]) -> set[int]:
    """Those that came in only as corrections: too old to be told, if nobody heard another."""
    days = _days_of_rules(notices)
    return {
        notice.pk for notice in notices
        if (came_in := bank_clock.bank_day(notice.noted_at)) in days
        and came_in - notice.decided_date > days[came_in]
    }  # fmt: skip


def _days_of_rules(notices: Sequence[ResultNotice]) -> dict[dt.date, dt.timedelta]:
    """How old a result might be, by the days on which these came in."""
    rules_of = {
        day: queries.rule_on(day)
        for day in {bank_clock.bank_day(notice.noted_at) for notice in notices}
    }
    return {day: dt.timedelta(days=rule.days) for day, rule in rules_of.items() if rule}


def _holds(notice: ResultNotice) -> bool:
    """Whether the application still has this result; its day may have been corrected."""
    return notice.application.state == notice.result


def _tell(cause: _Cause, notices: Sequence[ResultNotice], at: dt.datetime) -> int:
    try:
        verdicts = outreach.queue_messages(
            customer_ids=[notice.customer_id for notice in notices],
            contexts={
                notice.customer_id: queries.values_of(
                    notice.application, decided=notice.decided_date
                )
                for notice in notices
            },
            purpose=Purpose.SERVICE,
            channels=_CHANNELS,
            template_code=rules.template_of(cause.result),
            origin=rules.origin_of(cause.result),
            dedup_key=cause.dedup_key,
            at=at,
        )
    except _NO_TEXT as error:
        logger.error("Results wait: %s", error)
        _wait([notice.pk for notice in notices], Hindrance.NO_TEXT, at)
        return 0
    by_customer = {notice.customer_id: notice.pk for notice in notices}
    answers: dict[str, list[int]] = defaultdict(list)
    for verdict in verdicts:
        answers[verdict.answer].append(by_customer[verdict.customer_id])
    for answer, ids in answers.items():
        _settle(ids, answer, cause.dedup_key, at)
    return len(answers[GateAnswer.OPEN])


def _settle(ids: list[int], answer: str, dedup_key: str, at: dt.datetime) -> None:
    """Writes down what the gate answered about these notices, all alike."""
    if answer == GateAnswer.OPEN:
        with connection.cursor() as cursor:
            cursor.execute(_TOLD, {"ids": ids, "dedup_key": dedup_key, "at": at})
    elif rules.waits(answer):
        _wait(ids, answer, at)
    elif answer == GateAnswer.NO_ADDRESS:
        _wait_for_address(ids, at)
    else:
        settled = ResultNotice.objects.filter(pk__in=ids)
        settled.update(state=NoticeState.NOT_TOLD, answer=answer)


def _wait(ids: list[int], answer: str, at: dt.datetime) -> None:
    waiting = ResultNotice.objects.filter(pk__in=ids)
    waiting.update(answer=answer, not_before=at + rules.TRY_AGAIN_AFTER)


def _wait_for_address(ids: list[int], at: dt.datetime) -> None:
    """An address may come in as long as a result of that day would be told; after that, it is not
    told."""
    notices = list(ResultNotice.objects.filter(pk__in=ids))
    days = _days_of_rules(notices)
    for notice in notices:
        came_in = bank_clock.bank_day(notice.noted_at)
        last_day = max(notice.decided_date, came_in) + days.get(came_in, dt.timedelta())
        last_instant = bank_clock.start_of(last_day + dt.timedelta(days=1))
        again = rules.asked_for_address(notice.noted_at, last_instant, at)
        notice.answer = GateAnswer.NO_ADDRESS
        if again is None:
            notice.state = NoticeState.NOT_TOLD
        else:
            notice.not_before = again
    ResultNotice.objects.bulk_update(notices, ["answer", "state", "not_before"])
