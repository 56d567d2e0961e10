"""Which contract with a merchant holds."""

import datetime as dt
from collections.abc import Collection

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q

from merchants.directory.enums import ClauseState, Renewal
from merchants.directory.models import DataClause, MerchantContract

# The last day on which notice of a contract can be given, as `notice_date` of one.
NOTICE_UNTIL = ExpressionWrapper(F("last_date") - F("notice_days"), output_field=DateField())


def contracts_on(*, merchant_ids: Collection[int], on: dt.date) -> dict[int, MerchantContract]:
    """This will return the contracts that hold on a day, by the id of the merchant; no two of one
    merchant do."""
    holds = Q(first_date__lte=on) & (Q(last_date=None) | Q(last_date__gte=on))
    rows = MerchantContract.objects.filter(holds, merchant__in=merchant_ids).order_by("merchant")
    return {row.merchant_id: row for row in rows}


def lapsing(
    *, merchant_ids: Collection[int], since: dt.date, on: dt.date
) -> dict[int, MerchantContract]:
    """This will return the contracts that hold on a day, or ended on `since` or later, and have an
    end that nothing follows: no other contract, and they do not go on by themselves. By the id of
    the merchant, of which one at most is such."""
    later = MerchantContract.objects.filter(
        merchant=OuterRef("merchant"), first_date__gt=OuterRef("last_date")
    )
    rows = MerchantContract.objects.filter(
        ~Exists(later), merchant__in=merchant_ids, first_date__lte=on, last_date__gte=since
    ).exclude(renewal=Renewal.AUTOMATIC)
    return {row.merchant_id: row for row in rows.order_by("merchant")}


def clause_for(*, merchant_id: int, purpose: str, on: dt.date) -> DataClause | None:
    """This will return the signed clause under which a merchant may be given data for a purpose on
    a day; None where there is none."""
    rows = DataClause.objects.filter(merchant=merchant_id, state=ClauseState.SIGNED)
    rows = rows.filter(purposes__contains=[purpose], first_date__lte=on, last_date__gte=on)
    return rows.order_by("id").first()
