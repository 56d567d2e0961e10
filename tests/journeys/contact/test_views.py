"""Pages of the ledger: what is shown, what is written, what is refused."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from journeys.contact import queries
from journeys.contact.enums import Channel
from journeys.contact.models import (
    Consent,
    ConsentText,
    Contact,
    ContactHours,
    ContactRule,
    DoNotContact,
)
from portal.kit import clock
from portal.kit.personal import ERASED
from portal.models import AuditEntry
from portal.staff.enums import Role
from tests.factories.journeys import (
    ConsentFactory,
    ConsentTextFactory,
    ContactRuleFactory,
    CustomerFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def officer(client_of: Any) -> Client:
    client = client_of(Role.COMPLIANCE)
    client.post(reverse("set_language"), {"language": "en"})
    return client


def fragment(client: Client, customer: Any) -> Any:
    return client.get(reverse("customer_contact", args=[customer.number]))


def answers(context: Any) -> list[list[tuple[bool, bool]]]:
    return [
        [(each["is_now"], each["is_open"]) for each in channel["answers"]]
        for channel in context["channels"]
    ]


def test_what_may_be_sent_now_and_why_not(officer: Client) -> None:
    ContactRuleFactory(opens="00:00", closes="00:00", day_cap=1)
    now = timezone.now()
    customer = ConsentFactory(effective_at=now - HOUR, recorded_at=now - HOUR).customer
    yes, no = (True, True), (False, False)
    assert answers(fragment(officer, customer).context) == [
        [yes, yes], [no, yes], [no, yes], [no, yes], [no, yes],
    ]  # fmt: skip
    Contact.objects.create(
        customer=customer, channel="sms", purpose="marketing", at=now - HOUR,
        origin="campaign:A:v1", dedup_key="x",
    )  # fmt: skip
    shown = fragment(officer, customer)
    assert answers(shown.context)[0] == [no, yes]
    text = shown.content.decode()
    free = timezone.localtime(now - HOUR + 24 * HOUR)
    assert "Contact limit reached" in text
    assert f"Free from {free:%Y-%m-%d %H:%M}" in text
    assert "In 24 hours: 1 of 1. In 30 days: 1 of 5." in text
    assert "Campaign A, version 1" in text


def test_outside_the_hours_the_next_opening_is_shown(officer: Client) -> None:
    ContactRuleFactory()
    tomorrow = clock.today() + dt.timedelta(days=1)
    ContactHours.objects.bulk_create(
        ContactHours(
            effective_date=clock.today() - dt.timedelta(days=1), channel="sms", day_kind=kind,
            source="t",
        )
        for kind in ("workday", "rest")
    )  # fmt: skip
    ContactHours.objects.bulk_create(
        ContactHours(
            effective_date=tomorrow, channel="sms", day_kind=kind, opens=dt.time(10),
            closes=dt.time(11), source="t",
        )
        for kind in ("workday", "rest")
    )  # fmt: skip
    shown = fragment(officer, CustomerFactory())
    assert answers(shown.context)[0] == [(False, False), (False, True)]
    written = " ".join(re.sub(r"<[^>]*>", "", shown.content.decode()).split())
    assert f"Outside the hours · from {tomorrow} 10:00" in written


def test_statements_show_what_holds_and_what_was_taken_back(officer: Client) -> None:
    ContactRuleFactory()
    now, customer = timezone.now(), CustomerFactory()

    def said(days: int, **more: Any) -> Consent:
        at = now - dt.timedelta(days=days)
        return ConsentFactory(customer=customer, effective_at=at, recorded_at=at, **more)

    said(9), said(8, is_granted=False), said(7, channel="email")
    said(6, purpose="sharing", channel="", text=ConsentTextFactory(code="s", purpose="sharing"))
    later = ConsentFactory(
        customer=customer, recorded_at=now, effective_at=now + dt.timedelta(days=3), channel="phone"
    )
    shown = fragment(officer, customer)
    statements = shown.context["statements"]
    assert statements.rows[0].pk == later.pk
    assert {(row.purpose, row.channel) for row in statements.holding} == {
        ("marketing", "email"), ("sharing", ""),
    }  # fmt: skip
    text = shown.content.decode()
    for words in ("Granted, taken back since", "Granted for later", "Withdrawn"):
        assert text.count(words) == 1


def test_those_who_may_not_write_see_no_buttons(client_of: Any) -> None:
    ContactRuleFactory()
    customer = ConsentFactory().customer
    links = [reverse(name, args=[customer.number]) for name in ("consent_new", "refusal_new")]
    for role, may in ((Role.CAMPAIGN_MANAGER, False), (Role.COMPLIANCE, True)):
        text = fragment(client_of(role), customer).content.decode()
        assert [link in text for link in links] == [may, may]


def test_a_consent_is_recorded_with_its_text(officer: Client) -> None:
    customer = CustomerFactory()
    text = ConsentTextFactory()
    old = ConsentTextFactory(code="two", effective_date=clock.today() + dt.timedelta(days=1))
    url = reverse("consent_new", args=[customer.number])
    page = officer.get(url)
    assert page.context["form"]["text"].value() is None
    choices = page.context["form"].fields["text"].choices
    assert [key for key, _label in choices] == [str(text.pk)]
    assert "checked" not in page.content.decode()
    for bad in (
        {"text": text.pk, "channel": "", "evidence": "form 12"},
        {"text": old.pk, "channel": "sms", "evidence": "form 12"},
        {"text": text.pk, "channel": "sms", "evidence": ""},
    ):
        assert officer.post(url, bad).status_code == 422
    assert not Consent.objects.exists()
    good = {"text": text.pk, "channel": "sms", "evidence": "form 12"}
    assert officer.post(url, good)["Location"] == reverse("customer_page", args=[customer.number])
    said = Consent.objects.get()
    assert (said.text, said.channel, said.is_granted, said.evidence) == (
        text,
        "sms",
        True,
        "form 12",
    )
    assert AuditEntry.objects.filter(action="consent.given").count() == 1


def test_a_consent_beside_a_refusal_says_that_it_lifts_nothing(officer: Client) -> None:
    ConsentTextFactory()
    customer = CustomerFactory()
    url = reverse("consent_new", args=[customer.number])
    assert officer.get(url).context["note"] == ""
    DoNotContact.objects.create(customer=customer, at=timezone.now(), words="不要", source="sms")
    assert officer.get(url).context["note"] == (
        "This customer refused marketing for good. A consent does not lift that."
    )


def test_a_text_of_consent_is_named_by_what_it_is_for() -> None:
    usual, own = ConsentTextFactory(version=2), ConsentTextFactory(code="branch-desk")
    with translation.override("en"):
        named = [usual.label, own.label]
    assert named == ["Marketing, version 2", "Marketing, version 1 (branch-desk)"]


def test_consents_that_hold_are_withdrawn_together(officer: Client) -> None:
    customer = CustomerFactory()
    for channel in ("sms", "email"):
        ConsentFactory(customer=customer, channel=channel)
    url = reverse("consent_back", args=[customer.number])
    assert not officer.get(url).context["form"]["consents"].value()
    assert officer.post(url, {"evidence": "call"}).status_code == 422
    assert (
        officer.post(url, {"consents": ["marketing:phone"], "evidence": "call"}).status_code == 422
    )
    officer.post(url, {"consents": ["marketing:sms", "marketing:email"], "evidence": "call"})
    assert Consent.objects.filter(is_granted=False).count() == 2
    assert queries.statements_of(customer.pk, at=timezone.now()).holding == []


def test_a_refusal_keeps_who_when_and_words(client_of: Any) -> None:
    manager = StaffFactory(role=Role.BRANCH_MANAGER, branch=BranchFactory())
    customer = CustomerFactory(branch=manager.branch)
    client = client_of(manager)
    url = reverse("refusal_new", args=[customer.number])
    said = {"said_at": "2026-03-02T10:30", "source": "call", "words": "别再打了"}
    ahead = {**said, "said_at": f"{timezone.localtime() + HOUR:%Y-%m-%dT%H:%M}"}
    assert client.post(url, ahead).status_code == 422
    assert not DoNotContact.objects.exists()
    assert client.post(url, said).status_code == 302
    refusal = DoNotContact.objects.get()
    assert (refusal.words, refusal.source, refusal.recorded_by) == ("别再打了", "call", manager)
    assert refusal.at == dt.datetime(2026, 3, 2, 2, 30, tzinfo=dt.UTC)
    other = CustomerFactory(branch=BranchFactory())
    for name in ("refusal_new", "consent_new", "consent_back", "customer_contact"):
        assert client.get(reverse(name, args=[other.number])).status_code == 404


@pytest.mark.parametrize("name", ["consent_new", "consent_back", "refusal_new"])
def test_nothing_is_written_about_a_person_who_was_erased(officer: Client, name: str) -> None:
    text, customer = ConsentTextFactory(), ConsentFactory().customer
    type(customer).objects.filter(pk=customer.pk).update(name=ERASED)
    given = {
        "consent_new": {"text": text.pk, "channel": "sms", "evidence": "form 12"},
        "consent_back": {"consents": ["marketing:sms"], "evidence": "call"},
        "refusal_new": {"said_at": "2026-03-02T10:30", "source": "call", "words": "别再打了"},
    }[name]
    answer = officer.post(reverse(name, args=[customer.number]), given)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "This person's data was erased. Nothing more may be written about the person."
    ]
    assert "Nothing more may be written about the person." in answer.content.decode()
    assert (Consent.objects.count(), DoNotContact.objects.count()) == (1, 0)


def test_lists_are_narrowed_down(officer: Client) -> None:
    text = ConsentTextFactory()
    old = ConsentFactory(recorded_at=dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC))
    young = ConsentFactory(channel="email", is_granted=False)
    url = reverse("consent_list")

    def rows(**asked: Any) -> list[int]:
        return [row.pk for row in officer.get(url, asked).context["page"].rows]

    assert rows() == [young.pk, old.pk]
    assert rows(channel="sms") == [old.pk]
    assert rows(statement="withdrawn") == [young.pk]
    assert rows(text=text.pk, purpose="marketing") == [old.pk]
    assert rows(day="2026-03-02") == [young.pk, old.pk]
    assert rows(day="2026-03-01") == []
    assert rows(channel="fax", day="x", text="y") == [young.pk, old.pk]
    refusal = DoNotContact.objects.create(
        customer=old.customer, at=timezone.now(), words="不要", source="sms"
    )
    found = officer.get(reverse("refusal_list"), {"source": "sms"}).context["page"].rows
    assert [row.pk for row in found] == [refusal.pk]
    assert not officer.get(reverse("refusal_list"), {"source": "call"}).context["page"].rows


def test_a_text_gets_its_next_version_and_keeps_its_purpose(officer: Client) -> None:
    url = reverse("consent_text_new")
    said = {
        "code": "marketing", "purpose": "marketing", "words": "本人同意", "words_en": "I agree",
        "effective_date": f"{clock.today() + dt.timedelta(days=5)}",
    }  # fmt: skip
    for _ in range(2):
        assert officer.post(url, said).status_code == 302
    for days in (-1, 4):  # before today, before the last version
        day = f"{clock.today() + dt.timedelta(days=days)}"
        answer = officer.post(url, {**said, "effective_date": day})
        assert (answer.status_code, list(answer.context["form"].errors)) == (
            422, ["effective_date"],
        )  # fmt: skip
    assert officer.post(url, {**said, "purpose": "sharing"}).status_code == 422
    assert officer.post(url, {**said, "code": "A b"}).status_code == 422
    assert [str(text) for text in ConsentText.objects.order_by("version")] == [
        "marketing/1", "marketing/2",
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="consent_text.added").count() == 2


def hours(**changes: Any) -> dict[str, Any]:
    usual = {
        "effective_date": f"{clock.today()}", "channels": ["sms", "phone"], "day_kinds": ["rest"],
        "kind": "open", "opens": "09:00", "closes": "20:00", "source": "law",
    }  # fmt: skip
    return {**usual, **changes}


def test_hours_are_set_for_several_channels_from_today_on(officer: Client) -> None:
    url = reverse("hours_new")
    assert officer.post(url, hours()).status_code == 302
    assert officer.post(url, hours(kind="overnight", opens="21:00", closes="02:00",
                                   division_prefix="44")).status_code == 302  # fmt: skip
    assert officer.post(url, hours(kind="closed", division_prefix="65")).status_code == 302
    assert officer.post(url, hours(kind="lifted", division_prefix="11")).status_code == 302
    found = ContactHours.objects.filter(channel="sms").order_by("id")
    assert list(found.values_list("division_prefix", "opens", "closes", "is_overnight")) == [
        ("", dt.time(9), dt.time(20), False), ("44", dt.time(21), dt.time(2), True),
        ("65", None, None, False), ("11", None, None, False),
    ]  # fmt: skip
    assert ContactHours.objects.count() == 8
    assert AuditEntry.objects.filter(action="contact_hours.set").count() == 8
    BranchFactory(name_en="Guangzhou Tianhe Branch", division_code="440106")
    page = officer.get(reverse("contact_rules")).content.decode()
    assert "21:00–02:00 of the next day" in page
    assert page.count("Guangzhou Tianhe Branch") == 2  # both channels


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes": "09:00"}, "The closing comes before the opening."),
        ({"opens": "21:00", "closes": "02:00"}, "If contact is to go on past midnight, say so."),
        ({"kind": "overnight"}, "These hours do not go past midnight"),
        ({"closes": ""}, "Give both the opening and the closing"),
        ({"opens": "", "closes": ""}, "Give both the opening and the closing."),
        ({"kind": "lifted"}, "Only a place can follow a wider one"),
        ({"division_prefix": "粤"}, ""),
        ({"channels": []}, ""),
        ({"effective_date": "2020-01-01"}, "2020-01-01 has passed"),
        ({"source": ""}, ""),
    ],
)
def test_hours_that_are_none_get_a_sentence(
    officer: Client, changes: dict[str, Any], sentence: str
) -> None:
    answer = officer.post(reverse("hours_new"), hours(**changes))
    assert (answer.status_code, ContactHours.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_caps_are_set_once_a_day(officer: Client) -> None:
    url, day = reverse("caps_new"), clock.today()
    said = {"effective_date": f"{day}", "day_cap": "2", "month_cap": "5", "source": "law"}
    assert officer.post(url, {**said, "month_cap": "1"}).status_code == 422
    assert officer.post(url, said).status_code == 302
    assert officer.post(url, said).status_code == 422
    assert ContactRule.objects.get().month_cap == 5
    states = [row.state for row in officer.get(reverse("contact_rules")).context["caps"]]
    assert states == ["in_force"]


def test_rules_are_in_force_coming_or_past() -> None:
    day = dt.date(2026, 3, 2)
    for days in (-2, -1, 1):
        ContactRuleFactory(effective_date=day + dt.timedelta(days=days))
    assert [row.state for row in queries.caps(on=day)] == ["coming", "in_force", "past"]
    states = [row.state for row in queries.hours(on=day)]
    assert states == ["coming", "in_force", "past"] * len(Channel) * 2
