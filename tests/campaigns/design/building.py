"""Drafts that are built through their pages, saved and run."""

from typing import Any

from django.test import Client
from django.urls import reverse

from campaigns.design import operations
from campaigns.eligibility import operations as eligibility
from campaigns.eligibility.models import Run
from campaigns.models import CampaignVersion, Draft
from portal.models import Staff
from tests.factories.campaigns import AT, ON, PLAN, card_in_use, draft


def begun(person: Staff, **changes: Any) -> Draft:
    """A draft of the known case that needs nothing more, in a bank where one customer meets it."""
    draft(code="base")
    card_in_use()
    content = {name: value for name, value in PLAN.items() if name != "code"}
    return operations.start_draft(content=content | changes, code="built", owner=person, at=AT)


def post(client: Client, name: str, found: Draft, /, **data: Any) -> Any:
    found.refresh_from_db()
    sent = {"revision": found.revision} | data
    return client.post(reverse(name, args=[found.pk]), sent)


def run(found: Draft, client: Client) -> tuple[CampaignVersion, Run]:
    """Save the draft through its page, and make a dry run of what came of it."""
    response = post(client, "design_save", found, save="1")
    version = CampaignVersion.objects.get(campaign__code="built")
    assert response.url == reverse("campaign_version", args=[version.pk])
    assert not Draft.objects.filter(pk=found.pk).exists()
    one = eligibility.start_run(
        version_id=version.pk, kind="dry_run", on=ON, started_by=version.created_by, at=AT
    )
    eligibility.work_run(run_id=one.pk, now=lambda: AT)
    one.refresh_from_db()
    assert one.state == "done"
    return version, one
