"""What customers themselves add to their timeline."""

from django.utils.translation import gettext as _

from journeys.customers.enums import Source
from journeys.customers.models import Customer
from portal.kit import clock, timeline


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell since when the customer is one."""
    rows = Customer.objects.filter(pk=asked.customer_id).values_list("registered_date", "source")
    found = [
        timeline.Row(
            at=clock.start_of(day),
            id=0,
            title=_("Became a customer"),
            detail=str(Source(source).label),
            has_time=False,
        )
        for day, source in rows
    ]
    return timeline.cut(found, asked)
