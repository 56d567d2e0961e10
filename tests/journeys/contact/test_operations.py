"""Reservations, consent, refusals and rules."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.enums import GateAnswer, PauseKind
from journeys.contact.models import Consent, Contact, ContactRule, DoNotContact, MarketingPause
from journeys.contact.rules import GateVerdict
from journeys.customers.models import Customer
from portal.kit.personal import ERASED
from portal.models import AuditEntry
from tests.factories.journeys import (
    INSTANT,
    ConsentFactory,
    ConsentTextFactory,
    ContactRuleFactory,
    CustomerFactory,
)
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def reserve(
    *customer_ids: int,
    channels: tuple[str, ...] = ("sms",),
    key: str = "A:qualified",
    at: dt.datetime = INSTANT,
    purpose: str = "marketing",
) -> list[GateVerdict]:
    return contact.reserve_contacts(
        customer_ids=customer_ids,
        purpose=purpose,
        channels=channels,
        origin="campaign:A:v1",
        dedup_key=key,
        at=at,
    )


def test_a_reservation_is_written_once_for_a_cause() -> None:
    ContactRuleFactory()
    customer = ConsentFactory().customer
    first = reserve(customer.pk, customer.pk)
    assert first == [GateVerdict(customer.pk, GateAnswer.OPEN, "sms", INSTANT)]
    again = reserve(customer.pk)
    assert again == [GateVerdict(customer.pk, GateAnswer.ALREADY, "", None)]
    row = Contact.objects.get()
    assert (row.customer_id, row.channel, row.purpose, row.at, row.origin, row.dedup_key) == (
        customer.pk, "sms", "marketing", INSTANT, "campaign:A:v1", "A:qualified",
    )  # fmt: skip


def test_asking_writes_nothing_and_answers_the_same() -> None:
    ContactRuleFactory()
    customers = [ConsentFactory().customer, CustomerFactory()]
    ids = [customer.pk for customer in reversed(customers)]
    asked = queries.ask_gate(
        customer_ids=ids,
        purpose="marketing",
        channels=["sms"],
        dedup_key="A:qualified",
        at=INSTANT,
    )
    assert Contact.objects.count() == 0
    assert asked == reserve(*ids)
    assert [verdict.answer for verdict in asked] == ["open", "no_consent"]


def test_an_unknown_channel_or_purpose_is_refused() -> None:
    customer = CustomerFactory()
    with pytest.raises(contact.UnknownQuestion):
        reserve(customer.pk, channels=("fax",))
    with pytest.raises(contact.UnknownQuestion):
        reserve(customer.pk, purpose="fun")
    assert Contact.objects.count() == 0


def test_a_released_contact_frees_its_place_but_not_its_cause() -> None:
    ContactRuleFactory(day_cap=1)
    customer = ConsentFactory().customer
    reserve(customer.pk)
    assert reserve(customer.pk, key="B")[0].answer == GateAnswer.CAP_REACHED
    contact.release_contacts(causes=[(customer.pk, "A:qualified")], at=INSTANT)
    assert reserve(customer.pk)[0].answer == GateAnswer.ALREADY
    assert reserve(customer.pk, key="B")[0].answer == GateAnswer.OPEN


def test_a_moved_contact_counts_where_it_is_now() -> None:
    ContactRuleFactory(day_cap=1)
    customer = ConsentFactory().customer
    reserve(customer.pk)
    contact.move_contacts(causes=[(customer.pk, "A:qualified")], at=INSTANT + dt.timedelta(hours=2))
    day_later = INSTANT + dt.timedelta(hours=24)
    assert reserve(customer.pk, key="B", at=day_later)[0].answer == GateAnswer.CAP_REACHED


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM journeys_contact",
        "UPDATE journeys_contact SET dedup_key = 'x'",
        "UPDATE journeys_contact SET purpose = 'service'",
        "UPDATE journeys_contact SET released_at = NULL",
    ],
)
def test_the_ledger_refuses_other_changes(sql: str) -> None:
    ContactRuleFactory()
    customer = ConsentFactory().customer
    reserve(customer.pk)
    contact.release_contacts(causes=[(customer.pk, "A:qualified")], at=INSTANT)
    before = Contact.objects.values().get()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Contact.objects.values().get() == before


def test_consent_and_its_withdrawal_are_added_and_audited() -> None:
    staff, customer = StaffFactory(), CustomerFactory()
    contact.record_consent(
        customer_id=customer.pk,
        text_id=ConsentTextFactory().pk,
        channel="sms",
        evidence="branch form 12",
        actor=staff,
        at=INSTANT,
    )
    contact.withdraw_consent(
        customer_id=customer.pk,
        purpose="marketing",
        channel="sms",
        evidence="SMS: R",
        actor=None,
        at=INSTANT + dt.timedelta(seconds=1),
    )
    assert list(
        Consent.objects.order_by("pk").values_list("is_granted", "text__code", "evidence")
    ) == [(True, "marketing", "branch form 12"), (False, None, "SMS: R")]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "target_key")) == [
        ("consent.given", str(customer.pk)),
        ("consent.withdrawn", str(customer.pk)),
    ]


def test_consent_needs_a_known_customer_purpose_and_channel() -> None:
    said = {"text_id": ConsentTextFactory().pk, "evidence": "e", "actor": None, "at": INSTANT}
    with pytest.raises(contact.UnknownCustomer):
        contact.record_consent(customer_id=0, channel="sms", **said)
    for channel in ("fax", ""):
        with pytest.raises(contact.UnknownQuestion):
            contact.record_consent(customer_id=CustomerFactory().pk, channel=channel, **said)
    with pytest.raises(contact.TextNotAllowed):
        contact.record_consent(
            customer_id=CustomerFactory().pk, channel="sms", **{**said, "text_id": 0}
        )
    assert (Consent.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_statements_are_kept_with_their_numbers_masked() -> None:
    customer, text = CustomerFactory(), ConsentTextFactory()
    said = {"customer_id": customer.pk, "channel": "sms", "actor": None, "at": INSTANT}
    contact.record_consent(text_id=text.pk, evidence="电13812345678", **said)
    contact.withdraw_consent(
        purpose="marketing", evidence="a@b.cn " * 28 + "13812345678"[:3], **said
    )
    contact.record_do_not_contact(
        customer_id=customer.pk, words="别打13812345678了", source="call", actor=None, at=INSTANT
    )
    kept = "电138****5678", ("a***@b.cn " * 28)[:200]
    assert tuple(Consent.objects.order_by("pk").values_list("evidence", flat=True)) == kept
    assert DoNotContact.objects.get().words == "别打138****5678了"
    reasons = list(AuditEntry.objects.order_by("pk").values_list("reason", flat=True))
    assert reasons == [*kept, "别打138****5678了"]


def test_nothing_is_written_about_a_person_who_was_erased() -> None:
    customer, text = CustomerFactory(name=ERASED), ConsentTextFactory()
    who = {"customer_id": customer.pk, "actor": None, "at": INSTANT}
    calls = [
        lambda: contact.record_consent(text_id=text.pk, channel="sms", evidence="e", **who),
        lambda: contact.withdraw_consent(
            purpose="marketing", channel="sms", evidence="e", **who
        ),
        lambda: contact.record_do_not_contact(words="别打", source="call", **who),
        lambda: contact.pause_marketing(kind=PauseKind.COMPLAINT, reference="P1", **who),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(contact.ErasedCustomer, match=r"."):
            call()
    rows = [model.objects.count() for model in (Consent, DoNotContact, MarketingPause, AuditEntry)]
    assert rows == [0, 0, 0, 0]


def test_a_refusal_is_final_and_keeps_its_first_words() -> None:
    customer, staff = CustomerFactory(), StaffFactory()
    for words in ("别再打了", "再说一次"):
        contact.record_do_not_contact(
            customer_id=customer.pk, words=words, source="call", actor=staff, at=INSTANT
        )
    refusals = DoNotContact.objects.order_by("at", "id")
    assert list(refusals.values_list("words", "source", "recorded_by")) == [
        ("别再打了", "call", staff.pk), ("再说一次", "call", staff.pk),
    ]  # fmt: skip
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "do_not_contact.recorded",
        "do_not_contact.repeated",
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        DoNotContact.objects.all().delete()
    assert DoNotContact.objects.count() == 2


def test_a_rule_is_set_from_today_on_and_once_a_day() -> None:
    rule = {
        "day_cap": 5, "month_cap": 20, "source": "carrier practice", "actor": StaffFactory(),
        "at": INSTANT,
    }  # fmt: skip
    contact.set_contact_rule(effective_date=dt.date(2026, 3, 2), **rule)
    for taken in (dt.date(2026, 3, 1), dt.date(2026, 3, 2)):
        with pytest.raises(contact.RuleNotAllowed):
            contact.set_contact_rule(effective_date=taken, **rule)
    assert ContactRule.objects.get().day_cap == 5
    assert AuditEntry.objects.get().action == "contact_rule.set"


def complain(customer: Customer, reference: str = "P1") -> None:
    contact.pause_marketing(
        customer_id=customer.pk, kind=PauseKind.COMPLAINT, reference=reference, actor=None,
        at=INSTANT,
    )  # fmt: skip


def test_marketing_rests_until_each_complaint_is_settled() -> None:
    customer = CustomerFactory()
    complain(customer)
    complain(customer, "P2")
    with pytest.raises(contact.AlreadyPaused):
        complain(customer)
    before = INSTANT - dt.timedelta(seconds=1)
    contact.resume_marketing(kind=PauseKind.COMPLAINT, reference="P1", actor=None, at=before)
    with pytest.raises(contact.NotPaused):
        contact.resume_marketing(kind=PauseKind.COMPLAINT, reference="P1", actor=None, at=before)
    found = MarketingPause.objects.order_by("id").values_list("reference", "since", "until")
    # A clock that goes behind does not keep marketing from going on.
    assert list(found) == [("P1", INSTANT, INSTANT), ("P2", INSTANT, None)]
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "marketing.paused", "marketing.paused", "marketing.resumed",
    ]  # fmt: skip
    complain(customer)


def test_nobody_is_paused_under_a_foreign_id() -> None:
    with pytest.raises(contact.UnknownCustomer):
        contact.pause_marketing(
            customer_id=0, kind=PauseKind.COMPLAINT, reference="P1", actor=None, at=INSTANT
        )
    assert not MarketingPause.objects.exists()
