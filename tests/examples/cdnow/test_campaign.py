"""The campaign over the CDNOW purchases finds those whom plain Python finds, and nobody else."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from campaigns.eligibility import operations as eligibility
from campaigns.models import Decision
from campaigns.planning import operations as planning
from examples.cdnow import convert, plain
from tests.factories.campaigns import message_texts
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory, head_office

FOLDER = settings.BASE_DIR / "examples/cdnow"
WHOLE = settings.BASE_DIR.parent / "shared/data/cdnow/CDNOW_sample.txt.xz"
AT = dt.datetime(1998, 7, 1, 6, 0, tzinfo=dt.UTC)
ON = dt.date(1998, 6, 30)


@pytest.fixture(params=["extract", "whole"])
def source(request: pytest.FixtureRequest) -> Path:
    path = {"extract": FOLDER / "extract.txt", "whole": WHOLE}[request.param]
    if not path.exists():
        pytest.skip("the whole CDNOW sample is not at hand (../shared/data/cdnow)")
    return path


def found_by_campaign(amount: int, last_day: str) -> set[str]:
    """The numbers of the customers who qualify in a preview of the example's campaign."""
    plan = yaml.safe_load((FOLDER / "campaign.yaml").read_text(encoding="utf-8"))
    plan["rule"] |= {"at_least": amount, "last_day": last_day}
    version = planning.load_campaign(
        text=yaml.safe_dump(plan, allow_unicode=True), owner=StaffFactory(), at=AT
    )
    run = eligibility.start_run(
        version_id=version.pk, kind="preview", on=ON, started_by=None, at=AT
    )
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    qualified = Decision.objects.filter(run=run, outcome="qualified")
    return set(qualified.values_list("customer__number", flat=True))


@pytest.mark.django_db
def test_the_campaign_finds_whom_plain_python_finds(source: Path, tmp_path: Path) -> None:
    head_office()
    ProductFactory()
    message_texts()
    convert.convert(source, tmp_path, branch="HO", product="GOLD")
    for kind in ("customers", "applications", "cards", "transactions"):
        call_command("import_data", kind, str(tmp_path / f"{kind}.csv"))
    for amount in plain.SUMS:
        for last_day in ("inside", "outside"):
            expected = plain.qualifying(
                source, last_day_inside=last_day == "inside", threshold=Decimal(amount)
            )
            assert found_by_campaign(amount, last_day) == {
                convert.customer_number(name) for name in expected
            }
