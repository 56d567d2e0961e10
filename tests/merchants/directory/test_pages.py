"""What managers keep on the pages, and what others only read."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from merchants.models import (
    ContactReveal,
    DataClause,
    Merchant,
    MerchantContact,
    MerchantContract,
    MerchantMerge,
    PartnerRequest,
    Store,
)
from portal.kit import clock
from portal.models import Staff
from tests.factories.merchants import (
    CategoryFactory,
    ContactFactory,
    ContractFactory,
    MerchantFactory,
    StoreFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
STORE = {"name": "西湖店", "division_id": "330106", "state": "open"}
PERSON = {"role": "owner", "name": "王小明", "phone": "138 0000 1234", "is_main": "on"}
CONTRACT = {
    "number": "HT-9", "signed_date": "2026-01-05", "first_date": "2026-01-10",
    "last_date": "2026-12-31", "notice_days": "30", "renewal": "talks",
}  # fmt: skip
CLAUSE = {"state": "talks", "purposes": ["redemption"]}
ENTRIES = [
    ("store", STORE, Store), ("contact", PERSON, MerchantContact),
    ("contract", CONTRACT, MerchantContract), ("clause", CLAUSE, DataClause),
]  # fmt: skip


@pytest.fixture
def me() -> Staff:
    return StaffFactory(role="relationship_manager", branch=BranchFactory())


@pytest.fixture
def shop(me: Staff) -> Merchant:
    return MerchantFactory(manager=me, branch=me.branch)


def found(client: Client, **asked: str) -> list[Merchant]:
    return list(client.get(reverse("merchant_list"), asked).context["page"].rows)


@pytest.mark.parametrize(("kind", "said", "model"), ENTRIES)
def test_its_manager_adds_what_hangs_on_a_merchant_and_a_colleague_does_not(
    client_of: ClientOf, me: Staff, shop: Merchant, kind: str, said: dict[str, str], model: type
) -> None:
    url = reverse("merchant_entry_new", args=[shop.number, kind])
    colleague = StaffFactory(role="relationship_manager", branch=me.branch)
    assert client_of(colleague).get(reverse("merchant_page", args=[shop.number])).status_code == 200
    assert client_of(colleague).post(url, said).status_code == 403
    assert model.objects.count() == 0  # type: ignore[attr-defined]
    answer = client_of(me).post(url, said)
    assert answer.status_code == 302, answer.context["form"].errors
    row = model.objects.get(merchant=shop)  # type: ignore[attr-defined]
    url = reverse("merchant_entry", args=[shop.number, kind, row.pk])
    assert client_of(me).get(url).status_code == 200
    assert client_of(colleague).get(url).status_code == 403


def test_a_refusal_of_the_database_is_a_sentence_of_the_form(
    client_of: ClientOf, me: Staff, shop: Merchant
) -> None:
    ContractFactory(merchant=shop)
    answer = client_of(me).post(
        reverse("merchant_entry_new", args=[shop.number, "contract"]), CONTRACT
    )
    assert (answer.status_code, MerchantContract.objects.count()) == (422, 1)
    assert len(answer.context["form"].non_field_errors()) == 1


def test_a_person_is_corrected_without_being_shown(
    client_of: ClientOf, me: Staff, shop: Merchant
) -> None:
    row = ContactFactory(merchant=shop, name="王小明", phone="13800001234")
    url = reverse("merchant_entry", args=[shop.number, "contact", row.pk])
    page = client_of(me).get(url).content.decode()
    assert not any(value in page for value in ("王小明", "13800001234"))
    sealed_before = bytes(row.phone_sealed)
    client_of(me).post(url, {"role": "finance", "email": "w@shop.example"})
    row.refresh_from_db()
    assert (row.role, row.name_masked, bytes(row.phone_sealed), row.email_masked) == (
        "finance", "王**", sealed_before, "w***@shop.example",
    )  # fmt: skip
    client_of(me).post(url, {"role": "finance", "no_phone": "on"})
    row.refresh_from_db()
    assert (row.phone_sealed, row.phone_masked, row.email_masked) == (
        None, "", "w***@shop.example",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "code"),
    [("330106", "330106"), ("330100", "3301"), ("桐庐", "330122"), ("浙江省杭州市西湖区", None)],
)
def test_a_place_is_chosen_by_code_or_by_a_name_that_one_has(
    client_of: ClientOf, me: Staff, shop: Merchant, typed: str, code: str | None
) -> None:
    url = reverse("merchant_entry_new", args=[shop.number, "store"])
    answer = client_of(me).post(url, {**STORE, "division_id": typed})
    if code is None:
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["division_id"])
    else:
        assert Store.objects.get().division_id == code


def test_divisions_are_offered_as_they_are_typed(client_of: ClientOf) -> None:
    answer = client_of("approver").get(reverse("merchant_divisions"), {"division_id": "西湖"})
    assert '<option value="330106">浙江省杭州市西湖区</option>' in answer.content.decode()
    empty = client_of("approver").get(reverse("merchant_divisions"))
    assert empty.content.decode().strip() == ""


def test_facts_are_corrected_by_the_manager(client_of: ClientOf, me: Staff, shop: Merchant) -> None:
    CategoryFactory()
    said = {
        "name": "山月", "category_id": "5812", "source": "manager", "division_code": "330106",
        "credit_code": "9144 0300 7084 6113 6t", "legal_name": "山月有限公司",
    }  # fmt: skip
    url = reverse("merchant_edit", args=[shop.number])
    wrong = client_of(me).post(url, {**said, "credit_code": "914403007084611360"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["credit_code"])
    assert client_of(me).post(url, said).status_code == 302
    shop.refresh_from_db()
    assert (shop.name, shop.credit_code) == ("山月", "91440300708461136T")


def test_the_branch_manager_assigns_within_the_branch(
    client_of: ClientOf, me: Staff, shop: Merchant
) -> None:
    chief = StaffFactory(role="branch_manager", branch=me.branch)
    other = StaffFactory(role="relationship_manager", branch=me.branch)
    stranger = StaffFactory(role="relationship_manager", branch=BranchFactory())
    url = reverse("merchant_assign", args=[shop.number])
    assert client_of(chief).post(url, {"manager": stranger.username}).status_code == 422
    assert client_of(chief).post(url, {"manager": other.username}).status_code == 302
    shop.refresh_from_db()
    assert shop.manager == other
    assert client_of(me).post(url, {"manager": me.username}).status_code == 403


def test_a_partner_is_proposed_once_all_is_there(
    client_of: ClientOf, me: Staff, shop: Merchant
) -> None:
    url = reverse("merchant_partner", args=[shop.number])
    assert len(client_of(me).get(url).context["lacks"]) == 2
    assert client_of(me).post(url, {"reason": "客流稳定"}).status_code == 422
    Merchant.objects.update(credit_code="91440300708461136T", legal_name="山月有限公司")
    ContactFactory(merchant=shop, is_main=True)
    assert client_of(me).post(url, {"reason": "客流稳定"}).status_code == 302
    assert PartnerRequest.objects.get().merchant == shop
    page = client_of(me).get(reverse("merchant_page", args=[shop.number]))
    assert page.context["card"].request is not None


@pytest.mark.django_db(transaction=True)
def test_a_value_is_shown_for_a_reason_and_to_who_sees_the_merchant(client_of: ClientOf) -> None:
    me = StaffFactory(role="relationship_manager", branch=BranchFactory())
    shop = MerchantFactory(branch=me.branch)
    row = ContactFactory(merchant=shop, phone="13800001234")
    url = reverse("contact_reveal", args=[shop.number, row.number, "phone"])
    prefix = f"phone-{row.pk}"
    said = {f"{prefix}-kind": "call", f"{prefix}-words": "核对明年合作条款"}
    assert "13800001234" not in client_of(me).get(url).content.decode()
    short = client_of(me).post(url, {**said, f"{prefix}-words": "电话"})
    assert (short.status_code, ContactReveal.objects.count()) == (409, 0)
    shown = client_of(me).post(url, said)
    assert "13800001234" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    stranger = StaffFactory(role="relationship_manager", branch=BranchFactory())
    assert client_of(stranger).post(url, said).status_code == 404
    assert client_of("analyst").post(url, said).status_code == 403
    assert ContactReveal.objects.get().actor == me


def test_the_list_is_narrowed_by_each_filter(client_of: ClientOf, me: Staff) -> None:
    client, branch = client_of("compliance"), BranchFactory(code="B7")
    on = clock.today()
    own = MerchantFactory(manager=me, division_code="330106", number="M1", is_partner=True)
    chain = MerchantFactory(number="M2", branch=branch, credit_code="91440300708461136T")
    StoreFactory(merchant=chain, division__code="440305")
    ends = MerchantFactory(number="M3", legal_name="云朵里有限公司")
    ContractFactory(
        merchant=ends, signed_date=on, first_date=on, last_date=on + dt.timedelta(days=30)
    )
    MerchantFactory(number="M4", merged_into=own)
    assert set(found(client)) == {own, chain, ends}
    for asked, rows in (
        ({"place": "33"}, [own]),
        ({"place": "3301"}, [own]),
        ({"place": "440305"}, [chain]),
        ({"branch": "B7"}, [chain]),
        ({"manager": me.username}, [own]),
        ({"partner": "yes"}, [own]),
        ({"ends": "30"}, [ends]),
        ({"text": "91440300708461136t"}, [chain]),
        ({"text": "云朵"}, [ends]),
        ({"ends": "30", "partner": "yes"}, []),
    ):
        assert found(client, **asked) == rows, asked
    MerchantContract.objects.update(last_date=on + dt.timedelta(days=31))
    assert found(client, ends="30") == []
    assert set(found(client, manager="-", partner="no")) == {chain, ends}


def test_two_are_merged_side_by_side_and_taken_apart(client_of: ClientOf, me: Staff) -> None:
    chief = StaffFactory(role="branch_manager", branch=me.branch)
    kept, merged = (
        MerchantFactory(branch=me.branch, name="山月", name_key="shanyue") for _number in range(2)
    )
    client = client_of(chief)
    groups = client.get(reverse("merchant_same_list")).context["groups"]
    assert [group.merchants for group, _pairs in groups] == [[kept, merged]]
    url = reverse("merchant_merge", args=[kept.number, merged.number])
    assert [one for one, _card in client.get(url).context["sides"]] == [kept, merged]
    assert client_of(me).get(url).status_code == 403
    assert client.post(url, {"reason": "同一家店"}).status_code == 302
    answer = client.get(reverse("merchant_page", args=[merged.number]))
    assert answer["Location"] == reverse("merchant_page", args=[kept.number])
    undo = reverse("merchant_merge_undo", args=[MerchantMerge.objects.get().pk])
    assert client.post(undo, {"reason": "是两家店"}).status_code == 302
    merged.refresh_from_db()
    assert merged.merged_into is None
    assert client.get(undo).status_code == 404


def test_an_outsider_can_merge_nothing_of_another_branch(client_of: ClientOf, me: Staff) -> None:
    chief = StaffFactory(role="branch_manager", branch=me.branch)
    kept, other = MerchantFactory(branch=me.branch), MerchantFactory()
    url = reverse("merchant_merge", args=[kept.number, other.number])
    assert client_of(chief).post(url, {"reason": "同一家店"}).status_code == 404
    assert MerchantMerge.objects.count() == 0
