"""What the demo bank's partners and their managers say and write."""

SAID: dict[str, tuple[str, ...]] = {
    "unaware": (
        "我们店从来没想过跟银行做活动，客人也没问过",
        "刷哪家的卡对我有什么区别？",
        "你们不就是来装机器的吗，机器我有了",
        "我不清楚你们的客人平时来不来我这里",
    ),
    "not_urgent": (
        "道理我懂，等过完年再说吧",
        "现在人手都不够，没空搞活动",
        "今年的推广费已经花完了，明年看",
        "这事要总部点头，我这边不急",
        "旺季座位都坐满了，用不着拉客",
    ),
    "need_missed": (
        "打折我不要，我要的是三天内到账",
        "活动来的都是冲优惠的，老客反而有意见",
        "我们跟别的银行签了两年，你们方案也差不多",
        "你说的晚市满减，可我缺的是午市",
    ),
}
WORKED = (
    "对方同意先试一家店四周",
    "约定下月初带店长再谈细则",
    "看完同类商户的活动后主动问起费用",
    "同意把午市时段先拿出来",
)
FAILED = (
    "听完仍说再看看",
    "店长认可，合伙人没有松口",
    "对方换了话题，没有定日子",
    "资料收下了，两周没有回音",
)
# Pane, whose, kind, words.
NOTES: list[tuple[str, str, str, str]] = [
    ("open", "merchant", "need", "午市上座率低，希望补工作日十一点到一点"),
    ("open", "bank", "interest", "希望提高本行卡在店内的笔数占比"),
    ("open", "merchant", "interest", "想借活动积累会员"),
    ("ours", "bank", "interest", "我行明年餐饮预算上半年集中投放"),
    ("ours", "bank", "need", "本季需要两家门店做驻点试点"),
    ("ours", "merchant", "need", "汇总数显示周边持卡客群复购间隔拉长"),
    ("ours", "bank", "interest", "分摊比例可随淡旺季调整"),
    ("theirs", "merchant", "need", "明年拓店计划与时间"),
    ("theirs", "merchant", "interest", "与他行合同何时到期"),
    ("theirs", "merchant", "need", "谁最终拍板，预算几月定"),
    ("theirs", "merchant", "need", "收银系统何时更换，能否识别权益码"),
    ("unknown", "merchant", "need", "活动停掉之后客流会不会回落"),
    ("unknown", "bank", "interest", "新客里有多少会成为常客"),
    ("unknown", "merchant", "interest", "周边新商场开业对双方的影响"),
]
LEARNT = (
    "预算每年十一月定，由合伙人拍板",
    "明年三月开第二家店，在地铁口",
    "他行合同明年六月到期，不会自动续",
    "收银系统下个季度换，可对接权益码",
)
PURPOSES = (
    "复盘上季活动，商量明年节奏",
    "谈分摊比例的调整",
    "了解拓店计划，介绍驻点试点",
    "回应上次的顾虑，带上汇总数",
)
RESULTS = (
    "双方同意先把午市做起来，分摊下次再谈",
    "对方认可数字，要与合伙人商量后答复",
    "气氛不错，定了下次时间，带结算同事一起来",
)
PROMISES: list[tuple[str, str]] = [
    ("bank", "送上月客群汇总一页"),
    ("bank", "请结算同事说明到账规则"),
    ("bank", "给出淡季时段的试点方案"),
    ("merchant", "安排店长参加活动说明"),
    ("merchant", "提供上半年午市营业数"),
    ("merchant", "在收银台摆放活动立牌"),
]
