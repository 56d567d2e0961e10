"""Numbers of a person that nobody may see, also as people write them down."""

from typing import Any

from tests.portal.kit.test_pdf import texts

PHONE, ID_NUMBER = "13912345678", "44030519880615003X"
EMAIL, CARD = "wang.xiaoming@mail.example.cn", "6225881234560001"
# What must not be seen of the address; its divisions may be.
HOME = "凤起路8号9幢301室"
ADDRESS = f"浙江省杭州市西湖区{HOME}"
NAME = "诸葛小明"
VALUES = {"phone": PHONE, "id_number": ID_NUMBER, "email": EMAIL, "address": ADDRESS, "name": NAME}
WORDS = {"kind": "complaint", "words": "客户来电核对账单地址"}
# The same numbers as people write them down.
WRITTEN = (
    "139.1234.5678", "139－1234－5678", "139 123 45678", "440305 19880615 003X",
    "440305-19880615-003X", "6225.8812.3456.0001", "622588 123456 0001", "0755-8888 1234",
)  # fmt: skip
SECRETS = (PHONE, "139 1234 5678", ID_NUMBER, EMAIL, CARD, HOME, NAME, *WRITTEN)
SPOKEN = (
    f"call 139 1234 5678 or {PHONE}, {EMAIL}; ID {ID_NUMBER}, card {CARD}; {'; '.join(WRITTEN)}"
)


def shown(text: str) -> list[str]:
    """The secrets that stand in a text."""
    return [secret for secret in SECRETS if secret in text]


def text_of(answer: Any) -> str:
    """What an answer says, its headers among it; of a paper what is written on its pages."""
    file = answer.content
    said = "".join(texts(file)) if file.startswith(b"%PDF-") else file.decode()
    return f"{said}{answer.headers}"
