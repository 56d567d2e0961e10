"""Requests from the taking in to the answer."""

import datetime as dt

import pytest
from django.utils import translation

from journeys.contact.enums import RefusalSource
from journeys.models import Customer, DoNotContact, Lead, RightsEvent, RightsRequest, RightsRule
from journeys.rights import operations as rights
from journeys.rights import queries
from journeys.rights.enums import IDENTITY_ERASED
from portal.models import AuditEntry
from portal.staff.access import Scope
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rights import AT, DAY, take_in
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
EVERYWHERE = Scope(branch_path="")


def test_a_request_starts_its_clock_by_the_rule_of_the_day() -> None:
    request = take_in(CustomerFactory(), kind="access")
    assert (request.received_date, request.due_date) == (DAY, dt.date(2026, 6, 23))
    assert request.branch_id == request.customer.branch_id
    assert AuditEntry.objects.get(action="rights.opened").target_label == request.number
    rights.set_rights_rule(
        effective_date=DAY, answer_days=5, certainty="A", source="test", actor=None, at=AT
    )
    assert take_in(CustomerFactory()).due_date == dt.date(2026, 6, 8)
    request.refresh_from_db()
    assert request.due_date == dt.date(2026, 6, 23)
    with pytest.raises(rights.RuleNotAllowed):
        rights.set_usual_rule(effective_date=DAY, at=AT)
    assert RightsRule.objects.count() == 2


def test_without_a_rule_nothing_is_taken_in() -> None:
    with pytest.raises(rights.NoRule):
        rights.open_request(
            person=CustomerFactory(), kind="access", channel="branch", details="x",
            identity_check="id_document", received_date=DAY, actor=None, at=AT,
        )  # fmt: skip
    assert RightsRequest.objects.count() == 0


def test_nothing_is_done_before_the_identity_is_checked() -> None:
    person, actor = CustomerFactory(), StaffFactory(role="compliance")
    copy, fix, gone, stop = (
        take_in(person, kind=kind, identity_check="not_yet")
        for kind in ("access", "correct", "delete", "object")
    )
    with pytest.raises(rights.IdentityMissing):
        rights.make_copy(request_id=copy.pk, form="json", actor=actor, at=AT)
    with pytest.raises(rights.IdentityMissing):
        rights.correct(
            request_id=fix.pk, field="name", value="李四", reason="x", actor=actor, at=AT
        )
    with pytest.raises(rights.IdentityMissing):
        rights.ask_erasure(request_id=gone.pk, actor=actor, at=AT)
    with pytest.raises(rights.IdentityMissing):
        rights.stop_marketing(request_id=stop.pk, words="x", actor=actor, at=AT)
    assert DoNotContact.objects.count() == 0
    rights.check_identity(request_id=stop.pk, identity_check="call_back", actor=actor, at=AT)
    with pytest.raises(rights.NotInState):
        rights.check_identity(request_id=stop.pk, identity_check="mandate", actor=actor, at=AT)
    rights.stop_marketing(request_id=stop.pk, words="已停止营销", actor=actor, at=AT)
    said = DoNotContact.objects.get()
    assert (said.words, said.source) == (stop.details, RefusalSource.REQUEST)
    with translation.override("en"):
        assert said.shown_source == "By a request about the person's data"
    stop.refresh_from_db()
    assert (stop.state, stop.answered_date, stop.handled_by) == ("done", DAY, actor)
    assert stop.outcome == "已停止营销"


def test_an_objection_is_the_persons_word_of_the_day_it_came() -> None:
    customer = CustomerFactory()
    request = take_in(customer, kind="object", details="请不要再打电话给我 13912345678")
    later = AT + dt.timedelta(days=8)
    rights.stop_marketing(request_id=request.pk, words="已告知客户", actor=None, at=later)
    said = DoNotContact.objects.get()
    assert (said.words, said.at) == (
        "请不要再打电话给我 139****5678", dt.datetime(2026, 5, 31, 16, 0, tzinfo=dt.UTC),
    )  # fmt: skip
    assert [(event.kind, event.words) for event in queries.events_of(request)][1:] == [
        ("objected", "请不要再打电话给我 139****5678"), ("done", "已告知客户"),
    ]  # fmt: skip
    request.refresh_from_db()
    assert (request.answered_date, request.outcome) == (dt.date(2026, 6, 9), "已告知客户")


def test_the_history_speaks_the_language_of_who_reads_it() -> None:
    request = take_in(CustomerFactory(), identity_check="not_yet")
    with translation.override("zh-hans"):
        rights.check_identity(request_id=request.pk, identity_check="call_back", actor=None, at=AT)
    event = queries.events_of(request).get(kind="identity")
    assert event.words == "call_back"
    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told[language] = event.told_words
    assert told == {"zh-hans": "按留存号码回拨核实", "en": "Called back on the known number"}
    # Nobody's own words are taken for a sentence of the portal.
    assert RightsEvent(kind="done", words="Name").told_words == "Name"
    kept = RightsRequest(outcome=IDENTITY_ERASED)
    with translation.override("zh-hans"):
        assert (kept.told_outcome != IDENTITY_ERASED, kept.outcome) == (True, IDENTITY_ERASED)


def test_a_refusal_has_its_ground_and_ends_it() -> None:
    request, actor = take_in(CustomerFactory()), StaffFactory()
    with pytest.raises(rights.WordsMissing):
        rights.refuse_request(request_id=request.pk, ground="needed", words=" ", actor=actor, at=AT)
    rights.refuse_request(
        request_id=request.pk, ground="needed", words="卡仍在用 13912345678", actor=actor, at=AT
    )
    request.refresh_from_db()
    assert (request.state, request.refusal_ground) == ("refused", "needed")
    assert request.outcome == "卡仍在用 139****5678"
    with pytest.raises(rights.NotInState):
        rights.refuse_request(request_id=request.pk, ground="needed", words="x", actor=actor, at=AT)
    assert [event.kind for event in queries.events_of(request)] == ["opened", "refused"]


@pytest.mark.parametrize(
    ("kind", "may_finish"),
    [("access", True), ("correct", True), ("delete", False), ("object", False)],
)
def test_what_ends_by_words_and_what_by_deeds(kind: str, may_finish: bool) -> None:
    request, actor = take_in(CustomerFactory(), kind=kind), StaffFactory()
    if may_finish:
        rights.finish_request(request_id=request.pk, words="已答复", actor=actor, at=AT)
    else:
        with pytest.raises(rights.NotInState):
            rights.finish_request(request_id=request.pk, words="已答复", actor=actor, at=AT)
    request.refresh_from_db()
    assert (request.state == "done") is may_finish


def test_the_list_and_its_clock() -> None:
    first, second = take_in(CustomerFactory()), take_in(CustomerFactory(), kind="access")
    RightsRequest.objects.filter(pk=second.pk).update(due_date=dt.date(2026, 6, 10))
    running = queries.list_requests(scope=EVERYWHERE)
    assert list(running) == [second, first]
    assert list(queries.list_requests(scope=EVERYWHERE, kind="delete")) == [first]
    near = queries.nearing_limit(scope=EVERYWHERE, on=dt.date(2026, 6, 5))
    assert list(near) == [second]
    assert list(queries.nearing_limit(scope=EVERYWHERE, on=dt.date(2026, 6, 4))) == []
    rights.refuse_request(request_id=second.pk, ground="nothing", words="x", actor=None, at=AT)
    assert list(queries.list_requests(scope=EVERYWHERE)) == [first]
    assert list(queries.list_requests(scope=EVERYWHERE, state="refused")) == [second]
    assert list(queries.list_requests(scope=EVERYWHERE, state="")) == [second, first]


def test_a_request_goes_along_with_the_person_to_another_branch() -> None:
    old, new = (BranchFactory() for _number in range(2))
    of_customer = row_of("journeys.RightsRequest", customer=CustomerFactory(branch=old))
    of_lead = row_of(
        "journeys.RightsRequest", customer=None, lead=row_of("journeys.Lead", branch=old)
    )
    for branch, seen in ((new, False), (old, True)):
        found = queries.list_requests(scope=Scope(branch_path=branch.path), state="")
        assert set(found) == ({of_customer, of_lead} if seen else set())
    Customer.objects.update(branch=new)
    Lead.objects.update(branch=new)
    assert queries.one_request(scope=Scope(branch_path=old.path), number=of_customer.number) is None
    found = queries.list_requests(scope=Scope(branch_path=new.path), state="")
    assert set(found) == {of_customer, of_lead}
