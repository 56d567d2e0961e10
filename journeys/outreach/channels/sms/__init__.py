"""SMS over an HTTP gateway in the dialect of Kannel."""

from journeys.outreach.channels.protocol import Kind
from journeys.outreach.rules import Alphabet
from portal.kit import masking

from .callbacks import read_answer, read_receipt
from .gateway import SmsGateway

# Ten parts of a long message, which every phone joins; the gateway sends everything in UCS-2.
KIND = Kind(
    gateway=SmsGateway,
    mask=masking.mask_phone,
    longest=670,
    has_subject=False,
    alphabet=Alphabet.UCS2,
    needs=("URL",),
    read_receipt=read_receipt,
    read_answer=read_answer,
)
