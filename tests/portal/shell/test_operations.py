"""The language kept with a person."""

import pytest

from portal.shell import operations
from tests.factories.portal import StaffFactory


@pytest.mark.django_db
def test_only_the_language_is_written() -> None:
    staff = StaffFactory(language="zh-hans", name="张三")
    staff.name = "not to be written"
    operations.choose_language(staff=staff, language="en")
    staff.refresh_from_db()
    assert (staff.language, staff.name) == ("en", "张三")
