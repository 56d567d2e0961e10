"""What is wrong with a wording, in sentences that say what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.outreach.rules import TextFault


@dataclass(frozen=True)
class Fault:
    """Something to mend, in which field, and what to do; `is_block` where nothing is submitted
    before that."""

    field: str
    problem: str
    todo: str = ""
    is_block: bool = True

    @property
    def sentence(self) -> str:
        return f"{self.problem} {self.todo}".strip()


_SENTENCES: dict[TextFault, tuple[str, Any, Any]] = {
    TextFault.EMPTY: (
        "body", gettext_lazy("The text is empty."), gettext_lazy("Write what it says."),
    ),
    TextFault.TOO_LONG: (
        "body", gettext_lazy("With the longest values it is longer than the channel takes."),
        gettext_lazy("Shorten it, or use a shorter value."),
    ),
    TextFault.TOO_MANY_PARTS: (
        "body", gettext_lazy("With the longest values it is more than ten SMS."),
        gettext_lazy("Shorten it, or use a shorter value."),
    ),
    TextFault.NO_SENDER: (
        "body", gettext_lazy("It does not name its sender."),
        gettext_lazy(
            "Begin it with the sender in brackets: 【信用卡中心】 or [Credit Card Centre]."
        ),
    ),
    TextFault.NO_WAY_TO_REFUSE: (
        "body", gettext_lazy("It does not say how to refuse further messages."),
        gettext_lazy(
            "End it with the way, such as 拒收请回复R, or in a mail: answer with the word "
            "unsubscribe (Advertising Law, article 43)."
        ),
    ),
    TextFault.NO_HEADLINE: (
        "subject", gettext_lazy("The headline is empty."),
        gettext_lazy("Write what the person reads first."),
    ),
    TextFault.HEADLINE_UNUSED: (
        "subject", gettext_lazy("This channel shows no headline."), gettext_lazy("Take it out."),
    ),
}  # fmt: skip


def told(faults: Sequence[TextFault], *, senders: Sequence[str] | None = None) -> list[Fault]:
    """This will say what a channel's own checks found; `senders` is the list of names that may be
    used, where there is one."""
    return [_told(one, senders) for one in faults]


def _told(fault: TextFault, senders: Sequence[str] | None) -> Fault:
    if fault == TextFault.NO_SENDER and senders is not None:
        return Fault(
            "body",
            _("It begins with none of the names under which the bank sends."),
            _("Begin it with one of these, in brackets: {names}.").format(names=", ".join(senders))
            if senders
            else _("None may be used now: the administrator keeps the list."),
        )
    field, problem, todo = _SENTENCES[fault]
    return Fault(field, str(problem), str(todo))


def bad_braces(field: str, part: object) -> Fault:
    """This will say that braces hold no value."""
    return Fault(
        field,
        _("A value is written {{name}}, nothing else stands in braces: {part}").format(part=part),
    )


def unknown(names: Sequence[str], known: Sequence[str]) -> Fault:
    """This will say that nothing fills values in."""
    return Fault(
        "body",
        _("Nothing brings these values: {names}.").format(names=", ".join(names)),
        _("There are: {known}.").format(known=", ".join(known)),
    )


def forbidden(term: str, todo: str) -> Fault:
    """This will say that a word may not be used."""
    return Fault("body", _("Forbidden in advertising: {term}.").format(term=term), todo)
