"""E-mail over an SMTP relay."""

from journeys.outreach.channels.protocol import Kind
from portal.kit import masking

from .gateway import EmailGateway

KIND = Kind(gateway=EmailGateway, mask=masking.mask_email, longest=20_000, needs=("HOST", "PORT"))
