"""When points are near their expiry."""

import datetime as dt

NEAR_DAYS = 30


def is_near(expires: dt.date | None, on: dt.date) -> bool:
    """This will tell whether points expire within the next days, or already should have."""
    return expires is not None and (expires - on).days <= NEAR_DAYS
