# ruff: noqa: E501 one line an entry; Chinese signs count double
"""What teams do: titles, contents and risks by kind of service; and the words around it."""

from typing import NamedTuple

from zhiyuan.cli.demo_county.organisation_tables import (
    ART,
    CUSTOMS,
    ERRANDS,
    GREEN,
    HANDY,
    HARVEST,
    HEALTH,
    LEARNING,
    PAIRED,
    PREACHING,
    RESCUE,
    SAFETY,
    SCREEN,
)

DAILY, CONCENTRATED, PAIRS, MENU = "daily", "concentrated", "paired", "menu"
WINTER, SUMMER, SPRING, AUTUMN = (11, 12, 1, 2, 3), (6, 7, 8), (3, 4, 5), (9, 10, 11)
ALL_YEAR = tuple(range(1, 13))


class Script(NamedTuple):
    category: str
    title: str
    content: str
    risk: str
    form: str = DAILY
    helpers: tuple[int, int] = (4, 14)
    minutes: tuple[int, ...] = (120, 150, 180)
    helped: tuple[int, int] = (3, 20)
    skill: str = ""
    months: tuple[int, ...] = ALL_YEAR
    needed_from: int = 14
    dangerous: bool = False


_WALK = "路面不平，请穿防滑鞋，两人一组。"
_COLD = "天冷路滑，请穿厚衣防滑鞋，注意保暖。"
_HOUSE = "入户先表明身份，不收钱物；家里有狗先请主人拴好。"
_CROWD = "人多拥挤，看好随身物品，听从现场负责人安排。"

SCRIPTS: dict[str, tuple[Script, ...]] = {
    "groceries": (
        Script("groceries", "赶集日帮老人买菜买面", "按单子到集市代买，当面对账，送到家里。", _WALK),
        Script("groceries", "给独居老人送米面油", "领取爱心物资，逐户送到，登记签字。", _HOUSE, PAIRS, (3, 8)),
    ),
    "coal": (
        Script("coal", "帮独居老人搬煤入棚", "把煤从路口搬到煤棚，顺手扫净院子。", "搬运注意腰背，戴手套，两人抬。", DAILY, (4, 10), months=WINTER),
        Script("coal", "入冬前送取暖煤", "按名单送煤到户，查看炉具。", "搬运注意腰背，上下车扶稳。", CONCENTRATED, (6, 16), months=WINTER, needed_from=16),
    ),
    "medicine": (
        Script("medicine", "送药上门", "到卫生院取药，核对姓名和用量，送到老人手上。", _HOUSE, PAIRS, (2, 5), (60, 90)),
        Script("medicine", "慢病老人用药走访", "上门看药量、测血压，缺药的登记代取。", _HOUSE, PAIRS, (3, 8), (120, 150)),
    ),
    "escort": (
        Script("escort", "陪老人到县医院看病", "帮挂号、取号、缴费、取药，送回家中。", "接送注意车门和台阶，老人不适立即联系医护。", PAIRS, (2, 5), (180, 210, 240), (1, 5), needed_from=18),
        Script("escort", "医院门诊导诊", "在大厅帮不会用机器的群众挂号、缴费、找科室。", _CROWD, DAILY, (4, 10), (180, 210), (40, 160)),
    ),
    "repair": (
        Script("repair", "上门检修水电", "检查老旧线路、水龙头、开关，能换的当场换。", "断电后操作，持证人员带队。", MENU, (3, 8), helped=(6, 20), skill="repair", needed_from=18),
        Script("repair", "小家电义修进社区", "义务修理电饭锅、电水壶、台灯。", "断电后操作，工具不离手。", CONCENTRATED, (4, 9), helped=(15, 45), needed_from=16),
    ),
    "haircut": (
        Script("haircut", "公益理发进村", "为老人和行动不便的人免费理发，行动不便的上门。", "剪刀、推子用后消毒，防止划伤。", CONCENTRATED, (4, 9), helped=(20, 60)),
        Script("haircut", "敬老院义务理发", "给老人理发、剪指甲、换床单。", "工具消毒，扶稳老人。", DAILY, (4, 10), helped=(20, 50)),
    ),
    "cleaning": (
        Script("cleaning", "清扫主巷道和村口", "捡拾垃圾、清理小广告、扫净巷道。", _WALK, CONCENTRATED, (12, 40), helped=(80, 300)),
        Script("cleaning", "为高龄老人打扫院落", "扫院、擦窗、洗被褥，检查灶台和烟道。", _HOUSE, PAIRS, (4, 9), helped=(2, 8)),
        Script("cleaning", "河道捡拾垃圾", "沿河捡拾塑料和农膜，分类装袋运走。", "离水边一米，不下水，穿防滑鞋。", CONCENTRATED, (10, 30), helped=(100, 400), needed_from=16),
    ),
    "snow": (
        Script("snow", "清扫门前积雪", "扫通巷道和老人门前的路，撒炉灰防滑。", _COLD, CONCENTRATED, (8, 30), (90, 120), (20, 90), months=WINTER),
        Script("snow", "清灶查烟道，防煤气中毒", "逐户查看炉具、烟道、报警器，讲通风要点。", "入户先开窗，头晕立即离开并报告。", DAILY, (6, 14), helped=(15, 40), months=WINTER, needed_from=16),
    ),
    "tutoring": (
        Script("tutoring", "作业辅导", "辅导小学作业，讲错题，读一本书。", "孩子由家长接走，不单独外出。", DAILY, (4, 9), (90, 120), (12, 30), "teaching"),
        Script("tutoring", "假期小课堂", "阅读、书法、画画和安全课，中午管一顿饭。", "出入登记，家长签字接送。", CONCENTRATED, (6, 14), (180, 240), (20, 45), months=(1, 2, 7, 8)),
        Script("tutoring", "陪伴留守儿童", "一起做手工、打视频电话给父母。", "不单独带孩子离开场地。", PAIRS, (5, 12), (150, 180), (10, 30)),
    ),
    "company": (
        Script("company", "陪老人说说话，包饺子", "包饺子、量血压、拉家常。", _HOUSE, PAIRS, (5, 14), helped=(8, 30)),
        Script("company", "给高龄老人过生日", "做长寿面、照相、唱戏。", _HOUSE, CONCENTRATED, (6, 16), helped=(5, 30)),
        Script("company", "看望独居老人", "逐户走访，看吃住冷暖，记下缺什么。", _HOUSE, PAIRS, (4, 10), helped=(6, 20)),
    ),
    "paperwork": (
        Script("paperwork", "帮办医保缴费和高龄补贴", "带老人材料到大厅或在手机上代办，当面交还证件。", "证件当面交还，不留照片。", MENU, (3, 8), helped=(15, 50)),
        Script("paperwork", "政务大厅帮办代办", "引导取号、填表、复印，帮老人代办。", _CROWD, DAILY, (3, 8), (180, 210), (40, 150)),
    ),
    "phone": (
        Script("phone", "教老人用手机挂号缴费", "一对一教视频通话、挂号、缴费、防诈骗。", "不代输密码，不碰钱款。", MENU, (4, 10), helped=(15, 45)),
        Script("phone", "“e”学堂：手机小课", "拍照、发视频、查快递，一次学会一样。", "不代输密码，不碰钱款。", DAILY, (4, 9), (90, 120), (12, 40)),
    ),
    "clinic": (
        Script("clinic", "义诊进村：量血压测血糖", "义诊、测血糖、讲用药，疑难的登记转诊。", "执业人员看诊，器械一人一消毒。", CONCENTRATED, (6, 14), (180, 210), (40, 120), "medicine", needed_from=18),
        Script("clinic", "健康大讲堂和体检", "讲高血压、合理用药，量血压，发健康卡。", "执业人员讲解，老人久坐注意起身。", CONCENTRATED, (6, 12), helped=(40, 140)),
    ),
    "farm": (
        Script("farm", "帮缺劳力户收玉米", "掰玉米、运回院、码好晾晒。", "镰刀、车辆注意安全，戴手套，防中暑。", DAILY, (6, 18), (180, 240), (2, 8), months=(9, 10), needed_from=16),
        Script("farm", "帮缺劳力户摘苹果", "摘果、分拣、装箱。", "上梯有人扶，轻拿轻放。", DAILY, (6, 18), (180, 240), (2, 8), months=(9, 10, 11), needed_from=16),
        Script("farm", "春耕帮扶铺地膜", "铺膜、拉水、点种。", "农具不对人，注意防晒。", DAILY, (6, 16), (180, 240), (2, 8), months=SPRING, needed_from=16),
        Script("farm", "果树修剪技术指导", "在果园示范修剪、拉枝、防冻。", "剪刀、锯子注意安全，上梯有人扶。", MENU, (4, 10), helped=(20, 60), skill="farming", months=(1, 2, 3, 11, 12), needed_from=18),
    ),
    "legal": (
        Script("legal", "法律咨询赶集摆摊", "解答婚姻、土地、欠薪问题，发宣传册。", _CROWD, MENU, (4, 9), helped=(30, 90)),
        Script("legal", "防诈骗防非法集资宣传", "讲案例、装国家反诈中心、认清套路。", _CROWD, CONCENTRATED, (6, 16), (90, 120), (40, 150)),
    ),
    "mediation": (
        Script("mediation", "邻里纠纷调解日", "坐下来说地界、说赡养，当场写下说好的话。", "双方分开坐，情绪激动先停一停。", MENU, (3, 7), helped=(4, 16), skill="mediation", needed_from=18),
        Script("mediation", "婚育新风进家门", "讲彩礼、讲节俭办事，签倡议书。", _HOUSE, DAILY, (4, 10), helped=(20, 60)),
    ),
}  # fmt: skip
_OTHER: dict[str, tuple[Script, ...]] = {
    PREACHING: (
        Script("other", "党的创新理论进村宣讲", "在村头院落用方言讲政策，答问。", _CROWD, CONCENTRATED, (5, 12), (90, 120), (30, 120)),
        Script("other", "惠民政策赶集宣讲", "摆摊讲医保、低保、种粮补贴，发明白卡。", _CROWD, CONCENTRATED, (6, 16), (120, 150), (60, 200)),
    ),
    CUSTOMS: (Script("other", "移风易俗倡议进村", "讲节俭办婚丧，评“好媳妇、好婆婆”。", _CROWD, CONCENTRATED, (6, 14), (90, 120), (30, 120)),),
    ART: (
        Script("other", "文艺下乡演出", "唱戏、快板、秦腔折子戏。", "搭台、电线由专人负责，观众不上台。", CONCENTRATED, (14, 36), (120, 150, 180), (100, 420)),
        Script("other", "剪纸香包传习", "老艺人教剪纸、缝香包。", "剪刀、针线注意孩子。", MENU, (4, 10), helped=(12, 40)),
    ),
    SCREEN: (Script("other", "拍下村里的好样子", "教短视频拍摄，帮村里合作社做一条片子。", "不拍他人正脸，拍孩子先问家长。", MENU, (4, 10), helped=(10, 40)),),
    RESCUE: (
        Script("other", "隐患巡查", "查沟道、滑坡点、独居户，拍照上报。", "不进沟底，两人一组，雷雨即撤。", DAILY, (6, 16), (150, 180, 240), (50, 200), needed_from=18, dangerous=True),
        Script("other", "应急救护培训", "教心肺复苏、止血包扎，每人练一遍。", "轻按假人，膝盖垫软垫。", CONCENTRATED, (8, 24), (150, 180), (20, 80)),
        Script("other", "绳索和破拆训练", "队内训练：绳结、下降、破拆。", "戴头盔手套，双保险，教练一对一看护。", CONCENTRATED, (10, 26), (180, 240), (0, 0), "rescue", needed_from=18, dangerous=True),
    ),
    SAFETY: (Script("other", "交通文明劝导", "在路口劝导戴头盔、走斑马线。", "站在人行道上，穿反光背心，不追车。", DAILY, (4, 10), (90, 120), (80, 300), needed_from=16),),
    GREEN: (
        Script("other", "植树护绿", "挖坑、栽树、浇水、绑支架。", "铁锹不对人，注意防晒补水。", CONCENTRATED, (20, 60), (150, 180), (100, 300), months=(3, 4, 10, 11)),
        Script("other", "垃圾分类宣传", "入户讲分类，现场分一遍。", _HOUSE, DAILY, (5, 12), (90, 120), (30, 90)),
    ),
    LEARNING: (Script("other", "全民阅读进校园", "领读一本书，换一本书。", "孩子由老师带队，不单独外出。", CONCENTRATED, (6, 14), (90, 120), (40, 120)),),
    HEALTH: (Script("other", "无偿献血现场服务", "引导登记、陪护、送水。", "献血者头晕立即坐下并叫医护。", CONCENTRATED, (6, 14), (180, 240), (40, 120)),),
    HARVEST: (Script("other", "农技赶集问答", "看叶子、看果子，现场开方子。", _CROWD, MENU, (4, 8), helped=(30, 90)),),
    PAIRED: (Script("other", "爱心物资分拣入户", "分拣衣物被褥，按名单送到户。", "搬运注意腰背，入户表明身份。", CONCENTRATED, (8, 20), helped=(15, 60)),),
    HANDY: (Script("other", "便民服务进社区", "磨剪刀、量血压、修鞋、理发一条龙。", _CROWD, CONCENTRATED, (10, 24), (150, 180), (60, 200)),),
    ERRANDS: (Script("other", "惠民政策帮查帮办", "帮查补贴到账、帮填申请表。", "证件当面交还，不留照片。", MENU, (4, 8), helped=(20, 60)),),
}  # fmt: skip
EVERYBODYS = (
    Script("other", "学雷锋志愿服务集市", "宣讲、义诊、理发、修理、反诈，一场办齐。", _CROWD, CONCENTRATED, (24, 70), (180, 210), (150, 500), months=(3, 9, 10, 12)),
)  # fmt: skip


def scripts_for(team_class: str, categories: tuple[str, ...]) -> tuple[Script, ...]:
    """All that a team of this class can put on."""
    own = tuple(script for category in categories for script in SCRIPTS.get(category, ()))
    return own + _OTHER.get(team_class, ()) * 2 + EVERYBODYS


# what an activity is called that answers somebody's request; it says nothing of who asked
VISIT_TITLES = {
    "groceries": "帮老人代买菜粮",
    "coal": "帮老人搬煤",
    "medicine": "代取药品送到家",
    "escort": "陪同就医",
    "repair": "上门修水电",
    "haircut": "上门理发",
    "cleaning": "上门打扫",
    "snow": "扫雪清灶",
    "tutoring": "辅导孩子功课",
    "company": "上门陪伴",
    "paperwork": "代办手续",
    "phone": "教用手机",
    "clinic": "上门量血压测血糖",
    "farm": "帮干农活",
    "legal": "上门法律咨询",
    "mediation": "上门调解",
    "other": "上门帮忙",
}
VISIT_RISK = "入户先表明身份，不收钱物；两人同行，老人不适立即联系家属和卫生院。"
CANCEL_REASONS = (
    "下大雪，道路封闭。",
    "当天有强降雨预警，改期另行通知。",
    "场地临时有其他安排。",
    "报名人数太少，并入下周活动。",
)
LEAVE_REASONS = ("临时有事", "身体不舒服", "家里有事", "要上班")
OUTCOMES = (
    "按计划做完，群众反映好。",
    "全部送到，签字登记齐全。",
    "来的人比预计多，下次多备几张桌子。",
    "现场秩序好，有两户需要再去一次。",
    "都做完了，没有出安全问题。",
    "讲得明白，群众问得多。",
)  # fmt: skip
