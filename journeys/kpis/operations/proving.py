"""The proof of the figures: a full recount, whose differences are told and never mended."""

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction

from journeys.kpis import queries, rules
from journeys.kpis.enums import Verdict
from journeys.kpis.models import FigureDay, FigureGap, FigureProof
from journeys.kpis.operations.counting import LOCK
from portal.audit import operations as audit
from portal.kit import clock

MOST_GAPS = 500  # kept with a proof; all are counted
PROVED_FROM = dt.time(2)  # of the bank's clock


def prove_if_due(*, now: Callable[[], dt.datetime]) -> FigureProof | None:
    """This will prove the figures where that was not done since the hour of today's proof."""
    at = now()
    due = clock.at_time(clock.bank_day(at), PROVED_FROM)
    if at < due or queries.was_proved_since(due):
        return None
    return prove_figures(now=now)


@transaction.atomic
def prove_figures(*, now: Callable[[], dt.datetime]) -> FigureProof:
    """This will count all facts anew and note each figure that the ledger has otherwise. It mends
    nothing: somebody looks, and asks for a recount with a reason.

    The recount is one statement and sees one moment; days that wait to be counted are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        at = now()
        cursor.execute(rules.GAPS, {"most": MOST_GAPS})
        found = cursor.fetchall()
    count = found[0][-1] if found else 0
    FigureProof.objects.filter(is_newest=True).update(is_newest=False)
    proof = FigureProof.objects.create(
        at=at, days=FigureDay.objects.count(), gaps=count,
        verdict=Verdict.DIFFERS if count else Verdict.HOLDS,
    )  # fmt: skip
    names = ("day", *rules.CELL, "measure", "kept", "counted")
    FigureGap.objects.bulk_create(
        FigureGap(proof=proof, **dict(zip(names, row[:-1], strict=True))) for row in found
    )
    audit.record(
        action="figures.proved", actor=None, at=at, target=proof,
        changes={"counted_days": proof.days, "gaps": count},
    )  # fmt: skip
    return proof
