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
from journeys.notices.operations.texts import ensure_result_texts
from journeys.outreach import operations as outreach
from journeys.outreach import rules as texts
from journeys.outreach.enums import Failure

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
_TOLD = """
UPDATE journeys_resultnotice AS notice
SET state = 'told', told_at = %(at)s, answer = '', message_id = message.id
FROM journeys_message AS message
WHERE notice.id = ANY(%(ids)s) AND message.customer_id = notice.customer_id
  AND message.dedup_key = %(dedup_key)s
"""


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
    told = 0
    while True:
        taken, written = _tell_batch(clock(), size)
        told += written
        if not taken or time.monotonic() >= end:
            return told


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
def _tell_batch(at: dt.datetime, size: int) -> tuple[int, int]:
    """How many notices were taken up, and how many messages were written."""
    with connection.cursor() as cursor:
        cursor.execute(_PICK, [at, size])
        picked = [row[0] for row in cursor.fetchall()]
        if not picked:
            return 0, 0
        cursor.execute(_PLACES, [picked])
        places = dict(cursor.fetchall())
    ensure_result_texts(at=at)
    groups: dict[_Cause, list[ResultNotice]] = defaultdict(list)
    replaced = []
    for notice in queries.with_facts(picked):
        if _holds(notice):
            key = rules.dedup_key_of(
                notice.result, notice.decided_date, places[notice.pk], notice.round_number
            )
            groups[_Cause(notice.result, key)].append(notice)
        else:
            replaced.append(notice.pk)
    ResultNotice.objects.filter(pk__in=replaced).update(state=NoticeState.SUPERSEDED)
    return len(picked), sum(_tell(cause, group, at) for cause, group in groups.items())


def _holds(notice: ResultNotice) -> bool:
    """Whether the application still has this result; its day may have been corrected."""
    return notice.application.state == notice.result


def _tell(cause: _Cause, notices: Sequence[ResultNotice], at: dt.datetime) -> int:
    try:
        verdicts = outreach.queue_messages(
            customer_ids=[notice.customer_id for notice in notices],
            contexts={notice.customer_id: _context(notice) for notice in notices},
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
    else:
        settled = ResultNotice.objects.filter(pk__in=ids)
        settled.update(state=NoticeState.NOT_TOLD, answer=answer)


def _wait(ids: list[int], answer: str, at: dt.datetime) -> None:
    waiting = ResultNotice.objects.filter(pk__in=ids)
    waiting.update(answer=answer, not_before=at + rules.TRY_AGAIN_AFTER)


def _context(notice: ResultNotice) -> dict[str, str]:
    application = notice.application
    return {
        "filed": application.filed_date.isoformat(),
        "decided": (application.decided_date or notice.decided_date).isoformat(),
        "tail": application.number[-4:],
        "product": application.product.name,
        "product_en": application.product.name_en,
        "branch": application.branch.name,
        "branch_en": application.branch.name_en,
    }
