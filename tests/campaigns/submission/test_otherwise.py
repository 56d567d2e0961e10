"""A version that waits, and of which something comes out otherwise than it was submitted."""

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.submission import queries
from journeys.models import CardProduct
from portal.models import Submission
from tests.campaigns.submission.test_operations import decide
from tests.factories.campaigns import draft, hand_in
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def test_what_comes_out_otherwise_says_so_and_what_to_do_to_approver_and_owner(
    client: Client,
) -> None:
    """As after an upgrade: the version is the same, and the text made from it is another."""
    version = draft()
    hand_in(version)
    waiting = Submission.objects.get()
    assert queries.changed_since(str(version.pk), waiting.snapshot) == ""
    CardProduct.objects.update(name="金卡（新）", name_en="Gold (new)")
    said = "The text that customers read comes out otherwise"
    approver = StaffFactory(role="approver", language="en")
    client.force_login(approver)
    page = client.get(reverse("approval_page", args=[waiting.pk])).content.decode()
    assert "whatever is decided, it goes back" in page
    assert said in page
    owner = version.created_by
    owner.language = "en"
    owner.save()
    client.force_login(owner)
    assert said in client.get(reverse("campaign_version", args=[version.pk])).content.decode()
    client.force_login(approver)
    told = client.post(reverse("approval_approve", args=[waiting.pk]), follow=True)
    assert said in str(next(iter(told.context["messages"])))
    version.refresh_from_db()
    assert version.state == "returned"
    waiting.refresh_from_db()
    assert said in waiting.void_reason
    assert len(waiting.void_reason.splitlines()) == 2, "in each language"
    client.force_login(owner)
    assert said in client.get(reverse("home")).content.decode()
    hand_in(version)
    decide(version, "approve")
    assert version.state == "approved"
