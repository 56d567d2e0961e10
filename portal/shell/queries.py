"""What machines ask: does the portal stand, and how much work is waiting; and what the address of
the page of figures asks for."""

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator, Mapping

import redis
from celery import current_app
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from portal.kit import valkey
from portal.kit.registry import FiguresAsked, registry
from portal.shell.enums import Period
from portal.staff import queries as people
from portal.staff.access import scope_of
from portal.staff.models import Staff

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


def worker_is_there() -> bool:
    """This will tell whether a worker is at work. Pages do without one, so that this belongs to
    no readiness: a portal without worker is slow, not down."""
    try:
        return valkey.worker_lives()
    except redis.RedisError:
        return False


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


def _ask_queue() -> None:
    with valkey.connect() as client:
        client.ping()


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
    with valkey.connect() as client:
        for queue in current_app.amqp.queues:
            waiting.add_metric([queue], client.llen(queue))
        taken = GaugeMetricFamily(
            "portal_queue_unacknowledged", "Tasks taken and not finished.", client.hlen("unacked")
        )
    lives = GaugeMetricFamily(
        "portal_worker_lives", "Whether a worker gave a sign of life.", int(valkey.worker_lives())
    )
    return [waiting, taken, lives]


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


def figures_asked(staff: Staff, asked: QueryDict, *, on: dt.date) -> FiguresAsked:
    """This will read what an address asks the figures for on a day; what is wrong, or lies outside
    the person's scope, is left out."""
    scope, code = scope_of(staff), asked.get("branch", "")
    found = [row for row in people.branches_below(scope.branch_path) if row.code == code]
    end = on + dt.timedelta(days=1)
    return FiguresAsked(
        branch_path=found[0].path if found else scope.branch_path,
        branch_code=code if found else "",
        first=end - dt.timedelta(days=Period.asked(asked.get("period", "")).days),
        end=end,
    )


def figures_in_force(asked: FiguresAsked) -> dict[str, str]:
    """This will name what was asked for, as it is kept with an export."""
    last = asked.end - dt.timedelta(days=1)
    found = {"branch": asked.branch_code, "first": f"{asked.first}", "last": f"{last}"}
    return {name: value for name, value in found.items() if value}


def figures_words() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    """This will give what says that in words; whoever reads it may see other branches than who
    made the export."""
    names = {row.code: row.label for row in people.branches_below("")}

    def words_of(given: Mapping[str, str]) -> list[tuple[str, str]]:
        labels = {"branch": _("Branch"), "first": _("First day"), "last": _("Last day")}
        return [(labels.get(key, key), names.get(value, value)) for key, value in given.items()]

    return words_of
