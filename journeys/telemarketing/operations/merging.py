"""Leads that are of one person or company: merged as they come, or by a person, and taken apart
again."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import dateparse
from django.utils.translation import gettext as _

from journeys.telemarketing.enums import LeadState, MergeSign, MovePath
from journeys.telemarketing.models import Callback, Lead, LeadMerge, LeadPair
from journeys.telemarketing.operations import moving
from journeys.telemarketing.operations.refusing import LeadRefused, in_words
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.enums import Permission
from portal.staff.models import Staff

_PHONE = ("phone_sealed", "phone_index", "phone_masked", "callee")
_NO_PHONE: dict[str, Any] = {
    "phone_sealed": None, "phone_index": None, "phone_masked": "", "callee": None,
}  # fmt: skip
Pair = tuple[dt.datetime | None, dt.datetime | None]


def sort_leads(*, lead_ids: Sequence[int], at: dt.datetime) -> set[int]:
    """This will merge leads that came just now into the open lead of the same phone, wherever in
    the bank that is, hold the others beside those that look alike, and return which were merged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT journeys_sort_leads(%s::bigint[], %s)", [list(lead_ids), at])
    merged = Lead.objects.filter(pk__in=lead_ids, state=LeadState.MERGED)
    return set(merged.values_list("pk", flat=True))


@transaction.atomic
def merge_leads(
    *, kept_id: int, merged_id: int, reason: str, actor: Staff, at: dt.datetime
) -> LeadMerge:
    """This will merge a lead into another one of the manager's branches, which goes on with its
    calls, and where it has none its phone. Raises LeadRefused, of a lead of which a call was
    promised too; then nothing is written."""
    moving.refuse_without(actor=actor, permission=Permission.ASSIGN_LEADS)
    words = _said(reason, _("Say why the two are one."))
    if kept_id == merged_id:
        raise LeadRefused(_("A lead is not merged into itself."))
    found = {
        row.pk: row for row in moving.within_branches(lead_ids=[kept_id, merged_id], actor=actor)
    }
    kept, merged = found[kept_id], found[merged_id]
    _refuse_promised(merged)
    taken, changes = _taken(kept, merged)
    with in_words():
        merge = LeadMerge.objects.create(
            kept=kept, merged=merged, sign=_sign(kept, merged), reason=words, by=actor, at=at,
            taken=taken,
        )  # fmt: skip
        moving.move(
            moves=[moving.Move(merged_id, None, LeadState.MERGED)], path=MovePath.MERGE,
            actor=actor, at=at, why=words,
        )  # fmt: skip
        if changes:
            Lead.objects.filter(pk=kept_id).update(**changes)
        _decide(kept_id, merged_id, is_same=True, reason=words, actor=actor, at=at)
    audit.record(
        action="leads.merged", actor=actor, at=at, target=kept, reason=words,
        changes={"lead": merged.number, "taken": sorted(taken)},
    )  # fmt: skip
    return merge


@transaction.atomic
def undo_merge(*, merge_id: int, reason: str, actor: Staff, at: dt.datetime) -> LeadMerge:
    """This will take two leads of the manager's branches apart again: the merged one stands as it
    did, and the kept one gives back what it took over, unless it has changed since. Raises
    LeadRefused; then nothing is written."""
    moving.refuse_without(actor=actor, permission=Permission.ASSIGN_LEADS)
    words = _said(reason, _("Say why the two are not one."))
    merge = LeadMerge.objects.get(pk=merge_id)
    ids = [merge.kept_id, merge.merged_id]
    found = {row.pk: row for row in moving.within_branches(lead_ids=ids, actor=actor)}
    merge = LeadMerge.objects.select_for_update(of=("self",)).get(pk=merge_id)
    if merge.undone_at is not None:
        raise LeadRefused(_("They were taken apart already; load the page again."))
    kept, merged = found[merge.kept_id], found[merge.merged_id]
    with in_words():
        merge.undone_by, merge.undone_at, merge.undo_reason = actor, at, words
        merge.save(update_fields=["undone_by", "undone_at", "undo_reason"])
        moving.move(
            moves=[moving.Move(merged.pk, None, LeadState.NEW)], path=MovePath.UNMERGE,
            actor=actor, at=at, why=words,
        )  # fmt: skip
        if changes := _given_back(kept, merged, merge.taken):
            Lead.objects.filter(pk=kept.pk).update(**changes)
        _decide(kept.pk, merged.pk, is_same=False, reason=words, actor=actor, at=at)
    audit.record(
        action="leads.merge_undone", actor=actor, at=at, target=kept, reason=words,
        changes={"lead": merged.number},
    )  # fmt: skip
    return merge


@transaction.atomic
def tell_leads_apart(*, pair_id: int, reason: str, actor: Staff, at: dt.datetime) -> LeadPair:
    """This will keep that two leads that look alike are two. Raises LeadRefused."""
    moving.refuse_without(actor=actor, permission=Permission.ASSIGN_LEADS)
    words = _said(reason, _("Say why the two are not one."))
    pair = LeadPair.objects.get(pk=pair_id)
    moving.within_branches(lead_ids=[pair.first_id, pair.second_id], actor=actor)
    pair = LeadPair.objects.select_for_update(of=("self",)).get(pk=pair_id)
    if pair.is_same is not None:
        raise LeadRefused(_("Somebody decided about these two already; load the page again."))
    _decide(pair.first_id, pair.second_id, is_same=False, reason=words, actor=actor, at=at)
    audit.record(action="leads.told_apart", actor=actor, at=at, target=pair, reason=words)
    pair.refresh_from_db()
    return pair


def _said(reason: str, without: str) -> str:
    words = masking.mask_text(reason.strip())[:200]
    if not words:
        raise LeadRefused(without)
    return words


def _sign(kept: Lead, merged: Lead) -> MergeSign:
    if kept.callee is not None and kept.callee == merged.callee:
        return MergeSign.PHONE
    if kept.alike is not None and kept.alike == merged.alike:
        return MergeSign.ALIKE
    return MergeSign.SAID


def _decide(
    one: int, other: int, *, is_same: bool, reason: str, actor: Staff, at: dt.datetime
) -> None:
    """What was decided about two leads, whether they were shown as alike before or not."""
    first, second = sorted((one, other))
    decided = {"is_same": is_same, "decided_by": actor, "decided_at": at, "reason": reason}
    pairs = LeadPair.objects.filter(first=first, second=second)
    if not pairs.update(**decided) and not is_same:
        LeadPair.objects.create(first_id=first, second_id=second, found_at=at, **decided)


def _refuse_promised(merged: Lead) -> None:
    """A promise stays with the lead of which it was given, and would end with it."""
    if Callback.objects.filter(lead=merged, ended_at=None).exists():
        sentence = _("A call was promised of {lead}: merge the other one into it, or make that call"
                     " first.")  # fmt: skip
        raise LeadRefused(sentence.format(lead=merged.number))


def _taken(kept: Lead, merged: Lead) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the kept lead takes over, as the merge keeps it, and as it is written."""
    taken: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    if merged.attempts:
        last = max(filter(None, (kept.called_at, merged.called_at)))
        taken |= {"attempts": merged.attempts, "called_at": _told(kept.called_at, last)}
        changes |= {"attempts": kept.attempts + merged.attempts, "called_at": last}
    was = (kept.call_from, kept.promised_at)
    becomes = _when(was, (merged.call_from, merged.promised_at))
    if becomes != was:
        taken["call_from"] = _told(was[0], becomes[0])
        taken["promised_at"] = _told(was[1], becomes[1])
        changes |= {"call_from": becomes[0], "promised_at": becomes[1]}
    if kept.callee is None and merged.callee is not None:
        taken["phone"] = True
        changes |= {name: getattr(merged, name) for name in _PHONE}
    has_its_phone = "phone" in taken or kept.callee == merged.callee
    if kept.customer_id is None and merged.customer_id is not None and has_its_phone:
        taken["customer"] = merged.customer_id
        changes["customer_id"] = merged.customer_id
    return taken, changes


def _when(own: Pair, other: Pair) -> Pair:
    """When it is called again: at the earlier promise, otherwise not before the later instant."""
    promised = min(filter(None, (own[1], other[1])), default=None)
    return (promised or max(filter(None, (own[0], other[0])), default=None), promised)


def _told(before: dt.datetime | None, after: dt.datetime | None) -> list[str | None]:
    return [one.isoformat() if one else None for one in (before, after)]


def _heard(text: str | None) -> dt.datetime | None:
    return dateparse.parse_datetime(text) if text else None


def _given_back(kept: Lead, merged: Lead, taken: dict[str, Any]) -> dict[str, Any]:
    """What the kept lead gives back; what changed since stays."""
    changes: dict[str, Any] = {}
    stays = {
        name: [_heard(text) for text in taken[name]]
        for name in ("called_at", "call_from", "promised_at")
        if name in taken
    }
    if "attempts" in taken:
        changes["attempts"] = kept.attempts - taken["attempts"]
        if kept.called_at == stays["called_at"][1]:
            changes["called_at"] = stays["called_at"][0]
    if "call_from" in taken:
        now = [kept.call_from, kept.promised_at]
        if now == [stays["call_from"][1], stays["promised_at"][1]]:
            changes |= {name: stays[name][0] for name in ("call_from", "promised_at")}
    if "phone" in taken and kept.callee is not None and kept.callee == merged.callee:
        changes |= _NO_PHONE
    if taken.get("customer") is not None and kept.customer_id == taken["customer"]:
        changes["customer_id"] = None
    return changes
