"""The practice gateways: a mailbox that speaks SMTP, an SMS gateway that speaks HTTP in the dialect
of Kannel's sendsms, and a push gateway. What they take never leaves this machine. What they send
back (receipts) goes to the address that came along with the message, on this machine alone."""

import asyncio
import contextlib
import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import UnthreadedController
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from journeys.contact.enums import Channel
from journeys.sandbox import operations as sandbox
from journeys.sandbox import queries
from journeys.sandbox.rules import Fault, fault_for
from portal.kit import clock

T = TypeVar("T")
_SILENCE_SECONDS = 60
# What stands for Kannel's escapes in the address of a receipt: delivered.
_RECEIPT = {"%d": "1", "%A": "", "%F": "practice"}


class Keeper:
    """One thread with one kept database connection, through which both gateways write."""

    def __init__(self, *, has_faults: bool = False) -> None:
        self._pool = ThreadPoolExecutor(1, "keeper")
        self._has_faults = has_faults

    def do(self, work: Callable[[], T]) -> T:
        """This will do `work` in the keeper's thread; a connection that the server closed
        meanwhile is replaced, and the work is done once more."""

        def safely() -> T:
            close_old_connections()
            try:
                return work()
            except DatabaseError:
                connections.close_all()
                return work()

        return self._pool.submit(safely).result()

    def fault_for(self, destination: str) -> Fault | None:
        """This will return the fault to practise, where faults are switched on."""
        return fault_for(destination) if self._has_faults else None

    def close(self) -> None:
        """This will let the database connection go."""
        self._pool.submit(connections.close_all).result()
        self._pool.shutdown()


class Postman:
    """One thread that sends receipts back, one after another; what cannot be brought is dropped, as
    a gateway that stops drops it."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "postman")

    def bring(self, url: str, data: bytes | None = None, token: str = "") -> None:
        """This will call an address on this machine; any other is left alone."""
        if urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}:
            self._pool.submit(_bring, url, data, token)

    def close(self) -> None:
        """This will stop, with what is still to be brought left out."""
        self._pool.shutdown(cancel_futures=True)


def _bring(url: str, data: bytes | None, token: str) -> None:
    headers = {"Content-Type": "application/json"} if data else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, data, headers)  # noqa: S310 (http, this machine alone)
    with contextlib.suppress(OSError, ValueError):
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310


class Mailbox:
    """The SMTP side, called by aiosmtpd."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def handle_RCPT(  # noqa: N802 (the name is aiosmtpd's)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        fault = self._keeper.fault_for(address)
        if fault == Fault.REFUSE:
            return f"550 5.1.1 <{address}>: no such mailbox"
        if fault == Fault.BUSY:
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        body = mail.get_body(("plain",))
        for address in envelope.rcpt_tos:
            fields = {
                "channel": Channel.EMAIL,
                "message_key": str(mail["X-Message-Key"] or ""),
                "destination": address,
                "sender": str(mail["From"] or envelope.mail_from),
                "subject": str(mail["Subject"] or ""),
                "body": _shown(body.get_content() if body else "", mail["List-Unsubscribe"]),
                "at": clock.now(),
            }
            await asyncio.to_thread(self._keeper.do, lambda f=fields: sandbox.receive(**f))
            if self._keeper.fault_for(address) == Fault.SILENT:
                await asyncio.sleep(_SILENCE_SECONDS)
        return "250 OK: kept"


def _shown(text: str, ways_out: Any) -> str:
    """The text, and beneath it the page behind the button by which mail programmes unsubscribe."""
    found = re.search(r"<(https?://[^<>\s]+)>", str(ways_out or ""))
    plain = text.replace("\r\n", "\n")
    return f"{plain.rstrip()}\n\n[List-Unsubscribe] {found[1]}\n" if found else plain


class GatewayHandler(BaseHTTPRequestHandler):
    """The HTTP side: `/cgi-bin/sendsms`, `/push`, and `/status?key=` for all channels."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    # An answer goes out as one packet; in two, the second would wait for the first one's receipt.
    wbufsize = 65536
    keeper: Keeper
    postman: Postman

    def do_GET(self) -> None:
        self._route(urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._route(self.rfile.read(min(length, 100_000)).decode("utf-8", "replace"))

    def _route(self, query: str) -> None:
        path = urlsplit(self.path).path
        if path == "/push":
            return self._push(query)
        fields = {name: values[0] for name, values in parse_qs(query).items()}
        if path == "/cgi-bin/sendsms":
            self._send_sms(fields)
        elif path == "/status":
            key = fields.get("key", "")
            is_there = self.keeper.do(lambda: queries.is_received(message_key=key))
            self._answer(200, "sent" if is_there else "absent")
        else:
            self._answer(404, "Not found")

    def _send_sms(self, fields: dict[str, str]) -> None:
        known = (settings.SMS_USER, settings.SMS_PASSWORD)
        if (fields.get("username", ""), fields.get("password", "")) != known:
            return self._answer(403, "Authorization failed for sendsms")
        number, text = fields.get("to", ""), fields.get("text", "")
        fault = self.keeper.fault_for(number)
        if not number or not text or fault == Fault.REFUSE:
            return self._answer(400, "Missing or denied receiver number, or empty text")
        if fault == Fault.BUSY:
            return self._answer(503, "Temporal failure, try again later.")
        self.keeper.do(
            lambda: sandbox.receive(
                channel=Channel.SMS,
                message_key=fields.get("id", ""),
                destination=number,
                sender=fields.get("from", ""),
                subject="",
                body=text,
                at=clock.now(),
            )
        )
        if fault == Fault.SILENT:
            time.sleep(_SILENCE_SECONDS)
        self._answer(202, "0: Accepted for delivery")
        if (url := fields.get("dlr-url", "")) and fault != Fault.LOST:
            for escape, value in _RECEIPT.items():
                url = url.replace(escape, value)
            self.postman.bring(url)

    def _push(self, text: str) -> None:
        if settings.PUSH_TOKEN and self.headers["Authorization"] != f"Bearer {settings.PUSH_TOKEN}":
            return self._answer(403, "Authorization failed")
        try:
            asked = {name: str(value) for name, value in json.loads(text).items()}
        except (ValueError, AttributeError):
            return self._answer(400, "No JSON object")
        number, key = asked.get("customer", ""), asked.get("id", "")
        fault = self.keeper.fault_for(number)
        if not number or not key or fault == Fault.REFUSE:
            return self._answer(404, "No device of this customer")
        if fault == Fault.BUSY:
            return self._answer(503, "Try again later")
        self.keeper.do(
            lambda: sandbox.receive(
                channel=Channel.PUSH,
                message_key=key,
                destination=number,
                sender=settings.SMS_SENDER,
                subject=asked.get("title", ""),
                body=asked.get("text", ""),
                at=clock.now(),
            )
        )
        if fault == Fault.SILENT:
            time.sleep(_SILENCE_SECONDS)
        self._answer(202, "taken")
        if (url := asked.get("receipts", "")) and fault != Fault.LOST:
            receipt = json.dumps({"id": key, "event": "delivered"}).encode()
            self.postman.bring(url, receipt, settings.PUSH_CALLBACK_SECRET)

    def _answer(self, status: int, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: a request holds a telephone number."""


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    # A gateway that stops does not wait for kept connections.
    block_on_close = False


@contextlib.contextmanager
def practice_gateways(
    *, smtp_port: int, http_port: int, has_faults: bool = False
) -> Iterator[None]:
    """This will run both gateways on this machine while the block runs. Raises OSError where a
    port is taken."""
    with contextlib.ExitStack() as stack:
        keeper = stack.enter_context(contextlib.closing(Keeper(has_faults=has_faults)))
        postman = stack.enter_context(contextlib.closing(Postman()))
        stack.enter_context(_mailbox(keeper, smtp_port))
        stack.enter_context(_http_gateways(keeper, postman, http_port))
        yield


@contextlib.contextmanager
def _mailbox(keeper: Keeper, port: int) -> Iterator[None]:
    loop = asyncio.new_event_loop()
    server = UnthreadedController(Mailbox(keeper), "127.0.0.1", port, loop=loop)
    try:
        server.begin()
        thread = Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            server.end()
    finally:
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()


@contextlib.contextmanager
def _http_gateways(keeper: Keeper, postman: Postman, port: int) -> Iterator[None]:
    own = {"keeper": keeper, "postman": postman}
    server = _HttpServer(("127.0.0.1", port), type("Handler", (GatewayHandler,), own))
    thread = Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
