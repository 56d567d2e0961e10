"""What machines ask: does the portal stand, and how much work is waiting."""

import logging
import os
from collections.abc import Callable, Iterator

import redis
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from portal.kit.registry import registry

_log = logging.getLogger(__name__)


class NotMigrated(Exception):
    """Raised when the database lacks migrations that this code needs."""


def readiness() -> dict[str, bool]:
    """This will tell, for each thing the portal needs, whether it is there. Why one is not goes
    to the log, because anybody may ask."""
    return {
        "database": _holds(_ask_database),
        "migrations": _holds(_ask_migrations),
        "queue": _holds(_ask_queue),
    }


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        _log.exception("readiness check %s failed", check.__name__)
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotMigrated


def _valkey() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, decode_responses=True
    )


def _ask_queue() -> None:
    with _valkey() as valkey:
        valkey.ping()


def metrics_text() -> bytes:
    """This will return all figures in Prometheus' text form. With PROMETHEUS_MULTIPROC_DIR those
    of all web processes are added up."""
    counted = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)
    asked = CollectorRegistry()
    asked.register(_WaitingWork())
    return generate_latest(counted) + generate_latest(asked)


class _WaitingWork(Collector):
    """Figures read at the moment of asking; one that cannot be read is left out and logged."""

    def collect(self) -> Iterator[Metric]:
        for read in (_queue_lengths, _row_counts):
            try:
                yield from read()
            except Exception:
                _log.exception("figures of %s could not be read", read.__name__)


def _queue_lengths() -> list[Metric]:
    waiting = GaugeMetricFamily("portal_queue_length", "Tasks waiting.", labels=["queue"])
    with _valkey() as valkey:
        for queue in current_app.amqp.queues:
            waiting.add_metric([queue], valkey.llen(queue))
        taken = GaugeMetricFamily(
            "portal_queue_unacknowledged", "Tasks taken and not finished.", valkey.hlen("unacked")
        )
    return [waiting, taken]


def _row_counts() -> list[Metric]:
    figures: list[Metric] = []
    for gauge in registry.gauges:
        rows = apps.get_model(gauge.model)._default_manager.filter(**gauge.where)
        figure = GaugeMetricFamily(gauge.name, gauge.help, labels=[gauge.by])
        counts = rows.order_by(gauge.by).values_list(gauge.by).annotate(rows=Count("pk"))
        for value, count in counts:
            figure.add_metric([str(value)], count)
        figures.append(figure)
    return figures
