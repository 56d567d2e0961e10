"""`manage.py check_spending`: do turnover by day and refunds go with the transactions?"""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from journeys.spending import operations, queries
from portal.kit import clock

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Count the turnover of all merchants and days anew from the transactions and report where "
        "what is kept differs; list refunds that do not go with the purchase they name. Ends with "
        "an error where turnover differs and was not repaired."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write what is counted")

    def handle(self, *args: Any, **options: Any) -> None:
        repair = options["repair"]
        found = operations.recount_merchant_days(repair=repair, at=clock.now())
        self.stdout.write(_("Days of merchants that differ: {count}").format(count=len(found)))
        for row in found[:_SHOWN]:
            self.stdout.write(f"  {row.merchant} {row.day}: {_shown(row.kept)} / "
                              f"{_shown(row.counted)}")  # fmt: skip
        self._refunds()
        if found and not repair:
            raise CommandError(_("What is kept differs; --repair writes what is counted."))

    def _refunds(self) -> None:
        counts: Counter[Any] = Counter()
        for doubt, reference, purchase in queries.doubtful_refunds():
            counts[doubt] += 1
            if counts[doubt] <= _SHOWN:
                self.stdout.write(f"  {doubt.label}: {reference} → {purchase}")
        total = sum(counts.values())
        self.stdout.write(_("Refunds in doubt: {count}").format(count=total))
        for doubt, count in sorted(counts.items()):
            self.stdout.write(f"  {doubt.label}: {count}")


def _shown(turnover: operations.Turnover) -> str:
    return f"{turnover.purchases} + {turnover.refunds}, {turnover.amount}"
