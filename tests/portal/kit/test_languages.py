"""In which language the reader reads."""

import pytest
from django.utils import translation

from portal.kit import languages


@pytest.mark.parametrize(
    ("language", "is_english"), [("en", True), ("en-gb", True), ("zh-hans", False), (None, False)]
)
def test_whoever_does_not_read_english_reads_chinese(
    language: str | None, is_english: bool
) -> None:
    with translation.override(language):
        assert languages.reads_english() is is_english
