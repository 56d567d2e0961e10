"""A supplementary card takes nobody further on the journey."""

import datetime as dt
from typing import Any

import pytest

from journeys.models import Card, Customer, CustomerStage
from journeys.stages import operations
from portal.intake import operations as intake
from tests.factories.intake import AT
from tests.factories.journeys import DAY, ApplicationFactory, CardFactory, CustomerFactory

pytestmark = pytest.mark.django_db


def stage(customer: Customer) -> tuple[str, str, dt.date | None, dt.date | None]:
    row = CustomerStage.objects.get(customer=customer)
    return row.stage, row.step, row.issued_date, row.used_date


def supplementary(customer: Customer, **values: Any) -> Card:
    primary = CardFactory(issued_date=DAY)
    return CardFactory(
        customer=customer, application=None, is_primary=False, issued_date=DAY,
        product=primary.product, branch=customer.branch,
        primary_reference=primary.reference, primary=primary, **values,
    )  # fmt: skip


def test_who_holds_another_customers_supplementary_card_has_not_applied() -> None:
    holder = CustomerFactory(registered_date=DAY)
    supplementary(holder, activated_date=DAY, first_used_date=DAY)
    operations.refresh_stages(customer_ids=[holder.pk])
    assert stage(holder) == ("awareness", "registered", None, None)


def test_who_applies_for_an_own_card_is_judged_by_that_card() -> None:
    holder = CustomerFactory(registered_date=DAY)
    supplementary(holder, activated_date=DAY, first_used_date=DAY)
    later = DAY + dt.timedelta(days=9)
    application = ApplicationFactory(customer=holder, filed_date=DAY, decided_date=later)
    CardFactory(customer=holder, application=application, issued_date=later)
    operations.refresh_stages(customer_ids=[holder.pk])
    assert stage(holder) == ("activation", "issued", later, None)


@pytest.mark.parametrize("first", ["true", "false"])
def test_the_import_follows_what_a_card_proves_to_be(first: str) -> None:
    holder, product = CustomerFactory(registered_date=DAY), CardFactory().product.code
    found = []
    for is_primary in (first, "false" if first == "true" else "true"):
        row = {
            "reference": "K-1", "customer": holder.number, "product": product,
                "branch": holder.branch.code, "issued_date": str(DAY), "is_primary": is_primary,
        }  # fmt: skip
        report = intake.import_rows(kind="cards", rows=[row], actor=None, at=AT, source_name="test")
        assert report.rows_bad == 0
        found.append(stage(holder)[1])
    assert found == (["issued", "registered"] if first == "true" else ["registered", "issued"])
