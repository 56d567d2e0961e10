"""The priority of leads follows what a call to each promises."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journeys.models import CallModel, Lead, LeadScore, LeadScoring, PastCall
from journeys.scoring import operations as scoring
from journeys.scoring import queries as scores
from journeys.scoring.rules.learning import learn
from journeys.scoring.rules.model import plain_of
from journeys.telemarketing import operations, queries
from portal.models import AuditEntry, Branch
from tests.factories.journeys import ContactRuleFactory, CustomerFactory
from tests.factories.leads import called, caller, fill_pool, set_policy
from tests.factories.past_calls import write_calls
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_next import AT, given, lead

pytestmark = pytest.mark.django_db
MADE = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    found: Branch = BranchFactory()
    return found


def score(at: dt.datetime = AT, **values: Any) -> int:
    return operations.score_leads(clock=lambda: at, seconds=1, **values)


def priority(one: Lead) -> int:
    one.refresh_from_db()
    return one.priority


def trained(branch: Branch) -> CallModel:
    """Versions that learned something without and with traits; the one without."""
    write_calls(branch, 600)
    calls = scores.latest_calls()
    made = [
        CallModel.objects.create(
            made_at=MADE, with_traits=with_traits, lacks="", known=600, calls=600, held_out=1,
            first_day=MADE.date(), last_day=MADE.date(), figures={}, parts={},
            learned=plain_of(learn(calls, with_traits=with_traits, may_use_trees=False)),
        )
        for with_traits in (False, True)
    ]  # fmt: skip
    return made[0]


def test_without_a_model_the_scorecard_says_it(branch: Branch) -> None:
    mobile, landline = lead(branch), lead(branch, phone="01088880000")
    called = lead(branch, attempts=2, called_at=AT)
    closed = lead(branch, state="lost")
    assert score() == 3
    # Nothing earlier 15, calls 25 or 10, kind of phone 20 or 12, no days since 3.
    found = [priority(one) for one in (mobile, landline, called, closed)]
    assert found == [63, 55, 48, 50]
    assert LeadScore.objects.get(lead=mobile).points == 63
    assert AuditEntry.objects.filter(action="leads.scored").count() == 1
    assert (score(), AuditEntry.objects.filter(action="leads.scored").count()) == (0, 1)


def test_who_is_called_or_comes_is_scored_anew_and_nobody_else(branch: Branch) -> None:
    me = caller(branch)
    one, other = lead(branch), lead(branch)
    score()
    Lead.objects.filter(pk=one.pk).update(priority=70)
    assert given(me) == one
    called(me, AT)
    assert score() == 1
    assert (priority(one), priority(other)) == (56, 63)
    late = lead(branch)
    assert (score(), priority(late)) == (1, 63)


def test_what_is_in_hand_keeps_its_place(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch)
    assert given(me) == one
    assert (score(), priority(one)) == (0, 50)
    operations.put_down(caller_id=me.pk, at=AT)
    assert (score(), priority(one)) == (1, 63)


def test_a_version_of_the_model_scores_all_and_the_next_one_again(branch: Branch) -> None:
    leads = [lead(branch, attempts=tries, called_at=AT if tries else None) for tries in range(5)]
    leads += [lead(BranchFactory()) for _place in range(3)]
    assert score(batch=2) == 8
    first = trained(branch)
    # In batches of branch after branch; and in hand, nothing changes until it is put down.
    me = caller(branch)
    held = given(me)
    before = priority(held)
    assert score(batch=2) == 7
    assert priority(held) == before
    operations.put_down(caller_id=me.pk, at=AT)
    assert score(batch=2) == 1
    assert set(LeadScore.objects.values_list("version", flat=True)) == {first.pk}
    scorer = scores.Scorer(with_traits=False)
    for one in leads:
        kept = LeadScore.objects.get(lead=one)
        asked = scores.Asked(MADE.date(), attempts=one.attempts + 1, channel="mobile")
        told = scores.score_by(asked, version=first.pk)
        assert told.chance == pytest.approx(kept.chance)
        assert scorer.values([asked])[0].chance == pytest.approx(kept.chance)
        assert priority(one) == round(100 * kept.chance)
    assert priority(leads[0]) > priority(leads[4])
    assert score(batch=2) == 0
    PastCall.objects.all().delete()
    trained(branch)
    assert score(batch=2) == 8
    assert LeadScore.objects.filter(version=first).count() == 0
    assert not LeadScoring.objects.filter(up_to__isnull=False).exists()


def test_what_is_known_of_a_customer_counts_and_traits_only_where_they_may(branch: Branch) -> None:
    trained(branch)
    who = CustomerFactory(branch=branch, phone="15400000031")
    PastCall.objects.create(
        number="x", customer=who, branch=branch, called_date=AT.date() - dt.timedelta(days=40),
        attempts=1, earlier=0, result="success", age=70, job="teacher", balance="12.50",
    )  # fmt: skip
    one, other = lead(branch, phone="15400000031", customer=who), lead(branch)
    score()
    facts = LeadScore.objects.get(lead=one).facts
    assert facts == {
        "called_date": "2026-06-01", "attempts": 1, "channel": "mobile", "since_days": 40,
        "earlier": 1, "earlier_result": "success", "balance": "12.50",
    }  # fmt: skip
    assert priority(one) > priority(other)
    with CaptureQueriesContext(connection) as seen:
        Lead.objects.filter(pk=one.pk).update(score_due=True)
        assert score() == 1
    read = [query["sql"] for query in seen if "pastcall" in query["sql"]]
    assert read
    assert not any(" age" in sql or "job" in sql for sql in read)
    scoring.choose_traits(
        branch=branch, with_traits=True, reason="试用", actor=StaffFactory(), at=AT
    )
    assert score() == 2
    kept = LeadScore.objects.get(lead=one)
    assert (kept.facts["age"], kept.facts["job"]) == (70, "teacher")
    assert kept.version.with_traits


def test_the_page_of_a_lead_says_why(branch: Branch, client_of: Any) -> None:
    one = lead(branch)
    client: Client = client_of(caller(branch, language="en"))

    def page() -> str:
        return str(client.get(reverse("lead_page", args=[one.pk])).content.decode())

    assert "Priority 50 of 100: it was not scored yet" in page()
    score()
    assert "Priority 63 of 100: 63 points of the scorecard" in page()
    first = trained(branch)
    score()
    said = page()
    kept = LeadScore.objects.get(lead=one)
    assert f"by version {first.pk} of the model of calls" in said
    assert f"a chance of {round(100 * kept.chance)} %" in said
    assert "Kind of phone: Mobile phone. Speaks for a success." in said


def test_nothing_that_only_the_call_tells_is_asked() -> None:
    names = set(scores.Asked.__dataclass_fields__)
    assert names & {"duration", "result", "answer", "mood_after", "disposition"} == set()


def test_who_is_to_be_scored_is_found_by_an_index(branch: Branch) -> None:
    fill_pool(branch)
    Lead.objects.update(score_due=False)
    one = lead(branch)
    with CaptureQueriesContext(connection) as seen:
        assert [due.lead_id for due in queries.leads_to_score(after=0, most=10)] == [one.pk]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE journeys_lead")
        cursor.execute("EXPLAIN " + seen[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "lead_score_due" in plan
