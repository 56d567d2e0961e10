"""`manage.py seed_demo`: fill an empty portal with a demo bank that is plausible to look at."""

import datetime as dt
import time
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from campaigns.demo import build_campaigns, join_partners
from campaigns.era import operations as era
from journeys.demo.activity import build_activity
from journeys.demo.bank import DemoBank
from journeys.demo.posts import link_posts
from journeys.demo.targets import build_figures
from merchants.demo import funds, negotiations, partners, partnerships, posts, talks
from merchants.demo.directory import build_directory
from portal.demo import house, tables
from portal.demo.progress import Progress
from portal.kit import clock

_LOCK = 728_301  # any number that no other advisory lock of the portal has
_BIG = (
    "journeys_customer", "journeys_customerstage", "journeys_application", "journeys_card",
    "journeys_consent", "journeys_transaction", "journeys_merchantday", "journeys_pointsentry",
    "journeys_pointsbatch", "campaigns_decision",
)  # fmt: skip


class Command(BaseCommand):
    help = (
        "Fill an empty portal with a demo bank. The same customers, seed and day give the same "
        "bank. Nobody in it exists: phones, ID numbers and addresses belong to no one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=int, default=20_000, help="how many customers")
        parser.add_argument("--seed", default="1", help="another seed gives another bank")
        parser.add_argument(
            "--on", type=dt.date.fromisoformat, help="last day of the story (default: today)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["customers"] < 1:
            raise CommandError(_("A bank needs at least one customer: give --customers 1 or more."))
        started = time.monotonic()
        on = options["on"] or clock.today()
        # One transaction: a seeding that is killed leaves no half bank.
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            if house.bank_exists():
                raise CommandError(
                    _("There is already a bank here; `make demo-reset` makes a new one.")
                )
            with tables.checked_together(_BIG):
                self._seed(options["customers"], str(options["seed"]), on)
        tables.analyze(*_written_last())
        seconds = time.monotonic() - started
        self.stdout.write(_("The demo bank is open ({seconds} s).").format(seconds=round(seconds)))

    def _seed(self, count: int, seed: str, on: dt.date) -> None:
        at = clock.start_of(on)
        progress = Progress(
            self._write,
            total=100.0,
            is_terminal=self.stderr.isatty(),
        )
        built = house.build_house(seed=seed, on=on)
        merchants = partners.build_merchants(seed=seed, branches=built.branches, on=on, at=at)
        build_directory(seed=seed, on=on)
        at_stores = [row.number for row in merchants if not row.is_online]
        progress.step(_("Branches, staff and merchants"), weight=3)
        bank = DemoBank(seed, count, on, at, built.branches, merchants, progress)
        bank.build()
        # After the bank's calendar; where applications were won before, so that they name posts.
        first = [*at_stores[::9], *at_stores]
        posts.build_posts(seed=seed, numbers=first, on=on)
        link_posts()
        bank.make_calls()
        tables.analyze()  # the planner knows nothing yet of what this transaction wrote
        build_campaigns(on=on, at=at)
        progress.step(_("Campaigns of today and before"), weight=4)
        bank.settle_complaints()
        numbers = [row.number for row in merchants]
        led = partnerships.build_partnerships(seed=seed, numbers=numbers, on=on)
        negotiations.build_negotiations(seed=seed, partnerships=led, on=on)
        funds.build_funds(seed=seed, on=on)
        talks.build_talks(seed=seed, rows=led, on=on)
        join_partners(seed=seed, on=on, at=at)
        era.count_months(on=on, at=at)
        build_activity(on=on, at=at)
        build_figures(on=on, at=at)

    def _write(self, text: str) -> None:
        self.stderr.write(text, ending="")
        self.stderr.flush()


def _written_last() -> list[str]:
    """The tables of campaigns, and those that their runs write in."""
    models = apps.get_app_config("campaigns").get_models()
    return [*(model._meta.db_table for model in models), "journeys_message", "journeys_contact"]
