"""Reading campaigns and their versions."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from campaigns.conditions.enums import Source
from campaigns.planning.enums import VersionState
from campaigns.planning.models import Campaign, CampaignVersion, SubmissionRule, VersionAuthor
from campaigns.planning.rules import changes, drift, linting, naming, plans, wording
from campaigns.planning.rules.rewards import Tier
from campaigns.wording import queries as words
from journeys.cards import queries as cards
from journeys.outreach import queries as messages
from merchants.directory import queries as merchants
from portal.approvals import queries as approvals
from portal.kit.registry import Digest, Named
from portal.staff import queries as staff
from portal.staff.models import Staff

_MOST_FOUND = 8


def campaigns() -> QuerySet[Campaign]:
    """This will list all campaigns with owner, the start of the last run (`last_run_at`) and the
    latest version (`latest`, at most one), newest first."""
    latest = CampaignVersion.objects.filter(
        number=Subquery(
            CampaignVersion.objects.filter(campaign=OuterRef("campaign"))
            .order_by("-number")
            .values("number")[:1]
        )
    )
    return (
        Campaign.objects.select_related("owner")
        .prefetch_related(Prefetch("versions", latest, to_attr="latest"))
        .annotate(last_run_at=Max("versions__runs__started_at"))
        .order_by("-created_at", "-id")
    )


def known_codes() -> list[str]:
    """This will list the codes of all campaigns."""
    return list(Campaign.objects.order_by("code").values_list("code", flat=True))


def find_campaign(code: str) -> Campaign | None:
    """This will find a campaign by its code."""
    return Campaign.objects.select_related("owner").filter(code=code).first()


def versions_of(campaign: Campaign) -> QuerySet[CampaignVersion]:
    """This will list a campaign's versions, the latest first."""
    return campaign.versions.select_related("campaign", "created_by").order_by("-number")


def version(version_id: int) -> CampaignVersion:
    """This will return a version with its campaign. Raises CampaignVersion.DoesNotExist."""
    return CampaignVersion.objects.select_related("campaign").get(pk=version_id)


def co_authors_of(version_id: int) -> list[Staff]:
    """This will list who wrote in a version beside the one who made it, in their order."""
    rows = VersionAuthor.objects.filter(version=version_id).select_related("staff")
    return [row.staff for row in rows.order_by("wrote_at", "id")]


def latest_version(campaign: Campaign) -> CampaignVersion | None:
    """This will return a campaign's latest version, approved or not."""
    return versions_of(campaign).first()


def writers_of(version: CampaignVersion | None) -> dict[int, dt.datetime]:
    """This will tell who wrote a version that is not approved, by id and when: what is taken over
    from it has been checked by nobody else."""
    if version is None or version.approved_at is not None:
        return {}
    others = version.authors.values_list("staff", "wrote_at")
    return {version.created_by_id: version.created_at, **dict(others)}


def versions_sent_back() -> list[CampaignVersion]:
    """This will list the latest versions of all campaigns that were returned or vetoed."""
    latest = CampaignVersion.objects.order_by("campaign", "-number").distinct("campaign")
    states = [VersionState.RETURNED, VersionState.VETOED]
    rows = CampaignVersion.objects.filter(pk__in=latest.values("id"), state__in=states)
    return list(rows.select_related("campaign").order_by("-id"))


def last_approved(campaign: Campaign) -> CampaignVersion | None:
    """This will return the latest version that was ever approved, whatever became of that: the
    earlier ones run no more."""
    return versions_of(campaign).filter(first_approved_at__isnull=False).first()


def approved_version(campaign: Campaign) -> CampaignVersion | None:
    """This will return the version in force, the one that a live run uses: the last that was ever
    approved, as long as it is."""
    last = last_approved(campaign)
    return last if last is not None and last.is_approved else None


def later_approved(found: CampaignVersion) -> CampaignVersion | None:
    """This will return the latest version that was approved after this one, whatever became of
    that; None where this one is the last."""
    last = last_approved(found.campaign)
    return last if last is not None and last.number > found.number else None


def tiers_of(campaign_id: int) -> dict[tuple[int, str], Tier]:
    """This will return the tiers of all submitted versions of a campaign, by version id and code:
    what was granted is called as the version that granted it calls it."""
    rows = CampaignVersion.objects.filter(campaign=campaign_id).exclude(state=VersionState.DRAFT)
    return {
        (version_id, tier.code): tier
        for version_id, content in rows.values_list("id", "content")
        for tier in plans.plan_of(content).rewards.tiers
    }


def plans_of(version_ids: Collection[int]) -> dict[int, plans.Plan]:
    """This will return the plans of submitted versions by their id."""
    rows = CampaignVersion.objects.filter(pk__in=version_ids)
    return {pk: plans.plan_of(content) for pk, content in rows.values_list("id", "content")}


def is_stopped(campaign_id: int, *, lock: bool = False) -> bool:
    """This will tell whether a campaign is stopped. With `lock`, nobody can stop it between this
    answer and the end of the caller's transaction."""
    share = "FOR SHARE" if lock else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT stopped_at IS NOT NULL FROM campaigns_campaign WHERE id = %s {share}",
            [campaign_id],
        )
        return bool(cursor.fetchone()[0])


def gives_nothing(version_id: int, *, lock: bool = False) -> bool:
    """This will tell whether nothing may be given by a version: its campaign is stopped, or it is
    not approved any more. With `lock`, neither can change between this answer and the end of the
    caller's transaction."""
    share = "FOR SHARE" if lock else ""
    with connection.cursor() as cursor:
        # Version before campaign, as a veto takes them.
        cursor.execute(
            f"""SELECT version.state <> %s OR campaign.stopped_at IS NOT NULL
                FROM campaigns_campaignversion version
                JOIN campaigns_campaign campaign ON campaign.id = version.campaign_id
                WHERE version.id = %s {share}""",
            [VersionState.APPROVED, version_id],
        )
        return bool(cursor.fetchone()[0])


def is_vetoed(version_id: int) -> bool:
    """This will tell whether a version was vetoed."""
    return CampaignVersion.objects.filter(pk=version_id, state=VersionState.VETOED).exists()


def stopped_origins(origins: Sequence[str]) -> set[str]:
    """This will return those of the messages' origins whose campaign is stopped now."""
    codes = {origin: naming.campaign_code_of(origin) for origin in origins}
    stopped = Campaign.objects.filter(
        code__in={code for code in codes.values() if code}, stopped_at__isnull=False
    )
    found = set(stopped.values_list("code", flat=True))
    return {origin for origin, code in codes.items() if code in found}


def names_of(plan: plans.Plan) -> wording.Names:
    """This will name what a plan calls by its code, as far as it exists."""
    mentioned = plan.mentioned()
    partners = {*plan.merchants, *mentioned[Source.MERCHANTS]}
    mccs = sorted(mentioned[Source.CATEGORIES])
    known = Campaign.objects.filter(code__in=mentioned[Source.CAMPAIGNS])
    return wording.Names(
        products=cards.own_product_names(),
        branches=staff.branch_names(),
        merchants=merchants.names_of(numbers=sorted(partners)),
        categories=merchants.category_names(mccs=mccs) if mccs else {},
        campaigns={row.code: (row.name, row.name_en) for row in known},
    )


def written(plan: plans.Plan) -> list[tuple[str, str, str, list[wording.Section]]]:
    """This will write what customers read of a plan in each language, the reader's first: the
    language, its own name, the campaign's name, and the sections."""
    names, active = names_of(plan), translation.get_language()
    found = []
    for language in sorted(wording.LANGUAGES, key=lambda code: code != active):
        with translation.override(language):
            sections = wording.sections(plan, names)
        label = plan.facts.name_en if language == "en" else plan.facts.name
        found.append((language, get_language_info(language)["name_local"], label, sections))
    return found


def changes_between(before: plans.Plan, now: plans.Plan) -> list[changes.Change]:
    """This will say what a plan changes of the one before, in the active language."""
    return changes.between(before, names_of(before), now, names_of(now))


def snapshot_of(found: CampaignVersion) -> dict[str, Any]:
    """This will return what an approver approves of a version itself: the content, the text made
    from it, and the messages that go out. Raises plans.PlanWrong where the version is a draft that
    is not whole yet."""
    plan = plans.plan_of(found.content)
    names = names_of(plan)
    return {
        "campaign": found.campaign.code,
        "version": found.number,
        "content": found.content,
        "content_hash": found.content_hash,
        "text": {
            language: wording.full_text(plan, names, language) for language in wording.LANGUAGES
        },
        "messages": messages_of(plan),
    }


def messages_of(plan: plans.Plan) -> list[dict[str, Any]]:
    """This will return the message texts that a plan sends, as plain values; `text` is the id of
    the very wording, which a run of it sends."""
    return _as_data(messages.templates_of(code=plan.template, channels=plan.channels))


def _as_data(texts: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "text": one.pk, "channel": one.channel, "language": one.language,
            "subject": one.subject, "body": one.body,
        }
        for one in texts
    ]  # fmt: skip


def approved_messages(found: CampaignVersion) -> list[dict[str, Any]]:
    """This will return the message texts that were approved with a version, as `messages_of`
    writes them; nothing where no approval is in force."""
    snapshot: Any = approvals.approved_snapshot(kind=naming.APPROVAL_KIND, target_key=str(found.pk))
    return [] if snapshot is None else _submitted_messages(found, snapshot)


def _submitted_messages(found: CampaignVersion, snapshot: Any) -> list[dict[str, Any]]:
    """The texts of a snapshot. One from before they were named by their ids has those that say the
    same now."""
    submitted = list(snapshot["messages"])
    if all("text" in one for one in submitted):
        return submitted
    now = messages_of(plans.plan_of(found.content))
    return now if without_ids(now) == submitted else submitted


def without_ids(texts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """This will leave out which wordings message texts are, and keep what they say."""
    return [{name: one[name] for name in one if name != "text"} for one in texts]


def messages_stand(texts: Sequence[Mapping[str, Any]]) -> bool:
    """This will tell whether message texts are there, and say what they said when `messages_of`
    wrote them."""
    return bool(texts) and list(texts) == _as_data(
        messages.texts_by_id([one.get("text", 0) for one in texts])
    )


# --- what was approved, and how far it may move ------------------------------------------------
def submission_rule(*, on: dt.date) -> SubmissionRule | None:
    """This will return the rule of submission in force on a day; None where there is none."""
    rows = SubmissionRule.objects.filter(effective_date__lte=on)
    return rows.order_by("-effective_date").first()


def bounds_on(on: dt.date) -> drift.Bounds:
    """This will return how far audience and cost may move on a day; not at all where no rule is
    in force."""
    rule = submission_rule(on=on)
    if rule is None:
        return drift.NONE
    return drift.Bounds(
        rule.audience_percent, rule.audience_slack, rule.cost_percent, rule.cost_slack
    )


def drifts_of(
    found: CampaignVersion, reached: drift.Measured, *, on: dt.date, is_whole: bool
) -> list[drift.Drift]:
    """This will list what of an approved version moved away from what was approved: message texts,
    and what a run reaches."""
    approved: Any = approvals.approved_snapshot(kind=naming.APPROVAL_KIND, target_key=str(found.pk))
    if approved is None or "figures" not in approved:
        return [drift.Drift(drift.FIGURES)]
    now = messages_of(plans.plan_of(found.content))
    is_same = _submitted_messages(found, approved) == now
    before = drift.read_measured(approved["figures"])
    moved = drift.drifts(before, reached, bounds_on(on), is_whole=is_whole)
    return [*([] if is_same else [drift.Drift(drift.TEXTS)]), *moved]


def never_again(found: CampaignVersion) -> str:
    """This will say why a version cannot be submitted whatever is mended; empty where it can."""
    sentences = {
        VersionState.SUBMITTED: _("{version} is waiting for approval already."),
        VersionState.APPROVED: _("{version} is approved already."),
        VersionState.VETOED: _("{version} was vetoed; make a new version instead."),
    }
    if sentence := sentences.get(VersionState(found.state)):
        return sentence.format(version=str(found))
    twins = CampaignVersion.objects.filter(
        campaign=found.campaign_id, content_hash=found.content_hash, state=VersionState.VETOED
    )
    twin = twins.order_by("number").values_list("number", flat=True).first()
    if twin is None:
        return ""
    return _("It says the same as version {number}, which was vetoed; change it first.").format(
        number=twin
    )


def faults_of(found: CampaignVersion, *, on: dt.date) -> list[linting.Fault]:
    """This will list what is wrong with a version as of a day, what blocks it first. Raises
    plans.PlanWrong where the version is a draft that is not whole yet."""
    return faults_of_plan(plans.plan_of(found.content), code=found.campaign.code, on=on)


def faults_of_plan(plan: plans.Plan, *, code: str, on: dt.date) -> list[linting.Fault]:
    """This will list what is wrong with a plan of the campaign `code`, which may be none yet."""
    texts = messages.templates_of(code=plan.template, channels=plan.channels)
    around = linting.Around(
        on=on,
        words=words.lexicon(on=on),
        messages=tuple((text.label, f"{text.subject}\n{text.body}".strip()) for text in texts),
        others=tuple(_others(code)),
        names=names_of(plan),
    )
    return linting.lint(plan, around)


def _others(code: str) -> list[linting.Other]:
    """The other campaigns that may run now, by their version in force."""
    rows = (
        CampaignVersion.objects.select_related("campaign")
        .filter(first_approved_at__isnull=False, campaign__stopped_at=None)
        .exclude(campaign__code=code)
        .order_by("campaign", "-number")
        .distinct("campaign")
    )
    return [
        linting.Other(row.campaign.code, row.campaign.label, plans.plan_of(row.content))
        for row in rows
        if row.is_approved
    ]


def digest_of(snapshot: dict[str, Any]) -> Digest | None:
    """This will write a submitted snapshot for those who decide about it; None where it is not
    of the shape that is submitted today."""
    if not {"text", "content"} <= snapshot.keys():
        return None
    plan = plans.plan_of(snapshot["content"])
    active = translation.get_language() or wording.LANGUAGES[0]
    languages = sorted(wording.LANGUAGES, key=lambda code: code != active)
    return Digest(
        texts=[
            (code, get_language_info(code)["name_local"], snapshot["text"][code])
            for code in languages
        ],
        facts=wording.facts(plan, names_of(plan)),
    )


def named_versions(references: Sequence[str]) -> dict[str, Named]:
    """This will name the versions that exist, by their reference ("first-gift/2")."""
    wanted = [parts for parts in map(naming.parts_of, references) if parts]
    if not wanted:
        return {}
    either = Q()
    for code, number in wanted:
        either |= Q(campaign__code=code, number=number)
    found = CampaignVersion.objects.select_related("campaign").filter(either)
    return {name.reference: name for name in map(_named, found)}


def search_versions(text: str) -> list[Named]:
    """This will find a few versions by their campaign's code or name, the latest first."""
    campaign = ("code", "name", "name_en")
    either = Q(pk=None)
    for field in campaign:
        either |= Q(**{f"campaign__{field}__icontains": text})
    rows = CampaignVersion.objects.select_related("campaign").filter(either)
    return [_named(row) for row in rows.order_by("-created_at", "-id")[:_MOST_FOUND]]


def _named(row: CampaignVersion) -> Named:
    label = _("{campaign}, version {number}").format(campaign=row.campaign.label, number=row.number)
    reference = naming.reference_of(row.campaign.code, row.number)
    return Named(reference, label, reverse("campaign_version", args=[row.pk]))
