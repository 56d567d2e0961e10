"""What every test has: plain static files, a cache in memory, clients that are signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portal.models import Staff
from tests.factories.portal import StaffFactory


@pytest.fixture(autouse=True)
def _plain_house(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()  # rate limits of signing in are kept there
    # The real hasher is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """`client_of("approver")` or `client_of(staff)`: a client signed in as that person."""

    def sign_in(who: str | Staff) -> Client:
        staff = who if isinstance(who, Staff) else StaffFactory(role=who)
        client = Client()
        client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
