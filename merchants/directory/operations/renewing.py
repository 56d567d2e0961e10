"""Contracts that go on by themselves."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from merchants.directory.enums import Renewal
from merchants.directory.models import Merchant, MerchantContract
from merchants.directory.operations.refusing import DirectoryRefused, in_words
from merchants.directory.queries import NOTICE_UNTIL
from merchants.directory.rules import goes_on_until
from portal.audit import operations as audit


def extend_contracts(*, on: dt.date, at: dt.datetime) -> int:
    """This will let the contracts go on that do so unless notice is given, where the last day of
    notice has passed: by their months, as often as it takes, each committed by itself; returns how
    many did. One that another contract follows ends, and so does one that a negotiation signed:
    its span stands. Whoever gives notice says of the contract that it ends. It is safe to
    repeat."""
    due = list(_due(on).order_by("id").values_list("id", "merchant_id"))
    return sum(_extend(contract_id, merchant_id, on, at) for contract_id, merchant_id in due)


def _due(on: dt.date) -> QuerySet[MerchantContract]:
    later = MerchantContract.objects.filter(
        merchant=OuterRef("merchant"), first_date__gt=OuterRef("last_date")
    )
    rows = MerchantContract.objects.filter(
        ~Exists(later), renewal=Renewal.AUTOMATIC, merchant__merged_into=None
    )
    return rows.annotate(notice_until=NOTICE_UNTIL).filter(notice_until__lt=on)


@transaction.atomic
def _extend(contract_id: int, merchant_id: int, on: dt.date, at: dt.datetime) -> bool:
    """The merchant is locked first, as by whoever keeps its contracts."""
    merchant = Merchant.objects.select_for_update(of=("self",)).get(pk=merchant_id)
    row = _due(on).filter(pk=contract_id, merchant=merchant).first()
    if row is None or row.last_date is None or row.renewal_months is None:
        return False
    before = row.last_date
    row.last_date = goes_on_until(
        before, months=row.renewal_months, notice_days=row.notice_days, on=on
    )
    try:
        with in_words():
            row.save(update_fields=["last_date"])
    except DirectoryRefused:
        return False
    audit.record(
        action="merchant_contract.went_on", actor=None, at=at, target=row,
        changes={
            "merchant": merchant.number,
            "last_date": {"before": before.isoformat(), "after": row.last_date.isoformat()},
        },
    )  # fmt: skip
    return True
