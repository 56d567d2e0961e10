"""Telling: through the one gate, into the outbox, once; and what stands against it."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from journeys.contact.models import Contact, ContactRule
from journeys.models import Application, Customer, Message, MessageTemplate
from journeys.notices import operations as notices
from journeys.notices import rules
from journeys.notices.enums import Result
from journeys.notices.models import ResultNotice
from journeys.outreach import operations as outreach
from journeys.outreach import rules as texts
from tests.factories.journeys import ContactRuleFactory, CustomerFactory
from tests.factories.notices import AT, TODAY, decide, make_bank, row, states, tell
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def text_of(message: Message) -> str:
    return texts.render(message.template.body, message.context)


@pytest.mark.parametrize(("language", "state", "words"), [
    ("zh-hans", "approved",
     "【信用卡中心】您2026-05-20提交的金卡申请（尾号0001）已于2026-06-01审批通过。"
     "制卡、寄送和激活事宜以我行后续通知为准。如有疑问，请咨询受理网点城中支行或信用卡客服热线。"),
    ("zh-hans", "withdrawn",
     "【信用卡中心】您2026-05-20提交的金卡申请（尾号0001）已于2026-06-01撤回。"
     "如非您本人意愿，请立即联系受理网点城中支行或信用卡客服热线。"),
    ("en", "refused",
     "[Credit Card Centre] Your application of 2026-05-20 for Gold card (ending in 0001) was not "
     "approved (2026-06-01). You may ask us to explain the result or to look at it again: "
     "City branch or our credit card hotline."),
])  # fmt: skip
def test_the_message_is_in_the_customers_language(language: str, state: str, words: str) -> None:
    make_bank()
    Customer.objects.update(language=language)
    decide(row(state=state))
    assert tell() == 1
    message, notice = Message.objects.get(), ResultNotice.objects.get()
    assert text_of(message) == words
    assert (message.channel, message.purpose, message.origin, message.not_before) == (
        "sms", "service", f"result:{state}", AT,
    )  # fmt: skip
    assert (notice.state, notice.message, notice.told_at) == ("told", message, AT)
    assert Contact.objects.get().dedup_key == f"result:{state}:2026-06-01"


def test_every_text_names_sender_and_whom_to_ask_and_gives_no_reason() -> None:
    notices.ensure_result_texts(at=AT)
    notices.ensure_result_texts(at=AT)
    rows = list(MessageTemplate.objects.all())
    assert len(rows) == 3 * 2 * 2
    senders = {"zh-hans": ("信用卡中心", "受理网点{branch}或信用卡客服热线"),
               "en": ("Credit Card Centre", "our credit card hotline")}  # fmt: skip
    for text in rows:
        sender, ask = senders[text.language]
        assert sender in text.body
        assert ask in text.body
        assert texts.variables_of(text.body) <= {
            "filed", "decided", "tail", "product", "product_en", "branch", "branch_en",
        }  # fmt: skip
    # No advertising: no offer of a refusal that would not be kept.
    assert not [text for text in rows if "拒收" in text.body or "退订" in text.body]


def test_by_mail_where_no_phone_is_known() -> None:
    make_bank()
    Customer.objects.update(phone_sealed=None, phone_index=None, callee=None)
    decide(row())
    assert (tell(), Message.objects.get().channel) == (1, "email")


def test_hours_hold_it_back_to_the_next_opening() -> None:
    make_bank()
    late = dt.datetime(2026, 6, 1, 13, 0, tzinfo=dt.UTC)  # nine in the evening
    decide(row(), at=late)
    assert tell(late) == 1
    assert Message.objects.get().not_before == dt.datetime(2026, 6, 2, 1, 0, tzinfo=dt.UTC)


def test_a_refusal_of_marketing_and_an_open_complaint_do_not_stand_against_it() -> None:
    make_bank()
    customer = Customer.objects.get()
    row_of("journeys.DoNotContact", customer=customer)
    row_of("journeys.MarketingPause", customer=customer)
    decide(row())
    assert tell() == 1


def test_without_an_address_it_is_not_told_and_says_why() -> None:
    make_bank()
    Customer.objects.update(
        phone_sealed=None,
        phone_index=None,
        callee=None,
        email_sealed=None,
        email_index=None,
        reader=None,
    )
    decide(row())
    end = dt.datetime(2026, 6, 4, 16, 0, tzinfo=dt.UTC)  # midnight after the third day
    waits = [AT + 1 * HOUR, AT + 2 * HOUR, AT + 20 * HOUR, end]
    for at, again in zip([AT, AT + HOUR, AT + 16 * HOUR, end - HOUR], waits, strict=True):
        assert tell(at) == 0
        notice = ResultNotice.objects.get()
        assert (notice.state, notice.answer, notice.not_before) == ("due", "no_address", again)
    assert tell(end - dt.timedelta(seconds=1)) == 0
    assert states() == [("approved", "due")]
    assert tell(end) == 0
    notice.refresh_from_db()
    assert (notice.state, notice.answer, notice.message) == ("not_told", "no_address", None)
    assert Message.objects.count() == Contact.objects.count() == 0


def test_an_address_that_comes_in_within_the_days_is_told() -> None:
    make_bank()
    known = Customer.objects.values("phone_sealed", "phone_index", "callee").get()
    Customer.objects.update(
        phone_sealed=None,
        phone_index=None,
        callee=None,
        email_sealed=None,
        email_index=None,
        reader=None,
    )
    decide(row())
    assert tell() == 0
    Customer.objects.update(**known)
    assert (tell(AT + HOUR / 2), tell(AT + HOUR)) == (0, 1)
    assert states() == [("approved", "told")]


def test_how_often_a_million_without_an_address_are_asked_about() -> None:
    end, at, times = AT + 4 * DAY, AT, 0
    while (again := rules.asked_for_address(AT, end, at)) is not None:
        assert again - at <= DAY
        at, times = again, times + 1
    assert (at, times) == (end, 19)


@pytest.mark.parametrize(("answer", "words"), [
    ("no_rule", "Waits: no contact rule is in force"),
    ("no_hours", "Waits: no contact hours are in force for this channel and place"),
    ("no_calendar", "Waits: the calendar of the year is missing"),
    ("cap_reached", "Contact limit reached"),
    ("", ""),
])  # fmt: skip
def test_an_answer_in_words(answer: str, words: str) -> None:
    with translation.override("en"):
        assert ResultNotice(answer=answer).answer_words == words


@pytest.mark.parametrize("missing", ["no_rule", "no_hours", "no_calendar"])
def test_what_the_bank_must_enter_first_makes_it_wait(missing: str) -> None:
    make_bank(missing=missing)
    decide(row())
    assert tell() == 0
    notice = ResultNotice.objects.get()
    assert (notice.state, notice.answer) == ("due", missing)
    assert notice.not_before == AT + rules.TRY_AGAIN_AFTER
    ContactRuleFactory()
    assert (tell(AT + rules.TRY_AGAIN_AFTER), states()) == (1, [("approved", "told")])


def test_without_a_contact_rule_it_waits() -> None:
    make_bank()
    rule = ContactRule.objects.get()
    later = AT + rules.TRY_AGAIN_AFTER
    decide(row())
    early = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)  # before any contact rule
    ResultNotice.objects.update(noted_at=early, not_before=early)
    assert tell(early) == 0
    notice = ResultNotice.objects.get()
    assert (notice.state, notice.answer) == ("due", "no_rule")
    assert notice.not_before == early + rules.TRY_AGAIN_AFTER
    assert (tell(later), states(), rule.day_cap) == (1, [("approved", "told")], 2)


def test_a_text_that_cannot_be_filled_in_makes_it_wait_and_nobody_else() -> None:
    make_bank()
    notices.ensure_result_texts(at=AT)
    outreach.add_template(
        code="application_refused", channel="sms", language="en", subject="", body="{reason}",
        actor=None, at=AT,
    )  # fmt: skip
    decide(row("A0001", "refused"), row("A0002", "approved"))
    assert tell() == 1
    assert set(states()) == {("refused", "due"), ("approved", "told")}
    assert ResultNotice.objects.get(result="refused").answer == "no_text"


def test_a_result_of_a_later_day_waits_for_its_day() -> None:
    make_bank()
    decide(row(decided_date=TODAY + DAY))
    assert (tell(), states()) == (0, [("approved", "due")])
    assert tell(AT + DAY) == 1


def test_several_results_of_one_customer_are_all_told() -> None:
    make_bank()
    other = CustomerFactory(number="C2", branch=Customer.objects.get().branch)
    decide(row("A0001"), row("A0002"), row("A0003", customer=other.number),
           row("A0004", "refused"))  # fmt: skip
    assert tell() == 4
    decide(row("A0005"))
    assert tell() == 1
    assert sorted(Message.objects.values_list("customer__number", "dedup_key")) == [
        ("C1", "result:approved:2026-06-01"), ("C1", "result:approved:2026-06-01:2"),
        ("C1", "result:approved:2026-06-01:3"), ("C1", "result:refused:2026-06-01"),
        ("C2", "result:approved:2026-06-01"),
    ]  # fmt: skip


def test_a_small_batch_goes_on_until_all_are_told() -> None:
    make_bank()
    decide(*(row(f"A{number:04d}") for number in range(7)))
    assert notices.tell_results(clock=lambda: AT, seconds=30, size=2) == 7
    assert ResultNotice.objects.filter(state="told").count() == 7
    assert notices.tell_results(clock=lambda: AT, seconds=30, size=2) == 0


def test_corrected_before_anybody_told_it() -> None:
    make_bank()
    decide(row(state="refused"))
    decide(row(state="approved"))
    assert (tell(), states()) == (1, [("refused", "superseded"), ("approved", "told")])


def test_corrected_back_before_anybody_told_it() -> None:
    """The last word holds, and one message goes."""
    make_bank()
    for state in ("refused", "approved"):
        decide(row(state=state))
        tell()
    assert list(Message.objects.order_by("pk").values_list("state", "failure")) == [
        ("cancelled", "replaced"), ("queued", ""),
    ]  # fmt: skip
    decide(row(state="refused"))
    assert tell() == 1
    waiting = Message.objects.get(state="queued")
    assert (waiting.origin, waiting.dedup_key) == (
        "result:refused", "result:refused:2026-06-01:r2",
    )  # fmt: skip
    assert states() == [("refused", "told"), ("approved", "superseded")]
    assert Contact.objects.filter(released_at=None).count() == 1


def test_what_was_sent_is_not_called_back_and_the_correction_follows() -> None:
    make_bank()
    decide(row(state="refused"))
    tell()
    Message.objects.update(state="sent", sent_at=AT)
    decide(row(state="approved"))
    assert (tell(), states()) == (1, [("refused", "told"), ("approved", "told")])
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == [
        "sent", "queued",
    ]  # fmt: skip


def test_a_result_that_no_longer_holds_is_called_off_without_a_new_one() -> None:
    make_bank()
    decide(row(state="refused"))
    tell()
    decide(row(state="filed"), corrects=True)
    tell()
    assert Application.objects.get().state == "filed"
    assert Message.objects.get().state == "cancelled"
    assert Message.objects.get().failure_words != "replaced"


@pytest.mark.parametrize(("place", "round_number", "key"), [
    (1, 1, "result:approved:2026-06-01"), (2, 1, "result:approved:2026-06-01:2"),
    (1, 2, "result:approved:2026-06-01:r2"), (3, 4, "result:approved:2026-06-01:3:r4"),
])  # fmt: skip
def test_the_key_of_a_message(place: int, round_number: int, key: str) -> None:
    assert rules.dedup_key_of("approved", TODAY, place, round_number) == key


def test_origins_name_results_only() -> None:
    assert {result: rules.result_of(rules.origin_of(result)) for result in Result.values} == {
        result: result for result in Result.values
    }
    strange: list[Any] = ["result:", "result:filed", "campaign:x:v1", ""]
    assert [rules.result_of(origin) for origin in strange] == [None] * 4
