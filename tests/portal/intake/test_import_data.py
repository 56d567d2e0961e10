"""The command: what it prints and with which code it ends."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from journeys.models import Transaction
from tests.factories.intake import make_bank

HEADER = "reference,card,amount,posted_date\n"

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one call, in English."""
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        try:
            call_command("import_data", *map(str, arguments), stdout=out, stderr=err)
        except SystemExit as ended:
            return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_bank()
    path = tmp_path / "march.csv"
    path.write_text(HEADER + "T1,K1,10.00,2026-03-05\n")
    return path


def test_all_rows_good(path: Path) -> None:
    assert run("transactions", path) == (
        0, "Rows read: 1. New: 1, changed: 0, unchanged: 0, bad: 0.\n", "",
    )  # fmt: skip
    assert Transaction.objects.count() == 1


def test_some_rows_bad(path: Path) -> None:
    path.write_text(HEADER + "T1,K1,10.00,2026-03-05\nT2,K1,0,2026-03-05\n")
    assert run("transactions", path) == (
        1,
        "Rows read: 2. New: 1, changed: 0, unchanged: 0, bad: 1.\n"
        f"The bad rows are in {path}.errors.csv.\n",
        "",
    )


def test_a_refused_file(path: Path) -> None:
    path.write_text("")
    assert run("transactions", path) == (2, "", "The file is empty.\n")
    assert run("transactions", path, "--json") == (2, '{"refused": "The file is empty."}\n', "")


def test_a_dry_run(path: Path) -> None:
    assert run("transactions", path, "--dry-run") == (
        0,
        "Dry run: nothing was kept.\nRows read: 1. New: 1, changed: 0, unchanged: 0, bad: 0.\n",
        "",
    )
    assert Transaction.objects.count() == 0


def test_the_report_as_json(path: Path) -> None:
    code, out, _err = run("transactions", path, "--json")
    report = json.loads(out)
    assert (code, report["kind"], report["rows_new"], report["errors_path"]) == (
        0, "transactions", 1, None,
    )  # fmt: skip


def test_the_list_of_kinds() -> None:
    code, out, _err = run("--list")
    kinds = [line.partition(":")[0] for line in out.splitlines()[:-1] if not line.startswith(" ")]
    assert (code, kinds) == (
        0,
        [
            "merchants",
            "stores",
            "merchant_contacts",
            "merchant_contracts",
            "merchant_leads",
            "merchant_deals",
            "merchant_turnover",
            "post_shifts",
            "response_levels",
            "customers",
            "card_products",
            "applications",
            "cards",
            "transactions",
            "points",
            "complaints",
            "service_cases",
            "consents",
            "do_not_contact",
            "referrals",
            "calls",
            "leads",
            "activity_snapshots",
            "benefit_uses",
        ],
    )
    assert out.partition("\ncustomers:")[2].splitlines()[1] == (
        "  * number           the bank's customer number;"
        " key without blanks and / \\ ? # %, at most 40 characters; no number of a person;"
        " for example C00000001"
    )
    assert [column["name"] for column in json.loads(run("cards", "--list", "--json")[1])["cards"]][
        :2
    ] == ["reference", "masked_number"]


def test_nothing_named() -> None:
    assert run() == (2, "", "Name the kind and the file; --list shows the kinds.\n")
