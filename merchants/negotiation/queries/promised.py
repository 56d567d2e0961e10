"""How the card turnover of merchants stands to what they signed to bring at least."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from merchants.evidence import queries as evidence
from merchants.evidence.rules import months
from merchants.negotiation.models import SignedTerms
from merchants.partnerships.rules.evidence import Measure

_SOURCE, _YEAR, _LEAST_MONTHS = "merchants.negotiation", 12, 3


def promised_known(merchant_ids: Sequence[int], on: dt.date) -> Mapping[int, Sequence[Measure]]:
    """This will tell of merchants what percentage of the least turnover that is promised in the
    terms in force they brought: in the whole months of the contract before a day, a year at most,
    as far as their source has told of them. Of fewer than three months nothing is told."""
    signed = SignedTerms.objects.filter(
        contract__merchant__in=list(merchant_ids), contract__first_date__lte=on,
        contract__last_date__gte=on, offer__minimum_turnover__gt=0,
    ).select_related("offer", "contract").order_by("contract__merchant")  # fmt: skip
    held = {row.contract.merchant_id: row for row in signed}
    judged = evidence.judged_on(merchant_ids=list(held), on=on) if held else {}
    first, end = months.first_of(on, _YEAR), on.replace(day=1)
    taken = (
        evidence.turnover_by_month(merchant_ids=list(held), first=first, end=end) if held else {}
    )
    found: dict[int, Sequence[Measure]] = {}
    for key, row in held.items():
        until = judged[key].told_until if key in judged else on
        last = min(end, until.replace(day=1))
        begun = max(first, _whole_from(row.first_date))
        count = (last.year - begun.year) * 12 + last.month - begun.month
        if count < _LEAST_MONTHS or key not in taken:
            continue
        brought = sum(
            (one.amount for day, one in taken[key].items() if begun <= day < last), Decimal(0)
        )
        least = row.offer.minimum_turnover * count / _YEAR
        share = (100 * brought / least).quantize(Decimal("0.1"))
        found[key] = [Measure("turnover_promised", share, begun, last, _SOURCE)]
    return found


def _whole_from(day: dt.date) -> dt.date:
    """The first whole month on a day or after it."""
    return day if day.day == 1 else months.first_of(day, -1)
