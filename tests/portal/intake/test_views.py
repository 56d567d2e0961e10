"""The pages about imports."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from portal.intake.enums import ImportState
from portal.models import ImportBatch, Staff
from tests.factories.intake import AT
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db


def batch(**values: Any) -> ImportBatch:
    """One import, five minutes after AT."""
    facts = {"kind": "cards", "file_name": "march.csv", "state": ImportState.DONE}
    facts |= {"started_at": AT + dt.timedelta(minutes=5), **values}
    return ImportBatch.objects.create(**facts)


def english(role: str) -> Staff:
    return StaffFactory(role=role, language="en")


def test_imports_are_listed_the_newest_first(client_of: Callable[..., Client]) -> None:
    batch(rows_read=5, rows_new=3, rows_bad=2)
    batch(started_at=AT, state=ImportState.FAILED, failure="The file is empty.", by=StaffFactory())
    response = client_of(english("administrator")).get("/imports/")
    assert response.status_code == 200
    with translation.override("en"):
        shown = [(row.tone, str(kind)) for row, kind in response.context["rows"]]
    assert shown == [("warning", "Cards"), ("danger", "Cards")]
    assert response.content.decode().count("The file is empty.") == 1


def test_without_imports_the_page_says_how_to_begin(client_of: Callable[..., Client]) -> None:
    page = client_of(english("compliance")).get("/imports/").content.decode()
    assert page.count("manage.py import_data KIND FILE") == 1


def test_the_kinds_page_shows_every_column(client_of: Callable[..., Client]) -> None:
    response = client_of(english("campaign_manager")).get("/imports/kinds/")
    page = response.content.decode()
    assert [kind.code for kind in response.context["kinds"]] == [
        "merchants", "stores", "merchant_contacts", "merchant_contracts", "merchant_leads",
         "merchant_deals",
         "merchant_turnover", "post_shifts", "response_levels", "customers", "card_products",
         "applications", "cards",
         "transactions", "points",
         "complaints", "service_cases", "consents", "do_not_contact", "referrals",
         "calls", "leads", "activity_snapshots", "benefit_uses",
    ]  # fmt: skip
    assert page.count('<th scope="row">') == sum(
        len(kind.columns) for kind in response.context["kinds"]
    )


@pytest.mark.parametrize(
    ("role", "address"),
    [
        *((role, "/imports/") for role in ("branch_manager", "relationship_manager")),
        *((role, one) for role in ("approver", "telemarketer", "analyst")
          for one in ("/imports/", "/imports/kinds/")),
    ],
)  # fmt: skip
def test_others_are_turned_away(client_of: Callable[..., Client], role: str, address: str) -> None:
    assert client_of(role).get(address).status_code == 403


def test_the_number_of_queries_does_not_grow(
    client_of: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    client = client_of("administrator")
    for _ in range(3):
        batch(by=StaffFactory(branch=BranchFactory()))
    with django_assert_max_num_queries(8):
        client.get("/imports/")
