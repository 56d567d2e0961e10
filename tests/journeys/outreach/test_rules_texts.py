"""The length of SMS, what a text must say, and what people answer: by table, edges included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.outreach import rules
from journeys.outreach.rules import Alphabet, TextFault

GSM, UCS2 = Alphabet.GSM, Alphabet.UCS2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (GSM, 0, 0, 160)),
        ("a", (GSM, 1, 1, 159)),
        ("a" * 160, (GSM, 160, 1, 0)),
        ("a" * 161, (GSM, 161, 2, 145)),
        ("a" * 306, (GSM, 306, 2, 0)),
        ("a" * 307, (GSM, 307, 3, 152)),
        ("€" * 80, (GSM, 160, 1, 0)),
        # The escape and its sign are not torn apart: the 153rd place of the first part stays free.
        ("a" * 152 + "€" + "a" * 7, (GSM, 161, 2, 144)),
        ("中", (UCS2, 1, 1, 69)),
        ("中" * 70, (UCS2, 70, 1, 0)),
        ("中" * 71, (UCS2, 71, 2, 63)),
        ("中" * 134, (UCS2, 134, 2, 0)),
        ("中" * 135, (UCS2, 135, 3, 66)),
        ("a" * 69 + "中", (UCS2, 70, 1, 0)),
        ("😀" * 35, (UCS2, 70, 1, 0)),
        ("中" * 66 + "😀" + "中" * 3, (UCS2, 71, 2, 62)),
        ("`", (UCS2, 1, 1, 69)),
        ("ç", (UCS2, 1, 1, 69)),
        ("Ç\n\r@", (GSM, 4, 1, 156)),
    ],
)
def test_segments(text: str, expected: tuple[Alphabet, int, int, int]) -> None:
    found = rules.segments_of(text)
    assert (found.alphabet, found.units, found.count, found.left) == expected


def test_a_gateway_that_sends_everything_in_one_alphabet_is_counted_so() -> None:
    assert rules.segments_of("a" * 71, UCS2).count == 2
    assert rules.segments_of("中", GSM).alphabet == UCS2


@given(st.text(st.sampled_from("aé€[中😀"), max_size=400))
def test_segments_against_a_plain_cutting(text: str) -> None:
    """Cut sign by sign into parts, the way a phone joins them."""
    is_gsm = set(text) <= set("aé€[")
    sizes = {"€": 2, "[": 2, "a": 1, "é": 1} if is_gsm else {"😀": 2}
    single, joined = (160, 153) if is_gsm else (70, 67)
    units = [sizes.get(sign, 1) for sign in text]
    limit = single if sum(units) <= single else joined
    parts: list[int] = []
    for unit in units:
        if not parts or parts[-1] + unit > limit:
            parts.append(0)
        parts[-1] += unit
    found = rules.segments_of(text)
    assert (found.count, found.units) == (len(parts), sum(units))
    assert found.left == limit - (parts[-1] if parts else 0)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("【信用卡中心】您好", "信用卡中心"), (" 【信用卡中心】 您好", "信用卡中心"),
        ("您好【信用卡中心】", "信用卡中心"), ("[Credit Card Centre] Hello", "Credit Card Centre"),
        ("您好，【信用卡中心】提醒您", ""), ("【】您好", ""), ("信用卡中心：您好", ""),
        ("Hello [Credit Card Centre]", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_sender(text: str, sender: str) -> None:
    assert rules.sender_of(text) == sender
    assert rules.names_sender(text) == bool(sender)
    assert rules.names_sender(text, ("信用卡中心",)) == (sender == "信用卡中心")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("拒收请回复R", True), ("退订回T", True), ("回复TD退订", True), ("拒收回复“R”", True),
        ("如不愿再收到此类邮件，请回复本邮件“退订”", True),
        ("To refuse further messages, reply R", True),
        ("answer with the word unsubscribe", True),
        ("在手机银行“消息设置”中可取消接收，点击设置", True),
        ("您好", False), ("消费达标可获礼", False), ("回复1参加活动", False), ("", False),
    ],
)  # fmt: skip
def test_how_to_refuse(text: str, says: bool) -> None:
    assert rules.says_how_to_refuse(text) == says


GOOD = {
    "body": "【信用卡中心】您好。拒收请回复R", "subject": "", "longest": 670, "has_subject": False,
    "is_marketing": True, "is_sms": True, "can_refuse_elsewhere": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"body": " "}, ["empty", "no_sender", "no_way_to_refuse"]),
        ({"body": "您好。拒收请回复R"}, ["no_sender"]),
        ({"body": "【信用卡中心】您好"}, ["no_way_to_refuse"]),
        ({"body": "【信用卡中心】您好", "is_marketing": False}, []),
        ({"body": "您好", "is_sms": False, "can_refuse_elsewhere": True}, []),
        ({"longest": 15}, ["too_long"]),
        ({"longest": 16}, []),
        ({"body": "【信用卡中心】拒收回复R" + "中" * 660, "longest": 999}, ["too_many_parts"]),
        ({"body": "【信用卡中心】拒收回复R" + "中" * 659, "longest": 999}, ["too_many_parts"]),
        ({"body": "【信用卡中心】拒收回复R" + "中" * 658, "longest": 999}, []),
        ({"has_subject": True}, ["no_headline"]),
        ({"has_subject": True, "subject": "您好"}, []),
        ({"subject": "您好"}, ["headline_unused"]),
        ({"senders": ("别的银行",)}, ["no_sender"]),
    ],
)
def test_what_is_wrong_with_a_text(change: dict[str, object], faults: list[str]) -> None:
    found = rules.faults_of(**{**GOOD, **change})  # type: ignore[arg-type]
    assert found == [TextFault(fault) for fault in faults]


@pytest.mark.parametrize(
    ("words", "refuses"),
    [
        ("R", True), ("r", True), ("Ｒ", True), ("ｒ。", True), (" R ", True), ("R!", True),
        ("T", True), ("TD", True), ("td", True), ("ＴＤ", True), ("Ｔ Ｄ", True), ("退订", True),
        ("退订。", True), ("“退订”", True), ("退 订", True), ("回复R", True), ("拒收", True),
        ("请退订，谢谢", True), ("不要再给我发了", True), ("别再发短信了！！", True),
        ("Stop", True),
        ("Unsubscribe please", True), ("N", True), ("不需要", True),
        ("不退订", False), ("我没有退订啊", False), ("不要退订", False),
        ("好的", False), ("1", False),
        ("", False), ("。", False), ("怎么领取礼品？", False), ("RR", False), ("Right", False),
        ("TDK", False), ("我要参加", False), ("R2", False),
    ],
)  # fmt: skip
def test_refusals_are_understood(words: str, refuses: bool) -> None:
    assert rules.is_refusal(words) == refuses


@pytest.mark.parametrize(
    ("sender", "phone"),
    [
        ("13800000000", "13800000000"), ("+8613800000000", "13800000000"),
        ("8613800000000", "13800000000"), ("008613800000000", "13800000000"),
        ("138 0000 0000", "13800000000"), ("１３８00000000", "13800000000"),
        ("95500", ""), ("+14155550100", ""), ("1380000000", ""), ("138000000000", ""), ("", ""),
    ],
)  # fmt: skip
def test_senders_are_read_as_the_bank_writes_phones(sender: str, phone: str) -> None:
    assert rules.phone_of(sender) == phone


@pytest.mark.parametrize(
    ("key", "found"),
    [
        (rules.message_key(7, "a"), 7), ("7-0123456789abcdef", 7), ("0-0123456789abcdef", None),
        ("7-0123456789abcde", None), ("7-0123456789ABCDEF", None), ("x", None), ("", None),
        ("9" * 19 + "-0123456789abcdef", None), ("7-0123456789abcdef\n", None),
    ],
)  # fmt: skip
def test_keys_name_messages(key: str, found: int | None) -> None:
    assert rules.message_id_of(key) == found
