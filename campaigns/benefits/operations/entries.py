"""What every entry of a benefit is made of."""

import datetime as dt
from typing import Any

from campaigns.benefits.enums import EntryKind
from campaigns.benefits.models import Benefit, BenefitEntry


def entry_of(
    *, benefit: Benefit, kind: EntryKind, units: int, at: dt.datetime, **more: Any
) -> BenefitEntry:
    """This will make an entry of a benefit, of its holder, which is not saved yet."""
    return BenefitEntry(
        benefit=benefit, customer_id=benefit.customer_id, kind=kind, units=units, at=at, **more
    )
