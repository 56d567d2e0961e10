"""Texts under sender names that may not be used any more: nothing goes by SMS under one of them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.planning.rules.faults import Around, Fault
from campaigns.planning.rules.plans import Plan
from journeys.contact.enums import Channel


def senders_gone(plan: Plan, around: Around) -> Iterator[Fault]:
    """This will find the texts that are sent under such a name: what would go today goes nowhere
    and blocks; what ends within the campaign's days is to be looked at."""
    for place, template in _sent_by_sms(plan):
        for code, label, sender, is_gone in around.senders_gone:
            if code == template:
                yield _fault(place, label, sender, is_gone)


def _sent_by_sms(plan: Plan) -> list[tuple[str, str]]:
    """The texts that are asked for by SMS, each once with the place that names it."""
    found = [("template", plan.template)] if Channel.SMS in plan.channels else []
    for number, step in enumerate(plan.touches.steps if plan.touches else ()):
        if Channel.SMS in step.channels:
            found += [(f"touches.steps[{number}].{at}", code) for at, code in step.text_places()]
    return found


def _fault(place: str, label: str, sender: str, is_gone: bool) -> Fault:
    problem = (
        _("{text} goes under the sender name {sender}, which may not be used any more: none of "
          "its SMS is sent.")
        if is_gone
        else _("{text} goes under the sender name {sender}, which may not be used any more before "
               "the campaign's last day: from then on none of its SMS is sent.")
    )  # fmt: skip
    return Fault(
        place,
        problem.format(text=label, sender=sender),
        _("Write the text anew under another name, on the page of message texts, or take SMS out."),
        is_block=is_gone,
    )
