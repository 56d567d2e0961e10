"""What alerts are about, in words: masked, each kind of subject by one query."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from campaigns.planning.models import Campaign
from campaigns.warnings.enums import Subject
from campaigns.warnings.models import Alert
from journeys.outreach import queries as outreach
from merchants.directory import queries as merchants
from portal.staff import queries as staff_queries


def name_subjects(alerts: Iterable[Alert]) -> dict[int, str]:
    """This will name what alerts are about, by the alert's id; a customer by the number."""
    rows = list(alerts)
    found: dict[int, str] = {}
    for subject in {row.subject for row in rows}:
        of = [row for row in rows if row.subject == subject]
        if subject == Subject.CUSTOMER:
            found |= {row.pk: row.customer.number if row.customer else "" for row in of}
        elif subject == Subject.STAFF:
            found |= {row.pk: row.concerned.label if row.concerned else "" for row in of}
        else:
            names = _NAMED[Subject(subject)]([row.subject_key for row in of])
            found |= {row.pk: names.get(row.subject_key, row.subject_key) for row in of}
    return found


def merchant_of(alert: Alert) -> Any:
    """This will return the merchant that an alert is about, or that its evidence tells of; None
    where there is none."""
    is_subject = alert.subject == Subject.MERCHANT
    key = alert.subject_key if is_subject else alert.evidence.get("merchant")
    return next(iter(merchants.by_id(ids=_ids([str(key)])).values()), None)


def _ids(keys: Sequence[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]


def _campaigns(keys: Sequence[str]) -> Mapping[str, str]:
    return {str(row.pk): row.label for row in Campaign.objects.filter(pk__in=_ids(keys))}


def _branches(keys: Sequence[str]) -> Mapping[str, str]:
    names = staff_queries.branch_labels(_ids(keys))
    return {str(key): label for key, label in names.items()}


def _merchants(keys: Sequence[str]) -> Mapping[str, str]:
    rows = merchants.by_id(ids=_ids(keys))
    return {str(key): row.label for key, row in rows.items()}


def _texts(keys: Sequence[str]) -> Mapping[str, str]:
    return {key: text.label for key, text in outreach.named_texts(keys).items()}


_NAMED: Mapping[Subject, Callable[[Sequence[str]], Mapping[str, str]]] = {
    Subject.CAMPAIGN: _campaigns,
    Subject.VERSION: lambda keys: {key: key.replace("/", " v") for key in keys},
    Subject.SCRIPT: _texts,
    Subject.BRANCH: _branches,
    Subject.MERCHANT: _merchants,
}
