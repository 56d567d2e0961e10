"""A flash sale with its gate, and without."""

from collections.abc import Iterator
from typing import Any

import pytest

from campaigns.flash.operations import gate, reconciling
from portal.kit import valkey


@pytest.fixture(params=["gate", "without gate"])
def way(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """With Valkey, and with one that does not answer."""
    if request.param == "without gate":
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
    _forget()
    yield request.param
    _forget()


@pytest.fixture
def fresh() -> Iterator[None]:
    """As a process that begins."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    valkey.kept.cache_clear()
    gate._script.cache_clear()
    gate._fuse = valkey.Fuse(1.0)
    reconciling.forget()
