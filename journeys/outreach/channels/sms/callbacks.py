"""What an SMS gateway in Kannel's dialect sends back: delivery receipts, and what people answer.

The names of the fields are ours: the addresses that the gateway calls say which of Kannel's escapes
stands for which (`dlr-url` of a message, `get-url` of an sms-service). User's guide, "Parameters
(Escape Codes)" and "Delivery Reports".
"""

import datetime as dt

from journeys.outreach.channels.protocol import AnswerRead, Fields, NotReadable, ReceiptRead
from journeys.outreach.enums import ReceiptKind

# Bits of dlr-mask: delivered to the phone, not delivered, queued on the centre, taken by the
# centre, refused by the centre. The two in the middle say nothing about the phone.
ASKED_FOR = 1 | 2 | 16
_KINDS = {"1": ReceiptKind.DELIVERED, "2": ReceiptKind.FAILED, "16": ReceiptKind.REJECTED}
_SETTLES_NOTHING = {"4", "8"}
# The state that a centre gives beside a failure (SMPP 3.4, appendix B).
_EXPIRED = "STAT:EXPIRED"


def read_receipt(fields: Fields) -> ReceiptRead:
    """This will read a receipt: `id` (our key), `type` (%d), `answer` (%A), `reference` (%F)."""
    key, kind = str(fields.get("id", "")), str(fields.get("type", ""))
    reference = str(fields.get("reference", ""))[:120]
    if not key:
        raise NotReadable("no_key")
    if kind in _SETTLES_NOTHING:
        return ReceiptRead(key, None, reference)
    if kind not in _KINDS:
        raise NotReadable("unknown_kind")
    is_expired = kind == "2" and _EXPIRED in str(fields.get("answer", "")).upper()
    return ReceiptRead(key, ReceiptKind.EXPIRED if is_expired else _KINDS[kind], reference)


def read_answer(fields: Fields) -> AnswerRead:
    """This will read what a person wrote: `from` (%p), `text` (%a), `reference` (%I, the gateway's
    key of it), `time` (%T, seconds since 1970)."""
    sender, words = str(fields.get("from", "")).strip(), str(fields.get("text", ""))
    if not sender:
        raise NotReadable("no_sender")
    seconds = str(fields.get("time", ""))
    is_time = seconds.isascii() and seconds.isdigit() and len(seconds) < 12
    said_at = dt.datetime.fromtimestamp(int(seconds), dt.UTC) if is_time else None
    return AnswerRead(sender, words, str(fields.get("reference", ""))[:80], said_at)
