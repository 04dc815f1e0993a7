"""The demo county's menu: 36 lines below the categories, as the counties of the district print them."""

from typing import NamedTuple

ALL, BELOW_COUNTY, VILLAGES, COUNTY = "", ",subcentre,station,mobile,", ",station,mobile,", ",centre,special,"


class MenuLine(NamedTuple):
    category: str
    code: str
    zh: str
    en: str
    note_zh: str = ""
    note_en: str = ""
    levels: str = ALL
    season: tuple[int | None, int | None] = (None, None)


MENU = (
    MenuLine(
        "groceries",
        "groceries_carry",
        "代买米面油菜",
        "Shopping for food",
        "钱当面点清",
        "Money is counted in front of you",
    ),
    MenuLine("groceries", "groceries_heavy", "重物送上门", "Heavy things to the door", levels=BELOW_COUNTY),
    MenuLine("coal", "coal_carry", "搬煤入户", "Coal into the house", levels=VILLAGES, season=(10, 3)),
    MenuLine(
        "coal",
        "coal_alarm",
        "装查一氧化碳报警器",
        "Fitting a carbon monoxide alarm",
        levels=BELOW_COUNTY,
        season=(10, 3),
    ),
    MenuLine(
        "medicine", "medicine_fetch", "代取代买药品", "Fetching medicine", "请备好处方", "Have the prescription ready"
    ),
    MenuLine("medicine", "medicine_remind", "按时吃药提醒", "A reminder to take medicine", levels=VILLAGES),
    MenuLine("escort", "escort_clinic", "陪同看病", "Going along to the doctor"),
    MenuLine("escort", "escort_insurance", "慢病复诊接送", "A ride to the follow-up", "提前一天约", "Ask a day ahead"),
    MenuLine("escort", "escort_walk", "陪轮椅出门", "Out in the wheelchair", levels=BELOW_COUNTY),
    MenuLine("repair", "repair_power", "换灯泡、查线路", "Bulbs and wiring"),
    MenuLine("repair", "repair_water", "修水龙头、通下水", "Taps and drains"),
    MenuLine("repair", "repair_frozen", "解冻水管", "Thawing a pipe", levels=VILLAGES, season=(11, 2)),
    MenuLine("repair", "repair_rails", "装扶手、防滑垫", "Rails and mats against falls", levels=BELOW_COUNTY),
    MenuLine("haircut", "haircut_home", "上门理发", "A haircut at home", levels=BELOW_COUNTY),
    MenuLine("haircut", "haircut_site", "站点义剪", "A haircut at the site", "每月一次", "Once a month"),
    MenuLine("cleaning", "cleaning_home", "打扫屋子、洗晒被褥", "Cleaning, washing bedding", levels=BELOW_COUNTY),
    MenuLine("cleaning", "cleaning_yard", "清理院落杂物", "Clearing the yard", levels=VILLAGES),
    MenuLine("snow", "snow_path", "扫门前积雪", "Clearing snow at the door", levels=BELOW_COUNTY, season=(11, 3)),
    MenuLine("snow", "snow_stove", "清灶通烟道", "Stove and flue", levels=VILLAGES, season=(10, 12)),
    MenuLine("tutoring", "tutoring_homework", "作业辅导", "Homework"),
    MenuLine("tutoring", "tutoring_holiday", "假期托管伴读", "Holiday reading group", season=(7, 8)),
    MenuLine("company", "company_visit", "上门陪聊", "A visit and a talk", levels=BELOW_COUNTY),
    MenuLine("company", "company_call", "定时电话问候", "A regular telephone call"),
    MenuLine("company", "company_birthday", "给老人过生日", "An old person's birthday", levels=BELOW_COUNTY),
    MenuLine("paperwork", "paperwork_insurance", "医保社保代办", "Insurance paperwork"),
    MenuLine("paperwork", "paperwork_proof", "证明材料代跑", "Fetching certificates"),
    MenuLine("paperwork", "paperwork_letter", "代写书信、申请", "Writing letters and forms"),
    MenuLine("phone", "phone_basics", "教用微信、视频通话", "Messages and video calls"),
    MenuLine("phone", "phone_fraud", "手机防诈骗检查", "Checking a phone against fraud"),
    MenuLine("clinic", "clinic_pressure", "量血压、测血糖", "Blood pressure and sugar"),
    MenuLine("clinic", "clinic_visit", "义诊进村", "Free clinic in the village", levels=BELOW_COUNTY),
    MenuLine("farm", "farm_sowing", "春播帮工", "Help with sowing", levels=VILLAGES, season=(3, 5)),
    MenuLine("farm", "farm_harvest", "秋收帮工", "Help with the harvest", levels=VILLAGES, season=(9, 10)),
    MenuLine(
        "legal",
        "legal_advice",
        "法律咨询",
        "Legal advice",
        "律师周五坐班",
        "A lawyer is there on Fridays",
        levels=COUNTY,
    ),
    MenuLine("mediation", "mediation_neighbours", "邻里、家庭调解", "Neighbours and families"),
    MenuLine("other", "other_ask", "别的难处，先问一声", "Anything else: just ask"),
)
