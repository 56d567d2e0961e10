"""The three roots, which stay, and the bank's own first reasons and answers below them."""

import datetime as dt

from django.db import migrations

WRITTEN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
# Each reason: name and how it is recognised, in both languages; its answers; the reasons below it.
TREE = {
    "unaware": (
        ["缺乏意识", "Unaware of the need", "对方没有想过持卡客群能带来什么，谈不出自己的问题", "They never thought of what card customers could bring, and name no problem of their own"],
        [
            ["talk", "先算一笔账", "Count it first", "“您这里上个月有多少客人刷的是我们的卡？我带了同街区的汇总数，先不谈合作。”", "“How many of your guests paid by our card last month? I brought the sums for this street; no talk of a partnership yet.”"],
            ["move", "送一页客群汇总", "One page about their guests", "按规定口径做一页汇总：客群时段、客单价区间、复购间隔，不含任何个人信息", "Bring one page of aggregates within the rules: hours, spending bands, days between visits; nothing about any person"],
        ],
        {
            "A1": (
                ["不了解持卡客群", "Does not know the card customers", "会问“你们的客人和我的客人是一群人吗”", "Asks whether our customers are theirs at all"],
                [
                    ["move", "请对方看同类商户的一次活动", "Show a campaign at a like merchant", "约到同商圈已合作商户现场看一次活动日，由对方店长自己讲", "Visit a campaign day at a partner nearby, and let its manager tell the story"],
                    ["talk", "从淡季时段说起", "Begin with the quiet hours", "“周二下午的空桌，先拿这一段来试，晚市照旧。”", "“Tuesday afternoon has free tables: let us try that alone, and leave the evening as it is.”"],
                ],
                {},
            ),
            "A2": (
                ["把合作当成推销刷卡机", "Takes it for selling terminals", "一开口就问手续费和机具，不接营销话题", "Asks for fees and terminals at once, and does not speak of marketing"],
                [
                    ["talk", "把结算和营销分开", "Part settlement from marketing", "“收单费率由收单同事谈，我只谈怎样让老客多来一次。”", "“Fees are for my colleagues of acquiring. I am here about one more visit of your regulars.”"],
                ],
                {},
            ),
        },
    ),
    "not_urgent": (
        ["需求不紧迫", "Need is not urgent", "认可方向，但总说以后再看，没有日子", "Agrees in general, and puts it off without a day"],
        [
            ["talk", "定一个以后的日子", "Fix the later day", "“好，那我们约下一个淡季前两周碰一次，我把数字更新好。”", "“Good: let us meet two weeks before your next quiet season, and I bring fresh figures.”"],
            ["move", "做一次小范围试点", "A small trial", "一家门店、四周、限定时段，费用上限写明，结束时一起看结果", "One store, four weeks, fixed hours, a written ceiling of cost; look at the result together"],
        ],
        {
            "B1": (
                ["生意正旺，人手不够", "Business is full, staff is short", "“现在都忙不过来”", "“We cannot even serve those who come”"],
                [
                    ["move", "由我方驻点承担现场", "Our people do the work on site", "活动日由我方派人驻点办理，收银员只需提示一句", "Our staff is on site on campaign days; the till only mentions it"],
                    ["talk", "旺季不加客，留住客", "Keep guests, not add them", "“旺季不求多来，只求今天来的人淡季再来一次。”", "“In the busy season, no more guests: only that today's come again when it is quiet.”"],
                ],
                {},
            ),
            "B2": (
                ["要等总部或合伙人点头", "Waits for head office or a partner", "门店负责人做不了主", "The manager of the store cannot decide"],
                [
                    ["move", "备好一页给能拍板的人", "One page for who decides", "把设想、费用、退出办法写成一页，请店长转交并约三方通话", "Idea, cost and way out on one page; ask the manager to hand it on, and fix a call of three"],
                ],
                {},
            ),
            "B3": (
                ["预算已用完", "The budget is spent", "“今年的推广费已经花完了”", "“This year's promotion money is gone”"],
                [
                    ["talk", "谈明年预算的时点", "Ask when the next budget is made", "“明年的推广预算几月定？我们提前一个月把方案放到您桌上。”", "“When is next year's budget made? Our plan is on your desk a month before.”"],
                    ["move", "先用不出钱的权益", "Begin with what costs no money", "以时段预留、排队优先等不出钱的权益先行，预算到位再加", "Begin with kept tables or a shorter queue; add money when there is a budget"],
                ],
                {},
            ),
        },
    ),
    "need_missed": (
        ["未抓住需求点", "The need was missed", "对方有难题，但我们的方案答的不是那一个", "They have a problem, and our proposal answers another one"],
        [
            ["talk", "请对方排出三件难事", "Ask for three problems", "“如果今年只能解决一件事，是哪一件？第二、第三呢？”", "“If one thing could be solved this year, which? And the second, the third?”"],
            ["move", "带着改过的方案再来一次", "Come again with another proposal", "三天内按对方排出的第一件难事改方案，只改一处，写明改了什么", "Within three days change the proposal for the first of their problems, one thing only, and say what changed"],
        ],
        {
            "C1": (
                ["更在意结算周期", "Cares more about settlement", "反复问几天到账", "Keeps asking in how many days the money comes"],
                [
                    ["move", "请结算同事一同上门", "Bring a colleague of settlement", "与结算条线同事一起拜访，当场说明到账规则与可选周期", "Visit together with settlement, and explain the rules and the choices there are"],
                ],
                {},
            ),
            "C2": (
                ["担心拉低客单价", "Fears for the average bill", "“打折客来了，老客也要折扣”", "“Discount hunters come, and regulars want it too”"],
                [
                    ["talk", "换成满额礼，不打折", "A gift from a sum on, no discount", "“不动价目，消费满额送一份您自己的招牌小食。”", "“Your prices stay: from a sum on, the guest gets one of your own small dishes.”"],
                    ["move", "只对新客发放", "For new guests only", "按首次到店筛选，老客看不到，四周后比较客单价", "Only who comes for the first time gets it; compare the average bill after four weeks"],
                ],
                {},
            ),
            "C3": (
                ["已与他行合作", "Works with another bank", "“我们跟别的银行签了”", "“We signed with another bank”"],
                [
                    ["talk", "不评他行，只问空档", "Say nothing of others, ask for gaps", "“他们的活动覆盖哪些时段？没有覆盖的时段，我们可以先试。”", "“Which hours does theirs cover? We could try those it does not.”"],
                    ["move", "记下对方合同到期日", "Note when that contract ends", "问清到期月份，记入视窗“待了解”，到期前九十天再约", "Ask for the month it ends, note it in the window, and meet ninety days before"],
                ],
                {},
            ),
        },
    ),
}  # fmt: skip


def plant(apps, schema_editor):
    for root, (said, answers, below) in TREE.items():
        _grow(apps, None, root, said, answers, below)


def _grow(apps, parent, root, said, answers, below):
    name, name_en, text, text_en = said
    reason = apps.get_model("merchants", "RefusalReason").objects.create(
        parent=parent, root=root, depth=parent.depth + 1 if parent else 0, name=name,
        name_en=name_en, text=text, text_en=text_en, added_at=WRITTEN,
    )  # fmt: skip
    for kind, name, name_en, text, text_en in answers:
        apps.get_model("merchants", "RefusalAnswer").objects.create(
            reason=reason, kind=kind, name=name, name_en=name_en, text=text, text_en=text_en,
            added_at=WRITTEN,
        )  # fmt: skip
    for child in below.values():
        _grow(apps, reason, root, *child)


class Migration(migrations.Migration):
    dependencies = [("merchants", "0020_refusal_guards")]
    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
