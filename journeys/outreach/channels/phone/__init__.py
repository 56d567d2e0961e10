"""The telephone: a message becomes a lead in the pool, and a person calls."""

from .gateway import PhoneGateway
from journeys.outreach.channels.protocol import Kind
from portal.kit import masking

KIND = Kind(gateway=PhoneGateway, mask=masking.mask_phone, longest=2000)
