"""Names of people who do not exist: surnames by their frequency, given names by generation."""

import random
from itertools import accumulate

from portal.kit import pinyin

# The most frequent surnames with their pinyin and rounded share in per mille of the population.
SURNAMES: list[tuple[str, str, int]] = [
    ("王", "wang", 72), ("李", "li", 71), ("张", "zhang", 67), ("刘", "liu", 51),
    ("陈", "chen", 45), ("杨", "yang", 33), ("黄", "huang", 23), ("赵", "zhao", 22),
    ("吴", "wu", 20), ("周", "zhou", 20),
    ("徐", "xu", 15), ("孙", "sun", 14), ("马", "ma", 13), ("朱", "zhu", 12), ("胡", "hu", 12),
    ("郭", "guo", 12), ("何", "he", 11), ("林", "lin", 11), ("高", "gao", 10), ("罗", "luo", 9),
    ("郑", "zheng", 9), ("梁", "liang", 9), ("谢", "xie", 8), ("宋", "song", 8), ("唐", "tang", 7),
    ("许", "xu", 6), ("韩", "han", 6), ("邓", "deng", 6), ("冯", "feng", 6), ("曹", "cao", 6),
    ("彭", "peng", 5), ("曾", "zeng", 5), ("肖", "xiao", 5), ("田", "tian", 5), ("董", "dong", 5),
    ("潘", "pan", 5), ("袁", "yuan", 5), ("蔡", "cai", 5), ("蒋", "jiang", 5), ("余", "yu", 4),
    ("于", "yu", 4), ("杜", "du", 4), ("叶", "ye", 4), ("程", "cheng", 4), ("魏", "wei", 4),
    ("苏", "su", 4), ("吕", "lv", 4), ("丁", "ding", 4), ("任", "ren", 4), ("卢", "lu", 4),
    ("姚", "yao", 4), ("沈", "shen", 4), ("钟", "zhong", 4), ("姜", "jiang", 3), ("崔", "cui", 3),
    ("谭", "tan", 3), ("陆", "lu", 3), ("范", "fan", 3), ("汪", "wang", 3), ("廖", "liao", 3),
    ("石", "shi", 3), ("金", "jin", 3), ("韦", "wei", 3), ("贾", "jia", 3), ("夏", "xia", 3),
    ("欧阳", "ouyang", 1), ("司徒", "situ", 1),
]  # fmt: skip
_CUMULATED = list(accumulate(weight for _surname, _pinyin, weight in SURNAMES))

_OLDER = {
    "m": "国建志明文德军华强平永庆福荣光林生辉海龙春贵宝忠义成祥山民根",
    "f": "秀英兰玉芳桂珍梅凤霞红丽琴云华翠萍莲淑美娟香月春金爱花菊敏珠",
}
_YOUNGER = {
    "m": "浩宇轩泽晨俊杰子涵博文嘉豪思远梓睿铭旭阳凯天航昊然一诺家乐承奕",
    "f": "雨婷欣怡诗涵思琪梦洁佳雪静雯嘉悦晓语桐若曦可馨依然心妍紫萱子晴",
}
_LATER = 1985  # born from this year on: a name of the younger generation


def surname(rng: random.Random) -> tuple[str, str]:
    """This will draw a surname, with its pinyin."""
    found = rng.choices(SURNAMES, cum_weights=_CUMULATED)[0]
    return found[0], found[1]


def person_name(rng: random.Random, sex: str, born: int) -> str:
    """This will draw a full name for a person of `sex` ("m" or "f") born in the year `born`."""
    signs = (_YOUNGER if born >= _LATER else _OLDER)[sex]
    given = rng.choice(signs)
    if rng.random() < (0.78 if born >= _LATER else 0.66):
        given += rng.choice(signs)
    return surname(rng)[0] + given


def staff_name(rng: random.Random) -> tuple[str, str]:
    """This will draw the name of a member of staff, in Chinese and in Latin letters."""
    family, family_pinyin = surname(rng)
    signs = (_OLDER if rng.random() < 0.4 else _YOUNGER)[rng.choice("mf")]
    given = rng.choice(signs) + (rng.choice(signs) if rng.random() < 0.9 else "")
    spoken = "".join(pinyin.syllables(given))
    return family + given, f"{family_pinyin.capitalize()} {spoken.capitalize()}"
