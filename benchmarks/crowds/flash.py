"""One process of clients who claim in a flash sale, each trying again as soon as it is answered.

    python -m benchmarks.crowds.flash WAY SALE THREADS PREFIX FIRST LAST

Customers are <PREFIX><FIRST>.. WAY is `portal` (what a web process does after reading the request),
`gate` (the script of the gate alone, one call a try) or `gates` (the same, calls of a moment done
together as the portal does it): the bare sides, with the same clients and nothing of the portal. It
says "ready", waits for a line, and prints a JSON list of [seconds, answer] in the end.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from campaigns.flash.operations import gate  # noqa: E402
from campaigns.flash.views import api  # noqa: E402
from portal.kit.combining import Combiner  # noqa: E402


def _way(name: str, sale_id: int) -> Callable[[str], str]:
    if name == "portal":
        return lambda who: api._claims.ask((sale_id, who))[1].answer.value
    if name == "gate":
        return lambda who: str(gate.take(sale_id, [who])[0])
    together: Combiner[str, int] = Combiner(lambda asked: gate.take(sale_id, asked), most=200)
    return lambda who: str(together.ask(who))


def main(way: str, sale_id: int, threads: int, prefix: str, first: int, last: int) -> None:
    """This will let threads share the customers out among them."""
    answers: list[tuple[float, str]] = []
    ask = _way(way, sale_id)

    def work(place: int) -> None:
        for number in range(first + place, last + 1, threads):
            started = time.perf_counter()
            answer = ask(f"{prefix}{number}")
            answers.append((time.perf_counter() - started, answer))

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
    way, sale, threads, prefix, first, last = sys.argv[1:7]
    main(way, int(sale), int(threads), prefix, int(first), int(last))
