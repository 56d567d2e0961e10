"""One process that sends what is due, as a worker of the portal does, at an instant that is given.

    python -m benchmarks.crowds.senders AT

It says "ready"; for each line with a number of connections it drains the outbox once and prints a
JSON list: how many messages it handed over, and the most memory that it took so far, in MB.
"""

import datetime as dt
import json
import os
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402

from benchmarks import harness  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402


def main(at: dt.datetime) -> None:
    """This will send until its lines end."""
    print("ready", flush=True)
    for line in sys.stdin:
        settings.OUTBOX_CONNECTIONS = int(line)
        sent = outreach.send_due_messages(clock=_clock_from(at), seconds=3600)
        print(json.dumps([sent, harness.megabytes()]), flush=True)


def _clock_from(at: dt.datetime) -> Callable[[], dt.datetime]:
    start = time.monotonic()
    return lambda: at + dt.timedelta(seconds=time.monotonic() - start)


if __name__ == "__main__":
    main(dt.datetime.fromisoformat(sys.argv[1]))
