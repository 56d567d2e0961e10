"""Conditions on whom a customer brought: applicants who named him, and how far their cards came."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import BroughtTo, Entry, Group
from campaigns.conditions.rules import base, spans

_DAY_OF = {
    BroughtTo.ISSUED.value: "issued_date",
    BroughtTo.ACTIVATED.value: "activated_date",
    BroughtTo.USED.value: "first_used_date",
}


@dataclass(frozen=True, kw_only=True)
class PersonsBrought(spans.Windowed):
    """So many persons whom the customer brought on the days of the window have got so far by the
    end of `on`: their card was issued, activated or first used, and is not closed.

    The card is the one of the application on which the customer was named; where a primary card
    names no application, one issued since. The value is the referrals that count, as their ids, in
    the order in which they came to count: a reward for each is given in that order.
    """

    event: str
    at_least: int

    kind: ClassVar[str] = "persons_brought"
    title: ClassVar[Any] = gettext_lazy("Persons brought")
    group: ClassVar[Group] = Group.HISTORY
    fields: ClassVar = spans.FIELDS | {
        "event": base.Field(
            gettext_lazy("They count once their card is"), base.one_of(*BroughtTo.values),
            Entry.ONE, initial=BroughtTo.USED.value, choices=BroughtTo.choices,
        ),
        "at_least": base.Field(
            gettext_lazy("At least (persons)"), base.whole_number(1, 1000), Entry.WHOLE, initial=1
        ),
    }  # fmt: skip
    is_expensive: ClassVar[bool] = True

    def value_sql(self, mark: str) -> str:
        day = _DAY_OF[self.event]
        return f"""ARRAY(SELECT referral.id FROM journeys_referral referral
            JOIN LATERAL (
                SELECT min(card.{day}) AS day FROM journeys_card card
                WHERE card.customer_id = referral.referred_id AND card.is_primary
                  AND (card.application_id = referral.application_id
                       OR card.application_id IS NULL AND card.issued_date >= referral.on_date)
                  AND card.{day} <= %(on)s
                  AND (card.closed_date IS NULL OR card.closed_date > %(on)s)
            ) AS got ON got.day IS NOT NULL
            WHERE referral.referrer_id = subject.customer_id AND referral.withdrawn_at IS NULL
              AND {self.within_sql(mark, "referral.on_date")}
            ORDER BY got.day, referral.id)"""

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"cardinality({value}) >= {base.parameter(mark, 'at_least')}"

    def gap_sql(self, mark: str, value: str) -> str:
        least = base.parameter(mark, "at_least")
        missing = f"{least} - cardinality({value})"
        return f"(CASE WHEN {missing} > 0 THEN {missing} END)::numeric"

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        count = len(value)
        words = (
            _("Persons brought: {count}").format(count=count),
            _("At least {count} persons, card {event}").format(
                count=self.at_least, event=BroughtTo(self.event).label
            ),
            _("Persons still missing: {count}").format(count=self.at_least - count),
        )
        return self.reached(count, self.at_least, words, subject)

    def short_name(self) -> str:
        return _("Persons brought")

    def sentence(self) -> str:
        return _(
            "{window}, the number of persons who applied and named the customer, and whose card "
            "is {event} by then and not closed, reaches {count}."
        ).format(window=self.when_text(), event=BroughtTo(self.event).label, count=self.at_least)
