"""manage.py dump_campaign CODE: write a campaign as a YAML file that load_campaign reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.planning import queries
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import control, files, plans


class Command(BaseCommand):
    """Writes one version; loaded again it is that version, and none is added."""

    help = "Write a version of a campaign as YAML: the latest, or the one that is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--version", dest="number", type=int, help="number of the version")
        parser.add_argument("--out", type=Path, help="file to write; standard output without it")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        # Django's own --version tells Django's; here it is the campaign's.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        version = _version(options["code"], options["number"])
        try:
            text = files.write_file(version.campaign.code, version.content)
        except plans.PlanWrong as wrong:
            raise CommandError(f"{version}: {wrong}", returncode=2) from wrong
        # Beside the file, which says nothing of it.
        if draw := control.drawn(plans.plan_of(version.content), version.campaign.control_by):
            self.stderr.write(draw)
        if options["out"] is None:
            self.stdout.write(text, ending="")
            return
        try:
            options["out"].write_text(text, encoding="utf-8")
        except OSError as refused:
            problem = _("{file} cannot be written: {why}.").format(
                file=options["out"], why=refused.strerror
            )
            raise CommandError(problem, returncode=2) from refused


def _version(code: str, number: int | None) -> CampaignVersion:
    campaign = queries.find_campaign(code)
    if campaign is None:
        known = ", ".join(queries.known_codes()) or "-"
        problem = _("There is no campaign {code}; known campaigns: {known}.")
        raise CommandError(problem.format(code=code, known=known), returncode=2)
    numbered = {version.number: version for version in queries.versions_of(campaign)}
    found = numbered.get(max(numbered, default=0) if number is None else number)
    if found is None:
        known = ", ".join(map(str, sorted(numbered))) or "-"
        problem = _("{code} has no such version; it has: {known}.")
        raise CommandError(problem.format(code=code, known=known), returncode=2)
    return found
