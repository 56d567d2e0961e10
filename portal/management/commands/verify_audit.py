"""manage.py verify_audit: has the audit trail been tampered with?"""

import argparse
import json
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.audit import queries


def _anchor(text: str) -> tuple[int, str]:
    if not re.fullmatch(r"\d{1,18}:[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError("give it as SEQUENCE:HASH, as this command printed it")
    sequence, _colon, digest = text.partition(":")
    return int(sequence), digest


class Command(BaseCommand):
    help = (
        "Check that no entry of the audit trail was changed, removed or put in. Keep the last line "
        "in another place and give it back with --expect next time. Ends with code 1 on a fault."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")
        parser.add_argument(
            "--expect", type=_anchor, metavar="SEQUENCE:HASH", help="an anchor kept elsewhere"
        )
        parser.add_argument("--limit", type=int, default=20, help="faults to name, at most")

    def handle(self, *args: Any, **options: Any) -> None:
        """This will check the chain, print the result and end with 1 where it is broken."""
        sequence, digest = queries.head()
        found = queries.faults(anchor=options["expect"], limit=options["limit"])
        if options["json"]:
            answer = {
                "ok": not found,
                "sequence": sequence,
                "hash": digest,
                "faults": [
                    {"kind": fault.kind, "sequence": fault.sequence, "entry": fault.entry_id}
                    for fault in found
                ],
            }
            self.stdout.write(json.dumps(answer))
        else:
            for fault in found:
                where = f"sequence {fault.sequence or '-'}, entry {fault.entry_id or '-'}"
                self.stdout.write(f"{fault.kind} ({where}): {fault.sentence}")
            state = "BROKEN" if found else "whole"
            self.stdout.write(f"The audit trail is {state}. Entries in the chain: {sequence}")
            self.stdout.write(f"{sequence}:{digest}")
        if found:
            raise SystemExit(1)
