"""Applications that name the post where they were won: it and the merchant go together."""

from pathlib import Path

import pytest

from journeys.models import Application
from merchants.models import Merchant
from tests.factories.intake import counts_of, errors_of, make_bank, take
from tests.factories.merchants import MerchantFactory, StoreFactory
from tests.project.rows import row_of

BOTH = "number,customer,product,branch,filed_date,state,merchant,post\n"
ONLY_POST = "number,customer,product,branch,filed_date,state,post\n"
ONLY_MERCHANT = "number,customer,product,branch,filed_date,state,merchant\n"
ROW = "A7,C1,GOLD,B001,2026-02-20,filed,"
OTHER = "This post stands at merchant M1: the row names that one as the merchant."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    Merchant.objects.filter(number="M1").update(is_partner=True)
    store = StoreFactory(merchant=Merchant.objects.get(number="M1"))
    row_of("merchants.Post", number="Z1", store=store)
    MerchantFactory(number="M2")


def names() -> list[tuple[str | None, str | None]]:
    """Merchant and post of the application of these files."""
    rows = Application.objects.filter(number="A7")
    return list(rows.values_list("merchant__number", "post__number"))


def said(folder: Path, content: str, name: str = "file.csv") -> list[tuple[str, str]]:
    lines = errors_of(take(folder, "applications", content, name))
    cells = [line.replace('"', "").split(",", 3) for line in lines]
    return [(column, reason) for _row, column, _value, reason in cells]


def test_an_application_is_won_at_a_post(tmp_path: Path) -> None:
    assert counts_of(take(tmp_path, "applications", BOTH + ROW + "M1,Z1\n")) == (1, 0, 0, 0)
    assert names() == [("M1", "Z1")]
    assert counts_of(take(tmp_path, "applications", BOTH + ROW + "M1,Z1\n")) == (0, 0, 1, 0)


def test_a_post_at_another_merchant(tmp_path: Path) -> None:
    assert said(tmp_path, BOTH + ROW + "M2,Z1\n") == [("post", OTHER)]
    assert names() == []


@pytest.mark.parametrize("content", [BOTH + ROW + ",Z1\n", ONLY_POST + ROW + "Z1\n"])
def test_a_row_that_names_no_merchant_is_the_posts(tmp_path: Path, content: str) -> None:
    assert counts_of(take(tmp_path, "applications", content)) == (1, 0, 0, 0)
    assert names() == [("M1", "Z1")]


def test_a_post_that_is_not_there(tmp_path: Path) -> None:
    found = said(tmp_path, BOTH + ROW + "M1,Z9\n")
    assert found == [("post", "There is no post with this number.")]


def test_a_merchant_that_was_merged_counts_as_the_one_that_is_kept(tmp_path: Path) -> None:
    kept = Merchant.objects.get(number="M1")
    Merchant.objects.filter(number="M2").update(merged_into=kept)
    assert counts_of(take(tmp_path, "applications", BOTH + ROW + "M2,Z1\n")) == (1, 0, 0, 0)
    assert names() == [("M2", "Z1")]


def test_files_that_name_only_one_of_both(tmp_path: Path) -> None:
    take(tmp_path, "applications", ONLY_MERCHANT + ROW + "\n", "none.csv")
    fast = ONLY_POST.replace("post", "post,is_fast_track") + ROW + "Z1,true\n"
    assert said(tmp_path, fast) == [("post", OTHER)]
    assert names() == [(None, None)]
    take(tmp_path, "applications", ONLY_MERCHANT + ROW + "M1\n", "merchant.csv")
    assert names() == [("M1", None)]
    take(tmp_path, "applications", ONLY_POST + ROW + "Z1\n", "post.csv")
    assert names() == [("M1", "Z1")]
    for merchant in ("M2", ""):
        content = ONLY_MERCHANT.replace("merchant", "merchant,is_fast_track")
        content += ROW + f"{merchant},true\n"
        assert said(tmp_path, content, f"other{merchant}.csv") == [("merchant", OTHER)]
    assert names() == [("M1", "Z1")]
