"""Everybody who wrote in a draft is an author of what becomes of it, and approves none of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from campaigns.design import operations
from campaigns.models import CampaignVersion, Draft
from campaigns.planning import operations as planning
from campaigns.planning import queries as campaigns
from campaigns.planning.rules import plans
from campaigns.submission import operations as submission
from portal.approvals import operations as approvals
from portal.approvals import queries
from portal.models import Staff, Submission
from portal.staff.access import scope_of
from tests.factories.campaigns import (
    AT,
    PLAN,
    approve,
    approved,
    draft,
    dry_run,
    plan_text,
    submission_settings,
)
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
CONTENT = {name: value for name, value in PLAN.items() if name != "code"}


def person() -> Staff:
    return StaffFactory(role="campaign_manager")


def begun(owner: Staff, **changes: Any) -> Draft:
    draft(code="base")
    return operations.start_draft(content=CONTENT | changes, code="built", owner=owner, at=AT)


def keep(found: Draft, by: Staff, **changes: Any) -> Draft:
    return operations.keep(
        draft_id=found.pk, revision=found.revision, content=found.content | changes, actor=by, at=AT
    )


def saved(found: Draft, by: Staff) -> CampaignVersion:
    return operations.save_version(draft_id=found.pk, revision=found.revision, actor=by, at=AT)


def handed_in(version: CampaignVersion, maker: Staff) -> Submission:
    submission_settings()
    dry_run(version)
    submission.submit_version(version_id=version.pk, maker=maker, at=AT)
    return Submission.objects.get(target_key=str(version.pk))


def test_who_wrote_an_unapproved_version_is_an_author_of_the_file_that_follows_it() -> None:
    writer, loader = person(), person()
    draft(writer)
    version = planning.load_campaign(text=plan_text(control_percent=1), owner=loader, at=AT)
    assert (version.number, campaigns.co_authors_of(version.pk)) == (2, [writer])
    row = handed_in(version, loader)
    Staff.objects.filter(pk=writer.pk).update(role="approver")
    writer.refresh_from_db()
    with pytest.raises(approvals.OwnWork):
        approvals.decide(submission_id=row.pk, checker=writer, verdict="approve", reason="", at=AT)


def test_who_wrote_an_approved_version_is_no_author_of_the_file_that_follows_it() -> None:
    approved()
    version = planning.load_campaign(text=plan_text(control_percent=1), owner=person(), at=AT)
    assert (version.number, campaigns.co_authors_of(version.pk)) == (2, [])


@pytest.mark.parametrize("control", [7, 8])
def test_a_file_washes_off_nobody_who_wrote_an_earlier_version_that_is_not_approved(
    control: int,
) -> None:
    """The file repeats the version to the letter, or with another number in it; one that was
    approved lies between."""
    anna, ben = person(), person()
    approve(draft())
    own = draft(anna, control_percent=7)
    between = draft(ben, control_percent=3)
    approve(between)
    again = draft(ben, control_percent=control)
    assert (own.number, again.number) == (2, 4)
    assert campaigns.co_authors_of(again.pk) == [anna]
    row = handed_in(again, ben)
    Staff.objects.filter(pk=anna.pk).update(role="approver")
    anna.refresh_from_db()
    with pytest.raises(approvals.OwnWork):
        approvals.decide(submission_id=row.pk, checker=anna, verdict="approve", reason="", at=AT)


def test_whoever_wrote_in_a_draft_is_an_author_and_approves_nothing_of_it(
    client_of: Callable[..., Client],
) -> None:
    owner, writer, reader, maker = (person() for _number in range(4))
    found = keep(begun(owner), writer, name="改过的")
    found = keep(found, reader)  # went through a step and changed nothing
    version = saved(found, maker)
    assert campaigns.co_authors_of(version.pk) == [owner, writer]
    row = handed_in(version, maker)
    assert [one.staff for one in row.co_authors.order_by("id")] == [owner, writer]
    Staff.objects.filter(pk__in=[owner.pk, writer.pk, reader.pk]).update(role="compliance")
    for one in (owner, writer):
        one.refresh_from_db()
        assert not queries.may_decide(one, row)
        assert not queries.may_veto(one, row)
        assert not queries.waiting_for(one, scope=scope_of(one)).exists()
        for verdict in ("approve", "return", "veto"):
            with pytest.raises(approvals.OwnWork), transaction.atomic():
                approvals.decide(
                    submission_id=row.pk, checker=one, verdict=verdict, reason="why", at=AT
                )
        page = client_of(one).get(reverse("approval_page", args=[row.pk]))
        assert page.context["is_own"]
        assert not page.context["may_decide"]
        assert [who.pk for who in page.context["submission"].writers] == [
            maker.pk, owner.pk, writer.pk,
        ]  # fmt: skip
    assert row.decisions.count() == 0
    reader.refresh_from_db()
    approvals.decide(submission_id=row.pk, checker=reader, verdict="approve", reason="", at=AT)
    version.refresh_from_db()
    assert version.state == "approved"


@pytest.mark.parametrize("is_copy", [False, True])
@pytest.mark.parametrize("is_approved", [False, True])
def test_what_nobody_has_approved_keeps_its_authors_in_what_is_made_of_it(
    is_copy: bool, is_approved: bool
) -> None:
    first = person()
    if is_approved:
        version = approved(owner=first)
    else:
        version = saved(keep(begun(person()), first, era="3.0"), person())
    other = person()
    begin = operations.copy_version if is_copy else operations.edit_version
    found = begin(version=version, owner=other, at=AT)
    before = {version.created_by, *campaigns.co_authors_of(version.pk)} - {other}
    wrote = {one.staff for one in found.writers.all()}
    assert wrote == ({other} if is_approved else {other, *before})
    assert first in before


def test_a_discarded_draft_forgets_its_writers_and_a_known_content_adds_none() -> None:
    version = approved()
    content = plans.plan_of(version.content).as_content()
    found = operations.start_draft(
        content=content, code=version.campaign.code, based_on=version.pk, owner=person(), at=AT
    )
    assert saved(found, person()) == version
    assert campaigns.co_authors_of(version.pk) == []
    other = begun(person())
    operations.discard_draft(draft_id=other.pk, revision=other.revision, actor=person(), at=AT)
    assert not Draft.objects.exists()
