"""Customers who claim and confirm in one sale by HTTP, many at the same moment, as the bank's app
does it for them: each comes again until one is theirs or all are gone, whatever becomes of the web
server meanwhile."""

import http.client
import json
import random
import threading
import time
from types import TracebackType

from campaigns.flash.enums import ClaimAnswer as A

SECONDS = 240  # with the server going down meanwhile, on a slow machine
_PAUSE = 0.15  # at most so long before each call: the crowd is there while somebody is killed


class WebCrowd:
    """The customers of `numbers`, shared out among threads; all have done when the block ends.

    `granted` holds whom the web server told of success, `heard` all that it said, `broken` counts
    the calls that it did not answer, `left` holds who came to no end.
    """

    def __init__(
        self, *, port: int, token: str, sale_id: int, numbers: list[str], threads: int
    ) -> None:
        self.granted: set[str] = set()
        self.heard: set[str] = set()
        self.left: list[str] = []
        self.broken = 0
        self._port, self._token, self._sale_id = port, token, sale_id
        self._people = random.sample(numbers, len(numbers))
        self._guard = threading.Lock()
        self._threads = [threading.Thread(target=self._work) for _number in range(threads)]

    def __enter__(self) -> "WebCrowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:  # nobody waits for an answer any more
            with self._guard:
                self._people.clear()
        for thread in self._threads:
            thread.join()

    def is_done(self) -> bool:
        """This will tell whether nobody tries any more."""
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while (who := self._next()) is not None:
            self._until_settled(line, who)
        line.close()

    def _next(self) -> str | None:
        with self._guard:
            return self._people.pop() if self._people else None

    def _until_settled(self, line: http.client.HTTPConnection, who: str) -> None:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                answer = self._answer_to(line, who)
            except (OSError, http.client.HTTPException):  # the customer comes again
                line.close()
                with self._guard:
                    self.broken += 1
                time.sleep(0.2)
                continue
            if answer == A.GRANTED:
                self.granted.add(who)
            if answer in (A.GRANTED, A.SOLD_OUT):
                return
        self.left.append(who)

    def _answer_to(self, line: http.client.HTTPConnection, who: str) -> str:
        answer = self._ask(line, "claims", who)
        if answer == A.HELD and random.random() < 0.9:  # some never confirm this hold
            answer = self._ask(line, "confirmations", who)
        return answer

    def _ask(self, line: http.client.HTTPConnection, door: str, who: str) -> str:
        time.sleep(random.uniform(0, _PAUSE))
        line.request(
            "POST", f"/api/v1/flash/{self._sale_id}/{door}/", json.dumps({"customer": who}),
            {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )  # fmt: skip
        reply = line.getresponse()
        said = reply.read()
        told = json.loads(said) if reply.getheader("Content-Type", "").endswith("json") else {}
        answer = str(told.get("answer") or f"{reply.status}: {said[:200]!r}")
        self.heard.add(answer)
        return answer
