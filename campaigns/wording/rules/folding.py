"""One way of writing for a text: signs between characters, signs that nobody sees, full-width,
traditional and look-alike forms and capital letters are no way around a word."""

import functools
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A sign for a sign, so that places stay.
_FIRST = re.compile(r"第(?:1(?!\d)|壹(?![拾佰仟]))")
# Brackets around one character within a word: 国（家）级; 18岁（含）以上 means another thing.
_BRACKETED = re.compile(r"(?<=[一-鿿])[(（\[【〔]([一-鿿])[)）\]】〕](?=[一-鿿])")
_INCLUSIVE = "含"
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Folded:
    """A text in its one way of writing; `origins[n]` is where its n-th character stood."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """This will return the place in the original of a place in the folded text."""
        return self.origins[start], self.origins[end - 1] + 1


@functools.cache
def _folds() -> dict[str, Any]:
    return json.loads((DATA / "folds.json").read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=20_000)
def _folded(sign: str) -> str:
    folds = _folds()
    characters, dropped = folds["characters"], folds["dropped"]
    plain = unicodedata.normalize("NFKC", sign).lower()
    return "".join(
        "-" if unicodedata.category(one) == "Pd" else characters.get(one, one)
        for one in plain
        if unicodedata.category(one) not in dropped
    )


@functools.lru_cache(maxsize=20_000)
def _is_chinese(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" or "\u3400" <= sign <= "\u4dbf"


@functools.lru_cache(maxsize=20_000)
def _is_between(sign: str) -> bool:
    folds = _folds()
    return sign in folds["between"] or unicodedata.category(sign) in folds["categories"]


def _brackets(text: str) -> set[int]:
    """The places of brackets that are put around a character within a word."""
    found = [one for one in _BRACKETED.finditer(text) if one[1] != _INCLUSIVE]
    return {place for one in found for place in (one.start(), one.end() - 1)}


def fold(text: str) -> Folded:
    """This will write a text in its one way: what nobody sees, signs that stand between two Chinese
    characters, and brackets around one of them, are left out, and a line's end never is; 第1 and
    第壹 are written 第一."""
    brackets = _brackets(text)
    signs: list[str] = []
    origins: list[int] = []
    held: list[tuple[str, int]] = []  # signs between, until it is known what follows
    for place, raw in enumerate(text):
        if place in brackets:
            continue
        for sign in _folded(raw):
            if _is_between(sign) and signs and _is_chinese(signs[-1]):
                held.append((sign, place))
                continue
            if held and not _is_chinese(sign):
                signs += [one for one, _place in held]
                origins += [where for _one, where in held]
            held = []
            signs.append(sign)
            origins.append(place)
    signs += [one for one, _place in held]
    origins += [where for _one, where in held]
    return Folded(_FIRST.sub("第一", "".join(signs)), tuple(origins))
