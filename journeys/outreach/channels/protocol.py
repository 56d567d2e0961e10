"""What every channel can do: hand one message over after another, and find one again."""

import datetime as dt
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings

from journeys.outreach.enums import Found, ReceiptKind, Result
from journeys.outreach.rules import Alphabet


@dataclass(frozen=True)
class Parcel:
    """A message ready to go. `key` is the same at every try. The destination is in clear and must
    never be logged. `tag` comes back with a mail that was not delivered; `token` proves, and
    `refuse_url` is the page, where the person takes the consent back ("" where there is nothing to
    take back, or no page). A person who calls does so before `valid_until`, where that is set."""

    key: str
    destination: str
    subject: str
    body: str
    customer_id: int = 0
    tag: str = ""
    token: str = ""
    refuse_url: str = ""
    valid_until: dt.datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """The result of one hand-over, in the gateway's own words where it gave any: all of them, for
    an address that is cut off is not found, and so not masked."""

    result: Result
    detail: str = ""
    reference: str = ""


@dataclass(frozen=True)
class ReceiptRead:
    """What a gateway says about one message: under which key, what became of it (None where the
    word settles nothing), and under what reference of its own."""

    key: str
    kind: ReceiptKind | None
    reference: str = ""


@dataclass(frozen=True)
class AnswerRead:
    """What a person wrote back. `reference` is the gateway's own key of it, "" where it has none;
    `sender` is in clear and must never be logged."""

    sender: str
    words: str
    reference: str = ""
    said_at: dt.datetime | None = None


class NotReadable(Exception):
    """Raised by a reader of what a gateway sent where it is not in the gateway's form; its text is
    a code of the cause and holds nothing of what was sent."""


class Gateway(Protocol):
    """One kept connection to a relay or gateway, closed at the end of a batch run."""

    def hand_over(self, parcel: Parcel) -> Outcome:
        """This will hand one message over and never raise for what a network or gateway does."""

    def find(self, key: str) -> Found:
        """This will ask what became of an earlier hand-over."""

    def close(self) -> None:
        """This will let the connection go."""


Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A channel as its folder declares it (`KIND`).

    `mask` makes of an address what pages show. `longest` is how many
    characters a text may have, `has_subject` whether it has a headline. A text that goes as SMS
    names its sender and is counted in parts, in the `alphabet` in which the gateway sends it; None
    for other channels. `shows_refusal` where how to refuse stands beside every text, or is asked by
    the one who calls, so that the text need not say it. `needs` names the settings
    (without the channel's prefix) without which nothing can be handed over. The readers take what
    the gateway sends back: fields of a form, a query or a JSON object. Raise NotReadable.
    """

    gateway: Callable[[], Gateway]
    mask: Callable[[str], str]
    longest: int
    has_subject: bool = True
    alphabet: Alphabet | None = None
    shows_refusal: bool = False
    needs: tuple[str, ...] = ()
    read_receipt: Callable[[Fields], ReceiptRead] | None = None
    read_answer: Callable[[Fields], AnswerRead] | None = None


def code_of(package: str | None) -> str:
    """This will return the code of the channel whose folder a module lies in."""
    return (package or "").rpartition(".")[2]


def setting(code: str, name: str) -> str:
    """This will return a setting of a channel, such as SMS_URL: from the settings where they name
    it, otherwise, as for a folder that was copied, from the environment."""
    full = f"{code.upper()}_{name}"
    found = getattr(settings, full, None)
    return str(os.environ.get(full, "") if found is None else found)


def deadline() -> "Deadline":
    """This will return the end of a hand-over that begins now."""
    return Deadline(settings.OUTBOX_HAND_OVER_SECONDS, settings.EMAIL_TIMEOUT)


class Deadline:
    """The end of one hand-over: every step gets what time is left, `step` seconds at most."""

    def __init__(self, seconds: float, step: float) -> None:
        self._end = time.monotonic() + seconds
        self._step = step

    def left(self) -> float:
        """This will return the seconds for the next step. Raises TimeoutError."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self._step)
