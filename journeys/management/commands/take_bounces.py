"""`manage.py take_bounces`: mail that came back, from a file, a folder or standard input."""

import mailbox
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from journeys.outreach.intake import bounces
from portal.kit import clock

_KINDS = ("hard", "other", "delayed", "unsubscribed", "unknown", "ignored")


class Command(BaseCommand):
    help = (
        "Read mail that came back, and mail that takes a consent back: from an mbox file, a "
        "Maildir folder, or one mail from standard input (-), as a mail server pipes it. Reading "
        "the same mail again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="an mbox file, a Maildir folder, or -")
        parser.add_argument(
            "--remove", action="store_true", help="remove what was taken; what was ignored stays"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["source"] == "-":
            counted = bounces.take_mails([sys.stdin.buffer.read()], at=clock.now())
        else:
            counted = _take_box(_box(Path(options["source"])), is_removed=options["remove"])
        self.stdout.write(", ".join(f"{kind}: {counted[kind]}" for kind in _KINDS))


def _box(path: Path) -> mailbox.Mailbox[Any]:
    if not path.exists():
        raise CommandError(f"There is no {path}. Name an mbox file, a Maildir folder, or -.")
    if path.is_dir():
        if not (path / "new").is_dir() or not (path / "cur").is_dir():
            raise CommandError(f"{path} is no Maildir: it has no folders new and cur.")
        return mailbox.Maildir(path, create=False)
    return mailbox.mbox(path, create=False)


def _take_box(box: mailbox.Mailbox[Any], *, is_removed: bool) -> Counter[str]:
    counted: Counter[str] = Counter()
    try:
        if is_removed:
            box.lock()
        for name in box.keys():  # noqa: SIM118 (a mailbox iterates over its messages)
            kind = bounces.take_mail(box.get_bytes(name), at=clock.now())
            counted[kind] += 1
            if is_removed and kind != "ignored":
                box.discard(name)
        box.flush()
    except mailbox.Error as error:
        raise CommandError(f"The mailbox cannot be read: {error}") from error
    finally:
        box.close()
    return counted
