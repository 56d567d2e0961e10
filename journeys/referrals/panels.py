"""What referrals add to a customer's timeline."""

from django.utils.translation import gettext as _

from journeys.referrals import queries
from journeys.referrals.models import Referral
from portal.kit import clock, timeline

_BROUGHT = 1


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell by which application a customer was brought, and whom he brought. They are
    few, and all read; who the other one is stands on no timeline."""
    came, brought = queries.about(asked.customer_id)
    steps = [_step(row, _("Brought another applicant"), _BROUGHT) for row in brought]
    steps += [_step(row, _("Was brought by a customer"), 0) for row in came]
    return timeline.cut(steps, asked)


def _step(row: Referral, title: str, part: int) -> timeline.Row:
    return timeline.Row(
        at=clock.start_of(row.on_date),
        id=timeline.part_of(part, row.pk),
        title=title,
        detail=_detail(row, part),
        tone="secondary" if row.is_withdrawn else "success",
        has_time=False,
    )


def _detail(row: Referral, part: int) -> str:
    number = "" if part else row.application.number
    if row.withdrawn_at is None:
        return number
    withdrawn = _("withdrawn on {day}: {reason}").format(
        day=clock.bank_day(row.withdrawn_at), reason=row.shown_reason
    )
    return " · ".join(filter(None, [number, withdrawn]))
