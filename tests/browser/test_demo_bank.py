"""The lists and panels of the demo bank in a real browser."""

import importlib

import pytest
from django.apps import apps
from django.core.management import call_command

from campaigns.models import Decision, Run
from journeys.models import Customer
from merchants.models import Merchant
from portal.models import Staff, Submission
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories import targets

# What migrations write into a new database, and other tests before a live server have emptied.
DELIVERED = [
    ("Division", "0004_divisions", "seed"),
    ("PartnershipRule", "0010_partnership_rule", "set_rule"),
    ("EvidenceRule", "0050_first_rules_of_evidence", "set_rules"),
    ("NegotiationRule", "0018_negotiation_rule", "set_rule"),
    ("Playbook", "0011_first_playbooks", "write"),
    ("RefusalReason", "0021_first_reasons", "plant"),
    ("PostRule", "0026_post_rule", "set_rule"),
    ("CityTier", "0030_comparison_guards", "name_sizes"),
]


def deliver() -> None:
    """This will write anew what migrations deliver, where it is gone."""
    targets.set_rule()
    for model, name, function in DELIVERED:
        if not apps.get_model("merchants", model)._default_manager.exists():
            getattr(importlib.import_module(f"merchants.migrations.{name}"), function)(apps, None)


@pytest.fixture
def bank(transactional_db: None) -> None:
    """A small demo bank in a database as it is delivered."""
    deliver()
    call_command("seed_demo", "--customers", "200")


@pytest.mark.usefixtures("bank")
def test_every_page_is_sound_for_those_who_work_with_it(open_page: OpenPage) -> None:
    customer = Customer.objects.filter(
        branch__code="ZJ01", cards__first_used_date__isnull=False, consents__isnull=False
    ).first()
    merchant = Merchant.objects.filter(manager__username="relationship_manager").first()
    assert customer is not None
    assert merchant is not None
    run = Run.objects.get(version__campaign__code="first-gift")
    decided = Decision.objects.filter(run=run, outcome="qualified").first()
    assert decided is not None
    submission = Submission.objects.get(kind="campaign_version", target_key=str(run.version_id))
    visits = {
        "campaign_manager": [
            "/",
            "/campaigns/",
            "/campaigns/first-gift/",
            f"/campaigns/runs/{run.pk}/",
            f"/campaigns/runs/{run.pk}/decisions/",
            f"/campaigns/decisions/{decided.pk}/",
            "/imports/",
            "/stages/?by=product",
            "/applications/clock/?clock=near",
        ],
        "approver": ["/", "/approvals/?show=decided", f"/approvals/{submission.pk}/"],
        "compliance": ["/", "/campaigns/first-gift/", "/audit/"],
        "analyst": ["/", "/stages/?by=branch"],
        "administrator": ["/"],
        "branch_manager": [
            "/",
            "/customers/",
            f"/customers/{customer.number}/",
            "/leads/",
            "/stages/",
            "/applications/clock/",
        ],
        "relationship_manager": ["/", "/merchants/", f"/merchants/{merchant.number}/"],
        "telemarketer": ["/", "/leads/?state=won&source=post"],
    }
    for username, addresses in visits.items():
        staff = Staff.objects.get(username=username)
        for language, width in (("zh-hans", 1280), ("en", 390)):
            page = open_page(staff, language=language, width=width)
            for address in addresses:
                assert visit(page, address).status == 200
                page.wait_for_load_state("networkidle")
