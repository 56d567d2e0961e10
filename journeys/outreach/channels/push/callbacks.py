"""What the push gateway sends back: a JSON object a receipt."""

from journeys.outreach.channels.protocol import Fields, NotReadable, ReceiptRead
from journeys.outreach.enums import ReceiptKind


def read_receipt(fields: Fields) -> ReceiptRead:
    """This will read a receipt: `id` (our key), `event` (delivered, read, failed, expired or
    rejected), `reference` (the gateway's own)."""
    key, event = fields.get("id"), fields.get("event")
    if not isinstance(key, str) or not key:
        raise NotReadable("no_key")
    if event not in ReceiptKind.values:
        raise NotReadable("unknown_kind")
    return ReceiptRead(key, ReceiptKind(str(event)), str(fields.get("reference", ""))[:120])
