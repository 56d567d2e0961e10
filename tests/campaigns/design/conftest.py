"""Fixtures of the editor of campaigns."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.campaigns.design.touching import World, begun
from tests.factories.portal import StaffFactory


@pytest.fixture
def world(client_of: Callable[..., Client]) -> World:
    """A campaign manager, and a draft with a touch plan of one step."""
    person = StaffFactory(role="campaign_manager")
    return client_of(person), begun(person)
