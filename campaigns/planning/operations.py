"""Writing campaigns: loading, what submissions and approvals do to a version, stopping."""

import datetime as dt
from collections.abc import Container, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from campaigns.planning import queries
from campaigns.planning.enums import VersionState
from campaigns.planning.models import Campaign, CampaignVersion, VersionAuthor
from campaigns.planning.rules import drift, files, naming, plans, wording
from campaigns.planning.rules.budget import BANK
from journeys.outreach import operations as outreach
from journeys.outreach import queries as messages
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


class NotAllowed(Exception):
    """Raised when a person's role does not hold the permission that an operation needs."""


class VersionNotSubmittable(Exception):
    """Raised when a version waits or is approved already, when it, or another that says the same,
    was vetoed, or when it is for branches of others."""


class ReasonMissing(Exception):
    """Raised when a campaign is stopped, or a stop lifted, without a reason."""


class StopNotChanged(Exception):
    """Raised when a campaign is to be stopped that is stopped, or a stop lifted where there is none
    or it is not carried out yet."""


class WouldOverlap(Exception):
    """Raised when a stop is to be lifted and the campaign would then reward the same spending as
    another that was approved, or submitted, meanwhile; its text is a sentence for a person."""


def require(person: Staff, permission: str) -> None:
    """This will refuse a person whose role lacks a permission. Raises NotAllowed."""
    if not person.may(permission):
        raise NotAllowed(
            _("{name} may not do this; the role lacks the permission: {permission}").format(
                name=person.label, permission=Permission(permission).label
            )
        )


@transaction.atomic
def load_campaign(
    *,
    text: str,
    owner: Staff,
    at: dt.datetime,
    wrote: Mapping[int, dt.datetime] | None = None,
) -> CampaignVersion:
    """This will make a campaign, or a new version of it, from YAML text.

    `wrote` tells who wrote it beside its owner, by id and when. Of a file nobody knows: those count
    who wrote a version that is not approved; a file is as a rule one of these with a change. Where
    the latest version says the same, that one is returned and stays as it is. The owner of a known
    campaign stays. Raises plans.PlanWrong and NotAllowed.
    """
    require(owner, Permission.EDIT_CAMPAIGNS)
    code, plan = files.read_file(text)
    if problems := unknown_in(plan):
        raise plans.PlanWrong(problems)
    facts, content = plan.facts.as_data(), plan.as_content()
    Campaign.objects.get_or_create(code=code, defaults={**facts, "owner": owner, "created_at": at})
    campaign = Campaign.objects.select_for_update(no_key=True).get(code=code)
    content_hash = approval_rules.snapshot_hash(content)
    latest = queries.latest_version(campaign)
    if latest is not None and queries.says_same(latest, content, content_hash):
        note_authors(version_id=latest.pk, wrote=wrote or {})
        return latest
    if queries.last_approved(campaign) is None:
        _take_facts(campaign, facts)
    version = CampaignVersion.objects.create(
        campaign=campaign,
        number=latest.number + 1 if latest else 1,
        content=content,
        content_hash=content_hash,
        created_by=owner,
        created_at=at,
    )
    audit.record(
        action="campaign.loaded",
        actor=owner,
        at=at,
        target=version,
        changes={"content_hash": content_hash},
    )
    note_authors(
        version_id=version.pk, wrote=queries.writers_before(version) if wrote is None else wrote
    )
    return version


@transaction.atomic
def note_authors(*, version_id: int, wrote: Mapping[int, dt.datetime]) -> None:
    """This will keep who wrote in a version before it is submitted, by the person's id and when;
    none of them may approve it. Where it was submitted before, nothing new was written."""
    version = _locked_version(version_id)
    if not version.may_be_submitted:
        return
    VersionAuthor.objects.bulk_create(
        [
            VersionAuthor(version=version, staff_id=staff_id, wrote_at=at)
            for staff_id, at in sorted(wrote.items(), key=lambda pair: pair[::-1])
            if staff_id != version.created_by_id
        ],
        ignore_conflicts=True,
    )


def unknown_in(plan: plans.Plan) -> list[str]:
    """This will say what a plan names that does not exist: found out here rather than by a live
    run, of which every part would fail."""
    names = queries.names_of(plan)
    return [
        *_unknown("products", plan.products, names.products),
        *_unknown("branches", plan.branches, names.branches),
        *_unknown("budget.branches", plan.budget.branches, names.branches),
        *_unknown("merchants", plan.merchants, names.merchants),
        *_unknown("stacks_with", plan.stacks_with, names.campaigns),
        *_unknown("group", [plan.group] if plan.group else [], names.groups),
        *_unknown("budget.shares", plan.budget.shares, {BANK, *plan.merchants}),
        *_unknown_to_conditions(plan, names),
        *_missing_texts("template", plan.template, plan.channels),
        *(
            problem
            for number, step in enumerate(plan.touches.steps if plan.touches else ())
            for place, code in step.text_places()
            for problem in _missing_texts(f"touches.steps[{number}].{place}", code, step.channels)
        ),
    ]


def _unknown(place: str, named: Iterable[str], known: Container[str]) -> list[str]:
    unknown = [code for code in named if code not in known]
    sentence = _("{place}: {codes}: nothing of this code is known here").format(
        place=place, codes=", ".join(unknown)
    )
    return [sentence] if unknown else []


def _unknown_to_conditions(plan: plans.Plan, names: wording.Names) -> list[str]:
    return [
        problem
        for source, codes in plan.mentioned().items()
        for problem in _unknown(f"rule: {source}", sorted(codes), getattr(names, source.value))
    ]


def _missing_texts(place: str, code: str, channels: Sequence[str]) -> list[str]:
    missing = messages.channels_without_text(code=code, channels=channels)
    sentence = _(
        "{place}: {code}: there is no message text of this name in simplified "
        "Chinese for: {channels}"
    ).format(place=place, code=code, channels=", ".join(missing))
    return [sentence] if missing else []


def _take_facts(campaign: Campaign, facts: dict[str, str]) -> None:
    """The names shown for a campaign are those of what is in force: of the approved version, or,
    before there is one, of the latest."""
    for name, value in facts.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=list(facts))


@transaction.atomic
def open_for_submission(*, version_id: int, maker: Staff) -> CampaignVersion:
    """This will lock a version that may be submitted, and its campaign, so that neither a veto nor
    another submission, of whatever campaign, comes between. Raises NotAllowed and
    VersionNotSubmittable."""
    require(maker, Permission.EDIT_CAMPAIGNS)
    _one_after_the_other()
    version = _locked_version(version_id)
    Campaign.objects.select_for_update(no_key=True).get(pk=version.campaign_id)
    if not queries.reaches(version, scope_of(maker)):
        raise VersionNotSubmittable(
            _("{campaign} is for customers of branches that are not yours.").format(
                campaign=version.campaign.label
            )
        )
    sentence = queries.never_again(version)
    if sentence:
        raise VersionNotSubmittable(sentence)
    return version


def _one_after_the_other() -> None:
    """What comes among the campaigns that run is held against those that are there already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('campaigns: submission'))")


@transaction.atomic
def note_submitted(*, version_id: int, maker: Staff, at: dt.datetime) -> CampaignVersion:
    """This will note on a version that it waits for approval; a trigger looks for its
    submission."""
    version = _locked_version(version_id)
    version.state = VersionState.SUBMITTED
    version.save(update_fields=["state"])
    audit.record(action="campaign.submitted", actor=maker, at=at, target=version)
    return version


@transaction.atomic
def void_approval(*, version_id: int, drifts: Sequence[drift.Drift], at: dt.datetime) -> None:
    """This will make the approval of a version void because what it reaches, or says, moved away
    from what was approved; the version goes back to its owner."""
    found = list(drifts)
    approvals.void_approved(
        kind=naming.APPROVAL_KIND,
        target_key=str(version_id),
        reason=lambda: drift.sentences(found),
        at=at,
    )


def _locked_version(version_id: int) -> CampaignVersion:
    return (
        CampaignVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign")
        .get(pk=version_id)
    )


def lock_campaign(*, campaign_id: int) -> None:
    """This will keep other versions of a campaign from coming until the caller's transaction
    ends."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


def carry_approved(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will note on a version that it was approved; approvals call it."""
    version = _locked_version(int(target_key))
    version.state = VersionState.APPROVED
    version.approved_at = at
    version.save(update_fields=["state", "approved_at"])
    _take_facts(version.campaign, plans.facts_of(version.content))
    audit.record(action="campaign.approved", actor=checker, at=at, target=version)


def carry_returned(target_key: str, checker: Staff | None, at: dt.datetime) -> None:
    """This will note on a version that it goes back, or that its approval is void; approvals call
    it."""
    _carry_back(target_key, checker, at, VersionState.RETURNED)


def carry_vetoed(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will note on a version that it was vetoed, and stop its campaign where it had been
    approved; approvals call it."""
    version, was_approved = _carry_back(target_key, checker, at, VersionState.VETOED)
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=version.campaign_id)
    if was_approved and not campaign.is_stopped:
        stop_campaign(
            campaign_id=campaign.pk,
            reason=approvals.in_each_language(
                lambda: _("{version} was vetoed after it had been approved.").format(
                    version=version
                )
            ),
            actor=checker,
            at=at,
        )


def _carry_back(
    target_key: str, checker: Staff | None, at: dt.datetime, state: VersionState
) -> tuple[CampaignVersion, bool]:
    version = _locked_version(int(target_key))
    was_approved = version.approved_at is not None
    version.state, version.approved_at = state, None
    version.save(update_fields=["state", "approved_at"])
    audit.record(action=f"campaign.{state}", actor=checker, at=at, target=version)
    return version, was_approved


def stop_campaign(
    *, campaign_id: int, reason: str, actor: Staff | None, at: dt.datetime
) -> Campaign:
    """This will stop a campaign at once: from now on it grants nothing, queues nothing and sends
    nothing. What waits in the outbox is cancelled after that: a first batch of it at once, all
    else soon (`outreach.follow_halts`). `actor` is None where a policy of early warning stops it.

    Raises NotAllowed, ReasonMissing and StopNotChanged.
    """
    with transaction.atomic():
        campaign = _set_stop(campaign_id, reason, actor, at, is_stop=True)
        origins = queries.origins_of(campaign)
        outreach.begin_calling_off(origins=origins, reason=reason, actor=actor, at=at)
    outreach.call_off_at_once(origins=origins, at=at)
    return campaign


@transaction.atomic
def lift_stop(*, campaign_id: int, reason: str, actor: Staff, at: dt.datetime) -> Campaign:
    """This will let a stopped campaign run again, where it may beside those that were submitted
    meanwhile. Raises NotAllowed, ReasonMissing, StopNotChanged and WouldOverlap."""
    _one_after_the_other()
    campaign = _set_stop(campaign_id, reason, actor, at, is_stop=False)
    if messages.being_called_off(queries.origins_of(campaign)):
        raise StopNotChanged(
            _(
                "The stop stays for now: messages that waited when it came are still being "
                "cancelled. Lift it when that is done, in some minutes."
            )
        )
    if faults := queries.overlaps_of(campaign, on=clock.bank_day(at)):
        raise WouldOverlap(
            _(
                "The stop stays: {campaign} would reward again what others reward. {problems} Have "
                "a new version of it approved first, or stop the other campaign."
            ).format(campaign=campaign.label, problems=" ".join(fault.problem for fault in faults))
        )
    return campaign


def _set_stop(
    campaign_id: int, reason: str, actor: Staff | None, at: dt.datetime, *, is_stop: bool
) -> Campaign:
    if actor is not None:
        require(actor, Permission.STOP_CAMPAIGNS)
    if not reason.strip():
        raise ReasonMissing(_("Give a reason: it stays in the audit trail."))
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    if campaign.is_stopped == is_stop:
        raise StopNotChanged(
            _("The campaign is stopped already.") if is_stop else _("The campaign is not stopped.")
        )
    campaign.stopped_at = at if is_stop else None
    campaign.save(update_fields=["stopped_at"])
    audit.record(
        action="campaign.stopped" if is_stop else "campaign.stop_lifted",
        actor=actor,
        at=at,
        target=campaign,
        reason=reason.strip(),
    )
    return campaign
