"""The file of shifts, as a rota kept elsewhere brings it."""

from django.utils.translation import gettext_lazy as _

from merchants.posts.operations import SENTENCES
from portal.intake.rules import Check, Column, ImportKind, Reason, Target, cells, unknown
from portal.staff.enums import Permission
from portal.staff.rules import roles_that_may

UNKNOWN_POST = Reason("unknown_post", _("There is no post with this number."))
UNKNOWN_STAFF = Reason("unknown_staff", _("There is no member of staff with this number."))
ENDS_BEFORE = Reason("ends_before_start", SENTENCES["shift_ends_after_start"])
CANCELLED = Reason("cancelled", SENTENCES["shift_stays_cancelled"])
ATTENDED = Reason("attended", SENTENCES["shift_was_attended"])
STANDS_ALREADY = Reason(
    "stands_already", _("The person stands at post {other} at this time already.")
)
SEAT_TAKEN = Reason("seat_taken", _("Seat {seat} is taken at this time already, by shift {other}."))

NO_ROLE = Reason("shift_no_role", _("The person has no role that stands at posts."))

_ZONE = "AT TIME ZONE 'Asia/Shanghai'"
_STARTS, _ENDS = f"(s.day + s.starts) {_ZONE}", f"(s.day + s.ends) {_ZONE}"
_NAMED = (
    " FROM intake_staging s JOIN merchants_post p ON p.number = s.post"
    " JOIN portal_staff w ON w.staff_number = s.staff"
)
# What stands already as it is told is asked no more, whatever changed since. It is left out of what
# is written: the trigger asks before it looks whether anything changes.
_STANDS_SO = (
    " merchants_shift t JOIN merchants_post tp ON tp.id = t.post_id"
    " JOIN portal_staff tw ON tw.id = t.staff_id WHERE t.number = {row}.number"
    " AND (tp.number, tw.staff_number, t.starts_at, t.ends_at, t.seat::bigint)"
    " IS NOT DISTINCT FROM ({row}.post, {row}.staff,"
    f" ({{row}}.day + {{row}}.starts) {_ZONE}, ({{row}}.day + {{row}}.ends) {_ZONE},"
    " {row}.seat::bigint)"
)
_TOLD_ANEW = f"NOT EXISTS (SELECT FROM{_STANDS_SO})"
_IS_TOLD_ANEW = _TOLD_ANEW.format(row="s")
_LOCKS = (
    "SELECT id FROM merchants_post WHERE number IN (SELECT post FROM intake_staging)"
    " ORDER BY id FOR NO KEY UPDATE",
    "SELECT id FROM portal_staff WHERE staff_number IN (SELECT staff FROM intake_staging)"
    " ORDER BY id FOR NO KEY UPDATE",
)
# The same as the trigger asks, a reason for each of its rules.
_AGAINST = (
    "SELECT s.row_number, s.{column} AS value" + _NAMED + " WHERE s.ends > s.starts"
    f" AND {_IS_TOLD_ANEW}"
    f" AND merchants_shift_planned_refusal(p.id, w.id, s.seat::integer, s.day, {_STARTS}, {_ENDS})"
    " = '{rule}'"
)
_RULES = {
    "shift_no_rule": "day", "shift_outside_post": "day", "shift_beyond_seats": "seat",
    "shift_too_long": "ends", "shift_store_closed": "post", "shift_no_partner": "post",
    "shift_not_of_branch": "staff", "shift_unqualified": "staff", "shift_absent": "staff",
    "shift_no_workday": "day", "shift_no_rest_day": "day",
}  # fmt: skip
# Shifts that stand already and go on as they are, and earlier rows of the file.
_BOTH = (
    " JOIN LATERAL (SELECT t.number, t.starts_at, t.ends_at, t.post_id, t.staff_id,"
    " t.seat::bigint AS seat FROM merchants_shift t WHERE t.state = 'planned'"
    " AND NOT EXISTS (SELECT FROM intake_staging n WHERE n.number = t.number"
    f" AND {_TOLD_ANEW.format(row='n')})"
    " UNION ALL"
    f" SELECT e.number, (e.day + e.starts) {_ZONE}, (e.day + e.ends) {_ZONE}, q.id, v.id, e.seat"
    " FROM intake_staging e JOIN merchants_post q ON q.number = e.post"
    " JOIN portal_staff v ON v.staff_number = e.staff"
    " WHERE e.row_number < s.row_number AND e.number <> s.number"
    f" AND {_TOLD_ANEW.format(row='e')}) other"
    f" ON other.starts_at < {_ENDS} AND other.ends_at > {_STARTS} AND {_IS_TOLD_ANEW}"
)
_SET = "SELECT s.row_number, s.{column} AS value, min({shown}) AS other{more}" + _NAMED + _BOTH
# A shift that stands otherwise than the file says.
_OTHERWISE = (
    "SELECT s.row_number, s.number AS value"
    + _NAMED
    + " JOIN merchants_shift t ON t.number = s.number"
    " WHERE (t.post_id, t.staff_id, t.starts_at, t.ends_at, t.seat::bigint)"
    f" IS DISTINCT FROM (p.id, w.id, {_STARTS}, {_ENDS}, s.seat::bigint)"
)
_ROLES = ", ".join(f"'{role}'" for role in roles_that_may(Permission.STAND_AT_POSTS))
_TASKS_FOLLOW = """
    INSERT INTO merchants_shifttask (shift_id, place, words)
    SELECT t.id, duty.place, duty.words FROM intake_staging s
    JOIN merchants_shift t ON t.number = s.number JOIN merchants_post p ON p.id = t.post_id
    CROSS JOIN LATERAL unnest(p.duties) WITH ORDINALITY AS duty (words, place)
    WHERE NOT EXISTS (SELECT FROM merchants_shifttask WHERE shift_id = t.id)
"""

SHIFTS = ImportKind(
    code="post_shifts",
    label=_("Shifts at posts"),
    help=_("Who stands at which post and when; posts, staff and their qualifications come first."),
    table="merchants_shift",
    key="number",
    columns=(
        Column("number", cells.address_key(40), _("the source's number of the shift"), "R000001",
               True),
        Column("post", cells.key(40), _("number of the post"), "M000001-S1-Z1", True),
        Column("staff", cells.key(20), _("staff number of who stands there"), "S00012", True),
        Column("day", cells.DAY, _("day of the shift"), "2026-03-10", True, days_ahead=366),
        Column("starts", cells.TIME, _("time at which it begins"), "10:00:00", True),
        Column("ends", cells.TIME, _("time at which it ends"), "18:00:00", True),
        Column("seat", cells.FEW, _("seat at the post, from 1 on"), "1", default="1"),
    ),
    joins=(
        "JOIN merchants_post p ON p.number = s.post"
        " JOIN portal_staff w ON w.staff_number = s.staff"
    ),
    targets=(
        Target("number", "s.number"),
        Target("post_id", "p.id"),
        Target("staff_id", "w.id"),
        Target("on_date", "s.day"),
        Target("starts_at", _STARTS),
        Target("ends_at", _ENDS),
        Target("seat", "s.seat", of="seat"),
        Target("state", "'planned'", is_of_new=True),
        Target("cancelled_why", "''", is_of_new=True),
    ),
    checks=(
        unknown("post", "merchants_post", "number", UNKNOWN_POST),
        unknown("staff", "portal_staff", "staff_number", UNKNOWN_STAFF),
        Check("staff", NO_ROLE,
              "SELECT s.row_number, s.staff AS value FROM intake_staging s"
              " JOIN portal_staff w ON w.staff_number = s.staff"
              f" WHERE w.role NOT IN ({_ROLES}) AND {_IS_TOLD_ANEW}"),
        Check("ends", ENDS_BEFORE,
              "SELECT s.row_number, s.ends AS value FROM intake_staging s"
              " WHERE s.ends <= s.starts"),
        *(
            Check(column, Reason(rule, SENTENCES[rule]),
                  _AGAINST.format(column=column, rule=rule))
            for rule, column in _RULES.items()
        ),
        Check("staff", STANDS_ALREADY,
              _SET.format(column="staff", shown="other_post.number", more="")
              + " JOIN merchants_post other_post ON other_post.id = other.post_id"
              " WHERE other.staff_id = w.id GROUP BY s.row_number, s.staff",
              is_of_locked=True),
        Check("seat", SEAT_TAKEN,
              _SET.format(column="seat", shown="other.number", more=", s.seat")
              + " WHERE other.post_id = p.id AND other.seat = s.seat"
              " GROUP BY s.row_number, s.seat",
              is_of_locked=True),
        Check("number", CANCELLED, _OTHERWISE + " AND t.state = 'cancelled'"),
        Check("number", ATTENDED,
              _OTHERWISE + " AND EXISTS (SELECT FROM merchants_attendance WHERE shift_id = t.id)"),
    ),
    # Posts before staff, as whoever plans a shift locks them: nobody waits in a ring. What was
    # refused stands as it did: whoever asks for its place is looked at once more.
    before=(
        *_LOCKS,
        f"DELETE FROM intake_staging s USING{_STANDS_SO.format(row='s')}",
    ),
    after=(_TASKS_FOLLOW,),
)  # fmt: skip
