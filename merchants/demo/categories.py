"""Merchant categories of the demo bank: codes of ISO 18245, with names of our own."""

from dataclasses import dataclass

from merchants.directory.enums import Scenario as S


@dataclass(frozen=True)
class Category:
    """A category; `share` is how many of a hundred merchants it has, `kinds` the endings of
    their names in Chinese and English."""

    mcc: str
    name: str
    name_en: str
    scenario: str
    share: float
    kinds: tuple[tuple[str, str], ...]


CATEGORIES = [
    Category(
        "5812",
        "餐馆",
        "Eating places and restaurants",
        S.DINING,
        14,
        (("酒家", "Restaurant"), ("小馆", "Bistro"), ("私房菜", "Kitchen"), ("火锅", "Hotpot")),
    ),
    Category(
        "5814",
        "快餐店",
        "Fast food restaurants",
        S.DINING,
        7,
        (("面馆", "Noodles"), ("快餐", "Fast Food"), ("粥铺", "Congee")),
    ),
    Category("5813", "饮酒场所", "Drinking places", S.DINING, 2, (("小酒馆", "Taproom"),)),
    Category(
        "5462", "面包糕点店", "Bakeries", S.DINING, 4, (("烘焙", "Bakery"), ("茶点", "Tea House"))
    ),
    Category(
        "5411",
        "超市",
        "Groceries and supermarkets",
        S.GROCERIES,
        8,
        (("超市", "Supermarket"), ("生鲜", "Fresh Market")),
    ),
    Category(
        "5499",
        "便利店与食品专卖",
        "Convenience and speciality food shops",
        S.GROCERIES,
        5,
        (("便利店", "Convenience"), ("果品", "Fruit")),
    ),
    Category(
        "5311",
        "百货商店",
        "Department stores",
        S.GROCERIES,
        3,
        (("百货", "Department Store"), ("购物中心", "Mall")),
    ),
    Category(
        "5441",
        "糖果坚果店",
        "Candy, nut and confectionery shops",
        S.GROCERIES,
        1,
        (("炒货", "Nuts"),),
    ),
    Category(
        "7011",
        "酒店住宿",
        "Hotels, motels and resorts",
        S.TRAVEL,
        4,
        (("酒店", "Hotel"), ("民宿", "Guesthouse")),
    ),
    Category(
        "4722", "旅行社", "Travel agencies and tour operators", S.TRAVEL, 2, (("旅行社", "Travel"),)
    ),
    Category("4511", "航空公司", "Airlines and air carriers", S.TRAVEL, 0.7, (("航空", "Air"),)),
    Category(
        "4112", "铁路客运", "Passenger railways", S.TRAVEL, 0.7, (("铁路票务", "Rail Tickets"),)
    ),
    Category(
        "7991",
        "旅游景点",
        "Tourist attractions and exhibits",
        S.TRAVEL,
        1.3,
        (("景区", "Scenic Area"),),
    ),
    Category("4121", "出租车", "Taxi-cabs and limousines", S.CAR, 1.3, (("出行", "Rides"),)),
    Category("5541", "加油站", "Service stations", S.CAR, 4, (("加油站", "Service Station"),)),
    Category(
        "7538", "汽车维修", "Automotive service shops", S.CAR, 2.5, (("汽修", "Car Service"),)
    ),
    Category("7542", "洗车", "Car washes", S.CAR, 2, (("洗车", "Car Wash"),)),
    Category("7523", "停车场", "Parking lots and garages", S.CAR, 2, (("停车场", "Parking"),)),
    Category("5912", "药店", "Drug stores and pharmacies", S.HEALTH, 4, (("大药房", "Pharmacy"),)),
    Category(
        "8021", "牙科诊所", "Dentists and orthodontists", S.HEALTH, 1.5, (("口腔", "Dental"),)
    ),
    Category("8062", "医院", "Hospitals", S.HEALTH, 1.5, (("医院", "Hospital"),)),
    Category(
        "8099",
        "健康服务",
        "Medical and health services",
        S.HEALTH,
        1,
        (("体检中心", "Health Check"),),
    ),
    Category(
        "7997", "健身会所", "Sports and recreation clubs", S.HEALTH, 2, (("健身", "Fitness"),)
    ),
    Category(
        "8299",
        "培训学校",
        "Schools and educational services",
        S.EDUCATION,
        2.5,
        (("培训", "Training"), ("外语", "Language School")),
    ),
    Category(
        "8211",
        "中小学",
        "Elementary and secondary schools",
        S.EDUCATION,
        1,
        (("实验学校", "School"),),
    ),
    Category(
        "8220",
        "高等院校",
        "Colleges and professional schools",
        S.EDUCATION,
        0.7,
        (("职业学院", "College"),),
    ),
    Category("5942", "书店", "Bookshops", S.EDUCATION, 2, (("书店", "Books"),)),
    Category(
        "5969",
        "网上商城",
        "Direct marketing, not elsewhere classified",
        S.ONLINE,
        3.5,
        (("商城", "Online Mall"), ("优选", "Online Shop")),
    ),
    Category(
        "5815",
        "数字影音",
        "Digital goods: audio and video",
        S.ONLINE,
        1.3,
        (("视频", "Video"), ("音乐", "Music")),
    ),
    Category("5816", "网络游戏", "Digital goods: games", S.ONLINE, 1, (("游戏", "Games"),)),
    Category("4814", "电信服务", "Telecommunication services", S.ONLINE, 1, (("通信", "Telecom"),)),
    Category("5732", "电子产品", "Electronics shops", S.ONLINE, 2, (("数码", "Digital"),)),
    Category("5651", "服装店", "Family clothing shops", S.OTHER, 4, (("服饰", "Clothing"),)),
    Category("5661", "鞋店", "Shoe shops", S.OTHER, 1.5, (("鞋业", "Shoes"),)),
    Category(
        "5712", "家具家居", "Furniture and home furnishings", S.OTHER, 1.5, (("家居", "Home"),)
    ),
    Category(
        "7230", "美容美发", "Beauty and barber shops", S.OTHER, 2.5, (("美发", "Hair Studio"),)
    ),
    Category("7832", "电影院", "Motion picture theatres", S.OTHER, 2, (("影城", "Cinema"),)),
    Category(
        "5944", "珠宝钟表", "Jewellery, watch and clock shops", S.OTHER, 1, (("珠宝", "Jewellery"),)
    ),
    Category("4900", "公用事业", "Utilities", S.OTHER, 1, (("水电缴费", "Utilities"),)),
]

ONLINE_MCC = frozenset({"5969", "5815", "5816", "4814", "4511", "4112", "4900"})
