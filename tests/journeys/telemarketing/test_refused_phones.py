"""No lead whose phone somebody refused to be called on is handed out."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from journeys.contact import operations as contact
from journeys.customers import queries as customers
from journeys.models import Customer, Lead
from journeys.rights import operations as rights
from journeys.telemarketing import operations, panels, queries
from journeys.telemarketing.enums import LeadAnswer
from portal.audit.models import AuditEntry
from portal.models import Staff
from portal.staff.access import scope_of
from tests.factories.journeys import INSTANT, CustomerFactory, LeadFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rights import allowed
from tests.journeys.telemarketing.test_operations import record
from tests.journeys.telemarketing.test_views import _request

pytestmark = pytest.mark.django_db

PHONE, OTHER = "15400000001", "15400000002"
EMAIL = "wang@mail.example.cn"


def refuse(customer: Customer) -> None:
    contact.record_do_not_contact(
        customer_id=customer.pk, words="别打了", source="call", actor=None, at=INSTANT
    )


@pytest.mark.parametrize("is_erased", [False, True])
def test_a_lead_with_a_refused_phone_is_not_taken_in_and_told_so(is_erased: bool) -> None:
    customer, branch = CustomerFactory(phone=PHONE), BranchFactory().pk
    refuse(customer)
    if is_erased:
        rights.carry_out(erasure_id=allowed(customer).pk, at=INSTANT)
    records = [
        record(number="L1", phone=PHONE, branch_id=branch),
        record(number="L2", phone=OTHER, branch_id=branch),
        record(number="L3", phone="", branch_id=branch),
        record(number="L2", phone=OTHER, branch_id=branch),
    ]
    loaded = operations.load_leads(records=records, at=INSTANT)
    assert loaded.answers == [
        ("L1", LeadAnswer.NOT_TO_BE_CONTACTED), ("L2", LeadAnswer.TAKEN),
        ("L3", LeadAnswer.TAKEN), ("L2", LeadAnswer.KNOWN),
    ]  # fmt: skip
    assert loaded.count(LeadAnswer.TAKEN) == 2
    assert sorted(Lead.objects.values_list("number", flat=True)) == ["L2", "L3"]
    entry = AuditEntry.objects.get(action="leads.loaded")
    assert entry.changes == {"known": 1, "not_to_be_contacted": 1, "taken": 2}


def test_a_lead_has_the_hash_of_its_phone() -> None:
    operations.load_leads(records=[record(phone=PHONE)], at=INSTANT)
    assert bytes(Lead.objects.get().callee or b"") == customers.callee_of(PHONE)


def refused_leads() -> tuple[list[Lead], list[Lead], Staff]:
    """Leads of one owner against whom words stand that were said later, and others."""
    here = BranchFactory()
    owner = StaffFactory(role="telemarketer", branch=here, language="en")
    own = CustomerFactory(branch=here)
    alike = [CustomerFactory(email=EMAIL, branch=here) for _place in range(2)]
    owned: dict[str, Any] = {"branch": here, "owner": owner}
    barred = [
        LeadFactory(phone=PHONE, **owned),
        LeadFactory(customer=own, **owned),
        LeadFactory(customer=alike[0], **owned),
        LeadFactory(phone=PHONE, branch=here),
    ]
    # A phone alone binds by the phone: not by what its holder shares with others.
    free = [
        LeadFactory(phone=OTHER, **owned),
        LeadFactory(**owned),
        LeadFactory(branch=here),
    ]
    assert list(queries.list_leads(scope=scope_of(owner), at=INSTANT).filter(is_refused=True)) == []
    for one in (CustomerFactory(phone=PHONE, branch=here), own, alike[1]):
        refuse(one)
    return barred, free, owner


def test_who_refuses_later_is_marked_and_handed_to_nobody() -> None:
    barred, free, owner = refused_leads()
    scope = scope_of(owner)
    rows = queries.list_leads(scope=scope, at=INSTANT)
    assert {row.pk for row in rows if row.is_refused} == {lead.pk for lead in barred}
    assert set(queries.callable_leads(scope=scope, at=INSTANT)) == set(free)
    assert queries.free_leads(scope=scope, at=INSTANT) == 1
    assert queries.counts_of_owner(staff_id=owner.pk, at=INSTANT) == {"new": 2}
    assert queries.refused_of_owner(staff_id=owner.pk) == 3
    found = panels.my_leads(_request(owner))
    assert found is not None
    assert (found["refused"], found["free"]) == (3, 1)
    assert {lead.pk for lead in found["leads"]} == {lead.pk for lead in free[:2]}


def test_the_list_and_the_home_page_say_so(client_of: Callable[..., Client]) -> None:
    barred, _free, owner = refused_leads()
    client = client_of(owner)
    text = client.get(reverse("lead_list")).content.decode()
    assert text.count("Not to be contacted") == len(barred)
    assert "Not to be contacted" in client.get("/").content.decode()
    assert text.count("text-bg-info") == 3


def test_the_list_asks_no_more_questions_for_them(
    client_of: Callable[..., Client], django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    _barred, _free, owner = refused_leads()
    client = client_of(owner)
    client.get(reverse("lead_list"))
    with django_assert_max_num_queries(12) as first:
        client.get(reverse("lead_list"))
    LeadFactory(phone=PHONE, branch=owner.branch, owner=owner)
    with django_assert_num_queries(len(first)):
        client.get(reverse("lead_list"))


def test_the_migration_gives_every_lead_its_hash() -> None:
    filling = importlib.import_module("journeys.migrations.0103_callees_of_leads_filled")
    lead, silent = LeadFactory(phone=PHONE), LeadFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journeys_lead DROP CONSTRAINT lead_phone_with_callee")
    Lead.objects.update(callee=None)
    filling.fill(None, None)
    lead.refresh_from_db()
    silent.refresh_from_db()
    assert (bytes(lead.callee), silent.callee) == (customers.callee_of(PHONE), None)
    broken = LeadFactory(phone=OTHER)
    Lead.objects.filter(pk=broken.pk).update(phone_sealed=b"\x09" + bytes(40), callee=None)
    with pytest.raises(filling.Unopened, match=rf"1 phones .* rows {broken.pk} of"):
        filling.fill(None, None)
