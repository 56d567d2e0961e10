"""manage.py load_campaign FILE --owner USER: make a campaign, or a new version of it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.planning import operations as planning
from campaigns.planning import queries
from campaigns.planning.rules import control, plans
from journeys.outreach import operations as outreach
from portal.kit import clock
from portal.staff.models import Staff


class Command(BaseCommand):
    """Reads the file, says what is wrong in it, or which version it has become."""

    help = "Load a campaign from a YAML file; a file that says something new is a new version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--owner", default="campaign_manager", help="user name of the campaign manager"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        owner = Staff.objects.filter(username=options["owner"]).first()
        if owner is None:
            raise CommandError(f"Nobody signs in as {options['owner']}.", returncode=2)
        try:
            text = options["file"].read_text(encoding="utf-8")
            # A bank that did not begin with the demo has no texts yet.
            outreach.ensure_default_templates(at=clock.now())
            known = queries.known_codes()
            version = planning.load_campaign(text=text, owner=owner, at=clock.now())
        except OSError as missing:
            problem = f"{options['file']} cannot be read: {missing.strerror}."
            raise CommandError(problem, returncode=2) from missing
        except UnicodeDecodeError as other:
            raise CommandError(f"{options['file']} is not UTF-8.", returncode=2) from other
        except (plans.PlanWrong, planning.NotAllowed) as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong
        for fault in queries.faults_of(version, on=clock.today()):
            grave = _("must be mended before it is submitted") if fault.is_block else _("warning")
            self.stderr.write(f"{grave}: {fault.sentence}")
        self.stdout.write(f"{version}: {version.get_state_display()}, {version.content_hash}")
        draw = control.loaded(plans.plan_of(version.content))
        if draw and version.campaign.code not in known:
            self.stdout.write(draw)
