"""Second factors work on under a new key."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt

from portal.kit.registry import registry
from portal.staff.operations import second_factors
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db

FIRST, SECOND = b"1" * 32, b"2" * 32
SECRET = "JBSWY3DPEHPK3PXP"


def test_the_change_of_keys_reaches_second_factors(settings: Any) -> None:
    settings.FIELD_KEYS = {1: FIRST}
    staff = StaffFactory()
    TOTP.activate(staff, SECRET)
    codes = RecoveryCodes.activate(staff).generate_codes()
    assert second_factors.count_by_key() == {1: 2}
    settings.FIELD_KEYS = {1: FIRST, 2: SECOND}
    store = next(store for store in registry.sealed_stores if store.name == "second factors")
    assert store.rotate() == (2, 0, set())
    assert store.rotate() == (0, 0, set())
    assert store.count_by_key() == {2: 2}
    settings.FIELD_KEYS = {2: SECOND}
    rows = {row.type: row for row in Authenticator.objects.all()}
    assert RecoveryCodes(rows["recovery_codes"]).generate_codes() == codes
    assert decrypt(rows["totp"].data["secret"]) == SECRET


def test_what_does_not_open_is_left(settings: Any) -> None:
    settings.FIELD_KEYS = {1: FIRST}
    TOTP.activate(StaffFactory(), SECRET)
    row = Authenticator.objects.get()
    settings.FIELD_KEYS = {2: SECOND}
    assert second_factors.seal_anew() == (0, 0, {row.pk})
    assert Authenticator.objects.get().data == row.data
