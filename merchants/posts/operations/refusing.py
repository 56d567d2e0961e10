"""What the database refuses of posts, as a sentence for a person."""

from contextlib import AbstractContextManager

from django.utils.translation import gettext_lazy as _

from portal.kit import refused


class PostRefused(Exception):
    """Raised where nothing is written; the text is a sentence for a person. `rule` names what
    stands against it, "" where that is no rule of the database."""

    def __init__(self, sentence: str, rule: str = "") -> None:
        super().__init__(sentence)
        self.rule = rule


SENTENCES = {
    "shift_no_rule": _("No rule of posts is in force on this day; an administrator adds one."),
    "shift_outside_post": _("The shift lies outside the days or the hours of the post."),
    "shift_beyond_seats": _("The post has fewer seats than this."),
    "shift_too_long": _("The shift is longer than the rule of posts allows; make two of it."),
    "shift_ends_after_start": _("The shift must end after it begins."),
    "shift_store_closed": _("The store is not open on this day: nobody can stand there."),
    "shift_no_partner": _("The merchant is no partner any more: nobody stands there."),
    "shift_not_of_branch": _("Only staff of the post's branch who work here stand there."),
    "shift_unqualified": _(
        "The person lacks a qualification that holds on this day. The branch manager records it "
        "under Staff at posts."
    ),
    "shift_absent": _("The person is absent on this day."),
    "shift_no_workday": _(
        "The day is no workday by the bank's calendar, and the post stands on workdays."
    ),
    "shift_no_rest_day": _(
        "The day is a workday by the bank's calendar, and the post stands on rest days."
    ),
    "shift_staff_once": _("The person stands somewhere at this time already."),
    "shift_seat_once": _("Somebody has this seat at this time already; choose another one."),
    "shift_stays_cancelled": _("The shift was cancelled, and stays so; plan another one."),
    "shift_was_attended": _("Somebody checked in to the shift: it stays as it was."),
    "attendance_too_early": _("It is too early to check in; come back nearer to the beginning."),
    "attendance_too_late": _("The shift is over: it counts as one to which nobody came."),
    "attendance_one_at_a_time": _(
        "You are checked in at another shift: check out there first, then check in here."
    ),
    "attendance_of_cancelled": _("The shift was cancelled."),
    "attendance_stays": _("The check-out stands already."),
    "merchants_attendance_pkey": _("The check-in stands already."),
    "shift_count_while_there": _("Check in first: what is counted belongs to the hours there."),
    "shift_count_follows": _("It was counted meanwhile; look at the number again."),
    "shift_count_once": _("It was counted meanwhile; look at the number again."),
    "shift_count_not_below_none": _("There is nothing to take back."),
    "post_store_closed": _("The store closes before the post ends: choose another store or days."),
    "post_no_partner": _("Posts stand at partners' stores only; the merchant is no partner."),
    "post_has_shifts": _(
        "Shifts are planned that would not fit any more: cancel those first, or keep days, hours "
        "and seats wide enough."
    ),
    "post_stays_there": _("A post stays at its store; open another one."),
    "post_ends_after_start": _("The last day is before the first one."),
    "post_closes_after_opening": _("The post must close after it opens."),
    "post_cost_once": _("A cost from this day on is recorded already; give another day."),
    "post_absence_no_overlap": _("The person is absent on some of these days already."),
    "post_absence_ends_after_start": _("The last day is before the first one."),
    "qualification_no_overlap": _(
        "A qualification of this kind holds on some of these days already."
    ),
    "qualification_ends_after_start": _("The last day is before the first one."),
    "qualification_stays": _("It was withdrawn already."),
}


def in_words() -> AbstractContextManager[None]:
    """This will turn what a rule of the database refuses into PostRefused; what is written within
    goes back alone."""
    return refused.in_words(SENTENCES, PostRefused)
