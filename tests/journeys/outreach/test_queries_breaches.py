"""The auditor finds each breach, and nothing else."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from journeys.care import operations as care
from journeys.contact import operations as contact
from journeys.contact.enums import PauseKind
from journeys.contact.models import CalendarYear, Contact, ContactHours, MarketingPause
from journeys.customers import queries as customers
from journeys.customers.enums import Trait
from journeys.models import Complaint, Customer
from journeys.outreach import queries
from journeys.outreach.models import Message
from portal.kit import clock
from portal.kit.personal import ERASED
from tests.factories.control import in_force
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

VALUES = {
    Trait.PHONE: "15400000001",
    Trait.ID_NUMBER: "11010519491231002X",
    Trait.EMAIL: "wang@mail.example.cn",
}
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def sent(at: dt.datetime = INSTANT, **fields: Any) -> Message:
    """A message that left the house, whatever forbade it."""
    usual = {"state": "sent", "sent_at": at + SECOND, "not_before": at}
    return MessageFactory(**usual | fields)


def agreed(at: dt.datetime = INSTANT, **fields: Any) -> Message:
    message = sent(at, **fields)
    ConsentFactory(
        customer=message.customer, channel=message.channel, effective_at=INSTANT - 40 * DAY,
        recorded_at=INSTANT - 40 * DAY,
    )  # fmt: skip
    return message


def broken(grace: int = 5, at: dt.datetime = INSTANT + 90 * DAY) -> list[tuple[str, int | None]]:
    found = queries.find_breaches(since=INSTANT - 9 * DAY, at=at, grace=grace)
    return [(one.rule, one.message_id) for one in found]


def withdraw(message: Message, before: dt.timedelta) -> None:
    row_of(
        "journeys.Consent", customer=message.customer, purpose="marketing", channel="sms",
        is_granted=False, text=None, effective_at=INSTANT - before, recorded_at=INSTANT - before,
    )  # fmt: skip


def refuse(message: Message, before: dt.timedelta, **fields: Any) -> None:
    customer = fields.pop("customer", message.customer)
    row_of("journeys.DoNotContact", customer=customer, at=INSTANT - before, **fields)


def refused_by_another(trait: Trait, **fields: Any) -> Callable[[Message], None]:
    """Somebody refused who shares this, and nothing else."""

    def spoil(message: Message) -> None:
        other = CustomerFactory(**{trait.value: VALUES[trait]})
        refuse(message, HOUR, customer=other, **fields)

    return spoil


def left_by_another(trait: Trait, *, days: int = 1) -> Callable[[Message], None]:
    """Somebody had refused who had this, and was erased since."""

    def spoil(_message: Message) -> None:
        row_of(
            "journeys.ErasedRefusal", kind=trait,
            value_hash=customers.hash_of(trait, VALUES[trait]),
            refused_date=(INSTANT - days * DAY).date(),
        )  # fmt: skip

    return spoil


def rested(
    since: dt.timedelta, until: dt.timedelta | None = None, kind: PauseKind = PauseKind.COMPLAINT
) -> Callable[[Message], None]:
    """Somebody let marketing rest here so long before the message, and go on so long after it."""

    def spoil(message: Message) -> None:
        contact.pause_marketing(
            customer_id=message.customer_id, kind=kind, reference="T1", actor=None,
            at=INSTANT - since,
        )  # fmt: skip
        if until is not None:
            contact.resume_marketing(kind=kind, reference="T1", actor=None, at=INSTANT + until)

    return spoil


def rested_by_file(message: Message, **fields: Any) -> MarketingPause:
    """A pause as a file leaves it: from the first instant of the day of opening on."""
    since = clock.start_of(INSTANT.date())
    usual = {"customer": message.customer, "since": since, "kind": "complaint", "reference": "T1"}
    return row_of("journeys.MarketingPause", **usual | fields)


def refused_by_a_stranger(message: Message) -> None:
    refuse(message, HOUR, customer=CustomerFactory())


def all_but(message: Message) -> list[Customer]:
    """Who else got a message: a draw that holds them too would be a breach of its own."""
    others = Message.objects.exclude(pk=message.pk).select_related("customer")
    return [other.customer for other in others]


def held_back(message: Message, **fields: Any) -> None:
    """The bank's control group held the person by then."""
    in_force(inside=[message.customer], outside=all_but(message), **fields)


def held_back_too_late(message: Message) -> None:
    held_back(message, settled_at=INSTANT - 4 * SECOND)


def held_back_another(message: Message) -> None:
    in_force(inside=[CustomerFactory()], outside=[message.customer, *all_but(message)])


def halted(message: Message) -> None:
    row_of("journeys.OriginHalt", origin=message.origin, halted_at=INSTANT - HOUR)


def text_gone(message: Message) -> None:
    row_of("journeys.TextWithdrawal", template=message.template, withdrawn_at=INSTANT - HOUR)


def out_of_days(after: dt.timedelta) -> Callable[[Message], None]:
    def spoil(message: Message) -> None:
        Message.objects.filter(pk=message.pk).update(valid_until=INSTANT + after)

    return spoil


def for_another_purpose(message: Message) -> None:
    """The contact was counted as marketing, and what went was none; both stand in rows."""
    Message.objects.filter(pk=message.pk).update(purpose="service")


def erased_from_the_draw(message: Message) -> None:
    held_back(message)
    Customer.objects.filter(pk=message.customer_id).update(name=ERASED)


def out_of_the_ledger(message: Message) -> None:
    Contact.objects.filter(dedup_key=message.dedup_key).update(released_at=INSTANT)


def test_what_was_right_is_left_alone() -> None:
    ContactRuleFactory()
    agreed()
    sent(purpose="service", at=INSTANT + HOUR)
    sent(state="queued", sent_at=None)
    sent(state="cancelled", sent_at=None, failure_kind="policy")
    assert broken() == []


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda message: withdraw(message, HOUR), "consent"),
        (lambda message: withdraw(message, 5 * SECOND), "consent"),
        (lambda message: withdraw(message, 4 * SECOND), None),
        (lambda message: withdraw(message, -SECOND), None),
        (lambda message: refuse(message, HOUR), "refusal"),
        (lambda message: refuse(message, 4 * SECOND), None),
        (lambda message: refuse(message, HOUR, reference="F1"), "refusal_by_file"),
        *((refused_by_another(trait), "refusal") for trait in Trait),
        *((refused_by_another(trait, reference="F1"), "refusal_by_file") for trait in Trait),
        *((left_by_another(trait), "kept_refusal") for trait in Trait),
        (left_by_another(Trait.PHONE, days=0), None),
        (refused_by_a_stranger, None),
        (rested(HOUR), "rest"),
        (rested(HOUR, kind=PauseKind.CASE), "rest"),
        (rested(HOUR, kind=PauseKind.PEACE), "peace"),
        (rested(HOUR, kind=PauseKind.PEACE, until=5 * SECOND), None),
        (rested(5 * SECOND), "rest"),
        (rested(4 * SECOND), None),
        (rested(-SECOND), None),
        (rested(HOUR, until=HOUR), "rest"),
        (rested(HOUR, until=5 * SECOND), None),
        (rested(2 * HOUR, until=-HOUR), None),
        (rested_by_file, "rest_by_file"),
        (lambda message: rested_by_file(message, customer=CustomerFactory()), None),
        (lambda message: rested_by_file(message, until=INSTANT - HOUR), None),
        (held_back, "control"),
        (held_back_too_late, None),
        (held_back_another, None),
        (halted, "halt"),
        (text_gone, "text"),
        (erased_from_the_draw, None),
        (out_of_the_ledger, "ledger"),
        (for_another_purpose, "ledger"),
        (out_of_days(dt.timedelta(0)), "late"),
        (out_of_days(SECOND), None),
    ],
)
def test_each_rule_is_looked_after(spoil: Callable[[Message], None], rule: str | None) -> None:
    ContactRuleFactory()
    message = agreed(customer=CustomerFactory(**{kind.value: VALUES[kind] for kind in Trait}))
    agreed(origin="other", template=row_of("journeys.MessageTemplate"))
    spoil(message)
    assert broken() == ([] if rule is None else [(rule, message.pk)])


@pytest.mark.parametrize(("before", "rule"), [(HOUR, "rest"), (-HOUR, "rest_by_file")])
def test_what_came_by_a_file_was_known_once_staff_had_worked_on_it(
    before: dt.timedelta, rule: str
) -> None:
    ContactRuleFactory()
    message = agreed()
    row_of(
        "journeys.Complaint", number="T1", customer=message.customer, is_handled_here=False,
        opened_date=INSTANT.date(),
    )  # fmt: skip
    rested_by_file(message)
    care.answer_complaint(
        complaint_id=Complaint.objects.get().pk, words="已致歉", actor=StaffFactory(),
        at=INSTANT - before,
    )  # fmt: skip
    assert broken() == [(rule, message.pk)]


def test_service_goes_on_while_marketing_rests() -> None:
    ContactRuleFactory()
    rested(HOUR)(sent(purpose="service"))
    assert broken() == []


def test_a_call_while_marketing_rests_is_one_too_many() -> None:
    ContactRuleFactory()
    message = agreed()
    rested(-HOUR)(message)
    Contact.objects.create(
        customer=message.customer, channel="phone", purpose="marketing", at=INSTANT + 2 * HOUR,
        origin="call", dedup_key="call",
    )  # fmt: skip
    assert broken() == [("rest", None)]


def test_a_consent_that_was_never_given_or_came_later_is_none() -> None:
    ContactRuleFactory()
    never, later = sent(), sent()
    ConsentFactory(customer=later.customer, effective_at=INSTANT + HOUR)
    assert broken() == [("consent", never.pk), ("consent", later.pk)]


def test_what_was_given_anew_holds_again() -> None:
    ContactRuleFactory()
    message = agreed()
    withdraw(message, 2 * HOUR)
    ConsentFactory(
        customer=message.customer, effective_at=INSTANT - HOUR, recorded_at=INSTANT - HOUR
    )
    assert broken() == []


@pytest.mark.parametrize(("gap", "is_over"), [(DAY - SECOND, True), (DAY, False)])
def test_a_third_contact_in_a_day_is_one_too_many(gap: dt.timedelta, is_over: bool) -> None:
    ContactRuleFactory()
    first = agreed()
    sent(customer=first.customer)
    third = sent(INSTANT + gap, customer=first.customer)
    assert broken() == ([("cap", third.pk)] if is_over else [])


def test_calls_count_and_service_does_not() -> None:
    ContactRuleFactory(day_cap=1)
    first = agreed()
    sent(customer=first.customer, purpose="service")
    assert broken() == []
    Contact.objects.create(
        customer=first.customer, channel="phone", purpose="marketing", at=INSTANT + HOUR,
        origin="call", dedup_key="call",
    )  # fmt: skip
    assert broken() == [("cap", None)]


@pytest.mark.parametrize(
    ("clock_time", "is_quiet"),
    [("08:59:59", True), ("09:00:00", False), ("19:59:59", False), ("20:00:00", True)],
)
def test_quiet_hours_by_the_second(clock_time: str, is_quiet: bool) -> None:
    ContactRuleFactory()
    at = dt.datetime.fromisoformat(f"2026-03-03T{clock_time}+08:00")
    message = agreed(at)
    assert broken() == ([("hours", message.pk)] if is_quiet else [])


@pytest.mark.parametrize(
    ("day", "clock_time", "is_quiet"),
    [
        (3, "21:59:59", True), (3, "22:00:00", False), (4, "01:59:59", False),
        (4, "02:00:00", True), (3, "01:00:00", True),
    ],
)  # fmt: skip
def test_hours_of_a_place_that_go_past_midnight(day: int, clock_time: str, is_quiet: bool) -> None:
    """In force from the third of March; the night before belongs to the wider place."""
    ContactRuleFactory()
    for kind in ("workday", "rest"):
        ContactHours.objects.create(
            effective_date=dt.date(2026, 3, 3), channel="sms", division_prefix="65",
            day_kind=kind, opens=dt.time(22), closes=dt.time(2), is_overnight=True, source="x",
        )  # fmt: skip
    at = dt.datetime.fromisoformat(f"2026-03-0{day}T{clock_time}+08:00")
    message = agreed(at, customer__division_code="650102")
    assert broken() == ([("hours", message.pk)] if is_quiet else [])


def test_without_limits_hours_or_a_calendar_nothing_was_allowed() -> None:
    message = agreed()
    assert broken() == [("no_cap", message.pk), ("hours", message.pk)]
    ContactRuleFactory()
    CalendarYear.objects.all().delete()
    assert broken() == [("hours", message.pk)]


def test_a_hand_over_long_after_the_question_is_judged_by_its_own_instant() -> None:
    ContactRuleFactory()
    at = dt.datetime.fromisoformat("2026-03-03T19:59:00+08:00")
    message = agreed(at, sent_at=at + HOUR)
    assert broken() == [("hours", message.pk)]


def test_the_command_ends_with_an_error_where_a_rule_was_broken(capsys: Any) -> None:
    at = clock.now()
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))
    message = MessageFactory(state="sent", sent_at=at, not_before=at)
    row_of("journeys.DoNotContact", customer=message.customer, at=at - HOUR)
    with translation.override("en"), pytest.raises(CommandError, match="Rules were broken"):
        call_command("audit_outreach")
    said = capsys.readouterr().out
    assert "sent without a consent that held: 1" in said
    assert said.count(f"#{message.customer_id} /outbox/{message.pk}/") == 2


def test_the_command_is_content_where_none_was(capsys: Any) -> None:
    ContactRuleFactory()
    with translation.override("en"):
        call_command("audit_outreach")
    assert "Contacts made: 0" in capsys.readouterr().out
