"""Conditions on who the customer is: stage, branch, age, potential, and what was agreed to."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry, Group, Source
from campaigns.conditions.rules import base, names, ranges, readers
from journeys.contact import rules as contact
from journeys.contact.enums import Channel, ConsentPurpose
from journeys.scoring import rules as scoring
from journeys.stages import rules as stages
from journeys.stages.enums import STEPS_OF, JourneyStage, JourneyStep


def _stage_choices() -> list[tuple[str, Any]]:
    """Each stage, followed by its steps where it has several."""
    found: list[tuple[str, Any]] = []
    for stage, steps in STEPS_OF.items():
        found.append((stage.value, stage.label))
        if len(steps) > 1:
            found += [(step.value, format_lazy("– {}", step.label)) for step in steps]
    return found


_STAGE_CHOICES = _stage_choices()


def _stage_label(code: str) -> str:
    known = JourneyStage if code in JourneyStage.values else JourneyStep
    return str(known(code).label)


@dataclass(frozen=True, kw_only=True)
class Stage(base.Condition):
    """The customer stands in one of these stages or steps at the end of the day.

    The days on which stages and the steps from the issue on were reached are kept, so that a past
    day is told rightly. Of an application only the present step is kept: of a day before it, or of
    one whose card has been issued since, it is known only that the application was open.
    """

    stages: tuple[str, ...]

    kind: ClassVar[str] = "stage"
    title: ClassVar[Any] = gettext_lazy("Stage of the journey")
    group: ClassVar[Group] = Group.WHO
    fields: ClassVar = {
        "stages": base.Field(
            gettext_lazy("Stages and steps"),
            readers.some_of([code for code, _label in _STAGE_CHOICES]), Entry.SOME,
            choices=_STAGE_CHOICES, help=gettext_lazy("A stage stands for all of its steps."),
        ),
    }  # fmt: skip

    @property
    def by_spending(self) -> int | None:  # type: ignore[override]
        """Who has a card comes to have used it."""
        used = {JourneyStep.ISSUED, JourneyStep.ACTIVATED, JourneyStep.USED}
        own = used & set(self._steps)
        return 0 if own in (set(), used) else 1 if JourneyStep.USED in own else -1

    @property
    def _steps(self) -> list[str]:
        found = {code for code in self.stages if code in JourneyStep.values}
        for stage, steps in STEPS_OF.items():
            if stage in self.stages:
                found |= {step.value for step in steps}
        return sorted(found)

    def parameters(self, mark: str) -> dict[str, Any]:
        return {f"{mark}_steps": self._steps}

    def value_sql(self, mark: str) -> str:
        step = stages.step_on_sql("journey", "%(on)s")
        return (
            f"(SELECT {step} FROM journeys_customerstage journey"
            " WHERE journey.customer_id = subject.customer_id)"
        )

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"COALESCE({value} = ANY({base.parameter(mark, 'steps')}), FALSE)"

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        need = names.listed(_stage_label(code) for code in self.stages)
        return base.Explanation(
            have=_stage_label(value) if value else _("Not worked out yet"),
            need=need,
            gap="" if is_met else _("Another stage or step"),
        )

    def short_name(self) -> str:
        return _("Stage")

    def sentence(self) -> str:
        return _("On the journey the customer stands at: {list}.").format(
            list=names.listed(_stage_label(code) for code in self.stages)
        )


@dataclass(frozen=True, kw_only=True)
class InBranch(base.Condition):
    """The customer belongs to one of these branches or to one below them. Where a customer
    belonged before is not kept: a past day is told as of now."""

    branches: tuple[str, ...]

    kind: ClassVar[str] = "branch"
    title: ClassVar[Any] = gettext_lazy("Branch")
    group: ClassVar[Group] = Group.WHO
    fields: ClassVar = {
        "branches": base.Field(
            gettext_lazy("Branches"), readers.read_codes, Entry.CODES, source=Source.BRANCHES,
            help=gettext_lazy("Each stands for the branches below it too."),
        ),
    }  # fmt: skip

    def value_sql(self, mark: str) -> str:
        return """(SELECT branch.code FROM journeys_customer person
            JOIN portal_branch branch ON branch.id = person.branch_id
            WHERE person.id = subject.customer_id)"""

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"""COALESCE({value} IN (
            SELECT below.code FROM portal_branch below JOIN portal_branch chosen
                ON starts_with(below.path, chosen.path)
            WHERE chosen.code = ANY({base.parameter(mark, "branches")})), FALSE)"""

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        return base.Explanation(
            have=names.called(Source.BRANCHES, [value]),
            need=names.called(Source.BRANCHES, self.branches),
            gap="" if is_met else _("Another branch"),
        )

    def mentions(self, value: Any = None) -> list[tuple[Source, str]]:
        own = [(Source.BRANCHES, value)] if value else []
        return super().mentions() + own

    def short_name(self) -> str:
        return _("Branch")

    def sentence(self) -> str:
        return _("The customer belongs to one of these branches or to one below: {list}.").format(
            list=names.called(Source.BRANCHES, self.branches)
        )


@dataclass(frozen=True, kw_only=True)
class Age(ranges.Ranged):
    """The customer's full years on the day: one more from each birthday on, for who was born on 29
    February from 1 March in common years. Without a day of birth it is not met."""

    kind: ClassVar[str] = "age"
    title: ClassVar[Any] = gettext_lazy("Age")
    group: ClassVar[Group] = Group.WHO
    fields: ClassVar = ranges.bounds(0, 150, initial=18)
    comes_down: ClassVar[bool] = False

    def value_sql(self, mark: str) -> str:
        return """(SELECT CASE WHEN person.birth_date <= %(on)s
            THEN extract(year FROM age(%(on)s::date, person.birth_date))::int END
            FROM journeys_customer person WHERE person.id = subject.customer_id)"""

    def turns_sql(self, mark: str, value: str) -> str:
        # A birthday on 29 February is taken a day early in common years: looked at in vain once.
        return f"""(SELECT CASE WHEN person.birth_date > %(on)s THEN person.birth_date
            ELSE (person.birth_date + make_interval(years => {value} + 1))::date END
            FROM journeys_customer person WHERE person.id = subject.customer_id)"""

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        known = _("Full years: {years}").format(years=value)
        return self.explained(
            value,
            _("Day of birth not known") if value is None else known,
            below=_("Years too young: {number}"),
            above=_("Years too old: {number}"),
            unknown=_("A day of birth on record"),
        )

    def short_name(self) -> str:
        return _("Age")

    def sentence(self) -> str:
        return _("The customer's age in full years is {range}.").format(range=self.range_text())


@dataclass(frozen=True, kw_only=True)
class PotentialScore(ranges.Ranged):
    """The customer's potential by the scorecard, without personal traits: nobody is chosen by
    what only the person is."""

    kind: ClassVar[str] = "potential"
    title: ClassVar[Any] = gettext_lazy("Potential score")
    group: ClassVar[Group] = Group.WHO
    fields: ClassVar = ranges.bounds(0, 100, initial=scoring.HIGH_FROM)
    is_expensive: ClassVar[bool] = True
    by_spending: ClassVar[int | None] = None

    def value_sql(self, mark: str) -> str:
        return scoring.score_sql("subject.customer_id", "%(on)s")

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        return self.explained(
            value,
            _("Score: {score}").format(score=value),
            below=_("Points of the score too few: {number}"),
            above=_("Points of the score too many: {number}"),
        )

    def short_name(self) -> str:
        return _("Potential")

    def sentence(self) -> str:
        return _(
            "The potential score of the customer, worked out without personal traits, is {range}."
        ).format(range=self.range_text())


_CHANNELS = ("purpose", (ConsentPurpose.MARKETING.value,))


@dataclass(frozen=True, kw_only=True)
class ConsentHeld(base.Condition):
    """A consent to this purpose, and for marketing to this channel, holds at the end of the day,
    by the rule of the contact gate. It is no answer of the gate: refusals, complaints, hours and
    caps are asked there."""

    purpose: str
    channel: str = ""

    kind: ClassVar[str] = "consent"
    title: ClassVar[Any] = gettext_lazy("Consent")
    group: ClassVar[Group] = Group.CONTACT
    fields: ClassVar = {
        "purpose": base.Field(
            gettext_lazy("Purpose"), base.one_of(*ConsentPurpose.values), Entry.ONE,
            initial=ConsentPurpose.MARKETING.value, choices=ConsentPurpose.choices,
        ),
        "channel": base.Field(
            gettext_lazy("Channel"), base.one_of("", *Channel.values), Entry.ONE, default="",
            initial=Channel.SMS.value, choices=Channel.choices, shown_for=_CHANNELS,
        ),
    }  # fmt: skip

    def check(self, place: str) -> None:
        """This will refuse marketing without a channel, and a channel for anything else."""
        is_marketing = self.purpose == ConsentPurpose.MARKETING
        if is_marketing and not self.channel:
            raise base.RuleWrong(f"{place}.channel", _("is missing"))
        if self.channel and not is_marketing:
            raise base.RuleWrong(f"{place}.channel", _("belongs to marketing alone"))

    def parameters(self, mark: str) -> dict[str, Any]:
        zone = timezone.get_default_timezone_name()
        return super().parameters(mark) | {f"{mark}_zone": zone}

    def value_sql(self, mark: str) -> str:
        end = f"(%(on)s::date + 1)::timestamp AT TIME ZONE {base.parameter(mark, 'zone')}"
        return f"""COALESCE((SELECT {contact.consent_holds_sql("TRUE")}
            FROM journeys_consent said
            WHERE said.customer_id = subject.customer_id
              AND said.purpose = {base.parameter(mark, "purpose")}
              AND said.channel = {base.parameter(mark, "channel")}
              AND said.effective_at < {end}), FALSE)"""

    def verdict_sql(self, mark: str, value: str) -> str:
        return value

    def _about(self) -> str:
        purpose = str(ConsentPurpose(self.purpose).label)
        if not self.channel:
            return purpose
        return _("{purpose} by {channel}").format(
            purpose=purpose, channel=Channel(self.channel).label
        )

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        found = base.Explanation(
            have=_("Agreed") if value else _("Not agreed"),
            need=_("Consent: {about}").format(about=self._about()),
            gap="" if value else _("A consent"),
        )
        return base.on_any_day(found, subject)

    def short_name(self) -> str:
        return _("Consent")

    def sentence(self) -> str:
        return _("The customer's consent holds for: {about}.").format(about=self._about())
