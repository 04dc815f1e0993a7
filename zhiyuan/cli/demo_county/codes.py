"""The demo county's two code lists: what volunteers can do, and what residents can ask for."""

from typing import NamedTuple


class SkillCode(NamedTuple):
    code: str
    zh: str
    en: str


class CategoryCode(NamedTuple):
    code: str
    zh: str
    en: str
    skills: tuple[str, ...] = ()  # what helpers should have


SKILLS = (
    SkillCode("first_aid", "急救", "First aid"),
    SkillCode("nursing", "护理", "Nursing"),
    SkillCode("medicine", "医疗", "Medicine"),
    SkillCode("driving", "驾驶", "Driving"),
    SkillCode("hairdressing", "理发", "Hairdressing"),
    SkillCode("repair", "水电维修", "Water and electrics"),
    SkillCode("teaching", "辅导", "Tutoring"),
    SkillCode("legal", "法律", "Law"),
    SkillCode("counselling", "心理", "Counselling"),
    SkillCode("art", "文艺", "Arts"),
    SkillCode("it", "电脑手机", "Computers and phones"),
    SkillCode("cooking", "做饭", "Cooking"),
    SkillCode("sign_language", "手语", "Sign language"),
    SkillCode("mediation", "调解", "Mediation"),
    SkillCode("photography", "摄影", "Photography"),
    SkillCode("rescue", "救援", "Rescue"),
    SkillCode("farming", "农技", "Farming"),
    SkillCode("english", "外语", "Foreign languages"),
)

CATEGORIES = (
    CategoryCode("groceries", "买菜买粮", "Groceries"),
    CategoryCode("coal", "搬煤", "Carrying coal"),
    CategoryCode("medicine", "买药送药", "Fetching medicine"),
    CategoryCode("escort", "陪诊", "Going along to the doctor", ("driving",)),
    CategoryCode("repair", "修水电", "Water and electric repairs", ("repair",)),
    CategoryCode("haircut", "理发", "Haircut", ("hairdressing",)),
    CategoryCode("cleaning", "打扫清洁", "Cleaning"),
    CategoryCode("snow", "扫雪清灶", "Clearing snow and stoves"),
    CategoryCode("tutoring", "辅导孩子", "Tutoring a child", ("teaching",)),
    CategoryCode("company", "说说话", "Company and a talk"),
    CategoryCode("paperwork", "代办手续", "Paperwork"),
    CategoryCode("phone", "教用手机", "Help with a phone", ("it",)),
    CategoryCode("clinic", "义诊", "Free clinic", ("medicine", "nursing")),
    CategoryCode("farm", "农活帮忙", "Farm work", ("farming",)),
    CategoryCode("legal", "法律咨询", "Legal advice", ("legal",)),
    CategoryCode("mediation", "调解", "Mediation", ("mediation",)),
    CategoryCode("other", "其他", "Something else"),
)

# code, Chinese, English, the skill it proves
CREDENTIAL_KINDS = (
    ("driving_licence", "机动车驾驶证", "Driving licence", "driving"),
    ("nurse", "护士执业证书", "Nurse's licence", "nursing"),
    ("physician", "医师执业证书", "Physician's licence", "medicine"),
    ("first_aider", "红十字救护员证", "Red Cross first-aid certificate", "first_aid"),
    ("rescuer", "应急救援员证", "Emergency rescuer's certificate", "rescue"),
    ("electrician", "电工证", "Electrician's certificate", "repair"),
    ("teacher", "教师资格证", "Teacher's certificate", "teaching"),
    ("lawyer", "法律职业资格证", "Legal profession certificate", "legal"),
    ("counsellor", "心理咨询师证", "Counsellor's certificate", "counselling"),
)

SKILL_CODES = tuple(skill.code for skill in SKILLS)
CATEGORY_CODES = tuple(category.code for category in CATEGORIES)
