"""Days and instants that people type lie between 1900 and 2100."""

import pytest
from django.core.exceptions import ValidationError

from portal.kit import days


@pytest.mark.parametrize("field", [days.DayField(), days.InstantField()])
@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ("1900-01-01", True), ("2100-12-31", True), ("1899-12-31", False), ("2101-01-01", False),
        ("0001-01-01", False), ("9999-12-31", False),
    ],
)  # fmt: skip
def test_years_at_the_edges(field: days.DayField, text: str, is_good: bool) -> None:
    if is_good:
        assert field.clean(text).year == int(text[:4])
        return
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    assert [error.code for error in refused.value.error_list] == ["outside"]


@pytest.mark.parametrize("field", [days.DayField, days.InstantField])
def test_nothing_is_no_day(field: type[days.DayField]) -> None:
    assert field(required=False).clean("") is None
