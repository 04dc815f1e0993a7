"""What the demo's village has collected: a survey with answers, small wishes, a round. Made by the verbs themselves."""

from datetime import datetime, timedelta

from zhiyuan.cli.demo_county.accounts import TOWN, VILLAGE, person_of
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.collecting.queries import choices_of
from zhiyuan.domain.collecting.rounds import begin_round, note_visit
from zhiyuan.domain.collecting.surveys import AnswerFacts, SurveyFacts, answer_survey, make_needs, make_survey
from zhiyuan.domain.collecting.wishes import WishFacts, approve_wish, claim_wish, fulfil_wish, tell_wish
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.needs.filing import NeedFacts
from zhiyuan.domain.organisations.models import Category, MenuItem

DAY = timedelta(days=1)
_ASKED = ("coal_carry", "coal_alarm", "repair_frozen", "snow_path", "haircut_home")
_ANSWERS = (  # name, ticks, words
    ("马秀英", ("coal_carry", "snow_path"), "煤在院门口，搬到厨房就行"),
    ("张玉莲", ("coal_carry",), ""),
    ("李长河", ("repair_frozen", "coal_alarm"), "去年冻裂过一回"),
    ("段有福", ("haircut_home", "coal_carry"), "腿不好，去不了镇上"),
    ("席凤霞", ("coal_alarm",), ""),
    ("慕守业", ("snow_path", "haircut_home"), ""),
)
_WISHES = (  # words, for whom, full name, category
    ("想要一双 36 码的棉鞋", "小雨", "马小雨", "other"),
    ("想学会用手机跟孙子视频", "王奶奶", "王桂芳", "phone"),
    ("想有人陪着去县城看一回病", "李爷爷", "李长庚", "escort"),
    ("想要一盏看书的台灯", "小军", "段小军", "tutoring"),
    ("想过一次热闹的生日", "张奶奶", "张玉莲", "company"),
)
_VISITED = (  # name, category, words; no category: nothing needed
    ("席生财", "medicine", "降压药还有三天的"),
    ("慕兰花", "", ""),
    ("贺满囤", "repair", "灯闪，怕线有毛病"),
    ("祁水生", "", ""),
)


def collect(at: datetime) -> dict[str, int]:
    """Returns how many of each thing there are."""
    village = Area.objects.get(code=VILLAGE)
    answers = _survey(village, at)
    _wishes(village, at)
    _round(village, at)
    return {"menu items": MenuItem.objects.count(), "survey answers": answers, "wishes": len(_WISHES)}


def _phone(number: int) -> str:
    return f"1000000{number:04d}"


def _survey(village: Area, at: datetime) -> int:
    items = {item.code: item for item in MenuItem.objects.filter(code__in=_ASKED).select_related("category")}
    clerk, since = person_of("clerk"), at - 5 * DAY
    facts = SurveyFacts(
        title="入冬问需",
        area=Area.objects.get(code=TOWN),
        opens_on=local_day(since),
        closes_on=local_day(at + 9 * DAY),
        items=list(items.values()),
        intro="天冷了，村里想知道您家过冬缺什么。答复只用来安排人上门。",
    )
    survey = make_survey(facts, by=clerk, at=since)
    for number, (name, ticks, words) in enumerate(_ANSWERS):
        said = AnswerFacts(name, _phone(700 + number), village, [items[code] for code in ticks], words, consents=True)
        answer_survey(survey, said, by=clerk if number % 3 == 0 else None, at=since + number * DAY / 2)
    make_needs(survey, choices_of(survey, item="coal_carry")[:1], by=clerk, at=at - DAY)
    return len(_ANSWERS)


def _wishes(village: Area, at: datetime) -> None:
    clerk, claimer = person_of("clerk"), person_of("volunteer")
    told = []
    for number, (words, for_whom, name, category) in enumerate(_WISHES):
        phone, kind = _phone(720 + number), Category.objects.get(code=category)
        facts = WishFacts(words, for_whom, name, phone, village, kind, "村委会东边")
        told.append(tell_wish(facts, by=clerk, at=at - 12 * DAY))
    for wish in told[:4]:
        approve_wish(wish, by=clerk, at=at - 11 * DAY)
    for wish in told[2:4]:
        claim_wish(wish, "", by=claimer, at=at - 6 * DAY)
    note, thanks = "台灯送到家里，教他怎么调亮度", "小军说晚上能看清字了"
    fulfil_wish(told[3], local_day(at - 2 * DAY), note, thanks, by=claimer, at=at - 2 * DAY)


def _round(village: Area, at: datetime) -> None:
    clerk = person_of("clerk")
    walk = begin_round(village, local_day(at - DAY), key="demo", by=clerk, at=at - DAY)
    for number, (name, category, words) in enumerate(_VISITED):
        facts = None
        if category:
            kind = Category.objects.get(code=category)
            facts = NeedFacts(name=name, phone=_phone(740 + number), area=village, words=words, category=kind)
        note_visit(walk, facts, key=f"row{number}", by=clerk, at=at - DAY + number * timedelta(minutes=9))
