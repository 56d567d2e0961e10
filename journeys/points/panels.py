"""What points add to a customer's timeline."""

from django.utils.translation import gettext as _

from journeys.points.enums import PointsKind
from journeys.points.models import PointsEntry
from portal.kit import clock, timeline


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell the entries of a customer's ledger."""
    rows = PointsEntry.objects.filter(customer_id=asked.customer_id)
    return [
        timeline.Row(
            at=clock.start_of(row.on_date),
            id=row.pk,
            title=_("Points {kind}: {points}").format(
                kind=PointsKind(row.kind).label, points=f"{row.points:+,}"
            ),
            detail=_("valid until before {day}").format(day=row.expires_date)
            if row.expires_date
            else "",
            tone="success" if row.points > 0 else "",
            has_time=False,
        )
        for row in timeline.latest(rows, asked, day="on_date")
    ]
