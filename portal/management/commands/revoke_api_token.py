"""manage.py revoke_api_token NAME: the other system can send nothing more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.intake import operations
from portal.kit import clock
from portal.staff import queries


class Command(BaseCommand):
    help = "Revoke a token of the JSON API, at once and for good."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name that it was made with")
        parser.add_argument("--reason", required=True, help="why; the audit trail keeps it")
        parser.add_argument("--by", required=True, help="user name of the administrator in charge")

    def handle(self, *args: Any, **options: Any) -> None:
        """This will revoke the token."""
        by = queries.named(options["by"])
        if by is None:
            raise CommandError(f"Nobody has the user name {options['by']}.")
        try:
            token = operations.revoke_token(
                name=options["name"], reason=options["reason"], by=by, at=clock.now()
            )
        except operations.TokenRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{token.name} is revoked.")
