"""`manage.py refresh_stages`: make the stages of all customers follow from the facts."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from journeys.stages import operations


class Command(BaseCommand):
    help = (
        "Write the journey stages of all customers anew from the facts. Imports keep them; this is "
        "for a database that is older than the stages, or was changed by hand."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        changed = operations.refresh_stages()
        self.stdout.write(_("Stages changed: {count}").format(count=changed))
