"""Each field of the desk where benefits are used, and each way to settle one that was lost."""

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from campaigns.benefits import queries
from campaigns.benefits.enums import CHOSEN
from campaigns.benefits.forms import SettleForm, UseForm
from campaigns.models import Benefit, BenefitEntry, UsedBefore
from campaigns.rewards import operations as rewards
from merchants.models import Merchant
from tests.campaigns.benefits.test_operations import ISSUED, refund, undone_by_refund
from tests.executing import executes
from tests.factories import benefits as made
from tests.factories.benefits import DAY
from tests.factories.portal import StaffFactory
from tests.factories.rewards import AT, ON, used_card, version_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _days_later() -> Any:
    with time_machine.travel(AT + 5 * DAY, tick=False):
        yield


@executes(UseForm, "partner", "place", "reference", "used_date", "units", "left")
def test_a_use_is_recorded_as_it_was_typed(client_of: Any) -> None:
    budget = {"total": "9000.00", "shares": {"bank": "50.00", "M1": "50.00"}}
    row = made.given(version_with(made.lounge(), budget=budget))
    partner = Merchant.objects.get(number="M1")
    client = client_of(clerk := StaffFactory(role="branch_manager"))
    values = {
        "partner": str(partner.pk), "place": "一号航站楼", "reference": "V1",
        "used_date": (ON + 2 * DAY).isoformat(), "units": "2", "left": str(row.left),
    }  # fmt: skip
    sent = {f"b{row.pk}-{name}": value for name, value in values.items()}
    assert client.post(reverse("benefit_use", args=[row.pk]), sent).status_code == 302
    entry = BenefitEntry.objects.get()
    assert (entry.merchant, entry.place, entry.reference, entry.used_date, entry.units) == (
        partner, "一号航站楼", "V1", ON + 2 * DAY, -2,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.left, entry.recorded_by, entry.at) == (1, clerk, AT + 5 * DAY)
    # Sent once more, as the page showed it: somebody was faster.
    again = client.post(reverse("benefit_use", args=[row.pk]), sent)
    assert (again.status_code, BenefitEntry.objects.count()) == (422, 1)
    shown = client.get(reverse("benefit_customer", args=[row.customer.number])).content.decode()
    assert [word in shown for word in ("一号航站楼", partner.label)] == [True, True]


@executes(SettleForm, "words", outcome="outcome")
@pytest.mark.parametrize(("outcome", "left"), list(zip(CHOSEN, (0, 0, 2), strict=True)))
def test_each_way_to_settle_a_lost_benefit_does_what_it_says(
    client_of: Any, outcome: str, left: int
) -> None:
    row: Benefit = undone_by_refund(used_card(issued_date=ISSUED), made.version_of_lounge())
    made.use(row, StaffFactory(role="branch_manager"))
    refund(row)
    rewards.reopen_grants(on=ON, at=AT)
    lost, client = UsedBefore.objects.get(), client_of("campaign_manager")
    page = reverse("benefit_settle", args=[lost.pk])
    assert client.post(page, {"outcome": outcome, "words": "客户同意"}).status_code == 302
    lost.refresh_from_db()
    row.refresh_from_db()
    assert (lost.outcome, lost.words, row.left) == (outcome, "客户同意", left)
    on = ON + 5 * DAY
    (held,) = queries.held_by(row.customer_id, on=on)
    assert held.is_in_hand == bool(left)
    # What is settled is settled; the next is another's.
    assert client.post(page, {"outcome": "paid", "words": "再来"}).status_code == 422
    assert "客户同意" in client.get(reverse("benefit_lost")).content.decode()
