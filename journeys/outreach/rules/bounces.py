"""Mail that came back (delivery status notifications, RFC 3464) and mail that takes a consent back
(the mailto of List-Unsubscribe, RFC 2369). Whoever wrote it may be an enemy: nothing in it is
believed but what a token of ours proves, and no part of it is opened that is not needed."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

_MOST_BYTES, _MOST_PARTS = 1_000_000, 50
_TAG = r"\+(\d{1,18}\.[0-9a-f]{16})@"
_REACHED_AS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_KEY = re.compile(r"<?(\d{1,18}-[0-9a-f]{16})(?:@|$)", re.A)
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})", re.A)
_UNSUBSCRIBE = re.compile(r"unsubscribe\s+([0-9]{1,18}\.[a-z_]{2,8}\.[A-Za-z0-9_-]{8,64})", re.A)
# There is no such mailbox, host or domain, it moved and left no address, or was closed (RFC 3463).
# A full mailbox (5.2.2), a refused text (5.7.1) or a route (5.4) is no fault of the address.
_NO_SUCH_ADDRESS = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_SAYS_NOTHING = frozenset({"", "5.0.0", "5.5.0"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report about one mail: the tag of its return path, the key that stood in its headers, whom
    it was for ("" each where the report does not say), what was done, and why."""

    tag: str
    key: str
    recipient: str
    action: str
    status: str

    @property
    def is_failure(self) -> bool:
        """Whether the mail was given up, and not only delayed."""
        return self.action == "failed"

    @property
    def is_hard(self) -> bool:
        """Whether there is no such address."""
        return self.is_failure and self.status in _NO_SUCH_ADDRESS


def read_bounce(data: bytes, bounces: str) -> Bounce | None:
    """This will read a report; None where the mail is none. `bounces` is the address that return
    paths are made of."""
    mail = _parse(data)
    if mail is None:
        return None
    parts = list(_parts(mail))
    blocks = [block for part in parts for block in _blocks(part)]
    about = next((block for block in blocks if _field(block, "Action")), None)
    if about is None:
        return None
    failed = [block for block in blocks if _field(block, "Action").lower() == "failed"]
    about = failed[0] if failed else about
    recipient = _field(about, "Original-Recipient") or _field(about, "Final-Recipient")
    return Bounce(
        tag=_tag(mail, bounces),
        key=next((key for part in parts if (key := _key(part))), ""),
        recipient=recipient.partition(";")[2].strip().strip("<>")[:254],
        action=_field(about, "Action").lower()[:20],
        status=_status(_field(about, "Status"), _field(about, "Diagnostic-Code")),
    )


def read_unsubscribe(data: bytes) -> str:
    """This will return the token in the subject of a mail that takes a consent back; "" where it is
    none."""
    mail = _parse(data)
    found = _UNSUBSCRIBE.search(_field(mail, "Subject")) if mail is not None else None
    return found[1] if found else ""


def _parse(data: bytes) -> Message | None:
    """The library's parser takes everything, but for parts within parts without an end."""
    try:
        return email.message_from_bytes(data[:_MOST_BYTES])
    except (RecursionError, ValueError, LookupError, TypeError):
        return None


def _parts(mail: Message) -> Iterator[Message]:
    """The parts of a mail, the first ones; one that lies too deep is not looked for."""
    waiting, seen = [mail], 0
    while waiting and seen < _MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        yield part
        held = part.get_payload()
        if isinstance(held, list) and part.get_content_type() != "message/delivery-status":
            waiting.extend(each for each in held if isinstance(each, Message))


def _blocks(part: Message) -> list[Message]:
    if part.get_content_type() != "message/delivery-status":
        return []
    held = part.get_payload()
    return [block for block in held if isinstance(block, Message)] if isinstance(held, list) else []


def _field(part: Message, name: str) -> str:
    try:
        return " ".join(str(part.get(name, "")).split())
    except (ValueError, LookupError):
        return ""


def _tag(mail: Message, bounces: str) -> str:
    user, at, host = bounces.lower().partition("@")
    if not at:
        return ""
    wanted = re.compile(re.escape(user) + _TAG + re.escape(host), re.A)
    for name in _REACHED_AS:
        for value in mail.get_all(name, []):
            if found := wanted.search(str(value).lower()):
                return found[1]
    return ""


def _key(part: Message) -> str:
    """The key in the headers of the mail that came back: they come as a mail, or as a text."""
    held = part.get_payload()
    if part.get_content_type() == "text/rfc822-headers" and isinstance(held, str):
        inner = _parse(held.encode(errors="replace"))
    elif part.get_content_type() == "message/rfc822" and isinstance(held, list) and held:
        inner = held[0] if isinstance(held[0], Message) else None
    else:
        return ""
    if inner is None:
        return ""
    for name in ("X-Message-Key", "Message-ID"):
        if found := _KEY.match(_field(inner, name)):
            return found[1]
    return ""


def _status(given: str, diagnostic: str) -> str:
    """The code of RFC 3463; where it says nothing, the one in the words of the other side."""
    found = _STATUS.search(given)
    status = found[0] if found else ""
    if status in _SAYS_NOTHING and (better := _STATUS.search(diagnostic)):
        return better[0]
    return status
