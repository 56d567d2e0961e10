"""The tree of reasons, read as a whole: it is small."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from merchants.refusals.enums import RefusalState, Root
from merchants.refusals.models import Refusal, RefusalAnswer, RefusalReason


@dataclass(frozen=True)
class Node:
    """A reason with how many refusals named it or one below it."""

    reason: RefusalReason
    count: int


@dataclass(frozen=True)
class Forest:
    """All reasons by their id, and the ids below each."""

    reasons: Mapping[int, RefusalReason]
    below: Mapping[int | None, Sequence[int]]

    def line_of(self, reason_id: int) -> list[RefusalReason]:
        """This will give a reason with all above it, the root first."""
        line = [self.reasons[reason_id]]
        while (above := line[0].parent_id) is not None:
            line.insert(0, self.reasons[above])
        return line

    def under(self, reason_id: int | None) -> Iterator[int]:
        """This will give the ids of all reasons below one, from the top down, retired ones too."""
        for child in self.below.get(reason_id, ()):
            yield child
            yield from self.under(child)

    def subtree(self, reason_id: int) -> list[int]:
        """This will give the ids of a reason and of all below it."""
        return [reason_id, *self.under(reason_id)]

    def path_of(self, reason_id: int) -> str:
        """This will say a reason with what stands above it, in the reader's language."""
        return " › ".join(reason.label for reason in self.line_of(reason_id))

    def choices(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """This will offer the reasons that are in use, below the name of each root."""
        return [
            (
                self.reasons[root].label,
                [
                    (one, "— " * self.reasons[one].depth + self.reasons[one].label)
                    for one in self.subtree(root)
                    if not self.reasons[one].is_retired
                ],
            )
            for root in self.below.get(None, ())
        ]

    def nodes(self) -> list[Node]:
        """This will give all reasons from the top down, each with how often it was met."""
        rows = Refusal.objects.exclude(state=RefusalState.WITHDRAWN).order_by()
        counted = rows.values_list("reason").annotate(number=Count("pk"))
        own = dict(counted.values_list("reason", "number"))
        return [
            Node(self.reasons[one], sum(own.get(below, 0) for below in self.subtree(one)))
            for one in self.under(None)
        ]

    def answers_to(self, reason_id: int) -> list[RefusalAnswer]:
        """This will list the answers in use for a reason: its own first, then those of the reasons
        above it."""
        line = [row.pk for row in self.line_of(reason_id)]
        rows = RefusalAnswer.objects.filter(reason__in=line, retired_date=None)
        found = rows.select_related("reason").order_by("kind", "id")
        return sorted(found, key=lambda row: -row.reason.depth)


def forest() -> Forest:
    """This will read the tree: roots in the order in which they are named, others by their age."""
    order = list(Root.values)
    rows = sorted(
        RefusalReason.objects.select_related("added_by", "retired_by").order_by("id"),
        key=lambda row: order.index(row.root),
    )
    below: dict[int | None, list[int]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row.pk)
    return Forest({row.pk: row for row in rows}, below)
