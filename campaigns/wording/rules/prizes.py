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
_LARGE = {
    "万": 10_000, "亿": 100_000_000,
    "w": 10_000, "k": 1_000, "thousand": 1_000, "million": 1_000_000,
}  # fmt: skip
_SIGNS = "".join(_DIGITS) + "十拾百佰千仟万亿"
# Digits that stand apart, one by one or in threes: 6 0 0 0 0, 60 000.
_APART = r"(?:\d(?: \d){2,}|\d{1,3}(?: \d{3})+)(?!\d)(?:\.\d+)?"
_NUMBER = rf"(?:{_APART}|\d[\d,]*(?:\.\d+)?|[{_SIGNS}])(?:[{_SIGNS}]|\d[\d,]*(?:\.\d+)?)*"
_AMOUNT = re.compile(
    r"(?P<before>人民币|rmb|cny|usd|[¥$])? ?"
    rf"(?P<number>{_NUMBER}(?: ?(?:w|k|thousand|million)(?![a-z]))?)"
    r"(?P<after> ?(?:余|多)?(?:元|圆|块|人民币|yuan\b|rmb\b|cny\b|renminbi\b))?"
)
_PART = re.compile(rf"\d+(?:\.\d+)?|w|k|thousand|million|[{_SIGNS}]")
# How many of something that is no money.
_COUNTED = re.compile(r" ?(?:余|多)?(?:名|人|位|个|份|积分|分|里程|公里|点|次|张|台|辆|户|笔|款)")
# So much is a prize of money by itself, 大奖6w, and not what a thing draws, 65w充电器.
_WORTH = re.compile(r"(?:奖|奖金|现金|价值|[达得赢是为:]) ?$")
_NO_THING = re.compile(r"(?:的|现金|等)?(?:[\s,。!?;、)]|大奖|头奖|等您|等你|$)")
# What must be spent, or what all prizes come to together. That an amount is reached says nothing by
# itself: a prize may reach it as well.
_NO_PRIZE = re.compile(
    r"(?:满|消费|刷卡|累计|交易|(?:[日月年]均|余额|资产|存款|还款|充值|支出|单笔|(?:消费|交易|刷卡)额"
    r"|(?<!奖)(?<!奖[品金励项])(?<!奖[品金励项]的)(?:金额|数额|总额))(?=达|超|不低于|不少于|大于)"
    r"|(?<!不)低于|不足|每|总(?:奖金|价值|[额值价金池])|奖池|奖金池|合计|共计|(?:^|[。！？!?；;\n])达到?"
    r"|spend(?:ing)?|spent|total(?:l?ing)?|in all|pool of)"
    r"(?:约|达到?|为|高达|超过?|不低于|不少于|大于|at least|over| )*"
    r"(?:人民币|rmb|cny|usd|[¥$])? ?$"
)
# What is spent for a draw, 消费60000元抽奖, is no prize; but 刷卡60000元大奖 is one.
_SPENT = re.compile(r"(?:消费|刷卡|交易)(?:人民币|rmb|cny|[¥$])? ?$")
_VERY_PRIZE = re.compile(r"(?:的|现金)?(?:大奖|头奖)")
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
            if not _is_no_prize(text[max(0, start - 16) : start], text, found.end()):
                yield start, found.end()


def _is_no_prize(before: str, text: str, end: int) -> bool:
    if _SPENT.search(before) and _VERY_PRIZE.match(text, end):
        return False
    return _NO_PRIZE.search(before) is not None


def _is_money(text: str, found: re.Match[str]) -> bool:
    if found["before"] or found["after"]:
        return True
    number, start, end = found["number"], found.start("number"), found.end()
    if number[-1] == "w":
        before = text[max(0, start - 4) : start]
        return bool(_WORTH.search(before) and _NO_THING.match(text, end))
    is_large = number[-1] in "万亿"
    return is_large and not _COUNTED.match(text, end)


def value_of(number: str) -> Decimal:
    """This will read a number of digits, Chinese numerals or both: 60 000, 5.8万, 五万八千."""
    whole = section = Decimal(0)
    waiting: Decimal | None = None
    for part in _PART.findall(re.sub(r"[, ]", "", number)):
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
