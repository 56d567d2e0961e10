"""What the forms of approval offer, executed: the words of an approver, of somebody who returns and
of compliance are kept and shown, and what an administrator sets decides how many must approve."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from portal.approvals import queries
from portal.approvals.forms import ApproveForm, LevelForm, ReturnForm, VetoForm
from portal.kit.registry import registry
from portal.models import ApprovalLevel, AuditEntry, Submission
from portal.staff.enums import Role
from tests.executing import executes
from tests.portal.approvals.conftest import Thing, submit

pytestmark = pytest.mark.django_db

WORDS = "上限太高，见附件"


def decide(client_of: Any, role: Role, verdict: str, words: str = WORDS) -> tuple[Submission, int]:
    """A submission after somebody of a role sent the form of a verdict, and the answer's status."""
    submission = submit()
    answer = client_of(role).post(
        reverse(f"approval_{verdict}", args=[submission.pk]), {f"{verdict}-reason": words}
    )
    submission.refresh_from_db()
    return submission, answer.status_code


def kept(submission: Submission) -> list[tuple[str, str, str]]:
    rows = submission.decisions.select_related("checker")
    return [(row.verdict, row.reason, row.checker.role) for row in rows]


def assert_shown(client_of: Any, submission: Submission) -> None:
    """Who made it reads the words on its page."""
    page = client_of(submission.maker).get(reverse("approval_page", args=[submission.pk]))
    assert WORDS in page.content.decode()


@executes(ApproveForm, "reason")
def test_the_remark_of_an_approval_is_kept_and_shown(thing: Thing, client_of: Any) -> None:
    submission, status = decide(client_of, Role.APPROVER, "approve")
    assert (status, submission.state) == (302, "approved")
    assert kept(submission) == [("approve", WORDS, "approver")]
    assert [outcome for outcome, _key, _person in thing.outcomes] == ["approved"]
    assert_shown(client_of, submission)


def test_an_approval_needs_no_remark(thing: Thing, client_of: Any) -> None:
    submission, status = decide(client_of, Role.APPROVER, "approve", "")
    assert (status, submission.state, kept(submission)) == (
        302, "approved", [("approve", "", "approver")],
    )  # fmt: skip


@executes(ReturnForm, "reason")
def test_the_reason_of_a_return_is_kept_and_shown(thing: Thing, client_of: Any) -> None:
    submission, status = decide(client_of, Role.APPROVER, "return")
    assert (status, submission.state) == (302, "returned")
    assert kept(submission) == [("return", WORDS, "approver")]
    assert [outcome for outcome, _key, _person in thing.outcomes] == ["returned"]
    assert_shown(client_of, submission)


@executes(VetoForm, "reason")
def test_the_reason_of_a_veto_is_kept_and_shown_and_ends_it(thing: Thing, client_of: Any) -> None:
    submission, status = decide(client_of, Role.COMPLIANCE, "veto")
    assert (status, submission.state) == (302, "vetoed")
    assert kept(submission) == [("veto", WORDS, "compliance")]
    assert [outcome for outcome, _key, _person in thing.outcomes] == ["vetoed"]
    assert_shown(client_of, submission)


@pytest.mark.parametrize("verdict", ["return", "veto"])
def test_without_a_reason_nothing_is_decided(thing: Thing, client_of: Any, verdict: str) -> None:
    submission, status = decide(client_of, Role.COMPLIANCE, verdict, " ")
    assert (status, submission.state, kept(submission)) == (422, "pending", [])
    assert thing.outcomes == []


# --- how many must approve ------------------------------------------------------------------------
MEASURED = [
    (kind.code, measure)
    for kind in registry.approval_kinds.values()
    for measure, _label in kind.measures
]
FROM = dt.date(2040, 1, 1)


def add_level(client: Any, **values: str) -> int:
    usual = {"effective_date": FROM.isoformat(), "source": "董事会 2039-12"}
    return int(client.post(reverse("admin:portal_approvallevel_add"), usual | values).status_code)


@executes(
    LevelForm, "effective_date", "at_least", "approvals", "source", kind="kind", measure="measure"
)
@pytest.mark.parametrize(("kind", "measure"), MEASURED)
def test_what_an_administrator_sets_decides_how_many_approve(
    client_of: Any, kind: str, measure: str
) -> None:
    client = client_of(Role.ADMINISTRATOR)
    for at_least, approvals in (("0", "1"), ("50000.00", "3")):
        level = {"kind": kind, "measure": measure, "at_least": at_least, "approvals": approvals}
        assert add_level(client, **level) == 302
    for size, needed in (("0", 1), ("49999.99", 1), ("50000.00", 3)):
        measured = {measure: Decimal(size)}
        assert queries.approvals_for(kind=kind, measured=measured, on=FROM) == needed
    assert AuditEntry.objects.filter(action="approvallevel.added").count() == 2


def test_a_level_of_another_kinds_measure_is_not_added(client_of: Any) -> None:
    kind, _own = MEASURED[0]
    measure = next(measure for of, measure in MEASURED if of != kind)
    level = {"kind": kind, "measure": measure, "at_least": "0", "approvals": "2"}
    before = ApprovalLevel.objects.count()
    assert add_level(client_of(Role.ADMINISTRATOR), **level) == 200
    assert ApprovalLevel.objects.count() == before
