"""Which teams a county like this has: names, classes and bodies, by kind. Names stand without the
county's before them.
"""

from typing import NamedTuple

PARTY, INDUSTRY, SOCIAL_WORK, EMERGENCY = "party", "industry", "social_work", "emergency"

PREACHING, CUSTOMS, ART, SCREEN = "百姓宣讲", "移风易俗", "“艺”心惠民", "“e”睹为快"
HEALTH, LEARNING, SAFETY, RESCUE = "健康守护", "助学育人", "平安守护", "应急救援"
GREEN, HANDY, PAIRED, HARVEST, ERRANDS = "绿色家园", "便民服务", "关爱结对", "兴农助农", "政务代办"

# what a class of teams takes on
CLASS_CATEGORIES: dict[str, tuple[str, ...]] = {
    PREACHING: ("phone", "paperwork", "company", "other"),
    CUSTOMS: ("mediation", "company", "other"),
    ART: ("company", "tutoring", "other"),
    SCREEN: ("phone", "paperwork", "other"),
    HEALTH: ("clinic", "medicine", "escort"),
    LEARNING: ("tutoring", "company"),
    SAFETY: ("legal", "mediation", "other"),
    RESCUE: ("snow", "escort", "repair", "other"),
    GREEN: ("cleaning", "snow"),
    HANDY: ("repair", "haircut", "groceries", "coal", "medicine"),
    PAIRED: ("company", "groceries", "escort", "cleaning", "haircut"),
    HARVEST: ("farm", "other"),
    ERRANDS: ("paperwork", "phone", "groceries"),
}
EVERYDAY = ("groceries", "coal", "medicine", "escort", "cleaning", "snow", "company", "paperwork", "farm")
AT_TIMES = ("haircut", "repair", "tutoring", "phone", "mediation", "other")


class Line(NamedTuple):
    name: str
    team_class: str
    body: str  # supervising; empty: the unit itself
    track: str = INDUSTRY


DIRECT = (
    Line("理论政策宣讲", PREACHING, "委宣传部", PARTY),
    Line("文化文艺", ART, "文体广电和旅游局"),
    Line("助学支教", LEARNING, "教育局"),
    Line("医疗健身", HEALTH, "卫生健康局"),
    Line("科学普及", SCREEN, "科学技术协会"),
    Line("法律服务", SAFETY, "司法局"),
    Line("卫生环保", GREEN, "住房和城乡建设局"),
    Line("扶贫帮困", PAIRED, "民政局", SOCIAL_WORK),
    Line("农业技术", HARVEST, "农业农村局"),
    Line("应急服务", RESCUE, "应急管理局", EMERGENCY),
)

SPECIAL = (
    Line("禁毒宣传", PREACHING, "公安局"),
    Line("反诈宣传", PREACHING, "公安局"),
    Line("交通文明引导", SAFETY, "公安局"),
    Line("消防安全", RESCUE, "消防救援大队", EMERGENCY),
    Line("应急救护", RESCUE, "红十字会", EMERGENCY),
    Line("防汛抢险", RESCUE, "水务局", EMERGENCY),
    Line("森林草原防火", RESCUE, "林业和草原局", EMERGENCY),
    Line("地质灾害巡查", RESCUE, "自然资源局", EMERGENCY),
    Line("气象防灾", RESCUE, "气象局", EMERGENCY),
    Line("防震减灾", RESCUE, "应急管理局", EMERGENCY),
    Line("食品药品安全", SAFETY, "市场监督管理局"),
    Line("消费维权", SAFETY, "市场监督管理局"),
    Line("税收服务", ERRANDS, "税务局"),
    Line("金融知识", SCREEN, "金融工作服务中心"),
    Line("医保代办", ERRANDS, "医疗保障局"),
    Line("社保代办", ERRANDS, "人力资源和社会保障局"),
    Line("就业帮扶", ERRANDS, "人力资源和社会保障局"),
    Line("退役军人", RESCUE, "退役军人事务局", PARTY),
    Line("拥军优属", PAIRED, "退役军人事务局", PARTY),
    Line("职工", HANDY, "总工会", PARTY),
    Line("青年", LEARNING, "团县委", PARTY),
    Line("巾帼", PAIRED, "妇女联合会", PARTY),
    Line("家庭教育", LEARNING, "妇女联合会", SOCIAL_WORK),
    Line("“五老”关爱", LEARNING, "关心下一代工作委员会", PARTY),
    Line("红领巾", LEARNING, "团县委", PARTY),
    Line("留守儿童关爱", LEARNING, "民政局", SOCIAL_WORK),
    Line("高龄独居老人关爱", PAIRED, "民政局", SOCIAL_WORK),
    Line("残疾人帮扶", PAIRED, "残疾人联合会", SOCIAL_WORK),
    Line("心理疏导", PAIRED, "卫生健康局", SOCIAL_WORK),
    Line("健康科普", HEALTH, "卫生健康局"),
    Line("无偿献血", HEALTH, "红十字会"),
    Line("婚丧新风", CUSTOMS, "民政局", PARTY),
    Line("人民调解", SAFETY, "司法局", PARTY),
    Line("法律援助", SAFETY, "司法局"),
    Line("非遗传承", ART, "文化馆"),
    Line("剪纸香包", ART, "文化馆"),
    Line("戏曲惠民", ART, "文化馆"),
    Line("全民阅读", LEARNING, "图书馆"),
    Line("文物守护", ART, "博物馆"),
    Line("全民健身", HEALTH, "文体广电和旅游局"),
    Line("网络文明", SCREEN, "委网信办", PARTY),
    Line("公益摄影", SCREEN, "融媒体中心"),
    Line("手语翻译", PAIRED, "残疾人联合会", SOCIAL_WORK),
    Line("河湖巡护", GREEN, "水务局"),
    Line("植树造林", GREEN, "林业和草原局"),
    Line("果树技术", HARVEST, "果业发展中心"),
)

HOSPITALS = ("第一人民医院", "中医医院", "妇幼保健院")
SOCIAL_WORK_GROUPS = ("为老服务社工", "儿童关爱社工", "医务社工", "残障融合社工", "禁毒帮教社工", "婚姻家庭社工")
SCHOOLS = ("镇原中学", "第二中学", "职业中等专业学校", "特殊教育学校", "东街小学", "西街小学", "南街小学", "第一幼儿园")
TALENTS = (
    Line("返乡青年", SCREEN, "团县委", PARTY),
    Line("道德模范", PREACHING, "委宣传部", PARTY),
    Line("民间艺人", ART, "文化馆"),
    Line("乡土能人", HARVEST, "农业农村局"),
)
RESCUE_TEAMS = ("阳光救援队", "五指塬雷霆救援队")

OFFICES = (  # name, class, track
    ("委办公室", PAIRED, PARTY),
    ("人民政府办公室", ERRANDS, PARTY),
    ("人大机关", PAIRED, PARTY),
    ("政协机关", PAIRED, PARTY),
    ("纪委监委机关", CUSTOMS, PARTY),
    ("委组织部", PAIRED, PARTY),
    ("委宣传部", PREACHING, PARTY),
    ("委统战部", CUSTOMS, PARTY),
    ("委政法委", SAFETY, PARTY),
    ("委社会工作部", PAIRED, SOCIAL_WORK),
    ("委党校", PREACHING, PARTY),
    ("直机关工委", PAIRED, PARTY),
    ("人民法院", SAFETY, INDUSTRY),
    ("人民检察院", SAFETY, INDUSTRY),
    ("发展和改革局", PAIRED, INDUSTRY),
    ("教育局", LEARNING, INDUSTRY),
    ("工业信息化和商务局", SCREEN, INDUSTRY),
    ("公安局", SAFETY, INDUSTRY),
    ("民政局", PAIRED, SOCIAL_WORK),
    ("司法局", SAFETY, INDUSTRY),
    ("财政局", PAIRED, INDUSTRY),
    ("人力资源和社会保障局", ERRANDS, INDUSTRY),
    ("自然资源局", GREEN, INDUSTRY),
    ("住房和城乡建设局", HANDY, INDUSTRY),
    ("交通运输局", SAFETY, INDUSTRY),
    ("水务局", HANDY, INDUSTRY),
    ("农业农村局", HARVEST, INDUSTRY),
    ("文体广电和旅游局", ART, INDUSTRY),
    ("卫生健康局", HEALTH, INDUSTRY),
    ("退役军人事务局", PAIRED, PARTY),
    ("应急管理局", RESCUE, EMERGENCY),
    ("审计局", PAIRED, INDUSTRY),
    ("市场监督管理局", SAFETY, INDUSTRY),
    ("统计局", PAIRED, INDUSTRY),
    ("医疗保障局", ERRANDS, INDUSTRY),
    ("乡村振兴服务中心", HARVEST, INDUSTRY),
    ("林业和草原局", GREEN, INDUSTRY),
    ("供销合作社联合社", HANDY, INDUSTRY),
    ("总工会", HANDY, PARTY),
    ("团县委", LEARNING, PARTY),
    ("妇女联合会", PAIRED, PARTY),
    ("残疾人联合会", PAIRED, SOCIAL_WORK),
    ("科学技术协会", SCREEN, INDUSTRY),
    ("红十字会", RESCUE, EMERGENCY),
    ("融媒体中心", SCREEN, INDUSTRY),
    ("档案馆", LEARNING, INDUSTRY),
    ("图书馆", LEARNING, INDUSTRY),
    ("文化馆", ART, INDUSTRY),
    ("博物馆", ART, INDUSTRY),
    ("气象局", RESCUE, EMERGENCY),
    ("税务局", ERRANDS, INDUSTRY),
    ("消防救援大队", RESCUE, EMERGENCY),
    ("政务服务中心", ERRANDS, INDUSTRY),
)
ENTERPRISES = (
    ("供电公司", HANDY),
    ("自来水公司", HANDY),
    ("热力公司", HANDY),
    ("燃气公司", HANDY),
    ("邮政公司", ERRANDS),
    ("电信公司", SCREEN),
    ("移动通信公司", SCREEN),
    ("联合通信公司", SCREEN),
    ("农业银行镇原县支行", SCREEN),
    ("农村信用合作联社", SCREEN),
    ("村镇银行", SCREEN),
    ("邮政储蓄银行镇原县支行", SCREEN),
    ("汽车运输公司", SAFETY),
    ("公路段", SAFETY),
    ("新华书店", LEARNING),
    ("果品公司", HARVEST),
)
TOWN_CLASSES = (
    (CUSTOMS, "移风易俗"),
    (ART, "“艺”心惠民"),
    (PREACHING, "百姓宣讲"),
    (SCREEN, "“e”睹为快"),
)
GUIDES = {
    "hospital": "卫生健康局",
    "school": "教育局",
    "social_work": "委社会工作部",
    "rescue": "应急管理局",
    ART: "文体广电和旅游局",
    PREACHING: "委宣传部",
    CUSTOMS: "民政局",
    SCREEN: "融媒体中心",
    "party": "委组织部",
}
