"""Reading what customers were told about their applications."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from journeys.notices import rules
from journeys.notices.enums import NoticeState, Result
from journeys.notices.models import NoticeRule, ResultNotice
from journeys.outreach import queries as outreach
from journeys.outreach.enums import MessageState
from portal.kit import clock
from portal.kit.registry import Digest
from portal.staff.access import Scope

SHOWN_DAYS = 31


def origin_words(origin: str) -> str:
    """This will say which result the messages of an origin tell; "" for other origins."""
    result = rules.result_of(origin)
    if result is None:
        return ""
    return _("Result of an application: {result}").format(result=Result(result).label)


def latest_of(text_id: int) -> Any:
    """This will return the latest version of a text that tells a result, by the id of one of its
    versions. Raises LookupError for other texts."""
    found = outreach.find_text(text_id)
    if found is None or rules.result_told_by(found.code) is None:
        raise LookupError(text_id)
    return outreach.versions_of_text(found)[0]


def digest_of(snapshot: dict[str, Any]) -> Digest | None:
    """This will lay out a wording that was submitted for those who decide about it."""
    named = outreach.named_texts([snapshot["instead_of"]])
    text = named.get(snapshot["instead_of"])
    result = rules.result_told_by(text.code) if text else None
    if text is None or result is None:
        return None
    words, before = (
        f"{one['subject']}\n\n{one['body']}".strip()
        for one in (snapshot, {"subject": text.subject, "body": text.body})
    )
    name = get_language_info(text.language)["name_local"]
    told = Result(result).label
    return Digest(
        [(text.language, name, words)],
        [(_("Tells"), str(told)), (_("Channel"), text.get_channel_display()),
         (_("Language"), name), (_("Instead of"), before)],
    )  # fmt: skip


def values_of(application: Any, *, decided: dt.date | None = None) -> dict[str, str]:
    """This will return what the texts of a result say of an application, read with product and
    branch; `decided` is its day where the application has none any more."""
    day = application.decided_date or decided
    return {
        "filed": application.filed_date.isoformat(),
        "decided": day.isoformat() if day else "",
        "tail": application.number[-4:],
        "product": application.product.name,
        "product_en": application.product.name_en,
        "branch": application.branch.name,
        "branch_en": application.branch.name_en,
    }


def rule_on(day: dt.date) -> NoticeRule | None:
    """This will return the rule in force on a day; None where results are not told."""
    rules_before = NoticeRule.objects.filter(effective_date__lte=day)
    return rules_before.order_by("-effective_date").first()


def with_facts(notice_ids: Sequence[int]) -> QuerySet[ResultNotice]:
    """This will return notices with what their texts need, in the order of their ids."""
    facts = ("application__product", "application__branch")
    return ResultNotice.objects.filter(pk__in=notice_ids).select_related(*facts).order_by("pk")


def replaced_waiting() -> dict[tuple[int, str], int]:
    """This will find the notices whose message still waits and whose application has another
    result, or none, by now: their ids by customer id and dedup key."""
    waiting = ResultNotice.objects.filter(
        message__origin__in=[rules.origin_of(result) for result in Result.values],
        message__state__in=[MessageState.QUEUED, MessageState.HELD, MessageState.PARKED],
    )
    replaced = waiting.exclude(application__state=F("result"))
    names = replaced.order_by("pk").values_list("customer_id", "message__dedup_key", "pk")
    return {(customer_id, key): notice_id for customer_id, key, notice_id in names}


def list_notices(*, scope: Scope, on: dt.date, kind: str = "") -> QuerySet[ResultNotice]:
    """This will list the results that came in within a month up to `on`, the latest first.

    `kind` narrows it: "sent", "waiting", "not_told".
    """
    rows = _within(scope, on).filter(_KINDS[kind]) if kind in _KINDS else _within(scope, on)
    related = ("application__branch", "application__product", "customer__branch", "message")
    return rows.select_related(*related).order_by("-noted_at", "-id")


def counts(*, scope: Scope, on: dt.date) -> dict[str, int]:
    """This will count the results of that month: sent, waiting, not told."""
    return _within(scope, on).aggregate(
        **{kind: Count("id", filter=condition) for kind, condition in _KINDS.items()}
    )


def _within(scope: Scope, on: dt.date) -> QuerySet[ResultNotice]:
    first = clock.start_of(on - dt.timedelta(days=SHOWN_DAYS))
    return ResultNotice.objects.filter(scope.branches("application__branch"), noted_at__gte=first)


_ON_THE_WAY = [MessageState.QUEUED, MessageState.SENDING]
_KINDS = {
    "sent": Q(message__state=MessageState.SENT),
    "waiting": Q(state=NoticeState.DUE) | Q(message__state__in=_ON_THE_WAY),
    "not_told": Q(state=NoticeState.NOT_TOLD)
    | Q(state=NoticeState.TOLD) & ~Q(message__state__in=[*_ON_THE_WAY, MessageState.SENT]),
}


def told_before(application_ids: Sequence[int]) -> dict[int, ResultNotice]:
    """This will return, by application, the latest result that its customer was sent."""
    rows = ResultNotice.objects.filter(
        application_id__in=application_ids, message__state=MessageState.SENT
    )
    latest = rows.select_related("message").order_by("application_id", "-noted_at", "-id")
    return {row.application_id: row for row in latest.distinct("application_id")}
