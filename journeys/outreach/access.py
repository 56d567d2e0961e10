"""What people and gateways prove themselves by who have no account here.

The tokens are made with a key that lasts (`portal.kit.sealed.lasting_index`), so that a mail of
years ago still leads to the page where the consent is taken back. They open nothing else.
"""

import base64
import hmac
import ipaddress
from dataclasses import dataclass

from journeys.contact.enums import Channel
from journeys.outreach.channels import signing
from journeys.outreach.channels.protocol import setting
from journeys.outreach.enums import CallCause
from portal.kit import sealed

_REFUSAL, _RETURN = "unsubscribe", "bounce"


@dataclass(frozen=True)
class Refusing:
    """Who takes back the consent to marketing, on which channel."""

    customer_id: int
    channel: str


def refusal_token(customer_id: int, channel: str) -> str:
    """This will return what lets a customer take the consent to marketing on a channel back,
    without signing in and for ever."""
    return f"{customer_id}.{channel}.{_mac(f'{customer_id}.{channel}', _REFUSAL)}"


def refusing_by(token: str) -> Refusing | None:
    """This will return whom a token speaks for; None where it is not one of ours."""
    number, _dot, rest = token.partition(".")
    channel, _dot, given = rest.partition(".")
    if not _is_number(number) or channel not in Channel.values:
        return None
    own = _mac(f"{number}.{channel}", _REFUSAL)
    is_own = hmac.compare_digest(given.encode(errors="replace"), own.encode())
    return Refusing(int(number), channel) if is_own else None


def return_tag(message_id: int) -> str:
    """This will return what stands in the return path of a mail, in signs that every mail system
    keeps as they are."""
    return f"{message_id}.{_hex(message_id)}"


def returned_by(tag: str) -> int | None:
    """This will return the id of the message that came back; None where the tag is not ours."""
    number, _dot, given = tag.partition(".")
    if not _is_number(number):
        return None
    is_own = hmac.compare_digest(given.lower().encode(errors="replace"), _hex(int(number)).encode())
    return int(number) if is_own else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _hex(message_id: int) -> str:
    return sealed.lasting_index(str(message_id), _RETURN).hex()[:16]


def _mac(text: str, label: str) -> str:
    return base64.urlsafe_b64encode(sealed.lasting_index(text, label)).decode().rstrip("=")


@dataclass(frozen=True)
class Proof:
    """What a call of a gateway proves itself by: from where it comes, the secret that it sent, and
    the signature of the message key that it names."""

    address: str | None
    secret: str
    key: str
    signature: str


def fault_of_call(code: str, proof: Proof) -> CallCause | None:
    """This will tell why a call for a channel is not to be believed; None where it is. Whatever is
    set must hold, and where nothing is set nobody is believed."""
    secret, networks = setting(code, "CALLBACK_SECRET"), setting(code, "CALLBACK_ADDRESSES")
    if not secret and not networks:
        return CallCause.NOT_CONFIGURED
    if networks and not _is_within(proof.address, networks):
        return CallCause.BAD_ADDRESS
    if secret and not (
        signing.is_secret(code, proof.secret) or signing.is_signed(code, proof.key, proof.signature)
    ):
        return CallCause.BAD_SECRET
    return None


def _is_within(address: str | None, networks: str) -> bool:
    """A network that is not one lets nobody in."""
    if address is None:
        return False
    for network in networks.split(","):
        try:
            if ipaddress.ip_address(address) in ipaddress.ip_network(network.strip()):
                return True
        except ValueError:
            continue
    return False
