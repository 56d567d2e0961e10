"""Channels are found by their folders: a copied folder is a further channel."""

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from journeys.contact.enums import Channel
from journeys.outreach import channels
from journeys.outreach import operations as outreach
from journeys.outreach.channels.protocol import Kind, Parcel
from tests.factories.journeys import INSTANT, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory
from tests.journeys.outreach.channels.scripted import scripted

TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 11\r\n\r\n0: Accepted"
_FOLDERS = Path(channels.__path__[0])
_KINDS = channels.kinds


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty package of channels; the modules of the test are forgotten afterwards."""
    folder = tmp_path / "copied_channels"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    _KINDS.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == folder.name]:
        del sys.modules[name]


def test_every_channel_has_its_folder_and_every_folder_is_a_channel() -> None:
    assert set(channels.kinds()) == set(Channel.values)
    assert all(isinstance(kind, Kind) for kind in channels.kinds().values())


@pytest.mark.parametrize("name", sorted(channels.kinds()))
def test_a_folder_names_only_itself(name: str) -> None:
    """Otherwise its copy would use the settings of the one that it was copied from."""
    for path in (_FOLDERS / name).glob("*.py"):
        assert f"journeys.outreach.channels.{name}" not in path.read_text()


def test_what_is_no_channel_is_not_found(package: Path) -> None:
    shutil.copytree(_FOLDERS / "sms", package / "letter")
    (package / "nothing").mkdir()
    (package / "nothing" / "__init__.py").write_text("")
    (package / "module.py").write_text("KIND = 1")
    assert list(channels.kinds("copied_channels")) == ["letter"]
    with pytest.raises(channels.NoSuchChannel):
        channels.kind_of("letter")


def test_a_copied_folder_hands_over_with_its_own_settings(
    package: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Under a name that nobody has heard of: the environment is all that it needs."""
    shutil.copytree(_FOLDERS / "sms", package / "letter")
    settings.SMS_URL = "http://127.0.0.1:1/not/this/one"
    settings.EMAIL_TIMEOUT = settings.OUTBOX_HAND_OVER_SECONDS = 20
    kind = channels.kinds("copied_channels")["letter"]
    with scripted([TAKEN]) as (port, received):
        monkeypatch.setenv("LETTER_URL", f"http://127.0.0.1:{port}/cgi-bin/sendsms")
        monkeypatch.setenv("LETTER_USER", "letters")
        gateway = kind.gateway()
        outcome = gateway.hand_over(Parcel("7-abc", "13800138000", "", "您好"))
        gateway.close()
    assert (outcome.result, outcome.reference) == ("sent", "0: Accepted")
    assert b"username=letters&" in received[0]
    importlib.invalidate_caches()


@pytest.mark.django_db(transaction=True)
def test_the_outbox_sends_through_a_copied_folder(
    package: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """The folder of SMS, copied under the name of another channel into a package that holds no
    other: from the outbox to the gateway, without a line changed anywhere."""
    shutil.copytree(_FOLDERS / "sms", package / "push")
    found = channels.kinds("copied_channels")
    monkeypatch.setattr(channels, "kinds", lambda: found)
    settings.EMAIL_TIMEOUT = settings.OUTBOX_HAND_OVER_SECONDS = 20
    settings.CALLBACK_URL = ""
    ContactRuleFactory()
    customer = CustomerFactory(number="C77")
    message = MessageFactory(customer=customer, channel="push", purpose="service")
    waits = MessageFactory(customer=CustomerFactory(), channel="sms", purpose="service")
    with scripted([TAKEN]) as (port, received):
        settings.PUSH_URL = f"http://127.0.0.1:{port}/cgi-bin/sendsms"
        assert outreach.send_due_messages(clock=lambda: INSTANT, seconds=5) == 1
    for row in (message, waits):
        row.refresh_from_db()
    assert (message.state, waits.state) == ("sent", "queued")
    query = received[0].partition(b" HTTP")[0].decode().partition("?")[2]
    assert parse_qs(query)["to"] == ["C77"]
