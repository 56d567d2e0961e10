"""Everything that a merchant's page shows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from merchants.directory.models import (
    DataClause,
    Merchant,
    MerchantContact,
    MerchantContract,
    MerchantMerge,
    PartnerRequest,
    Store,
)
from merchants.directory.queries.duplicates import merges_of
from merchants.directory.queries.partners import pending_request
from merchants.directory.queries.places import full_names

_MOST_MERGES = 20


@dataclass(frozen=True)
class MerchantCard:
    """A merchant with what hangs on it. `contract` and `clause` are those in force on the day that
    was asked about."""

    place: str
    stores: Sequence[tuple[Store, str]]
    contacts: Sequence[MerchantContact]
    contracts: Sequence[MerchantContract]
    contract: MerchantContract | None
    clauses: Sequence[DataClause]
    clause: DataClause | None
    request: PartnerRequest | None
    merges: Sequence[MerchantMerge]


def card_of(*, merchant: Merchant, on: dt.date) -> MerchantCard:
    """This will gather what is known of a merchant as of a day: stores by name, persons who are
    there before those who left, contracts and clauses the newest first."""
    stores = list(Store.objects.filter(merchant=merchant).order_by("name", "id"))
    names = full_names(codes=[merchant.division_code, *(store.division_id for store in stores)])
    contracts = list(
        MerchantContract.objects.filter(merchant=merchant).order_by("-first_date", "-id")
    )
    clauses = list(DataClause.objects.filter(merchant=merchant).order_by("-id"))
    return MerchantCard(
        place=names.get(merchant.division_code, ""),
        stores=[(store, names.get(store.division_id, "")) for store in stores],
        contacts=sorted(
            MerchantContact.objects.filter(merchant=merchant).order_by("id"),
            key=lambda one: (one.left_date is not None, not one.is_main),
        ),
        contracts=contracts,
        contract=next((one for one in contracts if one.is_in_force(on)), None),
        clauses=clauses,
        clause=next((one for one in clauses if one.is_in_force(on)), None),
        request=pending_request(merchant=merchant),
        merges=list(merges_of(merchant=merchant)[:_MOST_MERGES]),
    )
