"""How old a result may be and still be told: data with a day and a reason."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.notices.models import NoticeRule
from portal.audit import operations as audit
from portal.staff.models import Staff

USUAL_DAYS = 3
USUAL_SOURCE = (
    "本行规定：申请结果及时告知客户；入库之日前三日以内作出的结果发送通知，更早的结果（如历史数据装载）不再补发。"
    "The bank's own rule: results are told at once; those decided within three days before the day "
    "on which they come in are told, older ones (such as loads of past years) are not."
)


class RuleNotAllowed(Exception):
    """Raised when a rule would apply from a day that has its own already."""


@transaction.atomic
def set_notice_rule(
    *, effective_date: dt.date, days: int, source: str, actor: Staff | None, at: dt.datetime
) -> NoticeRule:
    """This will set, from a day on, for how many days after its decision a result is still told.
    Raises RuleNotAllowed."""
    if NoticeRule.objects.filter(effective_date=effective_date).exists():
        raise RuleNotAllowed(
            _("{day} has its rule already; choose another day.").format(day=effective_date)
        )
    rule = NoticeRule.objects.create(effective_date=effective_date, days=days, source=source)
    audit.record(
        action="notice_rule.set",
        actor=actor,
        at=at,
        target=rule,
        reason=source,
        changes={"days": days},
    )
    return rule


def set_usual_rule(*, effective_date: dt.date, at: dt.datetime) -> NoticeRule:
    """This will set three days. Raises RuleNotAllowed."""
    return set_notice_rule(
        effective_date=effective_date, days=USUAL_DAYS, source=USUAL_SOURCE, actor=None, at=at
    )
