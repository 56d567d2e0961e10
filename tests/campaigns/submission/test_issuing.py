"""While too many cards sleep, no campaign brings new ones: none is submitted, no live run begins,
and who owns or can stop them is told."""

import pytest
from django.test import RequestFactory

from campaigns.eligibility import operations as eligibility
from campaigns.models import CampaignVersion, NotStarted, Run
from campaigns.planning import queries as planning
from campaigns.submission import operations as submission
from campaigns.submission import panels, queries
from journeys.models import Card
from tests.factories import activity
from tests.factories.campaigns import (
    AT,
    ON,
    approved,
    card_in_use,
    draft,
    dry_run,
    submission_settings,
)
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def sleepers(count: int, of: int) -> None:
    """So many cards, of which so many sleep at the end of the day before."""
    for number in range(of):
        used = [] if number < count else [activity.ago(9, of=ON)]
        activity.used_card(activity.ago(700, of=ON), *used)
    activity.count(AT)


def awake() -> None:
    """All of them are used, as is told the day before."""
    for card in Card.objects.all():
        activity.TransactionFactory(card=card, posted_date=activity.ago(1, of=ON))
    activity.count(AT)


def problems(version: CampaignVersion) -> list[str]:
    return [one.place for one in planning.faults_of(version, on=ON) if one.is_block]


def test_below_the_ceiling_nothing_changes() -> None:
    sleepers(1, of=10)
    version = draft(objective="acquire")
    assert "objective" not in problems(version)


def test_at_the_ceiling_a_campaign_that_brings_cards_is_not_submitted() -> None:
    sleepers(2, of=10)
    version = draft(objective="acquire")
    submission_settings()
    dry_run(version)
    assert problems(version) == ["objective"]
    with pytest.raises(submission.PlanNotFit) as refused:
        submission.submit_version(version_id=version.pk, maker=version.created_by, at=AT)
    assert [one.problem for one in refused.value.faults] == [planning.why_no_cards(ON)]
    version.refresh_from_db()
    assert version.state == "draft"


def test_others_go_on() -> None:
    sleepers(2, of=10)
    assert problems(draft(objective="retain")) == []


def test_no_live_run_begins_until_the_share_is_lower() -> None:
    version = approved(objective="acquire")
    card_in_use()
    sleepers(3, of=9)
    with pytest.raises(eligibility.CardsNotAllowed) as refused:
        eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    assert str(refused.value) == planning.why_no_cards(ON)
    assert not Run.objects.exists()
    evening = eligibility.start_evening(on=ON, started_by=None, at=AT)
    assert [why for _label, why in evening.refused] == [planning.why_no_cards(ON)]
    assert NotStarted.objects.get().version == version
    # A dry run gives nothing, and says what would be.
    assert dry_run(version).state == "done"
    awake()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    assert run.kind == "live"


def test_who_owns_it_is_told_and_who_can_stop_it(rf: RequestFactory) -> None:
    owner, other = (StaffFactory(role="campaign_manager") for _ in range(2))
    version = approved(owner=owner, objective="acquire", runs_to="2099-01-01")
    sleepers(2, of=9)
    request = rf.get("/")
    request.user = other
    assert panels.issuing_stopped(request) is None
    request.user = owner
    found = panels.issuing_stopped(request)
    assert found is not None
    assert (found["found"], bool(found["why"])) == ([version], True)
    breaking = queries.breaking(on=ON)
    assert [(one.version, [fault.place for fault in one.faults]) for one in breaking] == [
        (version, ["objective"])
    ]
    awake()
    assert panels.issuing_stopped(request) is None
    assert queries.breaking(on=ON) == []
