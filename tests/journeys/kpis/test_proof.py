"""A full recount names every figure that differs, and mends none."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from journeys.kpis import operations, queries
from journeys.kpis.models import FigureEntry, FigureGap, FigureProof
from portal.models import AuditEntry
from tests.factories.journeys import CardFactory
from tests.factories.portal import StaffFactory
from tests.journeys.kpis.worlds import AT, World, count, kept, ticking, told
from tests.project.figure_rows import figure_day
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
DAY = dt.date(2026, 3, 2)
HOUR = dt.timedelta(hours=1)


def prove(at: dt.datetime = AT + HOUR) -> FigureProof:
    return operations.prove_figures(now=lambda: at)


def test_a_ledger_that_was_counted_holds() -> None:
    World(3)
    count()
    proof = prove()
    assert (proof.verdict, proof.gaps, FigureGap.objects.count()) == ("holds", 0, 0)
    assert proof.days > 10
    # Facts that came since wait to be counted, and are no difference.
    CardFactory(issued_date=DAY)
    assert prove(AT + 2 * HOUR).holds
    assert FigureProof.objects.filter(is_newest=True).count() == 1


def test_a_wrong_row_is_named_and_stays_until_somebody_asks_for_a_recount(
    client_of: ClientOf,
) -> None:
    card = CardFactory(issued_date=DAY)
    count()
    row_of(
        "journeys.FigureEntry", day=figure_day(), branch=card.branch, product=card.product,
        source="unknown", issued=3, known_at=AT + HOUR / 2,
    )  # fmt: skip
    entries = FigureEntry.objects.count()
    proof = prove()
    [gap] = FigureGap.objects.filter(proof=proof)
    assert (gap.day, gap.branch, gap.product, gap.source) == (
        DAY, card.branch, card.product, "unknown",
    )  # fmt: skip
    assert (gap.measure, gap.kept, gap.counted) == ("issued", 4, 1)
    assert FigureEntry.objects.count() == entries
    assert prove(AT + 2 * HOUR).gaps == 1  # nothing was mended

    analyst = StaffFactory(role="analyst")
    client = client_of(analyst)
    page = client.get(reverse("figure_proof_list"))
    assert [(one.kept, one.counted) for one in page.context["gaps"]] == [(4, 1)]
    assert client.post(reverse("figure_recount"), {"reason": ""}).status_code == 422
    assert count(AT + 3 * HOUR) == []
    assert client.post(reverse("figure_recount"), {"reason": "核对"}).status_code == 302
    entry = AuditEntry.objects.get(action="figures.recount_asked")
    assert (entry.actor, entry.reason, entry.changes) == (analyst, "核对", {"days": [str(DAY)]})
    assert count(AT + 3 * HOUR) == [DAY]
    assert kept() == told()
    assert prove(AT + 4 * HOUR).holds
    assert FigureEntry.objects.count() == entries + 1  # the wrong row stays readable


def test_where_nothing_differs_there_is_nothing_to_count_again() -> None:
    with pytest.raises(operations.NothingDiffers):
        operations.recount_days(reason="x", actor=StaffFactory(), at=AT)
    prove()
    with pytest.raises(operations.NothingDiffers):
        operations.recount_days(reason="x", actor=StaffFactory(), at=AT)


def test_a_row_of_a_branch_that_issued_nothing_is_found_too() -> None:
    row_of("journeys.FigureEntry", refused=-1, issued=0)
    proof = prove()
    [gap] = FigureGap.objects.filter(proof=proof)
    assert (gap.measure, gap.kept, gap.counted) == ("refused", -1, 0)


def test_the_night_proves_once() -> None:
    night = dt.datetime(2026, 5, 1, 18, 5, tzinfo=dt.UTC)  # five past two of the bank's clock
    assert operations.prove_if_due(now=lambda: night - HOUR) is None
    assert operations.prove_if_due(now=ticking(night)) is not None
    assert operations.prove_if_due(now=lambda: night + HOUR) is None
    assert operations.prove_if_due(now=lambda: night + 24 * HOUR) is not None
    assert queries.proofs().count() == 2
