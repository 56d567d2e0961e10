"""One process of clients who claim in a flash sale, each trying again as soon as it is answered.

    python -m benchmarks.crowds.flash SALE THREADS FIRST LAST   (customer numbers C<FIRST>..)

It says "ready", waits for a line, and prints a JSON list of [seconds, answer] in the end.
"""

import json
import os
import sys
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from campaigns.flash.views import api  # noqa: E402


def main(sale_id: int, threads: int, first: int, last: int) -> None:
    """This will let threads share the customers out among them."""
    answers: list[tuple[float, str]] = []

    def work(place: int) -> None:
        for number in range(first + place, last + 1, threads):
            started = time.perf_counter()
            told = api._claims.ask((sale_id, f"C{number}"))[1]
            answers.append((time.perf_counter() - started, told.answer.value))

    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    print("ready", flush=True)
    sys.stdin.readline()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("over", flush=True)
    print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:5]))
