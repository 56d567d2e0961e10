"""Card products: three of the bank's own, four of rivals that do not exist."""

from collections.abc import Iterator

CLASSIC, TRAVEL, PLATINUM = "CLASSIC", "TRAVEL", "PLATINUM"
OWN = [
    (CLASSIC, "悦享金卡", "Joy Gold Card", "本行", "0"),
    (TRAVEL, "乐途车旅卡", "Journey Car and Travel Card", "本行", "200"),
    (PLATINUM, "臻选白金卡", "Select Platinum Card", "本行", "880"),
]
RIVAL = [
    ("RIVAL-A", "澜山随心卡", "Lanshan Freestyle Card", "澜山银行", "0"),
    ("RIVAL-B", "青梧车主卡", "Qingwu Driver's Card", "青梧银行", "160"),
    ("RIVAL-C", "星桥白金卡", "Xingqiao Platinum Card", "星桥银行", "900"),
    ("RIVAL-D", "朔原联名卡", "Shuoyuan Co-brand Card", "朔原银行", "100"),
]
# How often each own product is asked for.
SHARES = [(CLASSIC, 62), (TRAVEL, 27), (PLATINUM, 11)]


def product_rows() -> Iterator[dict[str, str | None]]:
    """This will give the products as rows of their import."""
    for rows, is_own in ((OWN, "true"), (RIVAL, "false")):
        for code, name, name_en, issuer, fee in rows:
            yield {
                "code": code,
                "name": name,
                "name_en": name_en,
                "issuer": issuer,
                "is_own": is_own,
                "annual_fee": fee,
            }
