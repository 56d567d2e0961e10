"""Whether a wording may be submitted, and what is found in it."""

import datetime as dt
from dataclasses import dataclass

from campaigns.texts import rules
from campaigns.texts.queries.senders import senders_on
from campaigns.texts.rules import Fault, Key, variables
from campaigns.wording import queries as words
from campaigns.wording.enums import Level
from campaigns.wording.rules import Finding, check
from journeys.outreach import queries as outreach
from journeys.outreach import rules as filling


@dataclass(frozen=True)
class Examined:
    """What was found in a wording: what keeps it from being submitted, words to look at, and how
    long it is as it was looked at and with the longest values (None where it cannot be filled)."""

    faults: list[Fault]
    findings: list[Finding]
    longest: outreach.Size | None = None

    @property
    def is_fit(self) -> bool:
        return not any(one.is_block for one in self.faults)


def examine(key: Key, *, subject: str, body: str, on: dt.date) -> Examined:
    """This will check a wording of a text as of a day: its values, its length with the longest of
    them, what the law asks it to say, and its words."""
    is_result = key.is_of_result
    findings = findings_in(subject, body, on=on)
    faults = [
        rules.faults.forbidden(one.term, one.todo) for one in findings if one.level == Level.BAN
    ]
    if braces := _bad_braces(subject, body):
        return Examined([*braces, *faults], findings)
    if unknown := variables.unknown_in([subject, body], is_result=is_result):
        known = [one.name for one in variables.offered(is_result=is_result)]
        return Examined([rules.faults.unknown(unknown, known), *faults], findings)
    longest = variables.longest(is_result=is_result)
    filled = filling.render(body, longest)
    # Service messages need not say how to refuse them: they are no advertising.
    senders = senders_on(on)
    found = outreach.text_faults(
        channel=key.channel, subject=subject, body=filled, is_marketing=not is_result,
        senders=senders,
    )  # fmt: skip
    return Examined(
        [*rules.faults.told(found, senders=senders), *faults],
        findings,
        outreach.size_of(key.channel, filled),
    )


def findings_in(subject: str, body: str, *, on: dt.date) -> list[Finding]:
    """This will check the words of a wording as of a day."""
    return check(f"{subject}\n{body}".strip(), words.lexicon(on=on))


def _bad_braces(subject: str, body: str) -> list[Fault]:
    found = []
    for field, text in (("subject", subject), ("body", body)):
        try:
            filling.variables_of(text)
        except filling.BadTemplate as bad:
            found.append(rules.faults.bad_braces(field, bad))
    return found
