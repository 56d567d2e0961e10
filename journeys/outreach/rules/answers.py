"""What people answer to a message: whether it is a refusal, and from which phone it came."""

import re
import unicodedata

# The whole answer, without blanks and signs: what messages tell people to send ("拒收请回复R"), and
# what they send instead.
_WORDS = frozenset({
    "r", "t", "td", "tdtd", "n", "no", "stop", "qx", "tuiding", "unsubscribe", "optout", "取消",
    "退订", "退", "拒收", "拒绝", "不要", "不要了", "不需要", "勿扰", "别发了", "回复r", "回复t",
    "回复td", "回r", "回t", "回td", "回复退订",
})  # fmt: skip
# Within a longer answer: the plain wish, unless it is denied.
_WISHES = re.compile(
    "退订|拒收|(?:不要|别|勿|不想|不许|不准|停止)(?:再)?(?:给我)?(?:发|打|联系|骚扰|推送|收到)|unsubscribe|"
    "stop sending|opt out"
)
_DENIED = re.compile("(?:不|没|未|别|勿|不要|没有|不想|并非)(?:要|想|有|是)?(?:退订|拒收)")
_SIGNS = re.compile(r"[\W_]+")
_PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.A)


def is_refusal(text: str) -> bool:
    """This will tell whether an answer asks never to be contacted again. Full-width letters,
    capitals, blanks and signs make no difference. A wish within a longer answer counts too: one
    contact too few does no harm, one too many does. "不退订" is none."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if _SIGNS.sub("", plain) in _WORDS:
        return True
    return bool(_WISHES.search(_DENIED.sub("", plain)))


def phone_of(sender: str) -> str:
    """This will return the mainland mobile number that a gateway names as the sender, as the bank
    writes it; "" where it is none."""
    found = _PHONE.fullmatch(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", sender)))
    return found[1] if found else ""


def plain(words: str) -> str:
    """This will return words from outside as the database can hold them: without zero bytes, and
    with a question mark where they hold half a character."""
    if words.isascii() and "\0" not in words:
        return words
    return words.replace("\0", "").encode(errors="replace").decode()
