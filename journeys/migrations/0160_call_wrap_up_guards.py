"""Dispositions only end, and stand in a tree of two levels; a call is added once, as its hold and
its disposition say. And the tree that holds until the head office sets another."""

import datetime as dt

from django.db import migrations

GUARDS = """
CREATE FUNCTION journeys_disposition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE above journeys_disposition;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.parent_id IS NOT NULL THEN
        SELECT * INTO above FROM journeys_disposition WHERE id = NEW.parent_id FOR SHARE;
        IF above.parent_id IS NOT NULL OR above.ended_at IS NOT NULL THEN
            RAISE EXCEPTION 'disposition %: two levels, the upper one in force', NEW.code USING
                ERRCODE = 'restrict_violation', CONSTRAINT = 'disposition_in_a_group';
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
           OR to_jsonb(NEW) - 'ended_at' <> to_jsonb(OLD) - 'ended_at' THEN
            RAISE EXCEPTION 'a disposition only ends, once: % refused', TG_OP USING
                ERRCODE = 'restrict_violation', CONSTRAINT = 'disposition_only_ends';
        ELSIF EXISTS (SELECT FROM journeys_disposition
                       WHERE parent_id = OLD.id AND ended_at IS NULL) THEN
            RAISE EXCEPTION 'disposition %: it has parts', OLD.code USING
                ERRCODE = 'restrict_violation', CONSTRAINT = 'disposition_has_parts';
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a disposition only ends, once: % refused', TG_OP USING
            ERRCODE = 'restrict_violation', CONSTRAINT = 'disposition_only_ends';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER disposition_only_ends BEFORE INSERT OR UPDATE OR DELETE ON journeys_disposition
    FOR EACH ROW EXECUTE FUNCTION journeys_disposition_guard();

-- What may come after a call of an outcome, as `rules.steps_of` says.
CREATE FUNCTION journeys_step_fits(said journeys_disposition, step text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN said.is_sale THEN step = 'won'
        WHEN said.is_refused_for_good THEN step = 'do_not_call'
        WHEN said.is_unworkable THEN step = 'lost'
        WHEN said.is_callback THEN step = 'callback'
        ELSE step IN ('again', 'lost') OR said.is_reached AND step = 'callback' END
$$;

CREATE FUNCTION journeys_lead_call_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held journeys_leadhold;
    said journeys_disposition;
    refusal text;
BEGIN
    SELECT * INTO held FROM journeys_leadhold WHERE id = NEW.hold_id;
    SELECT * INTO said FROM journeys_disposition WHERE id = NEW.disposition_id;
    IF (held.lead_id, held.holder_id, held.called_at)
       IS DISTINCT FROM (NEW.lead_id, NEW.caller_id, NEW.called_at) THEN
        refusal := 'lead_call_of_its_hold';
    ELSIF said.parent_id IS NULL OR said.ended_at <= NEW.wrapped_at THEN
        refusal := 'lead_call_disposition_in_force';
    ELSIF NEW.next_step IN ('again', 'callback', 'won', 'lost', 'do_not_call')
          AND NOT journeys_step_fits(said, NEW.next_step) THEN
        refusal := 'lead_call_step_fits';
    END IF;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION 'call of lead %: %', NEW.lead_id, refusal
            USING ERRCODE = 'check_violation', CONSTRAINT = refusal;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_call_follows BEFORE INSERT ON journeys_leadcall
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_call_guard();
CREATE TRIGGER leadcall_fixed BEFORE UPDATE OR DELETE ON journeys_leadcall
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
SELECT journeys_open_to_erasure(
    'journeys_leadcall', 'leadcall_fixed', $owner$'lead:' || ($1 ->> 'lead_id')$owner$,
    'words', 'note', 'callee');
"""
NO_GUARDS = """
SELECT journeys_close_to_erasure('journeys_leadcall', 'leadcall_fixed');
DROP TRIGGER leadcall_fixed ON journeys_leadcall;
DROP TRIGGER lead_call_follows ON journeys_leadcall;
DROP FUNCTION journeys_lead_call_guard();
DROP FUNCTION journeys_step_fits(journeys_disposition, text);
DROP TRIGGER disposition_only_ends ON journeys_disposition;
DROP FUNCTION journeys_disposition_guard();
"""
# Code, key, names; of a part the flags that it has, delay, rotation, and limit besides.
TREE = [
    ("not_reached", 1, "未接通", "Not reached", [
        ("no_answer", 1, "无人接听", "No answer", "", 24, True, 8),
        ("busy", 2, "占线", "Line busy", "", 2, False, 8),
        ("switched_off", 3, "关机或停机", "Switched off", "", 48, True, 6),
        ("other_person", 4, "他人接听", "Somebody else answered", "", 24, True, 6),
        ("wrong_number", 5, "空号或号码不符", "Wrong number", "is_unworkable", None, False, None),
    ]),
    ("interested", 2, "有意向", "Interested", [
        ("applied", 1, "已申请", "Applied", "is_reached is_interested is_sale", None, False, None),
        ("promised", 2, "约定回电", "Wants to be called back",
         "is_reached is_interested is_callback", None, False, None),
        ("thinks", 3, "考虑中", "Thinks it over", "is_reached is_interested", 72, False, 10),
        ("material", 4, "先看资料", "Wants to read first", "is_reached is_interested", 48, False, 10),
    ]),
    ("not_interested", 3, "无意向", "Not interested", [
        ("no_need", 1, "暂不需要", "No need at present", "is_reached", 720, False, 6),
        ("has_card", 2, "已有他行卡", "Has a card elsewhere", "is_reached", 2160, False, 4),
        ("not_eligible", 3, "不符合条件", "Does not qualify", "is_reached is_unworkable",
         None, False, None),
        ("refused", 4, "拒绝再联系", "Never to be contacted again",
         "is_reached is_refused_for_good", None, False, None),
    ]),
    ("no_time", 4, "不便接听", "No time", [
        ("later", 1, "稍后再打", "Call later", "is_reached", 4, True, 8),
        ("set_time", 2, "改约时间", "Asked for another time", "is_reached is_callback",
         None, False, None),
    ]),
]  # fmt: skip
SOURCE = "出厂设置，待本行确定 / As delivered"
_FLAGS = (
    "is_reached", "is_interested", "is_sale", "is_refused_for_good", "is_unworkable", "is_callback",
)  # fmt: skip


def fill(apps, schema_editor):
    disposition = apps.get_model("journeys", "Disposition")
    usual = {"source": SOURCE, "set_at": dt.datetime(2000, 1, 1, tzinfo=dt.timezone.utc)}
    for code, place, name, name_en, parts in TREE:
        group = disposition.objects.create(
            code=code, place=place, name=name, name_en=name_en, **usual
        )
        for part, key, chinese, english, flags, hours, rotates, most in parts:
            disposition.objects.create(
                code=part, parent=group, place=key, name=chinese, name_en=english,
                recycle_hours=hours, rotates_hours=rotates, most_calls=most,
                **{flag: flag in flags.split() for flag in _FLAGS}, **usual,
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("journeys", "0159_call_wrap_up")]
    operations = [
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
