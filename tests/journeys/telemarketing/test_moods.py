"""Moods on the telephone: what was done for them, what came of it, and who is left in peace."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from journeys.contact import queries as gate
from journeys.models import Lead, LeadCall, MarketingPause, MoodMove
from journeys.telemarketing import operations, queries
from portal.models import Branch, Staff
from portal.staff.access import Scope
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.leads import called, caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_next import given, lead, refused

pytestmark = pytest.mark.django_db
AT = INSTANT
DAYS = dt.timedelta(days=1)
PHONE = "15499900002"


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    return BranchFactory()


@pytest.fixture
def me(branch: Branch) -> Staff:
    return caller(branch)


def ended(me: Staff, move: str, before: str, after: str) -> LeadCall:
    lead(me.branch)
    given(me)
    return called(me, AT, mood_before=before, mood_move=move, mood_after=after)


def test_each_mood_has_moves_with_words_in_both_languages() -> None:
    moves = queries.moves_by_mood()
    assert [len(rows) for _mood, rows in moves] == [2, 1, 2, 2, 2, 2]
    for _mood, rows in moves:
        for row in rows:
            assert all((row.name, row.name_en, row.words, row.words_en, row.source))


def test_how_a_move_did_is_a_rate_and_few_are_not_ranked(branch: Branch, me: Staff) -> None:
    for place in range(6):
        ended(me, "say_costs", "hesitant", "pleased" if place else "annoyed")
    for _place in range(4):
        ended(me, "leave_time", "hesitant", "calm")
    ended(me, "leave_time", "hesitant", "")  # nobody noted how it ended
    ended(me, "end_politely", "hesitant", "calm")  # of another mood, and done all the same
    (of_mood,) = [
        one for one in queries.moves_at_work(scope=Scope(branch.path)) if one.mood == "hesitant"
    ]
    told = {row.answer.code: (row.share.of, row.share.whole, row.is_ranked) for row in of_mood.rows}
    assert told == {
        "say_costs": (5, 6, True), "leave_time": (4, 4, False), "end_politely": (1, 1, False),
    }  # fmt: skip
    elsewhere = queries.moves_at_work(scope=Scope(BranchFactory().path))
    assert sum(row.share.whole for one in elsewhere for row in one.rows) == 0


def test_a_move_is_for_a_mood(branch: Branch, me: Staff) -> None:
    one = lead(branch)
    given(me)
    refused(lambda: called(me, AT, mood_move="say_costs"))
    one.refresh_from_db()
    assert one.holder == me


@pytest.mark.parametrize("statement", [
    "DELETE FROM journeys_moodmove", "UPDATE journeys_moodmove SET words = 'x'",
])  # fmt: skip
def test_a_move_stays_as_it_is(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


def answer(customer_id: int, channel: str, at: dt.datetime) -> str:
    (found,) = gate.ask_gate(
        customer_ids=[customer_id], purpose="marketing", channels=[channel], dedup_key="k", at=at
    )
    return found.answer


@pytest.mark.parametrize("channel", ["sms", "email", "phone", "push", "on_site"])
def test_whoever_was_angry_is_left_in_peace_on_all_channels(
    branch: Branch, me: Staff, channel: str
) -> None:
    person = CustomerFactory(phone=PHONE)
    own = CustomerFactory()
    for one in (person, own):
        ConsentFactory(customer=one, channel=channel)
        if channel != "phone":
            ConsentFactory(customer=one, channel="phone")
    lead(branch, phone=PHONE, customer=None)
    assert answer(person.pk, channel, AT) == "open"
    given(me)
    call = called(me, AT, mood_before="annoyed", mood_after="angry")
    pause = MarketingPause.objects.get()
    assert (pause.customer, pause.kind, pause.reference) == (
        person, "peace", f"call:{call.pk}:{person.pk}",
    )  # fmt: skip
    assert [answer(one.pk, channel, AT) for one in (person, own)] == ["peace", "open"]
    (phoned,) = queries.gate_answers([lead(branch, customer=person).pk], at=AT).values()
    assert phoned == "peace"
    over = AT + 30 * DAYS
    assert operations.end_peace(at=over - dt.timedelta(seconds=1)) == 0
    assert [operations.end_peace(at=over) for _time in range(2)] == [1, 0]
    assert answer(person.pk, channel, over) == "open"


@pytest.mark.parametrize(("language", "words"), [
    ("en", "Left in peace after an angry call"), ("zh-hans", "客户愤怒后免打扰"),
])  # fmt: skip
def test_the_desk_and_the_view_of_the_pools_say_so(
    branch: Branch, me: Staff, language: str, words: str
) -> None:
    lead(branch, phone=PHONE)
    given(me)
    called(me, AT, mood_after="angry")
    later = AT + 2 * DAYS
    one = Lead.objects.get()
    with translation.override(language):
        assert queries.words_of(queries.answer_of(one.pk, at=later)) == words
        assert queries.head_of([branch.pk], at=later).against == [(words, 1)]
    over = AT + 31 * DAYS
    assert queries.answer_of(one.pk, at=over) == "open"


def test_a_complaint_goes_on_when_the_peace_is_over(branch: Branch, me: Staff) -> None:
    person = CustomerFactory(phone=PHONE)
    lead(branch, phone=PHONE)
    given(me)
    called(me, AT, mood_after="angry")
    MarketingPause.objects.create(customer=person, kind="complaint", reference="P1", since=AT)
    assert operations.end_peace(at=AT + 31 * DAYS) == 1
    assert MarketingPause.objects.get(until=None).kind == "complaint"


def test_by_its_page(branch: Branch, me: Staff, client_of: Callable[..., Client]) -> None:
    for _place in range(5):
        ended(me, "say_costs", "hesitant", "calm")
    boss = StaffFactory(role="branch_manager", branch=branch, language="en")
    page = client_of(boss).get(reverse("mood_move_list"))
    text = page.content.decode()
    assert ("5 / 5" in text, "100%" in text, "not tried yet" in text) == (True, True, True)
    assert MoodMove.objects.count() == sum(len(one.rows) for one in page.context["moods"])
