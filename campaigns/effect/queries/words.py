"""What is known of an effect, in the reader's words."""

from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.effect import rules
from campaigns.effect.enums import Conversion, Finding, Known, Measure
from campaigns.effect.models import EffectPlan
from campaigns.effect.queries.telling import Effect
from portal.kit import money


def points(value: float) -> str:
    """This will write a difference of two shares (of 1) as points of a percentage."""
    return _("{number} points").format(number=f"{100 * value:+.2f}")


def share(value: float) -> str:
    """This will write a share (of 1) as a percentage."""
    return f"{100 * value:.2f} %"


def amount(value: float) -> str:
    """This will write an amount (CNY)."""
    return money.show(Decimal(str(round(value, 2))))


def sentence_of(label: str, told: rules.Told, terms: rules.Terms, *, is_share: bool) -> str:
    """This will say of a measure what both sides show, or why nothing can be said."""
    if told.lift is None or told.reached is None or told.held is None:
        return _("{label}: {why}").format(label=label, why=why_unknown(told, terms))
    write, differ = (share, points) if is_share else (amount, amount)
    by = told.lift.by
    text = {
        Finding.MORE: _("{label}: {reached} against {held} in the control group, {by} ({low} to"
                        " {high}). It works: chance is ruled out."),
        Finding.LESS: _("{label}: {reached} against {held} in the control group, {by} ({low} to"
                        " {high}). It harms: chance is ruled out."),
        Finding.OPEN: _("{label}: {reached} against {held} in the control group, {by} ({low} to"
                        " {high}). Chance is not ruled out yet."),
    }[told.lift.finding]  # fmt: skip
    return text.format(
        label=label, reached=write(told.reached), held=write(told.held), by=differ(by.value),
        low=differ(by.low), high=differ(by.high),
    )  # fmt: skip


def why_unknown(told: rules.Told, terms: rules.Terms) -> str:
    """This will say why two sides are not compared."""
    if told.known == Known.NO_CONTROL:
        return _("No control group: what would have happened without the campaign is not known."
                 " Set one in the next version.")  # fmt: skip
    if told.known == Known.NOT_AS_DRAWN:
        return _("The sides are not as large as the draw would have them: nothing is said.")
    if told.known == Known.TOO_RARE:
        return _(
            "Too rare yet: of fewer than five on a side, figures would tell of single persons."
        )
    of_held = told.held_people <= told.reached_people
    text = (
        _("Not enough yet: {found} of {needed} needed in the control group.")
        if of_held
        else _("Not enough yet: {found} of {needed} needed among those for whom it was.")
    )
    return text.format(found=told.smaller, needed=terms.fewest)


def sentences_of(effect: Effect) -> list[str]:
    """This will say all that is known of a campaign's effect, a sentence for each thing."""
    terms = effect.plan.rule.terms
    if not effect.has_control or effect.main.known == Known.NOT_AS_DRAWN:
        return [why_unknown(effect.main, terms)]
    said = [
        sentence_of(str(measure.label), told, terms, is_share=measure.is_share)
        for measure, told in effect.measures.items()
    ]
    if effect.main.findable is not None:
        text = _("With so many people a lift of {points} points in conversion is found in at least"
                 " {power} of a hundred campaigns.")  # fmt: skip
        found = f"{100 * effect.main.findable:.2f}"
        said.append(text.format(points=found, power=effect.plan.rule.power_percent))
    said.append(cost_words(effect))
    return [one for one in said if one]


def cost_words(effect: Effect) -> str:
    """This will say what an extra active card cost; "" where cards in use are not compared."""
    extra = effect.extra
    if extra is None:
        return ""
    if extra.value is None:
        return _("Cost of an extra active card: not known, as many or more cards are in use without"
                 " the campaign.")  # fmt: skip
    values = {"value": amount(extra.value), "low": amount(extra.low or 0)}
    if extra.high is None:
        text = _("Cost of an extra active card: {value}, at least {low}; upward it is open, since"
                 " chance is not ruled out yet.")  # fmt: skip
        return text.format(**values)
    text = _("Cost of an extra active card: {value} ({low} to {high}).")
    return text.format(**values, high=amount(extra.high))


def warnings_of(effect: Effect) -> list[str]:
    """This will say what is wrong with the split of a campaign, or must be known of it."""
    said = []
    drawn, sums = effect.drawn, effect.sums
    if effect.has_control and not drawn.is_as_drawn:
        text = _(
            "The sides are not as drawn: {held} in the control group beside {reached} others,"
            " where a draw of {percent} % would leave out about {expected} (chi-square"
            " {chi:.1f}; chance brings so much at any look in fewer than one of a thousand"
            " campaigns). Look for what brings people in on one side only, such as messages before"
            " the decision."
        )
        said.append(text.format(
            held=drawn.held, reached=drawn.reached, percent=drawn.percent,
            expected=round(drawn.expected), chi=drawn.chi_square,
        ))  # fmt: skip
    for measure in effect.unbalanced:
        text = _("{label}: the sides differed before the campaign could have made them. The split"
                 " itself is not sound; do not trust the figures below.")  # fmt: skip
        said.append(text.format(label=measure.label))
    if _check_disagrees(effect):
        said.append(_("Spending: the check with capped persons says something else. A few persons"
                      " with large sums decide the mean; go by the capped figure."))  # fmt: skip
    if sums.changed is not None:
        text = _("The control group was changed: only those who entered after {day} are compared.")
        said.append(text.format(day=sums.changed.isoformat()))
    if sums.crossed:
        text = _("Drawn to the other side later: {number}. They count on the side that was drawn"
                 " first.")  # fmt: skip
        said.append(text.format(number=sums.crossed))
    return said


def _check_disagrees(effect: Effect) -> bool:
    plain, capped = (effect.measures[one].lift for one in (Measure.SPENDING, Measure.CAPPED))
    return plain is not None and capped is not None and plain.finding != capped.finding


def definition_of(plan: EffectPlan) -> list[tuple[str, str]]:
    """This will say what is counted, of whom, from when and how it is compared."""
    rule = plan.rule
    days = {"days": rule.window_days, "settle": rule.settle_days}
    return [
        (_("Who is counted"),
         _("Everybody who qualified in a live run, from the first decision on: those for"
           " whom the campaign was, also where the budget or the contact rules refused them,"
           " against those whom the draw left out. Whoever was meant to have it counts (intention"
           " to treat), also who was drawn to the other side later.")),
        (_("When"), _("The same for both: {days} days, from the day after the first decision; then"
                      " {settle} days are waited for what is told late.").format(**days)),
        (_("Conversion"), str(Conversion(plan.conversion).label)),
        (_("Card in use"), _("At least one purchase within these days; a person counts once,"
                             " however many cards.")),
        (_("Spending"), _("Posted purchases less refunds (CNY), with all cards of the person. The"
                          " check cuts each person's sum at {cap}, either way.").format(
                              cap=money.show(rule.cap))),
        (_("Interval"), _("It holds at every look at once: of campaigns without effect at most"
                          " {error} of a hundred ever show one, however often this page is read."
                          " Shares by Newcombe, means by Welch, both widened by the mixture of"
                          " Robbins.").format(error=f"{float(rule.error_percent):g}")),
        (_("Fixed"), _("Before the first figure was counted; conversion decides. Rule: {source}.")
            .format(source=rule.source)),
    ]  # fmt: skip
