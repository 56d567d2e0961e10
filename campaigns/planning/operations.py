"""Writing campaigns: loading, submitting, carrying an approval back, stopping."""

import datetime as dt
from collections.abc import Container, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.planning import queries
from campaigns.planning.enums import VersionState
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.planning.rules import files, linting, naming, plans, wording
from campaigns.planning.rules.budget import BANK
from journeys.outreach import operations as outreach
from journeys.outreach import queries as messages
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.enums import Permission
from portal.staff.models import Staff

APPROVAL_KIND = "campaign_version"


class NotAllowed(Exception):
    """Raised when a person's role does not hold the permission that an operation needs."""


class VersionNotSubmittable(Exception):
    """Raised when a version is approved already, or was vetoed."""


class PlanNotFit(Exception):
    """Raised when a version must not be submitted as it stands; `faults` say what and where."""

    def __init__(self, faults: list[linting.Fault]) -> None:
        super().__init__("\n".join(fault.sentence for fault in faults))
        self.faults = faults


class ReasonMissing(Exception):
    """Raised when a campaign is stopped, or a stop lifted, without a reason."""


class StopNotChanged(Exception):
    """Raised when a campaign is to be stopped that is stopped, or lifted that is not."""


def _require(person: Staff, permission: str) -> None:
    if not person.may(permission):
        raise NotAllowed(
            _("{name} may not do this; the role lacks the permission: {permission}").format(
                name=person.label, permission=Permission(permission).label
            )
        )


@transaction.atomic
def load_campaign(*, text: str, owner: Staff, at: dt.datetime) -> CampaignVersion:
    """This will make a campaign, or a new version of it, from YAML text.

    Where the latest version says the same, that version is returned and nothing is changed.
    The owner of a known campaign stays. Raises plans.PlanWrong and NotAllowed.
    """
    _require(owner, Permission.EDIT_CAMPAIGNS)
    code, plan = files.read_file(text)
    if problems := unknown_in(plan):
        raise plans.PlanWrong(problems)
    facts, content = plan.facts.as_data(), plan.as_content()
    Campaign.objects.get_or_create(code=code, defaults={**facts, "owner": owner, "created_at": at})
    campaign = Campaign.objects.select_for_update(no_key=True).get(code=code)
    content_hash = approval_rules.snapshot_hash(content)
    latest = queries.latest_version(campaign)
    if latest is not None and latest.content_hash == content_hash:
        return latest
    if queries.approved_version(campaign) is None:
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
    return version


def unknown_in(plan: plans.Plan) -> list[str]:
    """This will say what a plan names that does not exist: found out here rather than by a live
    run, of which every part would fail."""
    names = queries.names_of(plan)
    return [
        *_unknown("products", plan.products, names.products),
        *_unknown("branches", plan.branches, names.branches),
        *_unknown("budget.branches", plan.budget.branches, names.branches),
        *_unknown("merchants", plan.merchants, names.merchants),
        *_unknown("budget.shares", plan.budget.shares, {BANK, *plan.merchants}),
        *_unknown_to_conditions(plan, names),
        *_missing_texts(plan),
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


def _missing_texts(plan: plans.Plan) -> list[str]:
    missing = messages.channels_without_text(code=plan.template, channels=plan.channels)
    sentence = _(
        "template: {code}: there is no message text of this name in simplified "
        "Chinese for: {channels}"
    ).format(code=plan.template, channels=", ".join(missing))
    return [sentence] if missing else []


def _take_facts(campaign: Campaign, facts: dict[str, str]) -> None:
    """The names shown for a campaign are those of what is in force: of the approved version, or,
    before there is one, of the latest."""
    for name, value in facts.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=list(facts))


@transaction.atomic
def submit_version(*, version_id: int, maker: Staff, at: dt.datetime) -> CampaignVersion:
    """This will ask a second person to approve a version.

    A version that was returned, withdrawn or voided may be submitted again as it stands, one that
    was vetoed never. Raises NotAllowed, VersionNotSubmittable, PlanNotFit where something must be
    mended first, and what approvals raise where it is waiting already.
    """
    _require(maker, Permission.EDIT_CAMPAIGNS)
    version = _locked_version(version_id)
    _refuse_final(version)
    faults = queries.faults_of(version, on=clock.bank_day(at))
    if blocks := linting.blocks_of(faults):
        raise PlanNotFit(blocks)
    snapshot = queries.snapshot_of(version)
    approvals.submit(
        kind=APPROVAL_KIND,
        target_key=str(version.pk),
        title=f"{version.campaign.label} v{version.number}",
        summary="\n\n".join(snapshot["text"][language] for language in wording.LANGUAGES),
        snapshot=snapshot,
        maker=maker,
        at=at,
    )
    version.state = VersionState.SUBMITTED
    version.save(update_fields=["state"])
    audit.record(action="campaign.submitted", actor=maker, at=at, target=version)
    return version


def _refuse_final(version: CampaignVersion) -> None:
    sentences = {
        VersionState.APPROVED: _("{version} is approved already."),
        VersionState.VETOED: _("{version} was vetoed; make a new version instead."),
    }
    sentence = sentences.get(VersionState(version.state))
    if sentence:
        raise VersionNotSubmittable(sentence.format(version=str(version)))


def _locked_version(version_id: int) -> CampaignVersion:
    return (
        CampaignVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign")
        .get(pk=version_id)
    )


def current_hash(target_key: str) -> str:
    """This will return the hash of a version as it stands now, its text included."""
    return approval_rules.snapshot_hash(queries.snapshot_of(queries.version(int(target_key))))


def carry_approved(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will note on a version that it was approved; approvals call it."""
    version = _locked_version(int(target_key))
    version.state = VersionState.APPROVED
    version.approved_at = at
    version.save(update_fields=["state", "approved_at"])
    _take_facts(version.campaign, plans.facts_of(version.content))
    audit.record(action="campaign.approved", actor=checker, at=at, target=version)


def carry_returned(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will note on a version that it was returned; approvals call it."""
    _carry_back(target_key, checker, at, VersionState.RETURNED)


def carry_vetoed(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will note on a version that it was vetoed; approvals call it."""
    _carry_back(target_key, checker, at, VersionState.VETOED)


def _carry_back(target_key: str, checker: Staff, at: dt.datetime, state: VersionState) -> None:
    version = _locked_version(int(target_key))
    version.state = state
    version.save(update_fields=["state"])
    audit.record(action=f"campaign.{state}", actor=checker, at=at, target=version)


@transaction.atomic
def stop_campaign(*, campaign_id: int, reason: str, actor: Staff, at: dt.datetime) -> Campaign:
    """This will stop a campaign at once: from now on it grants nothing and queues nothing, and what
    waits in the outbox is cancelled.

    Raises NotAllowed, ReasonMissing and StopNotChanged.
    """
    campaign = _set_stop(campaign_id, reason, actor, at, is_stop=True)
    for number in campaign.versions.order_by("number").values_list("number", flat=True):
        outreach.cancel_messages(
            origin=naming.origin_of(campaign.code, number), actor=actor, reason=reason, at=at
        )
    return campaign


@transaction.atomic
def lift_stop(*, campaign_id: int, reason: str, actor: Staff, at: dt.datetime) -> Campaign:
    """This will let a stopped campaign run again. Raises NotAllowed, ReasonMissing and
    StopNotChanged."""
    return _set_stop(campaign_id, reason, actor, at, is_stop=False)


def _set_stop(
    campaign_id: int, reason: str, actor: Staff, at: dt.datetime, *, is_stop: bool
) -> Campaign:
    _require(actor, Permission.STOP_CAMPAIGNS)
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
