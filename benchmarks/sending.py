"""Draining the outbox into gateways that take everything, beside a bare loop of hand-overs.

    python -m benchmarks.sending [MESSAGES]

Bare: a loop over ready fields with `http.client`, or over ready letters with `smtplib`, one kept
connection in each thread; it asks nobody and writes nothing down. Ours claims, locks the customers,
asks the gate, opens the address, fills the text in, hands over the same requests by as many
connections, and writes down what became of each: with several connections in two processes, as
where OUTBOX_SENDERS is 2. The promise: 60 % of the bare rate or more (a ratio of 1.67 at most), and
a memory that does not grow with the number of messages. A letter is also measured against a bare
loop that builds each with `email.message`, as every sender must.
"""

import contextlib
import functools
import http.client
import json
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from benchmarks import harness

harness.boot()

from django.db import connection  # noqa: E402  (settings come first)

from benchmarks import outbox  # noqa: E402
from benchmarks.crowds.queuers import AT, queue  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402
from journeys.outreach.channels.email import gateway as email  # noqa: E402
from journeys.outreach.channels.protocol import Parcel  # noqa: E402
from portal.kit import sealed  # noqa: E402
from portal.runtime import engines  # noqa: E402

MESSAGES, FULL = 5_000, 50_000
RUNS = 3
MOST = 1 / 0.6  # of the time of a bare loop
GROWTH = 16  # MB
CONNECTIONS = (1, 4)
SENDERS = 2
Sender = subprocess.Popen[str]
_TEXT = (
    "【信用卡中心】您尾号0001的信用卡已达成“x”条件，y（价值1）已发放，"
    "可在手机银行“我的权益”查看。拒收请回复R"
)
_SEAL = """
UPDATE journeys_customer AS customer SET phone_sealed = one.phone, email_sealed = one.email,
    email_index = customer.phone_index, reader = customer.callee
FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS one(id, phone, email)
WHERE customer.id = one.id
"""
_MAIL_TOO = """
INSERT INTO journeys_consent (customer_id, purpose, channel, is_granted, text_id, evidence,
    effective_at, recorded_at)
SELECT customer_id, purpose, 'email', true, text_id, evidence, effective_at, recorded_at
FROM journeys_consent WHERE channel = 'sms'
"""


def main(messages: int) -> None:
    """This will print the times of both ways, by channel and number of connections."""
    ids = outbox.fill(messages)
    with connection.cursor() as cursor:
        phones = [sealed.seal(f"138{number:08d}", "customer.phone") for number in ids]
        emails = [sealed.seal(f"c{number}@bank.test", "customer.email") for number in ids]
        cursor.execute(_SEAL, [ids, phones, emails])
        cursor.execute(_MAIL_TOO)
        cursor.execute("VACUUM ANALYZE")
    outreach.ensure_default_templates(at=AT)
    with _processes() as senders:
        for connections in CONNECTIONS:
            _measure("sms", ids, senders, connections, {"ready requests": _post})
            bare = {"ready letters": _mail_ready, "letters": _mail_built}
            _measure("email", ids, senders, connections, bare)


@contextlib.contextmanager
def _processes() -> Iterator[list[Sender]]:
    """The gateways that take everything, and those who send to them."""
    with contextlib.ExitStack() as ends:
        sink = _started("benchmarks.sinks", *map(str, _PORTS))
        ends.callback(sink.kill)
        senders = []
        for _each in range(SENDERS):
            senders.append(_started("benchmarks.crowds.senders", AT.isoformat()))
            ends.callback(senders[-1].kill)
        yield senders


def _started(*words: str) -> Sender:
    process = harness.start(
        *words, OUTBOX_SENDERS=str(SENDERS), SMS_URL=f"http://127.0.0.1:{_PORTS[0]}/sms",
        EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(_PORTS[1]),
    )  # fmt: skip
    assert harness.line_of(process) == "ready\n"
    return process


_PORTS = (engines.free_port(), engines.free_port())


def _measure(
    channel: str,
    ids: list[int],
    senders: list[Sender],
    connections: int,
    bare: Mapping[str, Callable[[int], None]],
) -> None:
    sharing = senders[:connections]
    _queue(ids[: len(ids) // 10], channel)
    before = _drain(sharing, connections, len(ids) // 10)
    most = [before]

    def drain() -> None:
        most.append(_drain(sharing, connections, len(ids)))

    ours = harness.median_of(RUNS, drain, before=lambda: _queue(ids, channel))
    for name, loop in bare.items():
        taken = harness.median_of(RUNS, functools.partial(_in_threads, loop, connections, len(ids)))
        print(f"{len(ids) / ours:,.0f} messages a second; bare {len(ids) / taken:,.0f}")
        harness.report(
            f"{len(ids):,} messages by {channel}, {connections} connections in {len(sharing)} "
            f"processes, against {name}", ours, taken, MOST,
        )  # fmt: skip
    grown = max(most) - before
    harness.promise("memory of a sender after all, beside after a tenth", grown, GROWTH, " MB")


def _queue(ids: list[int], channel: str) -> None:
    outbox.empty()
    queue(ids, channels=[channel])


def _drain(senders: list[Sender], connections: int, count: int) -> float:
    """Lets the processes send everything, and returns the most memory (MB) that one took."""
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write(f"{connections // len(senders)}\n")
        sender.stdin.flush()
    answers = [json.loads(harness.line_of(sender)) for sender in senders]
    sent = sum(number for number, _megabytes in answers)
    assert sent == count, sent
    return max(megabytes for _number, megabytes in answers)


def _in_threads(loop: Callable[[int], None], connections: int, count: int) -> None:
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(loop, [count // connections] * connections))


def _post(count: int) -> None:
    kept = http.client.HTTPConnection("127.0.0.1", _PORTS[0])
    fields: dict[str, Any] = {
        "username": "", "password": "", "from": "95500", "to": "13800000000", "text": _TEXT,
        "coding": "2", "charset": "UTF-8", "id": "1-0123456789abcdef",
    }  # fmt: skip
    ready = urlencode(fields)
    for _number in range(count):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        kept.request("POST", "/sms", ready, headers)
        kept.getresponse().read()


def _letter() -> bytes:
    parcel = Parcel("1-0123456789abcdef", "c1@bank.test", "“x”：y已发放", _TEXT * 3)
    return email._bytes_of(parcel).removesuffix(b".\r\n")


def _mail_ready(count: int) -> None:
    _mail(count, (_letter() for _once in range(1)))


def _mail_built(count: int) -> None:
    _mail(count, (_letter() for _each in range(count)))


def _mail(count: int, letters: Any) -> None:
    relay = smtplib.SMTP("127.0.0.1", _PORTS[1])
    letter = b""
    for number in range(count):
        letter = next(letters, letter)
        relay.sendmail("card@bank.example", [f"c{number}@bank.test"], letter)
    relay.quit()


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else FULL if harness.is_full() else MESSAGES
    main(size)
    harness.end(is_judged=size >= MESSAGES)
