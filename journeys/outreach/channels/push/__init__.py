"""Push messages over the bank's push gateway, which knows people by their customer number."""

from journeys.outreach.channels.protocol import Kind
from portal.kit import masking

from .callbacks import read_receipt
from .gateway import PushGateway

# A phone shows the first lines; what is longer is cut by it.
KIND = Kind(
    gateway=PushGateway,
    mask=masking.mask_text,
    longest=240,
    shows_refusal=True,
    needs=("URL",),
    read_receipt=read_receipt,
)
