"""What the check of wording says of what callers are to say."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from portal.kit import masking
from portal.kit.registry import registry


def word_faults(texts: Sequence[str], *, on: dt.date) -> list[str]:
    """This will say in sentences why words may not be put before anybody: what advertising may not
    say on a day, and what looks like a person's number or address. Without a check nothing
    passes."""
    if registry.wording is None:
        return [_("There is no check of wording, so nothing is taken. Tell an administrator.")]
    told = registry.wording.forbidden(texts, on)
    if any(masking.mask_text(text) != text for text in texts):
        told.append(_("A phone, card or ID number or an address has no place here."))
    return told


def claims_in(texts: Sequence[str], *, on: dt.date) -> list[str]:
    """This will list the words of texts that need a source beside them."""
    return registry.wording.claims(texts, on) if registry.wording else []


def excused_words(texts: Sequence[str], *, on: dt.date) -> list[Any]:
    """This will list those of the staff whose decisions about words are why less is found."""
    return registry.wording.excused(texts, on) if registry.wording else []
