"""How a wording reads, and what a checker needs to know of it before signing."""

from typing import Any

from django.http import HttpRequest

from campaigns.texts import queries, rules
from journeys.contact.enums import Channel
from journeys.outreach import queries as outbox
from journeys.outreach import rules as filling
from portal.kit import clock
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Permission


def look(
    request: HttpRequest,
    key: rules.Key,
    words: dict[str, str],
    *,
    number: str = "",
    campaign_code: str = "",
) -> dict[str, Any]:
    """This will fill a wording in for a customer whom the reader may see, and check it, as the
    preview shows it; who may see no customers looks with invented values."""
    person = staff_of(request)
    campaign = queries.campaigns().filter(code=campaign_code).first() if campaign_code else None
    customer = None
    if person.may(Permission.VIEW_CUSTOMERS):
        customer = queries.customer_for(scope=scope_of(person), number=number.strip())
    context: dict[str, Any] = {
        "key": key,
        "channel_words": str(Channel(key.channel).label),
        "customer": customer,
        "is_not_found": number.strip() != "" and customer is None,
        "filled": [],
        "subject": "",
        "body": "",
        "size": None,
        "examined": queries.examine(key, **words, on=clock.today()),
    }
    try:
        found = queries.filled(
            texts=list(words.values()), is_result=key.is_of_result, customer=customer,
            campaign=campaign,
        )  # fmt: skip
        values = queries.values_of(found)
        body = filling.render(words["body"], values)
        subject = filling.render(words["subject"], values)
    except (filling.BadTemplate, filling.VariableMissing):
        return context
    size = outbox.size_of(key.channel, body)
    return context | {"filled": found, "subject": subject, "body": body, "size": size}


def evidence(request: HttpRequest, target_key: str, snapshot: dict[str, Any]) -> dict[str, Any]:
    """This will gather what a checker reads of a wording: how it looks, what its check finds, and
    what becomes of the campaigns that send the one before."""
    key = rules.key_in(snapshot)
    latest = queries.find_by_key(key)
    replaced = latest if latest and latest.reference == snapshot["instead_of"] else None
    kept_by = queries.approved_with(replaced.pk) if replaced else []
    campaign = kept_by[-1].campaign.code if kept_by else ""
    words = {"subject": snapshot["subject"], "body": snapshot["body"]}
    return {
        "look": look(request, key, words, campaign_code=campaign),
        "kept_by": kept_by,
        "voided": queries.waiting_with(replaced.pk) if replaced else [],
    }
