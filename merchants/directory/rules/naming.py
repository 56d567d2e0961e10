"""How the names of merchants are compared: by how they sound, without what is written in several
ways."""

import re
import unicodedata

from portal.kit import pinyin

# Legal forms at the end of a name, the longest first.
_FORMS = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "分公司", "子公司", "公司",
    "（个体工商户）", "(个体工商户)", "个体工商户",
)  # fmt: skip
_FORMS_EN = re.compile(
    r"[\s,.]*\b(?:co\.?|company|ltd\.?|limited|inc\.?|corp\.?|llc)[\s.]*$", re.IGNORECASE
)
_LETTERS = re.compile(r"[^0-9a-z]+")


def name_key(name: str) -> str:
    """This will return what a name is compared by: 山月(西湖)餐饮有限公司 is as
    山月西湖餐饮. Names that only sound alike are the same too: a person looks at each pair."""
    plain = unicodedata.normalize("NFKC", name).strip()
    while (short := _shorter(plain)) != plain and short:
        plain = short
    return _LETTERS.sub("", "".join(pinyin.syllables(plain)))[:240]


def _shorter(name: str) -> str:
    for form in _FORMS:
        if name.endswith(form):
            return name.removesuffix(form).rstrip(" ()")
    return _FORMS_EN.sub("", name).rstrip(" ,(")
