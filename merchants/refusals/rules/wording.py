"""What no talk track may say. Advertising has rules and decisions of its own (`campaigns/wording`);
a word to a merchant is held to what no bank may say to anybody."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.kit import masking

# Superlatives (Advertising Law, article 9), promises of gain or of a result (article 28), and words
# that belittle others (article 13).
_CHINESE = (
    "国家级", "最高级", "最佳", "最优惠", "全国第一", "绝对", "保证", "包赚", "稳赚", "零风险",
    "无风险", "必然增长", "百分之百", "他行不行", "同业骗",
)  # fmt: skip
_ENGLISH = (
    "guarantee", "risk-free", "no risk", "the best bank", "number one in", "always works",
    "100 %", "100%",
)  # fmt: skip


def faults(texts: Iterable[str]) -> list[str]:
    """This will say, sentence by sentence, why words may not be written: what promises too much,
    and what looks like a person's number or address."""
    told = []
    for text in texts:
        low = text.lower()
        found = [word for word in (*_CHINESE, *_ENGLISH) if word in low]
        if found:
            sentence = _("These words promise too much, or belittle others: {words}.")
            told.append(sentence.format(words=", ".join(found)))
        if masking.mask_text(text) != text:
            told.append(_("A phone, card or ID number or an address has no place here."))
    return list(dict.fromkeys(told))
