"""A small bank of random applications, cards, leads and referrals, and what may come to it later;
and its figures by a scan of each, written apart from the count."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from journeys.kpis import operations
from journeys.kpis.models import FigureEntry
from journeys.models import Application, Card, Lead, LeadConversion, LeadMerge, Referral
from journeys.telemarketing import operations as telemarketing
from portal.models import Team
from tests.factories.journeys import (
    ApplicationFactory,
    CardFactory,
    CustomerFactory,
    LeadFactory,
    ProductFactory,
)
from tests.factories.leads import set_policy
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.making import INSTANT
from tests.project.rows import row_of

FIRST = dt.date(2026, 2, 20)
SPAN = 25
AT = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
MEASURES = (
    "filed", "approved", "refused", "withdrawn", "issued", "supplementary", "activated",
)  # fmt: skip
# One scan for each figure of one day, branch and product.
_OF_A = "FROM journeys_application a WHERE a.branch_id = %(branch)s AND a.product_id = %(product)s"
_OF_C = "FROM journeys_card c WHERE c.branch_id = %(branch)s AND c.product_id = %(product)s"
BRUTE = {
    "filed": f"SELECT count(*) {_OF_A} AND a.filed_date = %(day)s",
    **{
        state: f"SELECT count(*) {_OF_A} AND a.decided_date = %(day)s AND a.state = '{state}'"
        for state in ("approved", "refused", "withdrawn")
    },
    "issued": f"SELECT count(*) {_OF_C} AND c.issued_date = %(day)s",
    "supplementary": f"SELECT count(*) {_OF_C} AND c.issued_date = %(day)s AND NOT c.is_primary",
    "activated": f"SELECT count(*) {_OF_C} AND c.activated_date = %(day)s",
}
_SUMS = ", ".join(f"coalesce(sum({name}), 0)" for name in MEASURES)
KEPT = (
    f"SELECT {_SUMS} FROM journeys_figureentry"
    " WHERE day_id = %(day)s AND branch_id = %(branch)s AND product_id = %(product)s"
)


def figures_at(day: dt.date, branch: int, product: int) -> tuple[list[int], list[int]]:
    """What the ledger says, and what a scan of each figure says."""
    values = {"day": day, "branch": branch, "product": product}
    with connection.cursor() as cursor:
        cursor.execute(KEPT, values)
        kept = list(cursor.fetchone())
        counted = []
        for text in BRUTE.values():
            cursor.execute(text, values)
            counted.append(cursor.fetchone()[0])
    return kept, counted


def ticking(first: dt.datetime = AT) -> Callable[[], dt.datetime]:
    """A clock that goes on by a minute each time it is asked."""
    hours: Iterator[dt.datetime] = (first + dt.timedelta(minutes=n) for n in range(100_000))
    return lambda: next(hours)


def count(at: dt.datetime = AT) -> list[dt.date]:
    return operations.count_days(now=lambda: at)


class World:
    """Random facts of some branches, products, teams and people."""

    def __init__(self, seed: int, size: int = 40) -> None:
        self.luck = random.Random(seed)
        self.branches = [BranchFactory() for _ in range(3)]
        self.products = [ProductFactory(code=f"P{number}") for number in range(3)]
        self.teams = [row_of("portal.Team", branch=branch) for branch in self.branches]
        self.people = [
            StaffFactory(role="telemarketer", branch=team.branch, team=team) for team in self.teams
        ]
        self.shops = [MerchantFactory(branch=self.branches[0]) for _ in range(2)]
        self.boss = StaffFactory(role="branch_manager")
        set_policy()
        self.spare = [self.lead().pk for _ in range(8)]
        for _ in range(size):
            self.apply()

    def day(self) -> dt.date:
        return FIRST + dt.timedelta(days=self.luck.randrange(SPAN))

    def lead(self) -> Lead:
        place = self.luck.randrange(3)
        team: Team | None = self.luck.choice([None, self.teams[place]])
        person = self.luck.choice([None, self.people[place]])
        return LeadFactory(
            branch=self.branches[place], team=team, collected_by=person,
            source=self.luck.choice(["registry", "internal", "campaign"]),
        )  # type: ignore[no-any-return]  # fmt: skip

    def apply(self) -> None:
        customer = CustomerFactory(branch=self.luck.choice(self.branches))
        filed = self.day()
        state = self.luck.choice(["filed", "approved", "approved", "refused", "withdrawn"])
        decided = None if state == "filed" else filed + dt.timedelta(days=self.luck.randrange(5))
        application = ApplicationFactory(
            customer=customer, branch=self.luck.choice(self.branches), filed_date=filed,
            product=self.luck.choice(self.products), state=state, decided_date=decided,
            merchant=self.luck.choice([None, None, self.luck.choice(self.shops)]),
        )  # fmt: skip
        if self.luck.random() < 0.5:
            caller = self.luck.choice([None, self.luck.choice(self.people)])
            row_of(
                "journeys.LeadConversion", lead=self.lead(), application=application,
                caller=caller, called_at=INSTANT if caller else None,
            )  # fmt: skip
        if self.luck.random() < 0.3:
            row_of("journeys.Referral", application=application, referred=customer)
        if state == "approved":
            self.issue(application)

    def issue(self, application: Application | None = None) -> None:
        application = application or self.any_of(Application)
        issued = application.filed_date + dt.timedelta(days=self.luck.randrange(6))
        activated = self.luck.choice([None, issued, issued + dt.timedelta(days=3)])
        CardFactory(
            customer=application.customer, product=application.product, issued_date=issued,
            application=self.luck.choice([application, application, None]),
            branch=application.branch, activated_date=activated,
            is_primary=self.luck.random() < 0.8,
        )  # fmt: skip

    def change(self) -> None:
        """One late fact of any kind."""
        self.luck.choice([
            self.apply, self.issue, self.move_card, self.activate, self.drop, self.decide,
            self.place, self.withdraw, self.merge, self.part,
        ])()  # fmt: skip

    def any_of(self, model: Any) -> Any:
        return self.luck.choice(list(model.objects.order_by("id")))

    def move_card(self) -> None:
        rows = Card.objects.filter(pk=self.any_of(Card).pk)
        rows.update(**self.luck.choice([
            {"branch": self.luck.choice(self.branches)}, {"application": None},
            {"product": self.luck.choice(self.products)}, {"is_primary": True},
        ]))  # fmt: skip

    def activate(self) -> None:
        card = self.any_of(Card)
        day = self.luck.choice([None, card.issued_date + dt.timedelta(days=2)])
        Card.objects.filter(pk=card.pk).update(activated_date=day)

    def drop(self) -> None:
        Card.objects.filter(pk=self.any_of(Card).pk).delete()

    def decide(self) -> None:
        row = self.any_of(Application)
        day = row.filed_date + dt.timedelta(days=self.luck.randrange(9))
        state = self.luck.choice(["approved", "refused"])
        Application.objects.filter(pk=row.pk).update(state=state, decided_date=day)

    def place(self) -> None:
        rows = Application.objects.filter(pk=self.any_of(Application).pk)
        rows.update(merchant=self.luck.choice([None, *self.shops]))

    def withdraw(self) -> None:
        rows = Referral.objects.filter(withdrawn_at=None)
        row = rows.order_by("id").first()
        if row is not None:
            rows.filter(pk=row.pk).update(
                number=None, withdrawn_at=AT, withdrawn_by=StaffFactory(), reason="x"
            )

    def merge(self) -> None:
        """A lead that came earlier turns out to be of the person of one that was won."""
        won = LeadConversion.objects.order_by("id").first()
        if won is not None and self.spare:
            telemarketing.merge_leads(
                kept_id=won.lead_id, merged_id=self.spare.pop(), reason="x", actor=self.boss, at=AT
            )

    def part(self) -> None:
        row = LeadMerge.objects.filter(undone_at=None).order_by("id").first()
        if row is not None:
            telemarketing.undo_merge(merge_id=row.pk, reason="x", actor=self.boss, at=AT)


def root_of(lead: int, kept_by: dict[int, int]) -> int:
    while lead in kept_by:
        lead = kept_by[lead]
    return lead


class Origins:
    """Where applications came from, by plain look-ups."""

    def __init__(self) -> None:
        merges = LeadMerge.objects.filter(undone_at=None)
        self.kept_by = {row.merged_id: row.kept_id for row in merges}
        self.leads = {row.pk: row for row in Lead.objects.all()}
        self.won = {row.application_id: row for row in LeadConversion.objects.all()}
        brought = Referral.objects.filter(withdrawn_at=None)
        self.brought = set(brought.values_list("application", flat=True))
        self.applications = {row.pk: row for row in Application.objects.all()}

    def of(self, application: int | None) -> tuple[int | None, int | None, str]:
        """Team, person and source."""
        if application is None:
            return None, None, "unknown"
        if application in self.won:
            one = self.won[application]
            root = root_of(one.lead_id, self.kept_by)
            first = min(pk for pk in self.leads if root_of(pk, self.kept_by) == root)
            lead = self.leads[first]
            return lead.credit_team_id, one.caller_id or lead.collected_by_id, lead.source
        if application in self.brought:
            return None, None, "referral"
        at_merchant = self.applications[application].merchant_id is not None
        return None, None, "merchant" if at_merchant else "unknown"


def told() -> Counter[tuple[Any, ...]]:
    """Every figure by day, branch, team, person, product, source and measure, in plain Python."""
    origins = Origins()
    figures: Counter[tuple[Any, ...]] = Counter()

    def add(day: dt.date | None, row: Any, application: int | None, measure: str) -> None:
        if day is not None:
            team, person, source = origins.of(application)
            figures[day, row.branch_id, team, person, row.product_id, source, measure] += 1

    for row in origins.applications.values():
        add(row.filed_date, row, row.pk, "filed")
        add(row.decided_date, row, row.pk, row.state)
    for card in Card.objects.all():
        add(card.issued_date, card, card.application_id, "issued")
        add(card.activated_date, card, card.application_id, "activated")
        if not card.is_primary:
            add(card.issued_date, card, card.application_id, "supplementary")
    return figures


def kept() -> Counter[tuple[Any, ...]]:
    """The same as the ledger has it; what comes to nought is left out."""
    figures: Counter[tuple[Any, ...]] = Counter()
    for row in FigureEntry.objects.all():
        cell = (row.day_id, row.branch_id, row.team_id, row.person_id, row.product_id, row.source)
        for measure in MEASURES:
            figures[(*cell, measure)] += getattr(row, measure)
    return Counter({cell: number for cell, number in figures.items() if number})
