"""A live run is settled only for as long as its version stays approved."""

import pytest

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import rules as runs
from campaigns.models import Run
from campaigns.planning import operations as planning
from campaigns.planning.rules import drift
from tests.campaigns.submission.test_operations import given, in_force
from tests.factories.campaigns import AT, ON

pytestmark = pytest.mark.django_db


def test_a_run_that_was_cleared_gives_nothing_once_its_approval_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs, "SMALLEST_CHUNK", 1)
    version = in_force(3)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    chunks = list(run.chunks.order_by("number").values_list("id", flat=True))
    for chunk in chunks[:2]:
        eligibility.work_chunk(chunk_id=chunk, now=lambda: AT)
    Run.objects.filter(pk=run.pk).update(cleared_at=AT)
    planning.void_approval(version_id=version.pk, drifts=[drift.Drift(drift.TEXTS)], at=AT)
    eligibility.work_chunk(chunk_id=chunks[2], now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, run.failure, given()) == ("stopped", runs.NOT_APPROVED, (0, 0))
