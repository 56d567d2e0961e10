"""Two merchants that look alike and are two: told apart once, and shown again for new signs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from merchants.directory import operations, queries
from merchants.directory.rules import name_key
from merchants.models import Merchant, MerchantContact, MerchantMerge, MerchantsApart
from portal.audit.models import AuditEntry
from portal.kit import sealed
from portal.staff.access import Scope
from tests.factories.merchants import ContactFactory, MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
AT = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
CODE = "91440300708461136T"


def apart(one: Merchant, other: Merchant, **values: Any) -> MerchantsApart:
    return operations.tell_apart(
        one=one, other=other, **{"reason": "两家店", "actor": StaffFactory(), "at": AT, **values}
    )


def shown() -> list[tuple[list[str], list[Merchant], list[Merchant | None], int]]:
    groups = queries.groups_of_same(scope=Scope(branch_path=""))
    return [(group.whys, group.merchants, group.beside, group.count) for group in groups]


def named(name: str, **values: Any) -> Merchant:
    return MerchantFactory(name=name, name_key=name_key(name), **values)


def test_a_pair_told_apart_is_not_shown_again() -> None:
    one, two = named("山月餐饮有限公司"), named("山悦餐饮")
    for merchant in (one, two):
        ContactFactory(merchant=merchant, phone="13800001234")
    assert shown() == [(["name", "phone"], [one, two], [None, one], 2)]
    actor = StaffFactory()
    row = apart(two, one, actor=actor)
    persons = [one.contacts.get().pk, two.contacts.get().pk]
    assert (row.first, row.second, row.name_key, row.credit_code, row.phones) == (
        one, two, one.name_key, "", [f"{persons[0]}-{persons[1]}"],
    )  # fmt: skip
    assert shown() == []
    entry = AuditEntry.objects.get(action="merchant.told_apart")
    assert (entry.actor, entry.reason, entry.target_key, entry.changes) == (
        actor, "两家店", str(one.pk), {"other": two.number, "signs": ["name", "phone"]},
    )  # fmt: skip


def _same_code(one: Merchant, two: Merchant) -> None:
    Merchant.objects.filter(pk__in=[one.pk, two.pk]).update(credit_code=CODE)


def _same_phone(one: Merchant, two: Merchant) -> None:
    for merchant in (one, two):
        ContactFactory(merchant=merchant, phone="13900001234")


def _new_name(one: Merchant, two: Merchant) -> None:
    Merchant.objects.filter(pk__in=[one.pk, two.pk]).update(name_key="yunduoli")


def _other_person(one: Merchant, two: Merchant) -> None:
    """A second person comes to the number that was told of before."""
    person = two.contacts.get()
    MerchantContact.objects.filter(pk=person.pk).update(left_date=dt.date(2026, 4, 1))
    ContactFactory(merchant=two, phone="13800001234")


@pytest.mark.parametrize(
    ("change", "whys"),
    [
        (_same_code, ["credit_code"]),
        (_same_phone, ["phone"]),
        (_new_name, ["name"]),
        (_other_person, ["phone"]),
    ],
)
def test_it_is_shown_again_for_what_nobody_has_seen(
    change: Callable[[Merchant, Merchant], None], whys: list[str]
) -> None:
    one, two = named("山月"), named("山悦")
    for merchant in (one, two):
        ContactFactory(merchant=merchant, phone="13800001234")
    apart(one, two)
    assert shown() == []
    change(one, two)
    assert shown() == [(whys, [one, two], [None, one], 2)]
    apart(one, two)
    assert shown() == []


def test_what_was_seen_may_go_and_come_back_and_keys_may_change() -> None:
    one, two = named("山月"), named("山悦")
    persons = [ContactFactory(merchant=merchant, phone="13800001234") for merchant in (one, two)]
    apart(one, two)
    Merchant.objects.filter(pk=two.pk).update(name_key="yunduoli")
    assert shown() == []
    Merchant.objects.filter(pk=two.pk).update(name_key=one.name_key)
    # Under other keys both persons have another index, and one phone as before.
    index = sealed.blind_index("13900009999", "merchantcontact.phone")
    MerchantContact.objects.filter(pk__in=[row.pk for row in persons]).update(phone_index=index)
    assert shown() == []


def test_of_three_those_that_nobody_told_apart_stay() -> None:
    one, two, three = named("山月"), named("山月"), named("山月")
    apart(one, two)
    assert shown() == [(["name"], [one, two, three], [None, None, one], 3)]
    apart(one, three)
    assert shown() == [(["name"], [two, three], [None, two], 2)]
    apart(two, three)
    assert shown() == []


def test_what_cannot_be_told_apart_is_refused_with_a_sentence() -> None:
    one, two, other = named("山月"), named("山月"), named("云朵里")
    gone = named("山月", merged_into=two)
    for pair, words, match in (
        ((one, other), "两家店", "Nothing speaks"),
        ((one, gone), "两家店", "merged already"),
        ((one, one), "两家店", "from itself"),
        ((one, two), " ", "Give a reason"),
    ):
        with translation.override("en"), pytest.raises(operations.DirectoryRefused, match=match):
            apart(*pair, reason=words)
    assert MerchantsApart.objects.count() == 0


def test_the_page_tells_apart_and_says_who_did(client_of: ClientOf) -> None:
    branch = BranchFactory()
    chief = StaffFactory(role="branch_manager", branch=branch)
    one, two = named("山月", branch=branch), named("山月", branch=branch)
    elsewhere = named("山月")
    client = client_of(chief)
    url = reverse("merchant_merge", args=[one.number, two.number])
    assert client.post(url, {"reason": "", "apart": "1"}).status_code == 422
    answer = client.post(url, {"reason": "两个城市的两家店", "apart": "1"})
    assert answer["Location"] == reverse("merchant_same_list")
    row = MerchantsApart.objects.get()
    assert (row.by, row.reason, MerchantMerge.objects.count()) == (chief, "两个城市的两家店", 0)
    page = client.get(reverse("merchant_same_list"))
    assert (page.context["groups"], page.context["told_apart"]) == ([], [row])
    assert client.get(url).context["told"] == [row]
    other = reverse("merchant_merge", args=[one.number, elsewhere.number])
    assert client.post(other, {"reason": "两个城市的两家店", "apart": "1"}).status_code == 404
    assert client.post(url, {"reason": "还是一家店"}).status_code == 302
    page = client.get(reverse("merchant_same_list"))
    assert (page.context["groups"], page.context["told_apart"]) == ([], [])
