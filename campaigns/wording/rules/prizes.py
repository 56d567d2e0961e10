"""Amounts that stand beside the words of a draw: a prize above what the law allows is found by its
number, however that is written."""

import re
from collections.abc import Iterator
from decimal import Decimal

_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {
    sign: n for n, sign in enumerate("〇壹贰叁肆伍陆柒捌玖")
}  # fmt: skip
_DIGITS["两"] = 2
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000, "k": 1_000, "thousand": 1_000, "million": 1_000_000}
_SIGNS = "".join(_DIGITS) + "十拾百佰千仟万亿"
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?|[{_SIGNS}])(?:[{_SIGNS}]|\d[\d,]*(?:\.\d+)?)*"
_AMOUNT = re.compile(
    rf"(?P<before>人民币|rmb|cny|usd|[¥$])? ?(?P<number>{_NUMBER}(?: ?(?:k|thousand|million)\b)?)"
    r"(?P<after> ?(?:余|多)?(?:元|圆|块|人民币|yuan\b|rmb\b|cny\b|renminbi\b))?"
)
_PART = re.compile(rf"\d+(?:\.\d+)?|k|thousand|million|[{_SIGNS}]")
# How many of something that is no money.
_COUNTED = re.compile(r" ?(?:余|多)?(?:名|人|位|个|份|积分|分|里程|公里|点|次|张|台|辆|户|笔|款)")
# What must be spent, or what all prizes come to together.
_NO_PRIZE = re.compile(
    r"(?:满|达到?|消费|刷卡|累计|交易|低于|不足|每|总(?:奖金|价值|[额值价金池])|奖池|奖金池|合计|共计"
    r"|spend(?:ing)?|spent|total(?:l?ing)?|in all|pool of)(?:约|达|为|高达|超过?|at least|over| )*"
    r"(?:人民币|rmb|cny|usd|[¥$])? ?$"
)
# How far from the word an amount may stand, and how near before it.
_REACH, _ENGLISH_REACH, _NEAR = 20, 40, 4
_END = re.compile(r"[。！？!?；;\n]|\.(?=\s)")


def prizes_above(text: str, words: re.Pattern[str], above: Decimal) -> Iterator[tuple[int, int]]:
    """This will give the places in a folded text where a word of a draw stands beside an amount of
    money (CNY) above this one."""
    found = list(words.finditer(text))
    amounts = list(_amounts(text, above)) if found else []
    for word in found:
        for start, end in amounts:
            if _is_beside(text, word, start, end):
                yield min(word.start(), start), max(word.end(), end)


def _is_beside(text: str, word: re.Match[str], start: int, end: int) -> bool:
    reach = _ENGLISH_REACH if word.group().isascii() else _REACH
    if word.end() <= start <= word.end() + reach:
        return not _END.search(text, word.end(), start)
    return end <= word.start() <= end + _NEAR and not _END.search(text, end, word.start())


def _amounts(text: str, above: Decimal) -> Iterator[tuple[int, int]]:
    for found in _AMOUNT.finditer(text):
        if _is_money(text, found) and value_of(found["number"]) > above:
            start = found.start("before") if found["before"] else found.start("number")
            if not _NO_PRIZE.search(text[max(0, start - 16) : start]):
                yield start, found.end()


def _is_money(text: str, found: re.Match[str]) -> bool:
    if found["before"] or found["after"]:
        return True
    is_large = found["number"][-1] in "万亿"
    return is_large and not _COUNTED.match(text, found.end())


def value_of(number: str) -> Decimal:
    """This will read a number of digits, Chinese numerals or both: 60,000, 5.8万, 五万八千."""
    whole = section = Decimal(0)
    waiting: Decimal | None = None
    for part in _PART.findall(number.replace(",", "")):
        if part in _DIGITS:
            waiting = (waiting or Decimal(0)) * 10 + _DIGITS[part]
        elif part in _SMALL:
            section += (Decimal(1) if waiting is None else waiting) * _SMALL[part]
            waiting = None
        elif part in _LARGE:
            below = section + (waiting or Decimal(0))
            if part == "亿":
                whole, below = Decimal(0), whole + below
            whole += (below or Decimal(1)) * _LARGE[part]
            section, waiting = Decimal(0), None
        else:
            waiting = Decimal(part)
    return whole + section + (waiting or Decimal(0))
