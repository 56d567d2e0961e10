"""Months of branches: counted once, and again when facts come late."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from campaigns.era.operations import count_months
from campaigns.models import EraMark, EraMonth
from journeys.models import Application, Card, Contact, Customer, Referral, Transaction
from merchants.models import Merchant
from portal.kit import clock
from portal.models import AuditEntry, Branch
from tests.factories.journeys import (
    ApplicationFactory,
    CardFactory,
    CustomerFactory,
    TransactionFactory,
)
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 3)
AT = dt.datetime(2026, 6, 3, 1, tzinfo=dt.UTC)
MAY = dt.date(2026, 5, 1)
FIRST = dt.date(2026, 2, 1)
# One scan for each figure, a branch and a month at a time: slow, and written apart from the count.
FIGURES = {
    "cards": "SELECT count(*) FROM journeys_card c WHERE c.is_primary AND {issued}",
    "pulled": """SELECT count(*) FROM journeys_card c JOIN journeys_application a
        ON a.id = c.application_id WHERE c.is_primary AND {issued} AND a.post_id IS NULL
        AND a.merchant_id IS NULL AND a.id NOT IN ({brought})""",
    "batched": """SELECT count(*) FROM journeys_card c JOIN journeys_application a
        ON a.id = c.application_id WHERE c.is_primary AND {issued}
        AND (a.post_id IS NOT NULL OR a.merchant_id IS NOT NULL)""",
    "brought": """SELECT count(*) FROM journeys_card c JOIN journeys_application a
        ON a.id = c.application_id WHERE c.is_primary AND {issued} AND a.post_id IS NULL
        AND a.merchant_id IS NULL AND a.id IN ({brought})""",
    "customers": "SELECT count(*) FROM journeys_customer k WHERE {held}",
    "reached": """SELECT count(*) FROM journeys_customer k WHERE {held} AND k.id IN (
        SELECT x.customer_id FROM journeys_contact x WHERE x.purpose = 'marketing'
        AND left(x.origin, 9) = 'campaign:' AND x.released_at IS NULL
        AND to_char(x.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') = {month})""",
    "spent": "SELECT coalesce(sum(t.amount), 0) FROM {spending}",
    "placed": "SELECT coalesce(sum(t.amount), 0) FROM {spending} AND t.merchant_id IS NOT NULL",
    "at_partners": """SELECT coalesce(sum(t.amount), 0) FROM {spending} AND EXISTS (
        SELECT FROM merchants_merchant m, merchants_merchant s WHERE m.id = t.merchant_id
        AND s.id = coalesce(m.merged_into_id, m.id) AND s.is_partner
        AND coalesce(s.joined_date <= t.posted_date, TRUE))""",
}
_MONTH = "to_char(%(month)s::date, 'YYYY-MM')"
_PARTS = {
    "month": _MONTH,
    "issued": f"c.branch_id = %(branch)s AND to_char(c.issued_date, 'YYYY-MM') = {_MONTH}",
    "brought": """SELECT r.application_id FROM journeys_referral r
        WHERE r.withdrawn_at IS NULL AND r.application_id IS NOT NULL""",
    "held": f"""k.branch_id = %(branch)s AND k.id IN (
        SELECT c.customer_id FROM journeys_card c WHERE c.is_primary
        AND to_char(c.issued_date, 'YYYY-MM') <= {_MONTH}
        AND (c.closed_date IS NULL OR to_char(c.closed_date, 'YYYY-MM') > {_MONTH}))""",
    "spending": f"""journeys_transaction t JOIN journeys_card c ON c.id = t.card_id
        WHERE c.branch_id = %(branch)s AND t.kind = 'purchase'
        AND to_char(t.posted_date, 'YYYY-MM') = {_MONTH}""",
}


def brute(month: dt.date) -> dict[int, list[Any]]:
    """The figures of all branches in a month, each by a scan of its own."""
    found: dict[int, list[Any]] = {}
    with connection.cursor() as cursor:
        for branch in Branch.objects.order_by("id").values_list("id", flat=True):
            figures = []
            for text in FIGURES.values():
                cursor.execute(text.format(**_PARTS), {"branch": branch, "month": month})
                figures.append(cursor.fetchone()[0])
            found[branch] = figures
    return {branch: figures for branch, figures in found.items() if any(figures)}


def kept(month: dt.date) -> dict[int, list[Any]]:
    rows = EraMonth.objects.filter(month=month).order_by("branch")
    found = {row.branch_id: [getattr(row, name) for name in FIGURES] for row in rows}
    return {branch: figures for branch, figures in found.items() if any(figures)}


def told(customer: Customer, day: dt.date, **values: Any) -> Contact:
    row = row_of(
        "journeys.Contact", customer=customer, origin="campaign:x:v1", purpose="marketing",
        at=clock.start_of(day), **values,
    )  # fmt: skip
    assert isinstance(row, Contact)
    return row


class World:
    """A small bank of random facts, and what may come to it later."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)
        self.branches = [BranchFactory() for _ in range(3)]
        self.shops = [
            MerchantFactory(branch=self.branches[0], is_partner=one % 2 == 0,
                            joined_date=self.day() if one else None)
            for one in range(4)
        ]  # fmt: skip
        self.shops.append(MerchantFactory(branch=self.branches[0], merged_into=self.shops[0]))
        for _ in range(25):
            self.issue()
        for _ in range(80):
            self.spend()
        for _ in range(25):
            self.tell()

    def day(self) -> dt.date:
        return FIRST + dt.timedelta(days=self.luck.randrange(125))

    def issue(self) -> None:
        day, customer = self.day(), CustomerFactory(branch=self.luck.choice(self.branches))
        won = self.luck.choice([None, None, self.luck.choice(self.shops)])
        application = ApplicationFactory(
            customer=customer, merchant=won, branch=self.luck.choice(self.branches),
            filed_date=day, decided_date=day,
        )  # fmt: skip
        closed = self.luck.choice([None, None, day + dt.timedelta(days=self.luck.randrange(60))])
        CardFactory(
            customer=customer, application=application, branch=application.branch,
            issued_date=day, closed_date=closed,
        )  # fmt: skip
        if self.luck.random() < 0.3:
            row_of("journeys.Referral", application=application, referred=customer)

    def spend(self) -> None:
        card = self.luck.choice(list(Card.objects.order_by("id")))
        sign = self.luck.choice([1, 1, 1, -1])
        TransactionFactory(
            card=card, customer=card.customer, posted_date=self.day(),
            merchant=self.luck.choice([None, *self.shops]),
            amount=Decimal(sign * self.luck.randrange(1, 9_000)) / 100,
        )  # fmt: skip

    def tell(self) -> None:
        customer = self.luck.choice(list(Customer.objects.order_by("id")))
        told(customer, self.day(), released_at=self.luck.choice([None, None, AT]))

    def change(self) -> None:
        """One late fact of any kind."""
        self.luck.choice([
            self.issue, self.spend, self.tell, self.move_card, self.move_customer, self.correct,
            self.take_back, self.place, self.join, self.withdraw, self.bring,
            self.call_off,
        ])()  # fmt: skip

    def any_of(self, model: Any) -> Any:
        return self.luck.choice(list(model.objects.order_by("id")))

    def move_card(self) -> None:
        card = self.any_of(Card)
        changes = self.luck.choice([
            {"branch": self.luck.choice(self.branches)},
            {"closed_date": card.issued_date + dt.timedelta(days=self.luck.randrange(50))},
            {"closed_date": None}, {"application": None},
        ])  # fmt: skip
        Card.objects.filter(pk=card.pk).update(**changes)

    def move_customer(self) -> None:
        row = self.any_of(Customer)
        Customer.objects.filter(pk=row.pk).update(branch=self.luck.choice(self.branches))

    def correct(self) -> None:
        rows = Transaction.objects.filter(pk=self.any_of(Transaction).pk)
        rows.update(posted_date=self.day(), merchant=self.luck.choice(self.shops))

    def take_back(self) -> None:
        Transaction.objects.filter(pk=self.any_of(Transaction).pk).delete()

    def place(self) -> None:
        rows = Application.objects.filter(pk=self.any_of(Application).pk)
        rows.update(merchant=self.luck.choice([None, self.shops[1]]), post=None)

    def join(self) -> None:
        rows = Merchant.objects.filter(pk=self.luck.choice(self.shops[1:4]).pk)
        rows.update(is_partner=self.luck.random() < 0.6, joined_date=self.day())

    def withdraw(self) -> None:
        rows = Referral.objects.filter(withdrawn_at=None)
        row = rows.order_by("id").first()
        if row is not None:
            rows.filter(pk=row.pk).update(
                number=None, withdrawn_at=AT, withdrawn_by=StaffFactory(), reason="x"
            )

    def bring(self) -> None:
        free = Application.objects.exclude(referrals__withdrawn_at=None, referrals__isnull=False)
        row = free.exclude(customer__brought_by__isnull=False).order_by("id").first()
        if row is not None:
            row_of("journeys.Referral", application=row, referred=row.customer)

    def call_off(self) -> None:
        row = Contact.objects.filter(released_at=None).order_by("id").first()
        if row is not None:
            Contact.objects.filter(pk=row.pk).update(released_at=AT)


@pytest.mark.parametrize("seed", range(8))
def test_counts_equal_a_scan_of_each_figure_however_late_the_facts_come(seed: int) -> None:
    world = World(seed)
    count_months(on=ON, at=AT)
    assert not EraMark.objects.exists()
    spoken = 0
    for _ in range(8):
        world.change()
        count_months(on=ON, at=AT)
        for month in (FIRST, dt.date(2026, 3, 1), dt.date(2026, 4, 1), MAY):
            assert kept(month) == brute(month)
            spoken += sum(sum(1 for one in row if one) for row in kept(month).values())
    assert spoken > 100


def test_only_months_of_which_facts_came_are_counted_again() -> None:
    card = CardFactory(issued_date=dt.date(2026, 4, 2))
    counted = count_months(on=ON, at=AT)
    assert (len(counted), counted[0], counted[-1]) == (36, dt.date(2023, 6, 1), MAY)
    assert count_months(on=ON, at=AT) == []
    TransactionFactory(card=card, posted_date=dt.date(2026, 4, 9))
    TransactionFactory(card=card, posted_date=dt.date(2026, 6, 1))  # its month is not over
    told(card.customer, MAY)
    assert count_months(on=ON, at=AT) == [dt.date(2026, 4, 1), MAY]
    assert count_months(on=ON, at=AT) == []
    assert not EraMark.objects.exists()
    # A use of the card, written on it by the import of transactions, moves no count.
    Card.objects.filter(pk=card.pk).update(first_used_date=dt.date(2026, 4, 9))
    assert not EraMark.objects.exists()
    assert count_months(on=dt.date(2026, 7, 1), at=AT) == [dt.date(2026, 6, 1)]
    june = EraMonth.objects.get(month=dt.date(2026, 6, 1), branch=card.branch)
    assert (june.spent, june.customers, june.reached) == (100, 1, 0)
    entries = AuditEntry.objects.filter(action="era.counted").order_by("id")
    told_of = [(one.changes["counted_months"], one.changes["written"]) for one in entries]
    branches = Branch.objects.count()
    assert told_of[1:] == [(["2026-04", "2026-05"], 2), (["2026-06"], branches)]


def test_what_is_written_while_a_month_is_counted_stays_marked() -> None:
    card = CardFactory(issued_date=MAY)
    count_months(on=ON, at=AT)
    TransactionFactory(card=card, posted_date=MAY)
    seen = list(EraMark.objects.values_list("id", flat=True))
    TransactionFactory(card=card, posted_date=MAY)
    EraMark.objects.filter(id__in=seen).delete()  # as who had read the marks before
    assert count_months(on=ON, at=AT) == [MAY]
