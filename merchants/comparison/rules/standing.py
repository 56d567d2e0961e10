"""Who is ahead, as far as intervals let one say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from merchants.comparison.rules.figures import Figure


@dataclass(frozen=True)
class Standing:
    """Where merchants stand by one figure. `place` holds for those whose place is certain: no
    interval overlaps theirs; `sentence` says what can be said of the front."""

    place: Mapping[str, int]
    sentence: str


def standing_of(
    figures: Mapping[str, Figure], names: Mapping[str, Any], *, own: str = ""
) -> Standing:
    """This will rank those whose intervals keep apart from all others, and nobody else. Means of
    other months than those of `own` are not ranked with it: a season would decide."""
    known = {key: figure for key, figure in figures.items() if figure.is_known}
    if own in known:
        others = [key for key in known if known[key].months != known[own].months]
        known = {key: figure for key, figure in known.items() if key not in others}
    else:
        others = []
    found = _ranked(known, names)
    if not others:
        return found
    sentence = _("Known of other months, and so without a place: {names}.")
    told = sentence.format(names=_(", ").join(str(names[key]) for key in others))
    return Standing(found.place, f"{found.sentence} {told}")


def _ranked(known: Mapping[str, Figure], names: Mapping[str, Any]) -> Standing:
    if len(known) < 2:
        return Standing({}, _("Nothing to rank: this figure is known of fewer than two."))
    place = {
        key: 1 + sum(other.low > own.high for other in known.values())
        for key, own in known.items()
        if not any(
            _overlap(own, other) for with_, other in known.items() if with_ != key
        )
    }  # fmt: skip
    front = _front(known)
    if len(front) == 1:
        sentence = _("{name} is ahead of all others: no interval reaches its own.")
        return Standing(place, sentence.format(name=names[front[0]]))
    if len(front) == len(known):
        return Standing(place, _("No order: all intervals overlap with the first one's."))
    sentence = _(
        "No first place: the intervals of {names} overlap. Each of the others is behind at least "
        "one of them."
    )
    return Standing(place, sentence.format(names=_(", ").join(str(names[key]) for key in front)))


def _overlap(one: Figure, other: Figure) -> bool:
    return one.low <= other.high and other.low <= one.high


def _front(known: Mapping[str, Figure]) -> Sequence[str]:
    """Those whom nobody is certainly ahead of, the largest figure first."""
    ahead = [
        key for key, own in known.items()
        if not any(other.low > own.high for other in known.values())
    ]  # fmt: skip
    return sorted(ahead, key=lambda key: (-(known[key].value or 0), key))
