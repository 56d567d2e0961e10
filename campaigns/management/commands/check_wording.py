"""manage.py check_wording FILE --json: what somebody should look at in a file of sentences."""

import datetime as dt
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.wording import queries
from campaigns.wording.enums import Level
from campaigns.wording.rules import Finding, check
from journeys.outreach import queries as outreach
from portal.kit import clock

_FOUND, _WRONG = 1, 2


class Command(BaseCommand):
    """Reads one sentence a line and writes one line for each; 1 where something is forbidden."""

    help = (
        "Check the wording of a file, one sentence a line ('-' reads the standard input), or of "
        "the message texts in use (--texts). The exit code is 1 where something is forbidden or "
        "needs a source, else 0."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="UTF-8 text, one sentence a line; - for stdin")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--texts", action="store_true", help="check the message texts in use")
        parser.add_argument("--on", type=dt.date.fromisoformat, help="as of a day (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == options["texts"]:
            raise CommandError(_("Give either a file or --texts."), returncode=_WRONG)
        words = queries.lexicon(on=options["on"] or clock.today())
        is_grave = False
        for place, text in self._sentences(options["file"]):
            findings = check(text, words)
            is_grave |= any(one.level != Level.CAUTION for one in findings)
            self._write(place, text, findings, as_json=options["json"])
        if is_grave:
            sys.exit(_FOUND)

    def _sentences(self, file: str | None) -> Iterator[tuple[int | str, str]]:
        if file is None:
            for text in outreach.texts_in_use():
                yield text.reference, f"{text.subject}\n{text.body}".strip()
            return
        try:
            with open(0 if file == "-" else file, encoding="utf-8") as handle:
                for number, line in enumerate(handle, start=1):
                    yield number, line.rstrip("\r\n")
        except OSError as missing:
            problem = f"{file} cannot be read: {missing.strerror}."
            raise CommandError(problem, returncode=_WRONG) from missing
        except UnicodeDecodeError as other:
            raise CommandError(f"{file} is not UTF-8.", returncode=_WRONG) from other

    def _write(
        self, place: int | str, text: str, findings: list[Finding], *, as_json: bool
    ) -> None:
        if as_json:
            line = {"line": place, "text": text, "findings": [one.as_data() for one in findings]}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
            return
        for one in findings:
            self.stdout.write(
                f"{place}:{one.start}: {one.level_label}: {one.term} ({one.basis}) {one.todo}"
            )
