"""What may be done for a mood, as it is delivered; a row stays as it is."""

from django.db import migrations

FIXED = """
CREATE TRIGGER moodmove_fixed BEFORE UPDATE OR DELETE ON journeys_moodmove
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NOT_FIXED = "DROP TRIGGER moodmove_fixed ON journeys_moodmove;"
_LAW = "消费者权益保护法第9条（自主选择） / Consumer rights law, art. 9"
_HOUSE = "出厂设置，待本行确定 / As delivered"
# Mood, code, names, words, source.
MOVES = [
    ("calm", "ask_first", "先问需求", "Ask about needs first",
     "您平时刷卡主要用在哪些方面？", "What do you mostly pay by card for?", _HOUSE),
    ("calm", "one_benefit", "只讲一项权益", "One benefit only",
     "我只介绍一项和您相关的权益，一分钟。", "One benefit that fits you, in one minute.", _HOUSE),
    ("pleased", "next_step", "说明下一步", "Name the next step",
     "您看现在申请，还是我把资料发给您？", "Would you apply now, or shall I send it to you?", _HOUSE),
    ("hesitant", "say_costs", "主动说明费用", "Say what it costs",
     "年费和免年费条件我先给您讲清楚。", "Let me first say what it costs, and when it costs nothing.",
     _LAW),
    ("hesitant", "leave_time", "留出时间", "Leave time",
     "您不用现在决定，我们约个时间再聊。", "No need to decide now; shall we set a time?", _LAW),
    ("annoyed", "short_and_sorry", "致歉并缩短", "Apologise, be short",
     "抱歉打扰了，我只说一句就结束。", "Sorry to disturb you; one sentence and I am done.", _HOUSE),
    ("annoyed", "offer_never", "提供不再联系", "Offer never to call again",
     "如果您不希望再接到电话，我马上登记。", "If you want no more calls I note it at once.",
     "个人信息保护法第24条（拒绝方式） / Personal information law, art. 24"),
    ("angry", "end_politely", "礼貌结束", "End politely",
     "非常抱歉，我马上结束通话，近期不再打扰。", "I am sorry. I end the call now, and we leave you in peace.",
     _HOUSE),
    ("angry", "name_complaint", "告知投诉渠道", "Name where to complain",
     "您可以拨打客服电话投诉，我也可以代为登记。", "You may complain to our service line, or I note it for you.",
     "银行业保险业消费投诉处理管理办法 / Rules on consumer complaints"),
]  # fmt: skip


def fill(apps, schema_editor):
    move, places = apps.get_model("journeys", "MoodMove"), {}
    for mood, code, name, name_en, words, words_en, source in MOVES:
        places[mood] = places.get(mood, 0) + 1
        move.objects.create(
            mood=mood, code=code, place=places[mood], name=name, name_en=name_en, words=words,
            words_en=words_en, source=source,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("journeys", "0162_moods")]
    operations = [
        migrations.RunSQL(FIXED, NOT_FIXED),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
