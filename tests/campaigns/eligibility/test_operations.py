"""Runs: decisions, grants and messages, once each; refusals; what a failure leaves behind."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import translation

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries, rules
from campaigns.models import CampaignVersion, Decision, Grant, Run, RunChunk
from campaigns.planning import operations as planning
from journeys.models import Card, Contact, Message
from portal.models import AuditEntry
from tests.factories.campaigns import (
    AT,
    ON,
    TIER,
    approved,
    card_in_use,
    clear,
    draft,
    message_texts,
)
from tests.factories.journeys import DAY, CardFactory, ConsentFactory, CustomerFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def finished(version_id: int, kind: str = "live", at: dt.datetime = AT) -> Run:
    run = eligibility.start_run(version_id=version_id, kind=kind, on=ON, started_by=None, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    return run


def decided(run: Run) -> dict[int, tuple[str, int | None, str, str]]:
    rows = Decision.objects.filter(run=run)
    return {row.customer_id: (row.outcome, row.failed_at, row.gate, row.channel) for row in rows}


def written() -> tuple[int, int, int]:
    return Grant.objects.count(), Message.objects.count(), Contact.objects.count()


def test_a_live_run_decides_grants_and_queues() -> None:
    version = approved()
    good, poor = card_in_use(), card_in_use(spent="499.99")
    sleeping = CardFactory(activated_date=DAY)
    nobody = CustomerFactory()
    run = finished(version.pk)
    assert run.state == "done"
    assert decided(run) == {
        good.customer_id: ("qualified", None, "open", "sms"),
        poor.customer_id: ("not_qualified", 3, "", ""),
        sleeping.customer_id: ("not_qualified", 2, "", ""),
        nobody.pk: ("no_card", None, "", ""),
    }
    grant = Grant.objects.get()
    assert (grant.customer_id, grant.card_id, grant.amount, grant.reward, grant.granted_date) == (
        good.customer_id, good.pk, Decimal("10.00"), "first-gift", ON,
    )  # fmt: skip
    message = Message.objects.get()
    assert (message.customer_id, message.origin, message.dedup_key) == (
        good.customer_id, "campaign:first-gift:v1", "first-gift:qualified",
    )  # fmt: skip
    assert message.context["card_tail"] == "0001"
    progress = queries.progress_of(run.pk)
    assert (progress.percent, progress.decided, progress.qualified) == (100, 4, 1)
    assert (progress.queued, progress.granted) == (1, 1)


def test_a_dry_run_takes_the_same_decisions_and_writes_nothing_else() -> None:
    version = approved()
    card_in_use(), card_in_use(spent="1.00")
    dry = finished(version.pk, "dry_run")
    assert written() == (0, 0, 0)
    live = finished(version.pk)
    assert decided(dry) == decided(live)
    assert written() == (1, 1, 1)


def test_a_preview_counts_and_writes_down_nothing() -> None:
    version = approved()
    card_in_use(), card_in_use(spent="1.00")
    preview = finished(version.pk, "preview")
    assert (written(), Decision.objects.count()) == ((0, 0, 0), 0)
    figures = queries.figures_of(preview)
    assert (figures.customers, figures.qualified, figures.checks) == (2, 1, [])
    assert [step.failed for step in figures.steps] == [0, 0, 0, 0, 1]


def test_a_second_live_run_grants_and_sends_nothing_twice() -> None:
    version = approved()
    card = card_in_use()
    finished(version.pk)
    before = written()
    again = finished(version.pk, at=AT + dt.timedelta(hours=1))
    assert written() == before == (1, 1, 1)
    assert decided(again) == {card.customer_id: ("qualified", None, "already", "")}


def test_who_qualifies_without_having_used_the_card_gets_nothing_yet() -> None:
    version = approved(rule={"kind": "activated"})
    card = CardFactory(activated_date=DAY)
    run = finished(version.pk)
    assert decided(run) == {card.customer_id: ("qualified", None, "", "")}
    assert written() == (0, 0, 0)
    Card.objects.filter(pk=card.pk).update(first_used_date=DAY)
    finished(version.pk)
    assert Grant.objects.get().customer_id == card.customer_id


def test_a_live_run_needs_an_approved_version() -> None:
    version = draft()
    with translation.override("en"), pytest.raises(eligibility.NotApproved) as refused:
        eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    assert str(refused.value) == (
        "first-gift v1 is not approved; a live run needs an approved version."
    )
    assert not Run.objects.exists()
    assert finished(version.pk, "preview").state == "done"


def test_a_stopped_campaign_has_no_live_run_but_previews() -> None:
    version = approved()
    card_in_use()
    planning.stop_campaign(
        campaign_id=version.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )
    with pytest.raises(eligibility.CampaignStopped):
        eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    assert not Run.objects.exists()
    assert finished(version.pk, "preview").state == "done"


def test_a_day_ahead_is_refused() -> None:
    version = approved()
    with pytest.raises(eligibility.DayAhead):
        eligibility.start_run(
            version_id=version.pk, kind="preview", on=ON + dt.timedelta(days=1),
            started_by=None, at=AT,
        )  # fmt: skip
    assert not Run.objects.exists()


def test_two_live_runs_of_a_version_at_once_are_refused() -> None:
    version = approved()
    card_in_use()
    start = {"version_id": version.pk, "on": ON, "started_by": None, "at": AT}
    first = eligibility.start_run(kind="live", **start)
    with pytest.raises(eligibility.AlreadyRunning):
        eligibility.start_run(kind="live", **start)
    assert Run.objects.get() == first
    eligibility.start_run(kind="preview", **start)


def test_a_campaign_stopped_on_the_way_stops_the_run() -> None:
    version = approved()
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    planning.stop_campaign(
        campaign_id=version.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, written(), Decision.objects.count()) == ("stopped", (0, 0, 0), 0)


def test_without_customers_a_run_is_done_at_once() -> None:
    version = approved()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    assert (run.state, run.chunks.count()) == ("done", 0)


def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One customer a chunk: a setting of the cut, not of what is done."""
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", 1)
    monkeypatch.setattr(rules, "LARGEST_CHUNK", 1)


def test_the_order_of_chunks_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    version = approved()
    cards = [card_in_use(spent=spent) for spent in ("600.00", "2.00", "500.00")]
    cut_small(monkeypatch)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    for chunk_id in reversed(queries.chunks_to_do(run.pk)):
        eligibility.work_chunk(chunk_id=chunk_id, now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, run.chunks.count()) == ("done", 3)
    assert [decided(run)[card.customer_id][0] for card in cards] == [
        "qualified", "not_qualified", "qualified",
    ]  # fmt: skip


def break_customer(customer_id: int) -> str:
    """A database that refuses decisions about one customer."""
    return f"""ALTER TABLE campaigns_decision ADD CONSTRAINT broken
        CHECK (customer_id <> {customer_id}) NOT VALID"""


def test_a_chunk_that_fails_three_times_is_given_up_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version = approved()
    bad, good = card_in_use(), card_in_use()
    cut_small(monkeypatch)
    with connection.cursor() as cursor:
        cursor.execute(break_customer(bad.customer_id))
    run = finished(version.pk)
    assert run.state == "failed"
    states = list(run.chunks.order_by("number").values_list("state", "attempts"))
    assert states == [("failed", 3), ("done", 1)]
    failure = run.chunks.get(state="failed").failure
    assert failure.startswith('IntegrityError: new row for relation "campaigns_decision"')
    assert list(decided(run)) == [good.customer_id]
    assert Grant.objects.get().customer_id == good.customer_id


def test_the_work_of_a_chunk_is_whole_or_not_at_all() -> None:
    approved_version = approved()
    card = card_in_use()
    run = eligibility.start_run(
        version_id=approved_version.pk, kind="live", on=ON, started_by=None, at=AT
    )
    chunk = run.chunks.get()
    with connection.cursor() as cursor:
        # The last of the writes is refused: the grants came before it.
        cursor.execute("ALTER TABLE journeys_message ADD CONSTRAINT broken CHECK (FALSE) NOT VALID")
    eligibility.work_chunk(chunk_id=chunk.pk, now=lambda: AT)
    chunk.refresh_from_db()
    assert (chunk.state, chunk.attempts, chunk.settle_attempts) == ("decided", 1, 1)
    assert written() == (0, 0, 0)
    assert decided(run) == {card.customer_id: ("qualified", None, "", "")}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journeys_message DROP CONSTRAINT broken")
    eligibility.work_chunk(chunk_id=chunk.pk, now=lambda: AT)
    assert (written(), list(decided(run))) == ((1, 1, 1), [card.customer_id])


def test_a_worker_that_dies_three_times_of_a_chunk_is_spared_a_fourth() -> None:
    version = approved()
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    RunChunk.objects.update(attempts=3)
    eligibility.work_chunk(chunk_id=run.chunks.get().pk, now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, run.chunks.get().failure, written()) == ("failed", "worker_lost", (0, 0, 0))


def test_a_message_text_that_needs_what_is_not_given_is_told() -> None:
    message_texts("{unheard}")
    version = approved()
    card_in_use()
    run = finished(version.pk)
    assert run.state == "failed"
    assert run.chunks.get().failure.endswith("the message text needs unheard, which is not given.")
    assert written() == (0, 0, 0)


@pytest.mark.parametrize(("seconds", "found"), [(20, 0), (21, 1)])
def test_the_sweeper_asks_again_for_what_nobody_holds(seconds: int, found: int) -> None:
    version = approved()
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    later = AT + dt.timedelta(seconds=seconds)
    assert eligibility.sweep_runs(at=later) == found
    assert run.chunks.get().enqueued_at == (later if found else AT)


def test_the_sweeper_ends_a_run_whose_last_chunk_could_not() -> None:
    version = approved()
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    clear(run)
    RunChunk.objects.update(state="done", finished_at=AT)
    assert eligibility.sweep_runs(at=AT) == 0
    run.refresh_from_db()
    assert run.state == "done"


def test_what_is_decided_stands_in_the_audit_trail() -> None:
    version = approved()
    run = finished(version.pk, "preview")
    entries = AuditEntry.objects.filter(action__startswith="run.").order_by("id")
    assert [(entry.action, entry.changes["run"]) for entry in entries] == [
        ("run.started", run.pk), ("run.done", run.pk),
    ]  # fmt: skip


@pytest.mark.parametrize(("customers", "size"), [
    (1, 5_000), (20_000, 5_000), (200_000, 10_000), (1_000_000, 50_000), (5_000_000, 50_000),
])  # fmt: skip
def test_chunk_size(customers: int, size: int) -> None:
    assert rules.chunk_size(customers) == size


def test_spans_cover_every_customer_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert queries.customer_spans() == []
    ids = [CustomerFactory().pk for _number in range(5)]
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", 2)
    monkeypatch.setattr(rules, "CHUNKS_WANTED", 100)
    spans = queries.customer_spans()
    assert spans == [(ids[0], ids[2]), (ids[2], ids[4]), (ids[4], ids[4] + 1)]


def test_a_run_ends_when_its_work_ends() -> None:
    version = approved()
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    instants = (AT + dt.timedelta(seconds=second) for second in itertools.count())
    eligibility.work_chunk(chunk_id=run.chunks.get().pk, now=lambda: next(instants))
    run.refresh_from_db()
    chunk = run.chunks.get()
    assert AT < chunk.started_at + dt.timedelta(seconds=2) == chunk.finished_at < run.finished_at


def test_a_new_version_neither_grants_again_nor_promises_more() -> None:
    card = card_in_use()
    ConsentFactory(customer=card.customer, is_granted=False)
    live(approved())
    ConsentFactory(customer=card.customer, effective_at=AT)
    better = TIER | {"code": "better", "name": "更好的礼", "value": "99.00"}
    live(approved(rewards={"tiers": [better]}))
    grant = Grant.objects.get()
    assert (grant.reward, grant.amount) == (TIER["code"], Decimal("10.00"))
    told = Message.objects.get().context
    assert (told["reward"], told["amount"]) == (TIER["name"], "¥10")


def live(version: CampaignVersion) -> None:
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
