"""Rows of member benefits."""

from decimal import Decimal
from typing import Any

from django.db.models import Model

from journeys.models import Card, Customer
from tests.factories import journeys, merchants, portal
from tests.project.making import DAY, INSTANT, code, insert, lazy, row_of


def benefit(**values: Any) -> Model:
    """A benefit of its holder's own grant."""
    grant = values.pop("grant", None)
    if grant is None:
        holder = values.get("customer") or journeys.CustomerFactory()
        card = Card.objects.filter(customer=holder).first() or journeys.CardFactory(
            customer=holder, application__customer=holder, activated_date=DAY, first_used_date=DAY
        )
        grant = row_of("campaigns.Grant", card=card)
    values = {"uses": 2, "left": values.get("uses", 2)} | values
    return insert(
        "campaigns.Benefit", values, grant=grant, campaign=grant.campaign,
        customer=grant.customer, from_date=grant.granted_date,
    )  # fmt: skip


def benefit_entry(**values: Any) -> Model:
    """A use of a benefit."""
    benefit = values.pop("benefit", None) or row_of("campaigns.Benefit")
    usual = {"kind": "use", "units": -1, "used_date": DAY, "at": INSTANT}
    return insert(
        "campaigns.BenefitEntry", values, benefit=benefit, customer=benefit.customer, **usual
    )


def used_before(**values: Any) -> Model:
    """A benefit that was used before it was lost."""
    if values.get("words"):
        settled = {"outcome": "waived", "settled_by": portal.StaffFactory, "settled_at": INSTANT}
        values = settled | values
    return insert(
        "campaigns.UsedBefore", values, benefit=lazy("campaigns.Benefit"), used=1,
        worth=Decimal(10), noted_at=INSTANT,
    )  # fmt: skip


def partner_use(**values: Any) -> Model:
    """A use as a partner's file told it."""
    benefit = values.pop("benefit", None) or row_of("campaigns.Benefit")
    return insert(
        "campaigns.PartnerUse", values, benefit=benefit, customer=benefit.customer, partner=code,
        reference=code, merchant=merchants.MerchantFactory, used_date=DAY, units=1,
    )  # fmt: skip


def benefit_count(**values: Any) -> Model:
    """What was counted of a reward."""
    return insert(
        "campaigns.BenefitCount", values, campaign=lazy("campaigns.Campaign"), reward="lounge",
        grants=1, uses=2,
    )  # fmt: skip


def trial_grant(**values: Any) -> Model:
    """What a back-test gave on an evening."""
    return insert(
        "campaigns.TrialGrant", values, run=lazy("campaigns.Run"),
        customer=journeys.CustomerFactory, branch=portal.head_office, reward="first-gift",
        amount=Decimal(10), granted_date=DAY,
    )  # fmt: skip


def known_benefit(number: int, holder: str) -> None:
    """A benefit of this number, whose holder has that customer number."""
    found: Any = row_of("campaigns.Benefit", pk=number)
    Customer.objects.filter(pk=found.customer_id).update(number=holder)
