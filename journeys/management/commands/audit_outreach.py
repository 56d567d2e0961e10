"""`manage.py audit_outreach`: was anybody contacted who should not have been?"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from journeys.outreach import queries
from portal.kit import clock

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Go through the contacts that were made and report each that consent, the word never to be "
        "contacted, an open complaint or case, limits, quiet hours, withdrawn texts, a halt or "
        "what their campaign says forbade. The rules are told once more in plain SQL, apart from "
        "the gate. Ends with an error where one was broken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="how far back (default 30)")
        parser.add_argument(
            "--grace", type=int, default=5,
            help="seconds before a contact in which a word is not counted against it (default 5)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        since = at - dt.timedelta(days=options["days"])
        found = defaultdict(list)
        for breach in queries.find_breaches(since=since, at=at, grace=options["grace"]):
            found[breach.rule].append(breach)
        number = queries.count_made(since=since, at=at)
        self.stdout.write(_("Contacts made: {count}").format(count=number))
        for rule, (words, _sql) in queries.breach_rules().items():
            self.stdout.write(f"{words}: {len(found[rule])}")
            for one in found[rule][:_SHOWN]:
                when = timezone.localtime(one.at)
                what = "" if one.message_id is None else f"/outbox/{one.message_id}/"
                self.stdout.write(f"  {when:%Y-%m-%d %H:%M:%S} {one.channel} "
                                  f"#{one.customer_id} {what}")  # fmt: skip
        if {rule for rule, rows in found.items() if rows} - queries.DOUBTFUL:
            raise CommandError(_("Rules were broken; the contacts are named above."))
