"""The benchmark of daily figures at a small size."""

import pytest

from benchmarks.daily import watching
from tests.journeys.kpis.worlds import World

pytestmark = pytest.mark.django_db


def test_it_counts_reads_and_proves_a_small_bank(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "ASKED", 2)
    World(5, size=30)
    watching.measure(30)
    said = capsys.readouterr().out
    assert "200 days, branches and products equal a count of their own" in said
    assert "sales report by person: p50" in said
