"""manage.py evaluate_evening --on DATE: start the live runs of all campaigns in force together."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.eligibility import operations as eligibility
from campaigns.management.commands.evaluate_campaign import day_of
from portal.kit import clock


class Command(BaseCommand):
    """Starts an evening, and says in which order it is settled and what was not started."""

    help = "Start the live runs of all campaigns in force as of the end of a day, by priority."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", help="day such as 2026-03-31; today where it is left out")
        parser.add_argument("--sync", action="store_true", help="do all the work in this process")

    def handle(self, *args: Any, **options: Any) -> None:
        evening = eligibility.start_evening(
            on=day_of(options["on"]), started_by=None, at=clock.now()
        )
        for run in evening.runs:
            self.stdout.write(f"Run {run.pk} of {run.version} started")
        for name, sentence in evening.refused:
            self.stderr.write(f"{name}: {sentence}")
        if options["sync"]:
            for run in evening.runs:
                eligibility.work_run(run_id=run.pk, now=clock.now)
        if evening.refused:
            raise CommandError(f"Not started: {len(evening.refused)}.", returncode=1)
