"""Masks of personal data, after the practice named in the bank's masking rule:
phone first 3 and last 4, ID number first 3 and last 4, card first 6 and last 4; of a landline
the code of its area and the last 2."""

import re

from portal.kit import digits

_EMAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]*@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})")
_FEWEST_DIGITS = 11  # what is masked as a number has as many
# The first-level divisions, by their short names: an address begins with one of them.
_PROVINCE = (
    "(?:北京|天津|上海|重庆)市?|(?:内蒙古|广西壮族|广西|西藏|宁夏回族|宁夏|新疆维吾尔|新疆)(?:自治区)?|"
    "(?:香港|澳门)(?:特别行政区)?|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|"
    "湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省?"
)
# The second and third level by their endings. Names of streets, villages and houses have signs that
# no division has, and housing estates and parks are no districts, however they end.
_SIGN = "(?![省市区县路街巷弄村号幢栋室园苑庭寓])[一-鿿]"
_DIVISIONS = re.compile(
    f"(?:{_PROVINCE})"
    f"(?:(?:{_SIGN}){{2,11}}?(?:自治州|地区|市|盟)(?!场))?"
    f"(?:[市路]?(?:{_SIGN}){{1,6}}?(?:新区|(?<![小社校厂院宅景库矿])区)|"
    f"(?:{_SIGN}){{1,15}}?(?:自治县|自治旗|县|旗)(?!道)|(?:{_SIGN}){{2,6}}?市(?!场))?"
)


def mask_phone(phone: str) -> str:
    """This will mask a mobile number: 138****1234; an empty string stays empty."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)


def mask_id_number(number: str) -> str:
    """This will mask an ID number: 110***********1234."""
    return (
        f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
        if len(number) > 7
        else "*" * len(number)
    )


def mask_email(address: str) -> str:
    """This will mask an address: l***@example.com."""
    user, at, host = address.partition("@")
    return f"{user[:1]}***{at}{host}" if at else "*" * len(address)


def mask_address(address: str) -> str:
    """This will mask a postal address but for the divisions that it begins with: 浙江省****.

    Without a province at its beginning, nothing of it is shown; digits never are.
    """
    found = _DIVISIONS.match(address)
    return f"{found[0] if found else ''}****" if address else ""


def mask_name(name: str) -> str:
    """This will mask a person's name but for its first character: 张**."""
    return name[:1] + "*" * (len(name) - 1)


def mask_text(text: str) -> str:
    """This will mask every mobile, ID, card and landline number and mail address found in free
    text, however their digits are grouped (`portal.kit.digits`)."""
    if "@" not in text and sum(map(str.isdecimal, text)) < _FEWEST_DIGITS:
        return text  # most lines of the log: nothing to look for
    return _EMAIL.sub(r"\1***@\2", digits.hide(text))
