"""One process that queues messages through the gate, as a worker of the portal does with the steps
of touch plans: batch after batch, each a transaction.

    python -m benchmarks.crowds.queuers

It says "ready"; for each line, a JSON list of customer ids, it queues a message for each of them
and prints the most memory that it took so far, in MB.
"""

import datetime as dt
import json
import os
import sys
from collections.abc import Sequence

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from benchmarks import harness  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402

AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
CONTEXT = {
    "card_tail": "0001", "campaign": "x", "reward": "y", "amount": "1",
    "campaign_en": "x", "reward_en": "y",
}  # fmt: skip


def main() -> None:
    """This will queue until its lines end."""
    print("ready", flush=True)
    for line in sys.stdin:
        queue(json.loads(line))
        print(harness.megabytes(), flush=True)


def queue(ids: list[int], channels: Sequence[str] = ("sms",)) -> None:
    """This will queue a message for each."""
    verdicts = outreach.queue_messages(
        customer_ids=ids, contexts=dict.fromkeys(ids, CONTEXT), purpose="marketing",
        channels=list(channels), template_code="first_gift", origin="bench",
        dedup_key="bench", at=AT,
    )  # fmt: skip
    assert all(verdict.is_open for verdict in verdicts)


if __name__ == "__main__":
    main()
