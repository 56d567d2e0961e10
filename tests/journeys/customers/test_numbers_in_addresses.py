"""A number that no address of a page can hold comes in by no file, and no list fails by it."""

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from journeys.care import operations as care
from journeys.models import Complaint, Customer, ServiceCase
from portal.kit import clock, keys
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take
from tests.factories.journeys import ContactRuleFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
FILES = {
    "customers": (
        "number,name,branch,registered_date,lawful_basis\n",
        "{number},王小明,B001,2026-03-02,contract\n",
        "customer_list",
    ),
    "complaints": (
        "number,customer,channel,grade,opened_date,words\n",
        "{number},C1,hotline,simple,2026-05-20,短信太多\n",
        "complaint_list",
    ),
    "service_cases": (
        "number,customer,channel,subject,opened_date\n",
        "{number},C1,hotline,补寄账单,2026-05-20\n",
        "case_list",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_numbers_that_no_address_can_hold(
    tmp_path: Path, client_of: ClientOf, kind: str
) -> None:
    make_bank()
    ContactRuleFactory()
    care.set_usual_rule(effective_date=clock.bank_day(AT).replace(month=1), at=AT)
    head, line, page = FILES[kind]
    odd = ["N/1", "/N", "N\\1", "N?1", "N#1", "N%2F1", ".", ".."]
    good = ["N-1", "N.1", "...", "N_1~"]
    rows = "".join(line.format(number=number) for number in odd + good)
    report = take(tmp_path, kind, head + rows)
    assert counts_of(report) == (len(good), 0, 0, len(odd))
    errors = errors_of(report)
    assert len(errors) == len(odd)
    assert all("such as a hyphen" in error for error in errors)
    model = {"customers": Customer, "complaints": Complaint, "service_cases": ServiceCase}[kind]
    assert set(good) <= set(model.objects.values_list("number", flat=True))
    assert client_of("compliance").get(reverse(page)).status_code == 200


@pytest.mark.parametrize(
    ("table", "model", "migration"),
    [
        ("customer", "journeys.Customer", "journeys.migrations.0094_numbers_in_addresses"),
        ("merchant", "merchants.Merchant", "merchants.migrations.0002_numbers_in_addresses"),
    ],
)
def test_the_migration_tells_of_the_rows_that_stand(table: str, model: str, migration: str) -> None:
    make_bank()
    looking = importlib.import_module(migration)
    looking.look(None, None)
    app = model.split(".")[0]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {app}_{table} DROP CONSTRAINT {table}_number_addressable")
        cursor.execute(f"UPDATE {app}_{table} SET number = 'A/1' RETURNING id")
        row = cursor.fetchall()[0][0]
    with pytest.raises(keys.Unaddressable, match=rf"1 in {app}_{table}, first the rows {row}\."):
        looking.look(None, None)
