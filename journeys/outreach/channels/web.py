"""One kept HTTP connection, which knows whether a request may have reached the other side."""

import http.client
import json
import select
from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode, urlsplit

from journeys.outreach.channels.protocol import Deadline, Outcome, Parcel, deadline, setting
from journeys.outreach.channels.signing import callback_url
from journeys.outreach.enums import Found, Result


class NotReached(Exception):
    """Raised when no connection could be made: nothing was handed over."""


class NoAnswer(Exception):
    """Raised when the request was written, in part or whole, and no answer came back."""


class Connection:
    """A connection to the server named in `url`, opened at first use and kept."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._http: http.client.HTTPConnection | None = None

    def post(self, fields: dict[str, str], deadline: Deadline) -> tuple[int, str]:
        """This will post a form; returns status and text. Raises NotReached and NoAnswer."""
        return self._ask("POST", self._parts.path or "/", urlencode(fields), deadline)

    def post_json(self, data: Any, deadline: Deadline, token: str = "") -> tuple[int, str]:
        """This will post a JSON value, with a bearer token where one is given; returns status and
        text. Raises NotReached and NoAnswer."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self._ask("POST", self._parts.path or "/", json.dumps(data), deadline, headers)

    def get(self, query: str, deadline: Deadline) -> tuple[int, str]:
        """This will get with an encoded query; returns status and text. Raises NotReached and
        NoAnswer."""
        return self._ask("GET", f"{self._parts.path or '/'}?{query}", None, deadline)

    def close(self) -> None:
        """This will let the connection go."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def _ask(
        self,
        method: str,
        target: str,
        body: str | None,
        deadline: Deadline,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        connection = self._open(deadline)
        if headers is None:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            connection.request(method, target, body, headers)
            connection.sock.settimeout(deadline.left())
            response = connection.getresponse()
            return response.status, response.read(2000).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(type(error).__name__) from error

    def _open(self, deadline: Deadline) -> http.client.HTTPConnection:
        """A kept connection that the other side has closed meanwhile is noticed here, before
        anything is written to it; found out later, it would leave the message in doubt."""
        if self._http is not None and self._http.sock is not None:
            if not select.select([self._http.sock], [], [], 0)[0]:
                self._http.sock.settimeout(deadline.left())
                return self._http
            self.close()
        is_safe = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
        try:
            self._http = kind(self._parts.hostname or "", self._parts.port, timeout=deadline.left())
            self._http.connect()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NotReached(type(error).__name__) from error
        return self._http


class WebGateway(ABC):
    """A kept connection to the gateway of a channel whose settings name its URL."""

    def __init__(self, code: str) -> None:
        self._code, self._url = code, setting(code, "URL")
        self._receipts = callback_url(code, "receipts")
        self._connection = Connection(self._url)

    def hand_over(self, parcel: Parcel) -> Outcome:
        """This will hand one message over. Once the request is written, silence means doubt."""
        if not self._url:
            return Outcome(Result.UNREACHABLE, f"{self._code.upper()}_URL")
        try:
            status, text = self._ask(self._connection, parcel)
        except NotReached as error:
            return Outcome(Result.UNREACHABLE, str(error))
        except NoAnswer as error:
            return Outcome(Result.NO_ANSWER, str(error))
        return self._read(status, text.strip())

    def find(self, key: str) -> Found:
        """This will ask the gateway what became of a message key."""
        return find_at(setting(self._code, "STATUS_URL"), key, deadline())

    def close(self) -> None:
        """This will let the connection go."""
        self._connection.close()

    @abstractmethod
    def _ask(self, connection: Connection, parcel: Parcel) -> tuple[int, str]:
        """Sends the request of a message; returns status and text."""

    @abstractmethod
    def _read(self, status: int, text: str) -> Outcome:
        """Reads the gateway's answer."""


def find_at(url: str, key: str, deadline: Deadline) -> Found:
    """This will ask a status address about a message key; whatever is not a plain answer, and an
    address that is not set, is "unknown"."""
    if not url:
        return Found.UNKNOWN
    connection = Connection(url)
    try:
        status, text = connection.get(urlencode({"key": key}), deadline)
    except (NotReached, NoAnswer, TimeoutError):
        return Found.UNKNOWN
    finally:
        connection.close()
    answer = text.strip().lower()
    return Found(answer) if status == 200 and answer in set(Found) else Found.UNKNOWN
