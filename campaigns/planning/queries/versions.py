"""Reading campaigns and their versions."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.planning.enums import VersionState
from campaigns.planning.models import Campaign, CampaignVersion, VersionAuthor
from campaigns.planning.rules import naming, plans
from campaigns.planning.rules.rewards import Tier
from portal.kit.registry import Named
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


def origins_of(campaign: Campaign) -> list[str]:
    """This will list for what messages of a campaign are sent, the first version's first."""
    numbers = campaign.versions.order_by("number").values_list("number", flat=True)
    return [naming.origin_of(campaign.code, number) for number in numbers]


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


def says_same(version: CampaignVersion, content: Mapping[str, Any], content_hash: str) -> bool:
    """This will tell whether a version says what `content` does, also where it was written in the
    form of an earlier day and its fingerprint is another."""
    if version.content_hash == content_hash:
        return True
    try:
        return plans.plan_of(version.content).as_content() == content
    except plans.PlanWrong:
        return False


def writers_of(version: CampaignVersion | None) -> dict[int, dt.datetime]:
    """This will tell who wrote a version that is not approved, by id and when: what is taken over
    from it has been checked by nobody else."""
    if version is None or version.approved_at is not None:
        return {}
    others = version.authors.values_list("staff", "wrote_at")
    return {version.created_by_id: version.created_at, **dict(others)}


def writers_before(version: CampaignVersion) -> dict[int, dt.datetime]:
    """This will tell who wrote the versions before one that are not approved, by id and when: a
    file may repeat any of them, word for word or nearly."""
    rows = versions_of(version.campaign).filter(number__lt=version.number, approved_at=None)
    found: dict[int, dt.datetime] = {}
    for row in rows.order_by("number").prefetch_related("authors"):
        found |= {row.created_by_id: row.created_at}
        found |= {one.staff_id: one.wrote_at for one in row.authors.all()}
    return found


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
