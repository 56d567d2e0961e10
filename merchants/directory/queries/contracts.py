"""Which contract with a merchant holds."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from merchants.directory.models import MerchantContract


def contracts_on(*, merchant_ids: Collection[int], on: dt.date) -> dict[int, MerchantContract]:
    """This will return the contracts that hold on a day, by the id of the merchant; no two of one
    merchant do."""
    holds = Q(first_date__lte=on) & (Q(last_date=None) | Q(last_date__gte=on))
    rows = MerchantContract.objects.filter(holds, merchant__in=merchant_ids).order_by("merchant")
    return {row.merchant_id: row for row in rows}
