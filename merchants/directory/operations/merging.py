"""Two merchants that are one: merged under an alias, and taken apart again.

What millions of rows refer to stays where it is: a merged merchant stands on as an alias of the one
that is kept, and whoever adds up by merchant asks `queries.with_aliases` (decision 0190).
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from merchants.directory.models import (
    DataClause,
    Merchant,
    MerchantContact,
    MerchantContract,
    MerchantMerge,
    Store,
)
from merchants.directory.operations.partners import refuse_if_pending
from merchants.directory.operations.refusing import DirectoryRefused, in_words
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.models import Staff

# What goes over from one merchant to the other, by the name under which a merge keeps its rows.
_MOVED: dict[str, Any] = {
    "stores": Store, "contacts": MerchantContact, "contracts": MerchantContract,
    "clauses": DataClause,
}  # fmt: skip
# What a negotiation signed stays with the merchant that signed it.
_UNSIGNED = Q(signed_terms__isnull=True)
_GOES: dict[str, Q] = {"contracts": _UNSIGNED, "clauses": _UNSIGNED}


@transaction.atomic
def merge_merchants(
    *, kept: Merchant, merged: Merchant, reason: str, actor: Staff, at: dt.datetime
) -> MerchantMerge:
    """This will make one merchant an alias of another, with its stores, persons, contracts and
    clauses; those that a negotiation signed, and that have ended, stay. Raises DirectoryRefused;
    then nothing is written."""
    kept, merged = _locked(kept.pk, merged.pk)
    _refuse(kept, merged)
    _refuse_bound(kept, merged, clock.bank_day(at))
    moved: dict[str, Any] = {
        name: sorted(_going(name).filter(merchant=merged).values_list("pk", flat=True))
        for name in _MOVED
    }
    moved["aliases"] = sorted(merged.aliases.values_list("pk", flat=True))
    moved["main"] = _second_main(kept, merged)
    moved["was_partner"] = merged.is_partner
    with in_words():
        MerchantContact.objects.filter(pk__in=moved["main"]).update(is_main=False)
        for name, model in _MOVED.items():
            model.objects.filter(pk__in=moved[name]).update(merchant=kept)
        merged.aliases.update(merged_into=kept)
        Merchant.objects.filter(pk=merged.pk).update(merged_into=kept, is_partner=False)
    merge = MerchantMerge.objects.create(
        kept=kept,
        merged=merged,
        moved=moved,
        reason=masking.mask_text(reason),
        by=actor,
        at=at,
    )
    _record("merchant.merged", merge, reason, actor, at)
    return merge


def _locked(*keys: int) -> list[Merchant]:
    """The merchants of these ids in this order, locked in that of the ids."""
    rows = Merchant.objects.select_for_update().filter(pk__in=keys).order_by("id")
    found = {row.pk: row for row in rows}
    return [found[key] for key in keys]


def _refuse(kept: Merchant, merged: Merchant) -> None:
    if kept.pk == merged.pk:
        raise DirectoryRefused(_("A merchant is not merged into itself."))
    if kept.merged_into_id is not None or merged.merged_into_id is not None:
        raise DirectoryRefused(_("One of the two was merged already. Look at the list again."))
    if merged.is_partner and not kept.is_partner:
        raise DirectoryRefused(
            _("{name} is the partner of the two: keep that one.").format(name=merged.label)
        )
    refuse_if_pending(merged)
    refuse_if_pending(kept)


def _refuse_bound(kept: Merchant, merged: Merchant, on: dt.date) -> None:
    """Who leads a partnership, or is bound by what it signed, is not merged away."""
    led, bound = _led(merged), _bound(merged, on)
    if led and _led(kept):
        raise DirectoryRefused(
            _("Both have an open partnership, each with a history of its own: end one of them "
              "before.")
        )  # fmt: skip
    if bound and (other := _bound(kept, on)):
        sentence = _(
            "Both signed a contract that holds: {merged} {number} until {day}, {kept} {other} "
            "until {until}. A signed contract stays with who signed it: let one of them end before."
        )
        raise DirectoryRefused(
            sentence.format(
                merged=merged.label, number=bound.number, day=bound.last_date,
                kept=kept.label, other=other.number, until=other.last_date,
            )
        )  # fmt: skip
    if bound:
        sentence = _(
            "{merged} signed contract {number}, which holds until {day} and stays with who signed "
            "it: keep that one, or let the contract end before."
        )
        raise DirectoryRefused(
            sentence.format(merged=merged.label, number=bound.number, day=bound.last_date)
        )


def _led(merchant: Merchant) -> bool:
    return merchant.partnerships.exclude(phase="ended").exists()


def _bound(merchant: Merchant, on: dt.date) -> MerchantContract | None:
    """The last of its contracts that a negotiation signed and that has not ended."""
    rows = merchant.contracts.filter(signed_terms__isnull=False, last_date__gte=on)
    return rows.order_by("-last_date").first()


def _going(name: str) -> Any:
    return _MOVED[name].objects.filter(_GOES.get(name, Q()))


def _returning(name: str, merged: Merchant) -> Any:
    """What may go back to a merchant: what nobody signed, and what that one did."""
    if name not in _GOES:
        return _going(name)
    own = Q(signed_terms__negotiation__partnership__merchant=merged)
    return _MOVED[name].objects.filter(_GOES[name] | own)


def _second_main(kept: Merchant, merged: Merchant) -> list[int]:
    """The main contact of the merged one, where the other has one too."""
    mains = MerchantContact.objects.filter(is_main=True, left_date=None)
    if not mains.filter(merchant=kept).exists():
        return []
    return list(mains.filter(merchant=merged).values_list("pk", flat=True))


@transaction.atomic
def undo_merge(*, merge: MerchantMerge, reason: str, actor: Staff, at: dt.datetime) -> None:
    """This will take two merchants apart again: what went over goes back, unless it has gone
    elsewhere, or was signed by the one that was kept, since. Merges of before signed contracts
    stayed took them along: those go back to who signed them. Raises DirectoryRefused; then nothing
    is written."""
    kept, merged = _locked(merge.kept_id, merge.merged_id)
    row = MerchantMerge.objects.select_for_update().get(pk=merge.pk)
    if row.undone_at is not None or merged.merged_into_id != kept.pk:
        raise DirectoryRefused(_("They are apart already, or were merged into another one since."))
    moved = row.moved
    with in_words():
        Merchant.objects.filter(pk=merged.pk).update(
            merged_into=None, is_partner=moved["was_partner"]
        )
        Merchant.objects.filter(pk__in=moved["aliases"], merged_into=kept).update(
            merged_into=merged
        )
        for name, model in _MOVED.items():
            back = _returning(name, merged).filter(pk__in=moved[name], merchant=kept)
            keys = list(back.values_list("pk", flat=True))
            model.objects.filter(pk__in=keys).update(merchant=merged)
        has_main = MerchantContact.objects.filter(merchant=merged, is_main=True, left_date=None)
        if not has_main.exists():
            MerchantContact.objects.filter(pk__in=moved["main"], merchant=merged).update(
                is_main=True
            )
    row.undone_by, row.undone_at, row.undo_reason = actor, at, masking.mask_text(reason)
    row.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    _record("merchant.merge_undone", row, reason, actor, at)


def _record(action: str, merge: MerchantMerge, reason: str, actor: Staff, at: dt.datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        at=at,
        target=merge.kept,
        reason=reason,
        changes={
            "merged": merge.merged.number,
            **{name: len(merge.moved[name]) for name in [*_MOVED, "aliases"]},
        },
    )
