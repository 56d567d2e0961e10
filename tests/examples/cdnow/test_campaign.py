"""The campaign over the CDNOW purchases finds those whom plain Python finds, and nobody else."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from campaigns.models import Decision
from examples.cdnow import convert, evaluate, plain
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory, head_office

FOLDER = settings.BASE_DIR / "examples/cdnow"
WHOLE = settings.BASE_DIR.parent / "shared/data/cdnow/CDNOW_sample.txt.xz"


@pytest.fixture(params=["extract", "whole"])
def source(request: pytest.FixtureRequest) -> Path:
    path = {"extract": FOLDER / "extract.txt", "whole": WHOLE}[request.param]
    if not path.exists():
        pytest.skip("the whole CDNOW sample is not at hand (../shared/data/cdnow)")
    return path


def found_by_campaign(amount: int, last_day: str) -> set[str]:
    """The numbers of the customers who qualify in a dry run of the example's campaign."""
    run = evaluate.dry_run(amount=amount, last_day=last_day, owner="campaign_manager")
    qualified = Decision.objects.filter(run_id=run["run"], outcome="qualified")
    return set(qualified.values_list("customer__number", flat=True))


@pytest.mark.django_db
def test_the_campaign_finds_whom_plain_python_finds(source: Path, tmp_path: Path) -> None:
    head_office()
    ProductFactory(code="CLASSIC")
    StaffFactory(username="campaign_manager")
    convert.convert(source, tmp_path, branch="HO", product="CLASSIC")
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
