"""The order in which the demo bank's customers and their story come to be."""

import datetime as dt
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from journeys.customers import queries as customer_queries
from journeys.demo import (
    answers,
    calls,
    cards,
    care,
    consents,
    customers,
    history,
    leads,
    points,
    privacy,
    products,
    referrals,
    rhythm,
    rights,
    sayings,
    spending,
    wordings,
)
from journeys.notices import operations as notices
from journeys.outreach import operations as outreach
from journeys.stages import operations as stages
from merchants.demo.partners import DemoMerchant
from portal.demo import tables
from portal.demo.house import HouseBranch
from portal.demo.progress import Progress
from portal.intake import operations as intake
from portal.kit import clock
from portal.staff import queries as staff

PURCHASES_PER_CUSTOMER = 20  # about; only the progress bar relies on it
_TOKENS = {
    "core-banking": ["customers", "applications", "cards", "transactions"],
    "old-call-centre": ["complaints", "service_cases"],
}
# What is read in bulk from here on, before all is analyzed.
_FACTS = ("journeys_customer", "journeys_application", "journeys_card", "journeys_transaction")
_FEWEST_LEADS = 240  # enough for every telemarketer of every branch to have some


class DemoRowsRefused(Exception):
    """Raised when a row of the demo bank does not pass its import: the generator is at fault."""


@dataclass
class DemoBank:
    """One demo bank in the making."""

    seed: str
    count: int
    on: dt.date
    at: dt.datetime
    branches: Sequence[HouseBranch]
    merchants: Sequence[DemoMerchant]
    progress: Progress
    drawn: dict[str, customers.DemoCustomer] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    def build(self) -> None:
        """This will write the whole story, from products to leads."""
        self._load("card_products", products.product_rows(), 7, 0.1, _("Card products"))
        self._tokens()
        outreach.ensure_default_templates(at=self.at)
        consents.build_contact_rule(on=self.on)
        notices.set_usual_rule(effective_date=self.on - dt.timedelta(days=730), at=self.at)
        consents.build_calendar(on=self.on, at=self.at)
        filing_days = self._filing_days()
        self._load("customers", self._customers(filing_days), self.count, 11, _("Customers"))
        issued = self._cards(filing_days)
        bought = spending.draw_spending(
            seed=self.seed, cards=issued, merchants=self.merchants, on=self.on
        )
        expected = max(1, self.count * PURCHASES_PER_CUSTOMER)
        self._load("transactions", bought, expected, 56, _("Transactions of 18 months"))
        tables.analyze(*_FACTS)
        points.build_points(seed=self.seed, on=self.on, at=self.at)
        self.progress.step(_("Points earned, redeemed, expired"), weight=7)
        ids = customer_queries.ids_by_number()
        consents.build_consents(seed=self.seed, customers=self.drawn, ids=ids, at=self.at)
        self.progress.step(_("Consents and refusals"), weight=7)
        care.build_care(seed=self.seed, ids=ids, on=self.on, at=self.at)
        privacy.build_privacy(seed=self.seed, on=self.on, at=self.at)
        self.progress.step(_("Complaints and service cases of the demo bank"), weight=1)
        leads.build_leads(
            seed=self.seed,
            count=self._leads,
            first_phone=self.count,
            branches=self.branches,
            at=self.at,
        )
        sayings.build_sayings(at=self.at)
        self.progress.step(_("Leads"), weight=2)
        rights.build_rights(seed=self.seed, ids=ids, on=self.on, at=self.at)
        self.progress.step(_("Requests of persons about their data"), weight=2)
        answers.build_answers(ids=ids, at=self.at)
        self.ids = ids
        stages.refresh_stages()  # they follow with each import; a full count leaves no doubt

    @property
    def _leads(self) -> int:
        return max(_FEWEST_LEADS, self.count // 10)

    def _tokens(self) -> None:
        """Two systems that may send rows, one of them no more; nobody holds their text."""
        admin = staff.named("administrator")
        if admin is None:
            return
        last_day = self.on + dt.timedelta(days=365)
        for name, kinds in _TOKENS.items():
            intake.create_token(name=name, kinds=kinds, last_day=last_day, by=admin, at=self.at)
        intake.revoke_token(name="old-call-centre", reason="系统已下线。", by=admin, at=self.at)

    def make_calls(self) -> None:
        """This will write the calls of the last weeks, once it is known who may call."""
        calls.build_calls(
            seed=self.seed,
            count=min(calls.MOST, max(calls.FEWEST, self.count // 100)),
            first_phone=self.count + self._leads,
            branches=self.branches,
            at=self.at,
        )
        self.progress.step(_("Calls of the last weeks"), weight=1)

    def settle_complaints(self) -> None:
        """This will write the complaints that were settled, once campaigns have their history."""
        sent = history.sent_so_far(at=self.at)
        care.build_settled(seed=self.seed, ids=self.ids, sent=sent, at=self.at)
        self.progress.step(_("Complaints of the last months, with what they came from"), weight=1)

    def _filing_days(self) -> list[dt.date]:
        """Days on which applications are filed, drawn by the rhythm of the counters."""
        days = rhythm.days_of(None, self.on - dt.timedelta(days=cards.DAYS), cards.DAYS + 1)
        rng = random.Random(f"{self.seed}:filing")
        return [
            days.first + dt.timedelta(days=days.draw(rng, 0, cards.DAYS + 1))
            for _number in range(max(500, self.count))
        ]

    def _customers(self, filing_days: Sequence[dt.date]) -> Iterator[customers.Row]:
        drawn = customers.draw_customers(
            seed=self.seed,
            count=self.count,
            branches=self.branches,
            filing_days=filing_days,
            on=self.on,
        )
        for customer, row in drawn:
            self.drawn[customer.number] = customer
            yield row

    def _cards(self, filing_days: Sequence[dt.date]) -> list[cards.DemoCard]:
        posts = [row.number for row in self.merchants if not row.is_online][::9]
        filed = cards.draw_applications(
            seed=self.seed,
            customers=self.drawn.values(),
            merchants=posts,
            filing_days=filing_days,
            on=self.on,
        )
        self._applications(filed)
        issued = cards.draw_cards(
            seed=self.seed, customers=self.drawn.values(), applications=filed, on=self.on
        )
        self._load("cards", cards.card_rows(issued), len(issued), 5, _("Cards"))
        brought = referrals.draw_referrals(
            seed=self.seed, applications=filed, issued=issued, on=self.on
        )
        self._load("referrals", brought, len(filed), 0, _("Referrals"))
        return issued

    def _applications(self, filed: Sequence[cards.DemoApplication]) -> None:
        """They come in twice: as they stood the day before, whose results were told then, and
        those decided today, whose results the running portal tells."""
        before = self.on - dt.timedelta(days=1)
        then = clock.start_of(before) + dt.timedelta(hours=10)
        label = _("Applications")
        known = cards.application_rows(filed, known_until=before)
        self._load("applications", known, len(filed), 4, label, at=then)
        notices.tell_results(clock=lambda: then, seconds=60)
        history.deliver(before=self.at)
        today = [row for row in filed if row.decided_date == self.on]
        rows = cards.application_rows(today, known_until=self.on)
        self._load("applications", rows, len(today), 0, label)
        notices.tell_results(clock=lambda: self.at, seconds=60)
        wordings.propose(at=self.at)

    def _load(
        self,
        kind: str,
        rows: Iterable[customers.Row],
        expected: int,
        weight: float,
        label: str,
        at: dt.datetime | None = None,
    ) -> None:
        """Facts come in by the same way as a file's rows do, at the day's start or `at`."""
        iterator = iter(rows)
        first = next(iterator, None)
        if first is None:  # a very small bank may have none of a kind; an empty file is refused
            return
        watched = self.progress.watch(
            itertools.chain([first], iterator), label, expected=max(1, expected), weight=weight
        )
        report = intake.import_rows(
            kind=kind, rows=watched, actor=None, at=at or self.at, source_name="demo"
        )
        if report.rows_bad:
            raise DemoRowsRefused(f"{kind}: {report.rows_bad} rows were refused.")
