"""One worker that has done nothing before and works off the chunks of a run, one after another.

    python -m benchmarks.crowds.runs RUN

It prints a JSON list: the most memory that it took so far, in MB, at the end of each chunk.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from benchmarks import harness  # noqa: E402
from campaigns.eligibility import operations as eligibility  # noqa: E402
from campaigns.eligibility import queries  # noqa: E402
from portal.kit import clock  # noqa: E402


def main(run_id: int) -> None:
    """This will work off the run."""
    taken: list[float] = []
    for chunk_id in queries.chunks_to_do(run_id):
        eligibility.work_chunk(chunk_id=chunk_id, now=clock.now)
        taken.append(harness.megabytes())
    print(json.dumps(taken), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
