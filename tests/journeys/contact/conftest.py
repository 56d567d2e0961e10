"""Fixtures of the contact ledger."""

from typing import Any

import pytest

from tests.factories.journeys import ContactRuleFactory

FIRST_KEY = b"1" * 32


@pytest.fixture
def _first_key(settings: Any) -> None:
    settings.FIELD_KEYS = settings.BLIND_INDEX_KEYS = {1: FIRST_KEY}
    settings.BLIND_INDEX_KEY_IN_USE = 0
    ContactRuleFactory()
