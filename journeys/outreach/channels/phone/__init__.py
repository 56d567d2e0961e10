"""The telephone: a message becomes a lead in the pool, and a person calls."""

from journeys.outreach.channels.protocol import Kind
from portal.kit import masking

from .gateway import PhoneGateway

KIND = Kind(gateway=PhoneGateway, mask=masking.mask_phone, longest=2000, shows_refusal=True)
