"""An SMS gateway that keeps what it was sent, each with the instant that a moved clock showed; and
what it must never have got, judged by these alone, in plain Python."""

import contextlib
import datetime as dt
import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_BANK = dt.timezone(dt.timedelta(hours=8))


@dataclass(frozen=True)
class Sent:
    """One request that came: when, to which number, under which key."""

    at: dt.datetime
    number: str
    key: str


@dataclass
class Sink:
    """What came so far; `now` is moved by the test, and stands still while the outbox is sent."""

    now: dt.datetime
    sent: list[Sent] = field(default_factory=list)

    def clock(self) -> dt.datetime:
        return self.now


@contextlib.contextmanager
def a_sink(settings: Any, now: dt.datetime) -> Iterator[Sink]:
    """The gateway of the settings, on this machine, while the block runs."""
    sink, lock = Sink(now), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536

        def do_GET(self) -> None:
            fields = {name: given[0] for name, given in parse_qs(urlsplit(self.path).query).items()}
            with lock:
                sink.sent.append(Sent(sink.now, fields["to"], fields["id"]))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/cgi-bin/sendsms"
    settings.SMS_USER, settings.SMS_PASSWORD, settings.CALLBACK_URL = "portal", "practice", ""
    try:
        yield sink
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_quiet_hours(sent: list[Sent], opens: dt.time, closes: dt.time) -> list[Sent]:
    """Those that came outside of the hours of each day by the bank's clock."""
    return [one for one in sent if not opens <= one.at.astimezone(_BANK).time() < closes]


def over_a_cap(sent: list[Sent], span: dt.timedelta, most: int) -> list[tuple[str, dt.datetime]]:
    """To whom, and from when on, more than `most` came within a span."""
    found = []
    for number, group in itertools.groupby(
        sorted(sent, key=_by_number), key=lambda one: one.number
    ):
        times = [one.at for one in group]
        found += [
            (number, first)
            for first in times
            if sum(first <= at < first + span for at in times) > most
        ]
    return found


def _by_number(one: Sent) -> tuple[str, dt.datetime]:
    return one.number, one.at


def twice(sent: list[Sent]) -> set[str]:
    """The keys that came more than once."""
    keys = [one.key for one in sent]
    return {key for key in keys if keys.count(key) > 1}
