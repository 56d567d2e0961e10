"""manage.py create_administrator USERNAME: the first person who can sign in."""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.kit import clock
from portal.staff import operations as staffing
from portal.staff import queries
from portal.staff.enums import Role


class Command(BaseCommand):
    help = "Create an administrator. Asks for the password; without a terminal, reads it as a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="small letters, digits, dot, dash, underscore")
        parser.add_argument("--name", default="系统管理员", help="the person's name")
        parser.add_argument("--name-en", default="Administrator", help="the name in English")
        parser.add_argument("--staff-number", help="the person's number; default: the user name")

    def handle(self, *args: Any, **options: Any) -> None:
        """This will hire the administrator at the head office, opened where there is none."""
        username = options["username"].strip().lower()
        if queries.named(username):
            raise CommandError(f"There already is a member of staff named {username}.")
        password = _ask()
        at = clock.now()
        try:
            staffing.hire(
                username=username,
                staff_number=options["staff_number"] or username,
                name=options["name"],
                name_en=options["name_en"],
                role=Role.ADMINISTRATOR,
                branch=staffing.ensure_head_office(at=at),
                password=password,
                actor=None,
                at=at,
            )
        except staffing.PasswordTooWeak as refused:
            raise CommandError(" ".join(refused.args)) from refused
        self.stdout.write(f"{username} can now sign in as administrator.")


def _ask() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Password once more: ") != password:
        raise CommandError("The two passwords differ. Start again.")
    return password
