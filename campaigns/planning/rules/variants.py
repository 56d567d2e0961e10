"""Variants of a step: the same thing said in several ways, each to a share of the people, so that
it is seen which way works."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.planning.rules.reading import Reading
from portal.kit import languages

_FIELDS = ("code", "name", "name_en", "template", "share")
FEWEST, MOST = 2, 6


@dataclass(frozen=True)
class Variant:
    """One way of saying it: its text, and to how many of a hundred people it is said."""

    code: str
    name: str
    name_en: str
    template: str
    share: int

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name

    def as_data(self) -> dict[str, Any]:
        """This will write the variant as plain JSON values."""
        return {
            "code": self.code, "name": self.name, "name_en": self.name_en,
            "template": self.template, "share": self.share,
        }  # fmt: skip


def read_variants(part: Reading) -> tuple[Variant, ...]:
    """This will read the variants of a step, none where it has none; what is wrong is noted in
    `part`."""
    if not part.has("variants"):
        return ()
    found = tuple(_variant(one) for one in part.parts("variants"))
    if not FEWEST <= len(found) <= MOST:
        part.wrong(
            "variants",
            _("must be {fewest} to {most}").format(fewest=FEWEST, most=MOST),
        )
    codes = [one.code for one in found if one.code]
    for code in dict.fromkeys(code for code in codes if codes.count(code) > 1):
        part.wrong("variants", _("two have the code {code}; give each its own").format(code=code))
    whole = sum(one.share for one in found)
    if found and all(one.share for one in found) and whole != 100:
        part.wrong(
            "variants", _("the shares add up to {whole}, and must to 100").format(whole=whole)
        )
    return found


def _variant(part: Reading) -> Variant:
    part.only(*_FIELDS)
    return Variant(
        code=part.slug("code"),
        name=part.words("name", 60),
        name_en=part.words("name_en", 60),
        template=part.slug("template"),
        share=part.whole("share", 1, 99) or 0,
    )
