"""How names are spelled in Latin letters, for sorting and searching."""


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
