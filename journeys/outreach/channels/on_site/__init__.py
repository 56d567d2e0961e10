"""Messages in mobile bank: it fetches them by the JSON API for the customer who signed in."""

from journeys.outreach.channels.protocol import Kind
from portal.kit import masking

from .gateway import OnSiteGateway

KIND = Kind(gateway=OnSiteGateway, mask=masking.mask_text, longest=2000, shows_refusal=True)
