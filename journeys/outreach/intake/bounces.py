"""Mail that came back, and mail that takes a consent back: read one by one, safe to read again."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from journeys.outreach import access, rules
from journeys.outreach import operations as outreach
from journeys.outreach.channels.protocol import setting

_EVIDENCE = "客户回信退订 (mail to the address of List-Unsubscribe)"


def take_mails(mails: Iterable[bytes], *, at: datetime) -> Counter[str]:
    """This will take mails from the mailbox of returned mail, and count what they were: "hard" (no
    such address), "other" (given up for another cause), "delayed", "unsubscribed", "unknown" (about
    no mail of ours), "ignored" (something else)."""
    return Counter(take_mail(mail, at=at) for mail in mails)


def take_mail(data: bytes, *, at: datetime) -> str:
    """This will take one mail and tell what it was."""
    if token := rules.read_unsubscribe(data):
        return _unsubscribe(token, at)
    bounce = rules.read_bounce(data, setting("email", "BOUNCES"))
    if bounce is None:
        return "ignored"
    if not bounce.is_failure:
        return "delayed"
    message_id = access.returned_by(bounce.tag) if bounce.tag else None
    try:
        outreach.take_bounce(
            message_id=message_id or rules.message_id_of(bounce.key) or 0,
            key="" if message_id else bounce.key,
            is_hard=bounce.is_hard,
            address=bounce.recipient,
            cause=bounce.status,
            at=at,
        )
    except outreach.UnknownMessage:
        return "unknown"
    return "hard" if bounce.is_hard else "other"


def _unsubscribe(token: str, at: datetime) -> str:
    try:
        outreach.take_refusal(token=token, evidence=_EVIDENCE, at=at)
    except outreach.TokenNotOurs:
        return "unknown"
    return "unsubscribed"
