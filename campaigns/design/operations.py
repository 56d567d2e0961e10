"""Writing drafts: beginning, keeping each change, discarding, and making a version of one."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.design import queries
from campaigns.design.models import Draft, DraftWriter
from campaigns.design.rules import starts, trees
from campaigns.planning import operations as planning
from campaigns.planning import queries as campaigns
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import plans
from portal.audit import operations as audit
from portal.staff.models import Staff


class DraftChanged(Exception):
    """Raised when a draft was changed since the person saw it; its text says by whom and when."""


class VersionAppeared(Exception):
    """Raised when another version of the campaign came since the draft was begun, or since its
    author looked at those that had; its text says which."""


class CodeTaken(Exception):
    """Raised when a new campaign would have the code of another."""


@transaction.atomic
def start_draft(
    *, content: dict[str, Any], code: str = "", based_on: int | None = None, owner: Staff,
    at: dt.datetime, wrote: Mapping[int, dt.datetime] | None = None,
    came_of: Mapping[str, str] | None = None,
) -> Draft:  # fmt: skip
    """This will begin a draft; `based_on` is the id of the version that it edits, `wrote` who wrote
    what it begins with, where nobody has approved that. The trail keeps what it `came_of`."""
    edited = campaigns.version(based_on) if based_on else None
    newest = campaigns.latest_version(edited.campaign) if edited else None
    draft = Draft.objects.create(
        code=code, based_on_id=based_on, owner=owner, content=content, created_at=at,
        changed_at=at, changed_by=owner, seen_number=newest.number if newest else None,
    )  # fmt: skip
    _note_writers(draft, {**(wrote or {}), owner.pk: at})
    audit.record(
        action="campaign_draft.started", actor=owner, at=at, target=draft,
        changes=dict(came_of or {}),
    )  # fmt: skip
    return draft


def _note_writers(draft: Draft, wrote: Mapping[int, dt.datetime]) -> None:
    DraftWriter.objects.bulk_create(
        [DraftWriter(draft=draft, staff_id=key, wrote_at=at) for key, at in wrote.items()],
        ignore_conflicts=True,
    )


def edit_version(*, version: CampaignVersion, owner: Staff, at: dt.datetime) -> Draft:
    """This will begin a draft that changes a campaign; the version itself stays as it is."""
    content = plans.plan_of(version.content).as_content()
    content["rule"] = trees.whole(content["rule"])
    return start_draft(
        content=content, code=version.campaign.code, based_on=version.pk, owner=owner, at=at,
        wrote=campaigns.writers_of(version),
    )  # fmt: skip


def copy_version(*, version: CampaignVersion, owner: Staff, at: dt.datetime) -> Draft:
    """This will begin a draft of another campaign with what a version says."""
    content = starts.copied(plans.plan_of(version.content).as_content())
    return start_draft(content=content, owner=owner, at=at, wrote=campaigns.writers_of(version))


@transaction.atomic
def keep(
    *, draft_id: int, revision: int, content: dict[str, Any], code: str | None = None,
    actor: Staff, at: dt.datetime,
) -> Draft:  # fmt: skip
    """This will keep a change of a draft that was seen at `revision`. Raises DraftChanged."""
    draft = _locked(draft_id, revision)
    if draft.content != content:
        _note_writers(draft, {actor.pk: at})
    draft.content = content
    if code is not None and draft.based_on_id is None:
        draft.code = code
    draft.revision += 1
    draft.changed_at, draft.changed_by = at, actor
    draft.save(update_fields=["content", "code", "revision", "changed_at", "changed_by"])
    return draft


def _locked(draft_id: int, revision: int) -> Draft:
    draft = (
        Draft.objects.select_for_update(of=("self",), no_key=True)
        .select_related("changed_by", "based_on__campaign")
        .get(pk=draft_id)
    )
    if draft.revision != revision:
        raise DraftChanged(
            _(
                "{name} changed this draft at {time}, after you opened it. Nothing of yours is "
                "lost: look at both, and send yours again to keep it."
            ).format(
                name=draft.changed_by.label,
                time=timezone.localtime(draft.changed_at).strftime("%H:%M"),
            )
        )
    return draft


@transaction.atomic
def discard_draft(*, draft_id: int, revision: int, actor: Staff, at: dt.datetime) -> None:
    """This will throw a draft away. Raises DraftChanged."""
    draft = _locked(draft_id, revision)
    audit.record(action="campaign_draft.discarded", actor=actor, at=at, target=draft)
    draft.delete()


@transaction.atomic
def save_version(*, draft_id: int, revision: int, actor: Staff, at: dt.datetime) -> CampaignVersion:
    """This will make a version of a draft, the way a file makes one, and end the draft.

    Raises DraftChanged, VersionAppeared, CodeTaken, plans.PlanWrong and planning.NotAllowed.
    """
    draft = _locked(draft_id, revision)
    _refuse_unseen(draft)
    is_new = draft.based_on_id is None
    if is_new and campaigns.find_campaign(draft.code):
        raise CodeTaken(_taken(draft.code))
    text = yaml.safe_dump({"code": draft.code, **draft.content}, allow_unicode=True)
    wrote = dict(draft.writers.values_list("staff", "wrote_at"))
    version = planning.load_campaign(text=text, owner=actor, at=at, wrote=wrote)
    if is_new and (version.campaign.created_at, version.campaign.owner_id) != (at, actor.pk):
        raise CodeTaken(_taken(draft.code))
    audit.record(action="campaign_draft.saved", actor=actor, at=at, target=version)
    draft.delete()
    return version


def _refuse_unseen(draft: Draft) -> None:
    """Under a lock of the campaign: of two drafts that are saved at once, the second is told."""
    if draft.based_on is None:
        return
    planning.lock_campaign(campaign_id=draft.based_on.campaign_id)
    newer = queries.newer_versions(draft)
    if newer and not queries.says_the_same(draft, newer[0]):
        raise VersionAppeared(
            _(
                "Version {number} of this campaign came after you began. Nothing is saved and "
                "nothing is lost: look at what changed, and decide."
            ).format(number=newer[0].number)
        )


@transaction.atomic
def settle_newer(
    *, draft_id: int, revision: int, newest: int, is_rebased: bool,
    give_way: Collection[str] = (), actor: Staff, at: dt.datetime,
) -> Draft:  # fmt: skip
    """This will note that an author saw the versions up to `newest`, and decided: with `is_rebased`
    the draft goes on from that one, with what it changed itself; in the places of `give_way` what
    both changed is taken from the version. Without, the draft stays as it is. What is left out
    stands in the audit trail. Raises DraftChanged and VersionAppeared."""
    draft = _locked(draft_id, revision)
    newer = queries.newer_versions(draft)
    if not newer or newer[0].number != newest:
        raise VersionAppeared(_("Another version came meanwhile: look at what changed once more."))
    version = newer[0]
    changes: dict[str, Any] = {"version": newest, "rebased": is_rebased}
    if is_rebased:
        merged = queries.merged(draft, version, frozenset(give_way))
        left = {one.place: one.mine for one in merged.clashes if one.place in give_way}
        _note_writers(draft, {**campaigns.writers_of(version), actor.pk: at})
        draft.content = {**merged.content, "rule": trees.whole(merged.content.get("rule"))}
        draft.based_on = version
        changes["left_out"] = left
    draft.seen_number = newest
    draft.revision += 1
    draft.changed_at, draft.changed_by = at, actor
    draft.save()
    audit.record(action="campaign_draft.settled", actor=actor, at=at, target=draft, changes=changes)
    return draft


def _taken(code: str) -> str:
    return _("Another campaign has the code {code} already: choose another under Basics.").format(
        code=code
    )
