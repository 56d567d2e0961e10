"""Spelling names."""

import pytest

from portal.kit import pinyin


@pytest.mark.parametrize(("name", "syllables"), [
    ("王小明", ["wang", "xiao", "ming"]), ("A座 王府", ["a", "zuo", "wang", "fu"]),
    ("Ann Lee", ["ann", "lee"]), ("重庆", ["chong", "qing"]), ("", []), ("  ", []),
])  # fmt: skip
def test_names_are_spelled_sign_by_sign(name: str, syllables: list[str]) -> None:
    assert pinyin.syllables(name) == syllables
    assert pinyin.spell(name, most=200) == " ".join(syllables)


@pytest.mark.parametrize(("most", "found"), [(3, "zhu"), (7, "zhuang "), (13, "zhuang zhuang")])
def test_what_does_not_fit_is_cut(most: int, found: str) -> None:
    assert pinyin.spell("壮壮", most=most) == found
