"""Two merchants that look alike and are two: said once, with a reason, by whom."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.directory import queries
from merchants.directory.models import Merchant, MerchantsApart
from merchants.directory.operations.refusing import DirectoryRefused
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.models import Staff


@transaction.atomic
def tell_apart(
    *, one: Merchant, other: Merchant, reason: str, actor: Staff, at: dt.datetime
) -> MerchantsApart:
    """This will keep that two merchants are two, by the signs that speak for one today: they are
    not shown for these again. Raises DirectoryRefused."""
    rows = Merchant.objects.select_for_update(of=("self",), no_key=True)
    pair = list(rows.filter(pk__in=[one.pk, other.pk]).order_by("id"))
    said = masking.mask_text(reason.strip())
    if not said:
        raise DirectoryRefused(_("Give a reason: it stays with the two."))
    if len(pair) != 2:
        raise DirectoryRefused(_("A merchant is not told apart from itself."))
    first, second = pair
    if first.merged_into_id is not None or second.merged_into_id is not None:
        raise DirectoryRefused(_("One of the two was merged already. Look at the list again."))
    signs = queries.signs_of(first=first, second=second)
    if not signs.speak:
        raise DirectoryRefused(_("Nothing speaks for their being one: there is nothing to say."))
    row = MerchantsApart.objects.create(
        first=first, second=second, name_key=signs.name_key, credit_code=signs.credit_code,
        phones=signs.phones, reason=said, by=actor, at=at,
    )  # fmt: skip
    audit.record(
        action="merchant.told_apart", actor=actor, at=at, target=first, reason=said,
        changes={"other": second.number, "signs": signs.codes},
    )  # fmt: skip
    return row
