"""Figures of waiting work."""

from typing import Any

import pytest
from celery.signals import heartbeat_sent
from django.db.migrations.recorder import MigrationRecorder

from journeys.models import Message, MessageTemplate
from portal.kit import valkey
from portal.shell import queries
from tests.factories.journeys import INSTANT, CustomerFactory


def _figures() -> dict[str, float]:
    lines = queries.metrics_text().decode().splitlines()
    return {
        name: float(value)
        for name, _space, value in (line.rpartition(" ") for line in lines if line[:1] != "#")
    }


@pytest.mark.django_db
def test_queue_length() -> None:
    with valkey.connect() as client:
        client.delete("celery", "unacked")
        client.rpush("celery", "a", "b")
        client.hset("unacked", "c", "1")
        figures = _figures()
        client.delete("celery", "unacked")
    assert figures['portal_queue_length{queue="celery"}'] == 2
    assert figures["portal_queue_unacknowledged"] == 1


@pytest.mark.django_db
def test_a_worker_gives_a_sign_of_life() -> None:
    with valkey.connect() as client:
        client.delete("portal:worker-lives")
    assert _figures()["portal_worker_lives"] == 0
    heartbeat_sent.send(sender=None)
    assert _figures()["portal_worker_lives"] == 1


def test_a_worker_without_valkey_goes_on(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    valkey.note_worker()
    assert queries.worker_is_there() is False


@pytest.mark.django_db
def test_outbox_by_state_without_what_is_done() -> None:
    template = MessageTemplate.objects.create(code="t", channel="sms", language="zh-hans", body="x")
    customer = CustomerFactory()
    for number, state in enumerate(["queued", "queued", "failed", "sent"]):
        Message.objects.create(
            customer=customer, channel="sms", purpose="marketing", template=template,
            origin="test", dedup_key=str(number), state=state, queued_at=INSTANT,
            not_before=INSTANT, sent_at=INSTANT if state == "sent" else None,
            failure_kind="permanent" if state == "failed" else "",
        )  # fmt: skip
    figures = _figures()
    found = {name: value for name, value in figures.items() if "outbox" in name}
    assert found == {
        'portal_outbox_messages{state="failed"}': 1,
        'portal_outbox_messages{state="queued"}': 2,
    }


@pytest.mark.django_db
def test_figures_are_told_without_the_queue(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "portal_queue_unacknowledged" not in _figures()


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready() -> None:
    MigrationRecorder.Migration.objects.filter(app="merchants").delete()
    assert queries.readiness() == {"database": True, "migrations": False, "queue": True}
