"""The Olist funnel comes in through the example's mappings, and the page says what plain Python
reckons from the files."""

import csv
import datetime as dt
import lzma
import statistics
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from merchants.models import MerchantDeal, MerchantLead
from merchants.prospects import queries
from portal.intake import operations
from portal.staff.access import Scope

FOLDER = settings.BASE_DIR / "examples/olist"
_PLACE = "shared/data/olist"
AT = dt.datetime(2026, 10, 28, 2, 0, tzinfo=dt.UTC)
BANK = Scope(branch_path="")
Rows = list[dict[str, str]]


def _whole() -> tuple[Path, Path]:
    for above in settings.BASE_DIR.parents:
        if (above / _PLACE).exists():
            leads = "olist_marketing_qualified_leads_dataset.csv.xz"
            return above / _PLACE / leads, above / _PLACE / "olist_closed_deals_dataset.csv.xz"
    pytest.skip(f"the Olist funnel is not at hand (../{_PLACE})")


@pytest.fixture(params=["sample", "whole"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Path]:
    """The files of leads and deals, where bad rows may be written beside them."""
    of = {
        "sample": lambda: (FOLDER / "sample/leads.csv", FOLDER / "sample/deals.csv"),
        "whole": _whole,
    }[request.param]
    here = {}
    for kind, path in zip(("leads", "deals"), of(), strict=True):
        here[kind] = tmp_path / path.name
        here[kind].write_bytes(path.read_bytes())
    return here


def rows_of(path: Path) -> Rows:
    """The rows of a file as plain Python reads them."""
    raw = path.read_bytes()
    text = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode()
    return list(csv.DictReader(text.splitlines()))


def load(kind: str, path: Path) -> tuple[int, int, int, int]:
    mapping = operations.load_mapping(FOLDER / f"{kind}.yaml")
    (report,) = operations.import_mapped(mapping=mapping, path=path, actor=None, at=AT)
    return report.rows_new, report.rows_changed, report.rows_same, report.rows_bad


def days(leads: Rows, deals: Rows) -> dict[str, int]:
    """How long each deal took, by its lead."""
    first = {row["mql_id"]: dt.date.fromisoformat(row["first_contact_date"]) for row in leads}
    return {
        row["mql_id"]: (dt.date.fromisoformat(row["won_date"][:10]) - first[row["mql_id"]]).days
        for row in deals
    }


@pytest.mark.django_db
def test_the_funnel_is_what_plain_python_reckons(files: dict[str, Path]) -> None:
    leads, deals = rows_of(files["leads"]), rows_of(files["deals"])
    assert load("leads", files["leads"]) == (len(leads), 0, 0, 0)
    assert load("deals", files["deals"]) == (len(deals), 0, 0, 0)
    took = days(leads, deals)
    early = {number for number, count in took.items() if count < 0}
    assert len(early) == 1
    assert took[early.pop()] == -2
    found = queries.funnel(scope=BANK)
    assert (found.conversion.of, found.conversion.whole) == (len(deals), len(leads))
    assert found.median_days == statistics.median(count for count in took.values() if count >= 0)
    assert [(row.number, row.won_date < row.lead.first_contact_date) for row in found.doubts] == [
        (number, True) for number, count in took.items() if count < 0
    ]
    origin = {row["mql_id"]: row["origin"] for row in leads}
    won = Counter(origin[row["mql_id"]] for row in deals)
    assert {line.name: (line.share.of, line.share.whole) for line in found.by_origin} == {
        name: (won[name], count) for name, count in Counter(origin.values()).items()
    }
    assert {line.name: line.share.of for line in found.by_person} == Counter(
        row["sr_id"] for row in deals
    )
    assert dict(found.by_segment) == Counter(row["business_segment"] for row in deals)
    # A second time nothing changes.
    assert load("leads", files["leads"]) == (0, 0, len(leads), 0)
    assert load("deals", files["deals"]) == (0, 0, len(deals), 0)
    assert (MerchantLead.objects.count(), MerchantDeal.objects.count()) == (len(leads), len(deals))


@pytest.mark.django_db
def test_the_whole_funnel_has_the_figures_that_were_published(tmp_path: Path) -> None:
    for kind, path in zip(("leads", "deals"), _whole(), strict=True):
        here = tmp_path / path.name
        here.write_bytes(path.read_bytes())
        load(kind, here)
    found = queries.funnel(scope=BANK)
    assert (found.conversion.of, found.conversion.whole, found.median_days) == (842, 8000, 14)
