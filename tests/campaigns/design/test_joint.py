"""A campaign is proposed from what cards are used for at a partner, and can be traced to it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.design.rules import starts
from campaigns.models import Draft
from merchants.partnerships import operations as partnerships
from portal.kit import clock, fewest
from portal.models import AuditEntry
from tests.factories import negotiation
from tests.factories import partnerships as made
from tests.factories.journeys import CardFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def paid_there(merchant_id: int, customers: int) -> None:
    """So many customers paid there in the last three months."""
    month = (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    row_of(
        "merchants.MerchantReach", merchant_id=merchant_id, month=month, part="quarter",
        customers=customers, purchases=3 * customers, amount=Decimal(customers * 100),
        largest=Decimal(300),
    )  # fmt: skip


def test_a_draft_begins_with_what_is_known_at_the_partner(client_of: ClientOf) -> None:
    talks = negotiation.in_stage("review", on=clock.today() - dt.timedelta(days=30))
    row = talks.partnership
    paid_there(row.merchant_id, 1_234)
    client = client_of("campaign_manager")
    part = client.get(
        reverse("partnership_returns", args=[row.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    address = reverse("design_joint", args=[row.pk])
    assert f'action="{address}"' in part
    answer = client.post(address)
    draft = Draft.objects.get()
    assert answer["Location"] == reverse("design_basics", args=[draft.pk])
    number, content = row.merchant.number, draft.content
    assert (content["merchants"], content["scenario"], content["control_percent"]) == (
        [number], row.merchant.category.scenario, 10,
    )  # fmt: skip
    share = talks.signed.offer.cost_share
    assert content["budget"]["shares"] == {
        "bank": f"{share:.2f}", number: f"{100 - share:.2f}",
    }  # fmt: skip
    claims = [one["claim"] for one in content["evidence"]]
    assert claims == ["触达客户数 1,234"]
    trail = AuditEntry.objects.get(action="campaign_draft.started")
    assert (trail.changes["merchant"], trail.changes["customers"]) == (number, "1234")
    for page in ("basics", "audience", "budget", "texts", "review"):
        assert client.get(reverse(f"design_{page}", args=[draft.pk])).status_code == 200


def test_so_few_that_they_could_be_single_persons_speak_for_nothing(client_of: ClientOf) -> None:
    row = made.begun(on=clock.today() - dt.timedelta(days=20))
    paid_there(row.merchant_id, 4)
    client_of("campaign_manager").post(reverse("design_joint", args=[row.pk]))
    assert Draft.objects.get().content["evidence"] == []


def test_a_count_of_single_persons_is_no_evidence_and_stays_out_of_the_trail(
    client_of: ClientOf,
) -> None:
    row = made.begun(on=clock.today() - dt.timedelta(days=20))
    won = clock.today() - dt.timedelta(days=10)

    def wins() -> None:
        CardFactory(application__merchant=row.merchant, issued_date=won)

    address = reverse("design_joint", args=[row.pk])
    for _number in range(fewest.FEWEST - 1):
        wins()
    client = client_of("campaign_manager")
    client.post(address)
    assert Draft.objects.get().content["evidence"] == []
    changes = AuditEntry.objects.get(action="campaign_draft.started").changes
    told = {name: changes.get(name) for name in ("new_cards", "customers", "turnover")}
    assert told == {"new_cards": None, "customers": None, "turnover": None}
    wins()
    client.post(address)
    claims = [one["claim"] for one in Draft.objects.latest("id").content["evidence"]]
    assert claims == ["在该商户获得的新卡 5"]


@pytest.mark.parametrize(("share", "borne"), [
    ("0", {"{number}": "100.00"}), ("33.33", {"bank": "33.33", "{number}": "66.67"}),
    ("100", None),
])  # fmt: skip
def test_costs_are_shared_as_was_signed_also_where_one_side_bears_all(
    share: str, borne: dict[str, str] | None
) -> None:
    number = "M7"
    content = starts.joint(
        starts.begun("", on=clock.today(), products=[], templates=[]), number=number,
        scenario="dining", bank_share=Decimal(share), claims=[], until=clock.today(),
    )  # fmt: skip
    expected = borne and {party.format(number=number): part for party, part in borne.items()}
    assert content["budget"].get("shares") == expected


def test_with_a_partnership_that_ended_nothing_is_begun(client_of: ClientOf) -> None:
    row = made.begun(on=clock.today() - dt.timedelta(days=20))
    partnerships.change_phase(
        partnership_id=row.pk, to="ended", after=1, reason="停业", actor=row.manager,
        at=clock.now(),
    )  # fmt: skip
    client = client_of("campaign_manager")
    answer = client.post(reverse("design_joint", args=[row.pk]))
    assert answer["Location"] == reverse("partnership_page", args=[row.pk])
    assert Draft.objects.count() == 0
    part = client.get(reverse("partnership_returns", args=[row.pk]), headers={"HX-Request": "true"})
    assert part.context["begins"] is None
