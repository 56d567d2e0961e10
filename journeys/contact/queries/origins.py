"""For what a person was contacted."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max

from journeys.contact.models import Contact


@dataclass(frozen=True, slots=True)
class Made:
    """How often a person was contacted for something, and when last."""

    times: int
    last_at: dt.datetime


def contacts_by_origin(
    *, customer_id: int, since: dt.datetime, until: dt.datetime
) -> dict[str, Made]:
    """This will tell for what a person was contacted between two instants, the latest first.
    Contacts that are planned, or reached nobody, are none."""
    rows = (
        Contact.objects.filter(
            customer_id=customer_id, at__gt=since, at__lte=until, released_at=None
        )
        .values("origin")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("-last", "origin")
    )
    return {row["origin"]: Made(row["times"], row["last"]) for row in rows}
