"""What a text must say by law, whatever else it says: who sends it, and how to refuse it
(Advertising Law, article 43). Plain checks, for whoever writes texts and whoever approves them."""

import enum
import re

from journeys.outreach.rules.segments import Alphabet, segments_of

# An SMS begins, or ends, with its sender in such brackets.
_SENDER = re.compile(r"^\s*(?:【([^【】]{2,20})】|\[([^\[\]]{2,40})\])|【([^【】]{2,20})】\s*$")
_HOW_TO_REFUSE = re.compile(
    r"(?:拒收|退订|不愿再收到|不想再收到|取消接收)[^。；;]{0,30}(?:回复?|发送|点击|拨打|致电|关闭|设置|退订)|"
    r"(?:回复?|发送)\s*[“\"']?(?:R|T|TD|N|退订|拒收)[”\"']?|"
    r"(?:unsubscribe|opt out|refuse|do not want|stop)\b",
    re.IGNORECASE,
)
_MOST_PARTS = 10


class TextFault(enum.StrEnum):
    """What is wrong with a text."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY_PARTS = "too_many_parts"
    NO_SENDER = "no_sender"
    NO_WAY_TO_REFUSE = "no_way_to_refuse"
    NO_HEADLINE = "no_headline"
    HEADLINE_UNUSED = "headline_unused"


def sender_of(text: str) -> str:
    """This will return the sender that an SMS names: 【信用卡中心】 or [Credit Card Centre] at its
    beginning, or 【信用卡中心】 at its end; "" where it names none."""
    found = _SENDER.search(text)
    return next((part for part in found.groups() if part), "").strip() if found else ""


def names_sender(text: str, senders: tuple[str, ...] | None = None) -> bool:
    """This will tell whether an SMS names its sender, one of `senders` where these are given."""
    found = sender_of(text)
    return bool(found) and (senders is None or found in senders)


def with_sender(text: str, sender: str) -> str:
    """This will let a text begin with a sender in brackets, in the place of the one that it names
    there."""
    found = _SENDER.match(text)
    rest = text[found.end() :] if found else text
    brackets = "[{}] {}" if sender.isascii() else "【{}】{}"
    return brackets.format(sender, rest.lstrip())


def says_how_to_refuse(text: str) -> bool:
    """This will tell whether a text says how to refuse further ones."""
    return _HOW_TO_REFUSE.search(text) is not None


def faults_of(
    *,
    body: str,
    subject: str,
    longest: int,
    has_subject: bool,
    is_marketing: bool,
    is_sms: bool,
    can_refuse_elsewhere: bool,
    senders: tuple[str, ...] | None = None,
) -> list[TextFault]:
    """This will return what is wrong with a text of a channel, in a fixed order.

    `longest` and `has_subject` are the channel's own (`channels.Kind`). An SMS names its sender, of
    which kind it ever is. Marketing says how to refuse, unless the channel shows that beside every
    text (`can_refuse_elsewhere`), as the settings of mobile bank do.
    """
    checks = (
        (TextFault.EMPTY, not body.strip()),
        (TextFault.TOO_LONG, len(body) > longest),
        (TextFault.TOO_MANY_PARTS, is_sms and segments_of(body, Alphabet.UCS2).count > _MOST_PARTS),
        (TextFault.NO_SENDER, is_sms and not names_sender(body, senders)),
        (
            TextFault.NO_WAY_TO_REFUSE,
            is_marketing and not can_refuse_elsewhere and not says_how_to_refuse(body),
        ),
        (TextFault.NO_HEADLINE, has_subject and not subject.strip()),
        (TextFault.HEADLINE_UNUSED, not has_subject and bool(subject.strip())),
    )
    return [fault for fault, is_there in checks if is_there]
