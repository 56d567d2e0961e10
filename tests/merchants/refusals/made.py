"""Refusals, recorded and answered by the operations themselves."""

import datetime as dt
from typing import Any

from merchants.models import AnswerTry, Partnership, Refusal, RefusalAnswer, RefusalReason
from merchants.refusals import operations
from portal.kit import clock
from tests.factories import partnerships

DAY = partnerships.FIRST + dt.timedelta(days=30)
SAID = operations.Said("只做晚市", "Evenings only", "白天不开门", "Closed by day")


def at(days: int = 0) -> dt.datetime:
    return clock.start_of(DAY + dt.timedelta(days=days)) + dt.timedelta(hours=9)


def root(code: str = "not_urgent") -> RefusalReason:
    return RefusalReason.objects.get(parent=None, root=code)


def talk(reason: RefusalReason) -> RefusalAnswer:
    found = reason.answers.filter(kind="talk").order_by("id").first()
    assert found is not None
    return found


def refused(row: Partnership | None = None, **values: Any) -> Refusal:
    row = row or partnerships.begun()
    usual: dict[str, Any] = {
        "partnership_id": row.pk, "reason_id": root().pk, "said": "年后再说", "said_date": DAY,
        "actor": row.manager, "at": at(),
    }  # fmt: skip
    return operations.record_refusal(**{**usual, **values})


def tried(refusal: Refusal, **values: Any) -> AnswerTry:
    assert refusal.partnership is not None
    usual: dict[str, Any] = {
        "refusal_id": refusal.pk, "answer_id": talk(root()).pk, "tried_date": DAY,
        "actor": refusal.partnership.manager, "at": at(),
    }  # fmt: skip
    return operations.try_answer(**{**usual, **values})


def told(one: AnswerTry, outcome: str, **values: Any) -> AnswerTry:
    usual: dict[str, Any] = {
        "try_id": one.pk, "outcome": outcome, "outcome_date": DAY, "note": "",
        "actor": one.tried_by, "at": at(),
    }  # fmt: skip
    return operations.settle_try(**{**usual, **values})
