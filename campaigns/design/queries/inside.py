"""Reading what becomes of each person inside a campaign if a version of it, or a draft, comes in
force."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.design import queries
from campaigns.design.models import Draft
from campaigns.planning.models import CampaignVersion
from campaigns.touches import queries as touches
from portal.staff.access import Scope

_VERSION, _DRAFT = "v", "d"
_BATCH = 200
_LONGEST = 9


@dataclass(frozen=True)
class Edit:
    """A version or a draft by the key that stands in addresses; `coming` is None as long as a
    draft is not whole."""

    key: str
    label: str
    coming: touches.Coming | None


def key_of(row: CampaignVersion | Draft) -> str:
    """This will return the key of a version or draft."""
    return f"{_VERSION if isinstance(row, CampaignVersion) else _DRAFT}{row.pk}"


def edits(*, with_drafts: bool, key: str = "") -> list[tuple[str, str]]:
    """This will list by key and name the latest versions of campaigns that have people inside an
    earlier one, `with_drafts` the drafts that edit a campaign with people inside, and whatever
    stands under `key`."""
    inside = touches.versions_with_people()
    campaigns = {row.campaign_id for row in inside}
    latest = CampaignVersion.objects.filter(campaign__in=campaigns).select_related("campaign")
    found = [
        row
        for row in latest.order_by("campaign", "-number").distinct("campaign")
        if any(one.campaign_id == row.campaign_id and one.pk != row.pk for one in inside)
    ]
    rows: list[CampaignVersion | Draft] = [*found]
    if with_drafts:
        rows += queries.drafts().filter(based_on__campaign__in=campaigns)
    named = {key_of(row): _label_of(row) for row in rows}
    if key not in named and (asked := find_edit(key, with_drafts=with_drafts)) is not None:
        named[key] = asked.label
    return list(named.items())


def _label_of(row: CampaignVersion | Draft) -> str:
    if isinstance(row, Draft):
        return _("{campaign}, draft {number}").format(campaign=row.label, number=row.pk)
    return _("{campaign}, version {number}").format(campaign=row.campaign.label, number=row.number)


def find_edit(key: str, *, with_drafts: bool) -> Edit | None:
    """This will find a version, or `with_drafts` a draft that edits a campaign, by its key."""
    kind, number = key[:1], key[1:]
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST):
        return None
    if kind == _VERSION:
        return _of_version(int(number))
    return _of_draft(int(number)) if kind == _DRAFT and with_drafts else None


def _of_version(version_id: int) -> Edit | None:
    version = CampaignVersion.objects.select_related("campaign").filter(pk=version_id).first()
    if version is None:
        return None
    return Edit(key_of(version), _label_of(version), touches.coming_of(version))


def _of_draft(draft_id: int) -> Edit | None:
    draft = queries.find_draft(draft_id)
    if draft is None or draft.based_on is None:
        return None
    plan = queries.plan_of(draft)
    campaign_id = draft.based_on.campaign_id
    return Edit(
        key_of(draft), _label_of(draft), None if plan is None else touches.Coming(campaign_id, plan)
    )


def fated(edit: Edit, *, scope: Scope, fate: str, on: dt.date) -> Iterator[touches.Fated]:
    """This will tell, one after another, what becomes of those whom a scope reaches, of one `fate`
    where it is asked for; nothing of a draft that is not whole."""
    if edit.coming is None:
        return iter(())
    return touches.fated(edit.coming, on=on, scope=scope, fate=fate)


def lines_of(edit: Edit, found: Iterable[touches.Fated], *, on: dt.date) -> Iterator[touches.Line]:
    """This will say it of each of these people, with the names of steps; part by part."""
    rows = iter(found)
    while edit.coming is not None and (part := list(itertools.islice(rows, _BATCH))):
        yield from touches.lines_of(edit.coming, part, on=on)
