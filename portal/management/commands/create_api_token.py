"""manage.py create_api_token NAME: lets another system send rows to the JSON API."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.intake import operations
from portal.kit import clock
from portal.staff import queries


class Command(BaseCommand):
    help = "Make a token for the JSON API. It is shown once; only its hash is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="which system uses it, such as core-banking")
        parser.add_argument("--kinds", required=True, help="kinds of rows, such as cards,customers")
        parser.add_argument("--by", required=True, help="user name of the administrator in charge")
        parser.add_argument("--days", type=int, default=365, help="how long it holds")

    def handle(self, *args: Any, **options: Any) -> None:
        """This will make the token and print it."""
        by = queries.named(options["by"])
        if by is None:
            raise CommandError(f"Nobody has the user name {options['by']}.")
        kinds = [kind.strip() for kind in options["kinds"].split(",") if kind.strip()]
        if not 0 <= options["days"] <= operations.MOST_DAYS:
            raise CommandError(f"Give --days from 0 (today) to {operations.MOST_DAYS}.")
        last_day = clock.today() + dt.timedelta(days=options["days"])
        try:
            token, text = operations.create_token(
                name=options["name"], kinds=kinds, last_day=last_day, by=by, at=clock.now()
            )
        except operations.TokenRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stderr.write(f"{token.name} holds through {last_day}. Keep this:")
        self.stdout.write(text)
