"""What every entry of a benefit is made of."""

import datetime as dt
from typing import Any

from campaigns.benefits.enums import EntryKind
from campaigns.benefits.models import Benefit, BenefitEntry
from portal.kit import masking


def entry_of(
    *, benefit: Benefit, kind: EntryKind, units: int, at: dt.datetime, **more: Any
) -> BenefitEntry:
    """This will make an entry of a benefit, of its holder, which is not saved yet."""
    return BenefitEntry(
        benefit=benefit, customer_id=benefit.customer_id, kind=kind, units=units, at=at, **more
    )


def plain_words(words: str, field: str = "reason") -> str:
    """This will mask the numbers of persons in what somebody typed, as a field keeps it."""
    kept_in: Any = BenefitEntry._meta.get_field(field)
    return masking.mask_text(words.strip())[: kept_in.max_length]
