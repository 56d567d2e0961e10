"""Codes of administrative divisions (GB/T 2260): a code begins with that of the division above."""

# Beijing, Tianjin, Shanghai, Chongqing: provinces that are one city.
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


def normal_code(code: str) -> str:
    """This will shorten a code that is filled up with zeros: 330000 is 33, 330100 is 3301. The
    three cities without counties that stand as counties of their own (441900, 442000, 460400) are
    told from their cities by nobody: they are the city."""
    if len(code) == 6 and code.endswith("0000"):
        return code[:2]
    return code[:4] if len(code) == 6 and code.endswith("00") else code


def city_of(code: str) -> str:
    """This will return the city that a division lies in, by its code of four digits: 3301 of
    330106; of one of the four municipalities as a whole that of its districts. "" where the code
    names no city."""
    short = normal_code(code)
    if len(short) < 4:
        return f"{short}01" if short in MUNICIPALITIES else ""
    return short[:4]


def above(code: str) -> list[str]:
    """This will name a division and those above it, the highest first: 33, 3301, 330106."""
    return [code[:length] for length in (2, 4, 6) if length <= len(code)]
