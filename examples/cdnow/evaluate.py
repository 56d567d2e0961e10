"""Evaluate the 65-day window over imported CDNOW purchases at several sums, beside plain Python.

    python -m examples.cdnow.evaluate examples/cdnow/extract.txt

asks the running portal, into which the converted files have been imported. Every line is a dry
run of a version of `campaign.yaml`; a dry run sends and grants nothing.
"""

import argparse
import datetime as dt
import json
import os
import tempfile
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from examples.cdnow import plain

CAMPAIGN = Path(__file__).with_name("campaign.yaml")
END_OF_DATA = dt.date(1998, 6, 30)


def dry_run(*, amount: int, last_day: str, owner: str) -> dict[str, Any]:
    """This will run the campaign dry with a sum (CNY) and a reading of the last day
    ("inside" or "outside"), and return the figures that `evaluate_campaign` tells."""
    from django.core.management import call_command

    plan = yaml.safe_load(CAMPAIGN.read_text(encoding="utf-8"))
    plan["rule"] |= {"at_least": amount, "last_day": last_day}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "campaign.yaml"
        file.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
        call_command("load_campaign", str(file), owner=owner, stdout=StringIO())
    said = StringIO()
    call_command(
        "evaluate_campaign", plan["code"], on=END_OF_DATA.isoformat(), kind="dry_run", json=True,
        sync=True,
        stdout=said, stderr=StringIO(),
    )  # fmt: skip
    return json.loads(said.getvalue())


def main() -> int:
    """This will print a line for each sum and reading; 1 where portal and plain Python differ."""
    parser = argparse.ArgumentParser(description="CDNOW: the portal beside plain Python.")
    parser.add_argument("source", type=Path, help="the file that was converted and imported")
    parser.add_argument("--owner", default="campaign_manager", help="user name of the owner")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    differ = 0
    print(f"{'sum':>6} {'65th day':>9} {'portal':>8} {'plain':>8}")
    for amount in plain.SUMS:
        for last_day in ("inside", "outside"):
            ours = dry_run(amount=amount, last_day=last_day, owner=asked.owner)["qualified"]
            expected = plain.qualifying(
                asked.source, last_day_inside=last_day == "inside", threshold=Decimal(amount)
            )
            differ += ours != len(expected)
            print(f"{amount:>6} {last_day:>9} {ours:>8} {len(expected):>8}")
    return 1 if differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
