"""How names are spelled in Latin letters, for sorting and searching."""

# Signs that are read otherwise where they are a family name than in most words. Of those whose
# bearers differ (乐, 覃, 盖), the reading of most of them. 现代汉语词典 (7th ed.), marked 姓.
_FAMILY = {
    "曾": "zeng", "翟": "zhai", "解": "xie", "单": "shan", "区": "ou", "仇": "qiu", "查": "zha",
    "朴": "piao", "盖": "ge", "折": "she", "员": "yun", "缪": "miao", "乐": "yue", "覃": "qin",
    "种": "chong", "繁": "po", "秘": "bi", "洗": "xian", "祭": "zhai", "黑": "he", "郇": "xun",
    "藏": "zang", "佴": "nai", "都": "du", "阚": "kan", "卜": "bu", "乜": "nie", "句": "gou",
    "薄": "bo", "召": "shao",
}  # fmt: skip
# Family names of two signs that begin with one of these: read as they are.
_OF_TWO = {"单于", "尉迟", "万俟", "长孙", "澹台"}
_LONGEST_PERSON = 4


def syllables(name: str) -> list[str]:
    """This will spell a name sign by sign, in pinyin without tones and in small letters; what is
    not Chinese stays together: "A座王府" is ["a", "zuo", "wang", "fu"]."""
    # Its dictionaries take 60 MB: only a process that spells names loads them.
    from pypinyin import lazy_pinyin

    return [word for part in lazy_pinyin(name) for word in part.lower().split()]


def spell(name: str, *, most: int) -> str:
    """This will spell a name with single spaces, cut at `most` letters: 王小明 is
    "wang xiao ming"."""
    return " ".join(syllables(name))[:most]


def spell_person(name: str, *, most: int) -> str:
    """This will spell the name of a person, whose first sign is a family name: 曾小明 is "zeng xiao
    ming". Longer names are those of companies, which begin with a word."""
    if len(name) > _LONGEST_PERSON or name[:2] in _OF_TWO or name[:1] not in _FAMILY:
        return spell(name, most=most)
    return " ".join([_FAMILY[name[0]], *syllables(name[1:])])[:most]
