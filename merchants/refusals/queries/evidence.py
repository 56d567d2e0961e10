"""What was tried against a reason, and how often it worked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from merchants.prospects.rules import Share
from merchants.refusals.enums import Outcome, RefusalState
from merchants.refusals.models import AnswerTry, Refusal, RefusalAnswer
from merchants.refusals.queries.tree import Forest
from merchants.refusals.rules import standing


@dataclass(frozen=True)
class Evidence:
    """How an answer did against a reason and those below it, and against all reasons there are."""

    here: standing.Standing
    everywhere: Share

    @property
    def answer(self) -> RefusalAnswer:
        return self.here.answer


def evidence_of(*, tree: Forest, reason_id: int) -> list[Evidence]:
    """This will tell how the answers to a reason did, of the whole bank and all time: those that
    may be best first. Refusals that were recorded by mistake count for nothing."""
    answers = tree.answers_to(reason_id)
    here = _counted(answers, tree.subtree(reason_id))
    everywhere = _counted(answers, None)
    nothing = (Share(0, 0), 0)
    rows = standing.ranked([(row, *here.get(row.pk, nothing)) for row in answers])
    return [Evidence(row, everywhere.get(row.answer.pk, nothing)[0]) for row in rows]


def _counted(
    answers: Iterable[RefusalAnswer], reason_ids: Sequence[int] | None
) -> Mapping[int, tuple[Share, int]]:
    rows = AnswerTry.objects.filter(answer__in=[row.pk for row in answers])
    rows = rows.exclude(refusal__state=RefusalState.WITHDRAWN).order_by()
    if reason_ids is not None:
        rows = rows.filter(refusal__reason__in=reason_ids)
    counted = rows.values("answer").annotate(
        worked=Count("pk", filter=Q(outcome=Outcome.WORKED)),
        failed=Count("pk", filter=Q(outcome=Outcome.FAILED)),
        open=Count("pk", filter=Q(outcome=Outcome.OPEN)),
    )
    return {
        row["answer"]: (Share(row["worked"], row["worked"] + row["failed"]), row["open"])
        for row in counted
    }


def tries_by_refusal(*, refusals: Sequence[Refusal]) -> dict[int, list[AnswerTry]]:
    """This will give the tries of refusals, by the refusal's id, the newest first."""
    rows = AnswerTry.objects.filter(refusal__in=[row.pk for row in refusals])
    found: dict[int, list[AnswerTry]] = {}
    for row in rows.select_related("answer", "tried_by").order_by("-tried_date", "-id"):
        found.setdefault(row.refusal_id, []).append(row)
    return found
