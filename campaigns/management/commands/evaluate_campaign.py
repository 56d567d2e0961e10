"""manage.py evaluate_campaign CODE --on DATE: run a campaign over all customers."""

import datetime as dt
import json
import time
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.eligibility.enums import RunKind
from campaigns.eligibility.models import Run
from campaigns.planning import queries as planning
from portal.kit import clock, money
from portal.staff import queries as staff

_LOOK_EVERY = 0.2
# How long nothing may move until this process lends a hand; it never takes a chunk from a worker.
_PATIENCE = 4.0


class Command(BaseCommand):
    """Starts a run, shows how far it is, and prints its figures."""

    help = "Evaluate a campaign over all customers as of the end of a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--on", help="day such as 2026-03-31; today where it is left out")
        parser.add_argument("--kind", choices=RunKind.values, default=RunKind.PREVIEW.value)
        parser.add_argument("--from", dest="first", help="first day of a back-test")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument("--sync", action="store_true", help="do all the work in this process")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        run = self._start(options)
        if options["sync"]:
            self._say("Working in this process.")
            eligibility.work_run(run_id=run.pk, now=clock.now)
        else:
            self._wait(run)
        found = _summary(run.pk, round(time.monotonic() - started, 2))
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(_readable(found))
        if found["state"] != "done":
            raise CommandError(f"Run {run.pk} ended as: {found['state']}.", returncode=1)

    def _start(self, options: dict[str, Any]) -> Run:
        on, first = day_of(options["on"]), options["first"]
        campaign = planning.find_campaign(options["code"])
        if campaign is None:
            known = ", ".join(planning.known_codes()) or "none"
            raise CommandError(
                f"There is no campaign {options['code']}; known campaigns: {known}.", returncode=2
            )
        latest = planning.latest_version(campaign)
        is_live = options["kind"] == RunKind.LIVE
        version = (planning.approved_version(campaign) or latest) if is_live else latest
        if version is None:
            raise CommandError(f"{campaign.code} has no version to run.", returncode=2)
        try:
            return eligibility.start_run(
                version_id=version.pk,
                kind=options["kind"],
                first=day_of(first) if first else None,
                on=on,
                started_by=None,
                at=clock.now(),
            )
        except eligibility.RunNotAllowed as refused:
            raise CommandError(str(refused), returncode=2) from refused

    def _wait(self, run: Run) -> None:
        """The workers do the work; where nothing moves, this process lends a hand."""
        moved, last = time.monotonic(), None
        while run.is_running:
            progress = queries.progress_of(run.pk)
            if progress != last:
                moved, last = time.monotonic(), progress
                self._say(
                    f"{progress.done + progress.failed} of {progress.chunks} parts done, "
                    f"{progress.decided} decided, {progress.qualified} qualified"
                )
            if time.monotonic() - moved > _PATIENCE:
                self._say("No worker answers; working in this process.")
                eligibility.work_run(run_id=run.pk, now=clock.now)
            else:
                time.sleep(_LOOK_EVERY)
            run.refresh_from_db()

    def _say(self, text: str) -> None:
        self.stderr.write(text)


def day_of(text: str | None) -> dt.date:
    """This will read a day that was typed; today where none was."""
    if text is None:
        return clock.today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError as wrong:
        raise CommandError(f"{text} is not a day such as 2026-03-31.", returncode=2) from wrong


def _summary(run_id: int, seconds: float) -> dict[str, Any]:
    run = Run.objects.select_related("version__campaign").get(pk=run_id)
    figures = queries.figures_of(run)
    return {
        "run": run.pk,
        "campaign": run.version.campaign.code,
        "version": run.version.number,
        "kind": run.kind,
        "on": run.on_date.isoformat(),
        "state": run.state,
        "customers": figures.customers,
        "qualified": figures.qualified,
        "outcomes": figures.outcomes,
        "funnel": [
            {"condition": step.kind, "sentence": step.sentence, "failed": step.failed}
            for step in figures.steps
        ],
        "awards": figures.awards,
        "awarded_amount": str(figures.given.amount),
        "branches": {code: [n, str(sum_)] for code, (n, sum_) in _by_branch(figures).items()},
        "parties": {party: str(amount) for party, amount in figures.parties.items()},
        "tiers": {code: [n, str(amount)] for code, (n, amount) in figures.tiers.items()},
        "days": {day.isoformat(): [n, str(sum_)] for day, (n, sum_) in figures.days.items()},
        "ran_out": [
            {
                "tier": one.tier,
                "given": one.given,
                "day": one.day and one.day.isoformat(),
                "at": one.at and timezone.localtime(one.at).isoformat(),
                "branches": _ended(one.branches),
            }
            for one in figures.ran_out
        ],
        "gate": figures.gate,
        "messages": figures.messages,
        "queued": queries.progress_of(run_id).queued,
        "grants": figures.grants.count,
        "granted_amount": str(figures.grants.amount),
        "seconds": seconds,
    }


def _by_branch(figures: queries.Figures) -> dict[str, tuple[int, Decimal]]:
    codes = staff.branch_codes(list(figures.branches))
    return {codes[branch]: found for branch, found in figures.branches.items()}


def _ended(branches: dict[int, queries.Ended]) -> dict[str, dict[str, Any]]:
    codes = staff.branch_codes(list(branches))
    return {codes[branch]: ended.as_data() for branch, ended in branches.items()}


def _readable(found: dict[str, Any]) -> str:
    amount = money.show(Decimal(found["granted_amount"]))
    lines = [
        f"Run {found['run']} of {found['campaign']} v{found['version']} ({found['kind']}), "
        f"as of the end of {found['on']}: {found['state']} in {found['seconds']} s",
        f"Customers {found['customers']}, qualified {found['qualified']}",
        "Failed first at:",
        *(f"  {step['failed']:>9}  {step['sentence']}" for step in found["funnel"]),
        "Rewards: " + _listed(found["awards"]),
        "Contact rules: " + _listed(found["gate"]),
        f"Granted {found['grants']} ({amount}), messages queued {found['queued']}; "
        "all messages of this version: " + _listed(found["messages"]),
    ]
    return "\n".join(lines)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
