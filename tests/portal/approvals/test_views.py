"""The inbox and the page of one submission."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.approvals import operations, panels
from portal.models import Staff
from portal.staff.enums import Role
from tests.factories.portal import StaffFactory
from tests.portal.approvals.conftest import AT, Thing, submit

pytestmark = pytest.mark.django_db
# Branch managers, since moves of partnerships wait there for them: decision 0195.
SEES = {Role.CAMPAIGN_MANAGER, Role.APPROVER, Role.COMPLIANCE, Role.BRANCH_MANAGER}


@pytest.mark.parametrize("role", Role.values)
def test_who_sees_the_inbox(thing: Thing, client_of: Any, role: str) -> None:
    submission = submit()
    client = client_of(role)
    wanted = 200 if role in SEES else 403
    assert client.get(reverse("approval_list")).status_code == wanted
    assert client.get(reverse("approval_page", args=[submission.pk])).status_code == wanted
    if role not in SEES:
        for name in ("approval_approve", "approval_return", "approval_veto", "approval_withdraw"):
            assert client.post(reverse(name, args=[submission.pk])).status_code == 403


def titles(client: Any, show: str) -> list[str]:
    page = client.get(reverse("approval_list"), {"show": show}).context["page"]
    return [row.title for row in page.rows]


def test_each_list_holds_its_own(thing: Thing, client_of: Any) -> None:
    checker, maker = StaffFactory(role=Role.APPROVER), StaffFactory()
    submit(maker, target_key="1", title="theirs")
    submit(checker, target_key="2", title="own")
    done = submit(maker, target_key="3", title="done")
    client = client_of(checker)
    assert titles(client, "waiting") == ["theirs", "done"]
    client.post(reverse("approval_approve", args=[done.pk]))
    assert titles(client, "waiting") == ["theirs"]
    assert titles(client, "mine") == ["own"]
    assert titles(client, "decided") == ["done"]
    assert titles(client, "nonsense") == ["theirs"]
    assert client_of(maker).get(reverse("approval_list")).context["shown"] == "mine"


def test_half_approved_no_longer_waits_for_who_approved(thing: Thing, client_of: Any) -> None:
    checker = StaffFactory(role=Role.APPROVER)
    submission = submit(approvals_needed=2)
    client = client_of(checker)
    client.post(reverse("approval_approve", args=[submission.pk]))
    assert titles(client, "waiting") == []
    assert titles(client_of(Role.COMPLIANCE), "waiting") == [submission.title]


def test_the_page_shows_the_snapshot_and_the_fingerprint(thing: Thing, client_of: Any) -> None:
    submission = submit()
    page = client_of(Role.APPROVER).get(reverse("approval_page", args=[submission.pk]))
    text = page.content.decode()
    assert "rule › sum" in text
    assert "500.00" in text
    assert submission.snapshot_hash in text
    assert reverse("approval_approve", args=[submission.pk]) in text
    assert reverse("approval_withdraw", args=[submission.pk]) not in text


def test_the_maker_may_only_withdraw(thing: Thing, client_of: Any) -> None:
    maker: Staff = StaffFactory(role=Role.COMPLIANCE)
    submission = submit(maker)
    client = client_of(maker)
    text = client.get(reverse("approval_page", args=[submission.pk])).content.decode()
    assert reverse("approval_withdraw", args=[submission.pk]) in text
    assert reverse("approval_approve", args=[submission.pk]) not in text
    assert client.post(reverse("approval_approve", args=[submission.pk])).status_code == 403
    submission.refresh_from_db()
    assert submission.state == "pending"
    assert client.post(reverse("approval_withdraw", args=[submission.pk])).status_code == 302
    submission.refresh_from_db()
    assert submission.state == "withdrawn"


def test_a_return_without_a_reason_is_asked_again(thing: Thing, client_of: Any) -> None:
    submission = submit()
    client = client_of(Role.APPROVER)
    url = reverse("approval_return", args=[submission.pk])
    answer = client.post(url, {"return-reason": " "})
    assert answer.status_code == 422
    assert answer.context["return_form"].errors["reason"]
    submission.refresh_from_db()
    assert submission.state == "pending"
    client.post(url, {"return-reason": "上限太高"})
    submission.refresh_from_db()
    assert submission.state == "returned"
    page = client.get(reverse("approval_page", args=[submission.pk])).content.decode()
    assert "上限太高" in page


def test_a_changed_thing_and_a_late_decision_are_explained(thing: Thing, client_of: Any) -> None:
    submission = submit()
    thing.hash = "0" * 64
    client = client_of(Role.APPROVER)
    url = reverse("approval_approve", args=[submission.pk])
    assert client.post(url).status_code == 302
    submission.refresh_from_db()
    assert submission.state == "voided"
    assert client.post(url).status_code == 302
    assert client_of(submission.maker).post(
        reverse("approval_withdraw", args=[submission.pk])
    ).status_code == 302  # fmt: skip


def test_nothing_is_decided_by_a_link(thing: Thing, client_of: Any) -> None:
    submission = submit()
    client = client_of(Role.APPROVER)
    for name in ("approval_approve", "approval_return", "approval_veto", "approval_withdraw"):
        assert client.get(reverse(name, args=[submission.pk])).status_code == 405


def test_an_unknown_submission_is_a_404(thing: Thing, client_of: Any) -> None:
    assert client_of(Role.APPROVER).get(reverse("approval_page", args=[9])).status_code == 404


def test_the_panel(thing: Thing, rf: Any) -> None:
    for number in range(6):
        submit(target_key=str(number), title=f"t{number}")
    request = rf.get("/")
    request.user = StaffFactory(role=Role.APPROVER)
    found = panels.waiting(request)
    assert found is not None
    assert [row.title for row in found["submissions"]] == ["t0", "t1", "t2", "t3", "t4"]
    assert found["has_more"] is True
    request.user = StaffFactory(role=Role.CAMPAIGN_MANAGER)
    assert panels.waiting(request) is None


@pytest.mark.parametrize("show", ["waiting", "decided"])
def test_the_list_asks_the_same_number_of_questions(
    thing: Thing, client_of: Any, show: str
) -> None:
    client, checker = client_of(Role.APPROVER), StaffFactory(role=Role.COMPLIANCE)
    counts, made = [], 0
    for rows in (1, 2):
        for _ in range(rows):
            made += 1
            submission = submit(target_key=str(made))
            if show == "decided":
                operations.decide(
                    submission_id=submission.pk, checker=checker, verdict="approve", reason="",
                    at=AT,
                )  # fmt: skip
        client.get(reverse("approval_list"), {"show": show})
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse("approval_list"), {"show": show})
        assert len(answer.context["page"].rows) == made
        counts.append(len(queries))
    assert counts[0] == counts[1]
