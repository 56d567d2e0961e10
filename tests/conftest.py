"""What every test has: plain static files, a cache in memory, clients that are signed in.
Engines and strictness are plugins of their own: see `addopts` in pyproject.toml."""

from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client

from campaigns.design import queries as design
from portal.kit import valkey
from portal.models import Staff
from tests.factories.portal import StaffFactory

# Neither time nor luck decides a test: a machine with other work is slower than any limit, and
# properties look at the same examples in each run. `--hypothesis-profile explore` draws others.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True)
def _plain_house(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    # Scrypt is slow by intent, and every member of staff that a test makes has a password.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()  # rate limits of signing in are kept there


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What gives up soon where people wait for it, and then says less, has time here: a machine
    with other work is slower than any limit."""
    monkeypatch.setattr(design, "_EXACT_WITHIN", 60_000)  # milliseconds
    monkeypatch.setattr(valkey, "_SOON", 60)


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """`client_of("approver")` or `client_of(staff)`: a client signed in as that person."""

    def sign_in(who: str | Staff) -> Client:
        staff = who if isinstance(who, Staff) else StaffFactory(role=who)
        client = Client()
        client.force_login(staff, "portal.staff.access.backend.StaffBackend")
        return client

    return sign_in
