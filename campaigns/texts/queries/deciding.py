"""What those who decide about a wording need to know."""

import datetime as dt
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from campaigns.texts import rules
from campaigns.texts.queries import checking, standing
from campaigns.texts.rules import Key
from journeys.contact.enums import Channel
from portal.approvals import queries as approvals
from portal.approvals import rules as approval_rules
from portal.kit import clock
from portal.kit.registry import Digest


def snapshot_of(key: Key, *, subject: str, body: str) -> dict[str, Any]:
    """This will return what is submitted of a wording: what it says, of which text, and in whose
    place."""
    latest = standing.find_by_key(key)
    return {
        "code": key.code,
        "channel": key.channel,
        "language": key.language,
        "instead_of": latest.reference if latest else "",
        "subject": subject,
        "body": body,
    }


def current_hash(target_key: str) -> str:
    """This will return the hash of the wording that waits as the text stands now: another one than
    was submitted where a further version came since."""
    waiting: Any = approvals.pending_snapshot(kind=rules.APPROVAL_KIND, target_key=target_key)
    key = rules.read_key(target_key)
    if waiting is None or key is None:
        return ""
    now = snapshot_of(key, subject=waiting["subject"], body=waiting["body"])
    return approval_rules.snapshot_hash(now)


def change_of(target_key: str, snapshot: dict[str, Any]) -> str:
    """This will say what changed since a wording was submitted; "" where nothing did."""
    if current_hash(target_key) == approval_rules.snapshot_hash(snapshot):
        return ""
    return _("Another version of this text was approved since. Write it again over that one.")


def unready(target_key: str, snapshot: dict[str, Any], at: dt.datetime) -> str:
    """This will say why a wording that waits cannot be approved at an instant: a rule of wording
    came into force since. "" where it can."""
    found = checking.examine(
        rules.key_in(snapshot), subject=snapshot["subject"], body=snapshot["body"],
        on=clock.bank_day(at),
    )  # fmt: skip
    return " ".join(one.sentence for one in found.faults if one.is_block)


def digest_of(snapshot: dict[str, Any]) -> Digest | None:
    """This will lay out a wording that was submitted."""
    name = get_language_info(snapshot["language"])["name_local"]
    words = f"{snapshot['subject']}\n\n{snapshot['body']}".strip()
    facts = [
        (_("Text"), snapshot["code"]),
        (_("Channel"), str(Channel(snapshot["channel"]).label)),
        (_("Language"), name),
    ]
    before = standing.find_by_key(rules.key_in(snapshot))
    if before is None:
        facts.append((_("Instead of"), _("Nothing: it is a new text")))
    elif before.reference == snapshot["instead_of"]:
        facts.append((_("Instead of"), f"{before.subject}\n\n{before.body}".strip()))
    return Digest([(snapshot["language"], name, words)], facts)
