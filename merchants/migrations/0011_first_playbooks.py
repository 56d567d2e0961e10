"""The bank's own playbooks, one for each phase, until somebody writes another version."""

import datetime as dt

from django.db import migrations

WRITTEN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
BOOKS = {
    "prospect": {
        "goals": [
            ["弄清商户真正的需求，找到能拍板的人", "Learn what the merchant really needs, and who decides there"],
            ["判断值不值得进入比较", "Judge whether it is worth a comparison"],
        ],
        "tasks": [
            [2, "核对商户主体、行业类别与结算账户", "Check the merchant's registration, category and settlement account"],
            [5, "拜访负责人，记下三个经营难题", "Visit whoever decides, and note three problems of the business"],
            [8, "取得同城同类商户的用卡数据作参照", "Get card figures of like merchants in the city for reference"],
            [12, "写出合作设想一页纸，交主管过目", "Write the idea of the partnership on one page for the branch manager"],
        ],
        "tracks": [
            ["“您的客人里有多少是我们的持卡人？我们可以先免费算给您看。”", "“How many of your guests carry our card? We can count it for you first, at no cost.”"],
            ["“先不谈费率，谈谈淡季怎么把座位坐满。”", "“Leave the rates for later: how do we fill your seats in the quiet season?”"],
        ],
        "measures": [
            ["从首次拜访到有结论的天数", "Days from the first visit to an answer"],
            ["商户处本行卡交易笔数占比", "Share of our cards in its card payments"],
        ],
    },
    "comparison": {
        "goals": [
            ["与同城同类商户逐项比较，选出最值得投入的一家", "Compare with like merchants of the city, and choose the one worth most"],
            ["比较口径一致：同类别、同城、同月份", "Compare like with like: same category, same city, same months"],
        ],
        "tasks": [
            [3, "确定参照商户名单并说明理由", "Fix the list of merchants to compare with, and say why these"],
            [7, "整理近三个月交易额、获客与活动成本", "Gather turnover, new cards and campaign cost of three months"],
            [10, "向商户收集其他银行的合作条件", "Ask the merchant what other banks offer"],
            [15, "开比较会，形成书面结论", "Hold the comparison meeting and write down its result"],
        ],
        "tracks": [
            ["“我们把几家的数字放在一起看，您的优势在周末。”", "“Side by side with others, your strength is the weekend.”"],
            ["“同样的补贴，放在您这里能多带来多少笔，我们一起算。”", "“Let us work out how many more sales the same money brings here.”"],
        ],
        "measures": [
            ["每元补贴带来的交易额", "Turnover for each yuan spent"],
            ["新客首刷占比", "Share of first purchases by new card holders"],
            ["活动期外的回访率", "Share of customers who return outside the campaign"],
        ],
    },
    "confirmed": {
        "goals": [
            ["签署协议，权责与分摊比例写清楚", "Sign, with duties and shares of cost in plain words"],
            ["三十天内让第一个联合活动上线", "Have the first joint campaign running within thirty days"],
        ],
        "tasks": [
            [2, "核对协议的期限、分摊比例与数据条款", "Check term, shares of cost and the data clause of the contract"],
            [5, "培训门店收银员识别本行卡权益", "Train the cashiers to recognise the benefits of our cards"],
            [10, "摆放物料并拍照留存", "Put up the material and keep photographs"],
            [20, "复盘首月数据并与商户确认", "Go through the first month's figures with the merchant"],
        ],
        "tracks": [
            ["“第一个月我们每周给您一次数据，有问题当周就改。”", "“In the first month you get figures every week, and what is wrong is mended that week.”"],
            ["“收银台一句话就够：‘用某某卡，今天减二十。’”", "“One sentence at the till is enough: ‘with this card, twenty off today’.”"],
        ],
        "measures": [
            ["首月交易额对目标的完成率", "First month's turnover against the target"],
            ["收银员推荐率（暗访）", "How often cashiers mention the card (test purchases)"],
            ["权益核销成功率", "Share of benefits redeemed without trouble"],
        ],
    },
    "perfect": {
        "goals": [
            ["守住交易额，把合作延伸到新的场景", "Hold the turnover, and carry the partnership into new scenarios"],
            ["到期前九十天开始谈续约", "Begin to talk of renewal ninety days before the end"],
        ],
        "tasks": [
            [10, "回访负责人，记录满意与不满意各一条", "Visit whoever decides: note one thing that pleases and one that does not"],
            [20, "提出一个新场景的联合活动方案", "Propose a joint campaign in a new scenario"],
            [40, "核对双方承诺的兑现情况", "Check what both sides promised and kept"],
            [60, "更新续约时间表", "Bring the calendar of renewal up to date"],
        ],
        "tracks": [
            ["“合作这么顺，我们想把早餐时段也做起来，您看如何？”", "“This goes so well that we would like to try breakfast too. What do you think?”"],
            ["“这是您今年从我们这里得到的三笔账，一起核一核。”", "“Here is what you gained from us this year; let us check it together.”"],
        ],
        "measures": [
            ["扣除季节后的交易额走势", "Trend of turnover with the season taken out"],
            ["双方承诺兑现率", "Share of promises kept by both sides"],
            ["交叉场景交易占比", "Share of turnover in the new scenario"],
        ],
    },
    "wavering": {
        "goals": [
            ["两周内找到动摇的原因", "Find the cause within two weeks"],
            ["拿出一项能当月见效的改进", "Offer one change that shows within the month"],
        ],
        "tasks": [
            [1, "当天致电负责人，先听不辩", "Call whoever decides the same day: listen, do not argue"],
            [3, "到店观察一个营业高峰", "Watch one busy hour at the store"],
            [5, "查清对手条件，写进证据", "Find out what rivals offer, and note it as evidence"],
            [8, "与主管商定让步范围", "Agree with the branch manager how far to go"],
            [10, "提出改进方案并约定复查日", "Make an offer, and fix the day on which it is looked at again"],
        ],
        "tracks": [
            ["“最近刷卡少了两成，我们先想听听您这边发生了什么。”", "“Card sales fell by a fifth lately. First tell us what happened on your side.”"],
            ["“别家给的价我们未必跟，但到店的人我们能带。”", "“We may not match the price of others, but we can bring the people.”"],
        ],
        "measures": [
            ["与去年同期相比的交易额变化", "Turnover against the same weeks a year ago"],
            ["从预警到首次拜访的工作日", "Working days from the warning to the first visit"],
            ["客户投诉条数", "Complaints of customers"],
        ],
    },
    "adjustment": {
        "goals": [
            ["按市场与客户的变化重谈条件", "Negotiate anew, as market and customers changed"],
            ["调整后三十天有可比的数据", "Have figures to compare thirty days after the change"],
        ],
        "tasks": [
            [3, "列出双方各想改变的条款", "List the terms that each side wants to change"],
            [7, "测算新分摊比例对双方全年的影响", "Work out what the new shares mean for both sides in a year"],
            [12, "形成补充协议草案送合规审阅", "Draft the addendum and have compliance read it"],
            [18, "与商户确认生效日和复盘日", "Agree on the day it takes effect and the day of review"],
        ],
        "tracks": [
            ["“条件不是越低越好，是要让您淡季也有客人。”", "“The point is not the lowest terms, but guests in the quiet season too.”"],
            ["“我们让在明处：您多出两个点，我们多送一场活动。”", "“Openly: for two points more from you, one more campaign from us.”"],
        ],
        "measures": [
            ["新旧条件下每笔交易的成本", "Cost of a sale under old and new terms"],
            ["调整后三十天交易额", "Turnover in the thirty days after the change"],
        ],
    },
}


def write(apps, _editor):
    """This will write the first version of each."""
    apps.get_model("merchants", "Playbook").objects.bulk_create(
        apps.get_model("merchants", "Playbook")(
            phase=phase, branch=None, number=1, content={"schema": 1, **content}, written_by=None,
            written_at=WRITTEN, reason="出厂内容 / As delivered",
        )
        for phase, content in BOOKS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("merchants", "0010_partnership_rule")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
