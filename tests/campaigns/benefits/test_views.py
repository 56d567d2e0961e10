"""The desk where benefits are used, and what became of them, as people see it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from campaigns.benefits import operations as benefits
from campaigns.benefits import queries
from campaigns.benefits.forms import FindForm, UndoForm
from campaigns.models import Benefit, BenefitEntry, UsedBefore
from journeys.models import ExactSearch
from portal.kit import clock
from portal.staff.access import Scope
from tests.executing import executes
from tests.factories import benefits as made
from tests.factories.journeys import CardFactory, CustomerFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import used_card
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


@pytest.fixture
def clerk() -> Any:
    return StaffFactory(role="branch_manager", branch=BranchFactory())


@pytest.fixture
def row(clerk: Any) -> Benefit:
    """A benefit of a customer of the branch that can be used today."""
    card = used_card(customer=CustomerFactory(branch=clerk.branch, phone=PHONE))
    found = made.given(made.version_of_lounge(), card)
    return _that_lasts(found)


def _that_lasts(found: Benefit) -> Benefit:
    """The same customer's benefit that was granted today."""
    grant = row_of("campaigns.Grant", card=found.grant.card, run=found.grant.run, reward="lounge",
                   slot="lounge", granted_date=clock.today())  # fmt: skip
    end = clock.today() + dt.timedelta(days=5)
    return row_of("campaigns.Benefit", grant=grant, uses=2, end_date=end)


def sent(found: Benefit, **fields: Any) -> dict[str, Any]:
    values = {"used_date": str(clock.today()), "units": "1", "left": str(found.left), **fields}
    return {f"b{found.pk}-{name}": value for name, value in values.items()}


@executes(FindForm, "text")
@pytest.mark.parametrize("way", ["number", "card", "phone"])
def test_a_customer_is_found_and_a_full_phone_is_counted(
    client_of: Any, clerk: Any, row: Benefit, way: str
) -> None:
    row_of("journeys.RevealRule")
    texts = {"number": row.customer.number, "card": row.grant.card.reference, "phone": PHONE}
    answer = client_of(clerk).post(reverse("benefit_desk"), {"text": texts[way]})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("benefit_customer", args=[row.customer.number])
    assert ExactSearch.objects.count() == (way == "phone")


def test_without_a_rule_no_phone_is_looked_for(client_of: Any, clerk: Any, row: Benefit) -> None:
    answer = client_of(clerk).post(reverse("benefit_desk"), {"text": PHONE})
    assert answer.status_code == 422
    assert PHONE in answer.content.decode(), "what was typed stays"


@pytest.mark.parametrize("text", ["", "C9", "K9"])
def test_nobody_is_found_and_that_is_said(client_of: Any, clerk: Any, text: str) -> None:
    client = client_of(clerk)
    assert client.post(reverse("benefit_desk"), {"text": text}).status_code == 422


def test_another_branches_customer_is_not_found(client_of: Any, clerk: Any) -> None:
    card = CardFactory(customer__branch=BranchFactory())
    client = client_of(clerk)
    for text in (card.customer.number, card.reference):
        assert client.post(reverse("benefit_desk"), {"text": text}).status_code == 422


@executes(UndoForm, "reason")
def test_a_use_is_recorded_with_a_partner_and_undone(
    client_of: Any, clerk: Any, row: Benefit
) -> None:
    client, page = client_of(clerk), reverse("benefit_customer", args=[row.customer.number])
    shown = client.get(page)
    (line,) = shown.context["in_hand"]
    assert line[0].days_left == 5
    use = reverse("benefit_use", args=[row.pk])
    assert client.post(use, sent(row, place="一号航站楼")).status_code == 302
    row.refresh_from_db()
    entry = BenefitEntry.objects.get()
    assert (row.left, entry.place, entry.recorded_by) == (1, "一号航站楼", clerk)
    undo = reverse("benefit_undo", args=[entry.pk])
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert client.post(undo, {"reason": "记错"}).status_code == 302
    assert client.post(undo, {"reason": "记错"}).status_code == 422
    row.refresh_from_db()
    assert row.left == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"left": "1"},  # somebody was faster
        {"units": "3"},
        {"units": "0"},
        {"used_date": "2020-01-01"},
        {"used_date": "gestern"},
        {"reference": "V1"},  # of nobody
        {"partner": "1"},
    ],
)
def test_what_cannot_be_recorded_gets_a_sentence_and_stays_typed(
    client_of: Any, clerk: Any, row: Benefit, fields: dict[str, str]
) -> None:
    values = sent(row, **{"place": "一号航站楼"} | fields)
    answer = client_of(clerk).post(reverse("benefit_use", args=[row.pk]), values)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "一号航站楼" in text
    assert answer.context["refused"].errors
    assert BenefitEntry.objects.count() == 0


def test_an_empty_hand_says_what_to_do(client_of: Any, clerk: Any) -> None:
    customer = CustomerFactory(branch=clerk.branch)
    page = client_of(clerk).get(reverse("benefit_customer", args=[customer.number]))
    assert (page.context["in_hand"], page.context["late"], page.context["over"]) == ([], [], [])
    assert "empty-message" in page.content.decode()


def test_what_is_over_is_shown_apart(client_of: Any, clerk: Any, row: Benefit) -> None:
    page = reverse("benefit_customer", args=[row.customer.number])
    context = client_of(clerk).get(page).context
    # That of June ended in July; a use of before could still be recorded.
    assert [one.row.pk for one, _form in context["in_hand"]] == [row.pk]
    assert [one.stands.uses for one, _form in context["late"]] == [made.USES]


def test_the_list_counts_by_campaign(client_of: Any) -> None:
    version, clerk = made.version_of_lounge(), StaffFactory(role="branch_manager")
    first, second, _third = (made.given(version) for _number in range(3))
    partner = MerchantFactory()
    made.use(first, clerk, merchant_id=partner.pk, reference="V1", units=2)
    made.use(second, clerk)
    at = dt.datetime.combine(made.LAST + made.DAY, dt.time(4), tzinfo=dt.UTC)
    benefits.expire_benefits(on=made.LAST + made.DAY, at=at)
    benefits.record_use(
        benefit_id=second.pk, used_date=made.LAST, scope=Scope(branch_path=""), actor=clerk, at=at
    )
    (line,) = queries.figures()
    found = (line.grants, line.uses, line.used, line.expired, line.left, line.taken_back)
    assert found == (3, 9, 4, 4, 1, 0)
    assert (line.unused, line.used_percent) == (Decimal(120), 44)
    page = client_of("campaign_manager").get(reverse("benefit_list"))
    assert [one for one, _unused in page.context["lines"]] == [line]


def test_a_lost_one_is_told_on_the_home_page_and_settled(client_of: Any) -> None:
    benefit = row_of("campaigns.Benefit")
    used = row_of("campaigns.BenefitEntry", benefit=benefit, customer=benefit.customer)
    lost = row_of("campaigns.UsedBefore", benefit=benefit)
    client = client_of("campaign_manager")
    assert reverse("benefit_lost") in client.get(reverse("home")).content.decode()
    page = reverse("benefit_settle", args=[lost.pk])
    # Who settles it reads first what happened, and undoes nothing from here.
    shown = client.get(page).content.decode()
    assert reverse("customer_page", args=[benefit.customer.number]) in shown
    assert used.used_date.isoformat() in shown
    assert reverse("benefit_undo", args=[used.pk]) not in shown
    assert client.post(page, {"outcome": "paid", "words": ""}).status_code == 422
    assert client.post(page, {"outcome": "restored", "words": "退还"}).status_code == 422
    assert client.post(page, {"outcome": "paid", "words": "已补款"}).status_code == 302
    assert UsedBefore.objects.get().outcome == "paid"
    assert reverse("benefit_lost") not in client.get(reverse("home")).content.decode()
    assert "已补款" in client.get(reverse("benefit_lost")).content.decode()
