"""The limit of approval: from the application to the issue of its card."""

import datetime as dt
from dataclasses import dataclass

from journeys.cards.enums import Clock

# What was won at posts, as others may read it (`portal.kit.registry.PostSource`): all of it on the
# day on which the application was filed, so that it stands beside the hours that brought it. A card
# is active that was used by its holder and is not closed.
WON_AT_POSTS = """
    SELECT a.post_id, a.filed_date AS day, won.kind, won.number
    FROM journeys_application a
    LEFT JOIN LATERAL (
        SELECT count(*) AS cards, count(k.activated_date) AS activated,
               count(*) FILTER (WHERE k.first_used_date IS NOT NULL AND k.closed_date IS NULL)
                   AS active
        FROM journeys_card k WHERE k.application_id = a.id AND k.is_primary
    ) of_it ON TRUE
    CROSS JOIN LATERAL (
        VALUES ('application', 1), ('card', of_it.cards), ('activation', of_it.activated),
               ('active', of_it.active)
    ) AS won (kind, number)
    WHERE a.post_id IS NOT NULL
"""


def days_waiting(filed: dt.date, on: dt.date) -> int:
    """This will count the days since an application was filed."""
    return (on - filed).days


@dataclass(frozen=True)
class Limits:
    """From application to issue at most `limit_days`; an application surfaces `near_days` before
    that."""

    limit_days: int
    near_days: int

    def left(self, filed: dt.date, on: dt.date) -> int:
        """This will count the days that are left, below 0 where it is over the limit."""
        return self.limit_days - days_waiting(filed, on)

    def clock_of(self, filed: dt.date, on: dt.date) -> Clock:
        """This will tell where an application whose card is not issued stands on a day."""
        left = self.left(filed, on)
        if left < 0:
            return Clock.OVER
        return Clock.NEAR if left <= self.near_days else Clock.WITHIN

    def surfacing(self, on: dt.date) -> dt.date:
        """This will return the latest day of filing that is near the limit, or over it."""
        return on - dt.timedelta(days=self.limit_days - self.near_days)

    def filed_between(self, clock: str, on: dt.date) -> tuple[dt.date, dt.date]:
        """This will return the days, from and to before, on which applications were filed that
        stand so against the limit on the day `on`."""
        near = self.surfacing(on) + dt.timedelta(days=1)
        over = on - dt.timedelta(days=self.limit_days)
        spans = {
            Clock.OVER.value: (dt.date.min, over),
            Clock.NEAR.value: (over, near),
            Clock.WITHIN.value: (near, dt.date.max),
        }
        return spans[clock]


# The bank's own target, until compliance sets another one.
USUAL = Limits(limit_days=20, near_days=5)
