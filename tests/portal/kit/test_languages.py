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


@pytest.mark.parametrize("own", ["en", "zh-hans"])
def test_what_is_said_in_each_language_begins_with_the_readers(own: str) -> None:
    with translation.override(own):
        said = languages.in_each(lambda: str(translation.get_language()))
        assert translation.get_language() == own
    assert said[0][0] == own
    assert sorted(said) == [("en", "English", "en"), ("zh-hans", "简体中文", "zh-hans")]
