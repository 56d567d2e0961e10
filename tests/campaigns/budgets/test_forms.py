"""Each field of the ledger's filter: rows that differ in it alone are told apart by it."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from campaigns.budgets.enums import EntryKind
from campaigns.budgets.forms import LedgerFilter
from campaigns.models import BudgetBook
from tests.executing import executes
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 10)
ONE = dt.timedelta(days=1)


@pytest.fixture
def book() -> BudgetBook:
    """The account of a campaign of which the bank and a merchant bear their shares."""
    grant = row_of("campaigns.Grant")
    found: BudgetBook = row_of("campaigns.BudgetBook", version=grant.version)
    for party in ("bank", "M1"):
        row_of("campaigns.BudgetLimit", book=found, kind="party", key=party)
    return found


def entry(book: BudgetBook, **values: Any) -> int:
    usual = {"grant": values.pop("grant", None) or row_of("campaigns.Grant"), "day": DAY}
    return int(row_of("campaigns.BudgetEntry", book=book, **usual | values).pk)


def listed(client_of: Any, **asked: str) -> list[int]:
    page = client_of("campaign_manager").get(reverse("budget_ledger"), asked)
    assert page.status_code == 200
    return sorted(row.pk for row, _party in page.context["rows"])


@executes(LedgerFilter, kind="kind")
@pytest.mark.parametrize("kind", EntryKind.values)
def test_by_each_kind_of_entry(client_of: Any, book: BudgetBook, kind: str) -> None:
    back = row_of("campaigns.Grant")
    charged = [entry(book), entry(book, grant=back)]
    row_of("campaigns.GrantReversal", grant=back)
    released = [entry(book, grant=back, kind="release", amount=-back.amount, units=-1)]
    assert listed(client_of) == charged + released
    assert listed(client_of, kind=kind) == {"reserve": charged, "release": released}[kind]


@executes(LedgerFilter, "party", "campaign")
def test_by_who_bears_it_and_by_campaign(client_of: Any, book: BudgetBook) -> None:
    bank, other = entry(book), entry(book, party="M1")
    grant = row_of("campaigns.Grant")
    theirs: BudgetBook = row_of("campaigns.BudgetBook", version=grant.version)
    elsewhere = entry(theirs)
    assert listed(client_of, party="M1") == [other]
    assert listed(client_of, party="bank") == [bank, elsewhere]
    assert listed(client_of, campaign=theirs.campaign.code) == [elsewhere]
    assert listed(client_of, campaign=book.campaign.code, party="bank") == [bank]


@executes(LedgerFilter, "first", "last")
def test_by_days_of_which_both_count(client_of: Any, book: BudgetBook) -> None:
    keys = []
    for place in range(4):
        keys.append(entry(book, day=DAY + place * ONE))
    first, last = (DAY + ONE).isoformat(), (DAY + 2 * ONE).isoformat()
    assert listed(client_of, first=first) == keys[1:]
    assert listed(client_of, last=last) == keys[:3]
    assert listed(client_of, first=first, last=last) == keys[1:3]
