"""What the demo's people find before them: arranged through the verbs, as people would have done it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from zhiyuan.cli.demo_county.accounts import VILLAGE, person_of
from zhiyuan.cli.demo_county.activity_tables import SCRIPTS, Script
from zhiyuan.domain.activities.attendance import call_roll, check_out
from zhiyuan.domain.activities.models import Activity, Form, Shift, SignUp
from zhiyuan.domain.activities.planning import Plan, PlannedShift, finish_activity, publish_activity
from zhiyuan.domain.activities.signup import obstacle_to_sign_up, sign_up
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.hours.confirming import confirm_many
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.needs.dispatching import dispatch_need, offer_need
from zhiyuan.domain.needs.filing import NeedFacts, file_need
from zhiyuan.domain.needs.merging import merge_needs
from zhiyuan.domain.needs.models import Body, Door, Need, Order, Urgency, VerifyMethod
from zhiyuan.domain.needs.referring import refer_need
from zhiyuan.domain.needs.serving import accept_order
from zhiyuan.domain.needs.verifying import verify_need
from zhiyuan.domain.organisations.models import Category, Team, TeamKind
from zhiyuan.domain.volunteers.models import Volunteer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_VERIFIED = "电话核实，情况属实，老人一人在家。"


class Stage:
    """The demo's village: its team, its people, and the moment at which the curtain rises."""

    def __init__(self, extras: Sequence[int], at: datetime) -> None:
        self.at = at
        self.village = Area.objects.get(code=VILLAGE)
        self.team = Team.objects.get(kind=TeamKind.DETACHMENT, area=VILLAGE)
        self.leader, self.deputy = person_of("leader"), person_of("deputy")
        self.clerk, self.dispatcher = person_of("clerk"), person_of("dispatcher")
        named = [person_of("volunteer").pk, person_of("volunteer2").pk]
        files = {
            one.person_id: one
            for one in Volunteer.objects.filter(person__in=[*named, *extras]).select_related("person")
        }
        self.volunteer, self.second = files[named[0]], files[named[1]]
        self.others = [files[key] for key in extras]

    def arrange(self) -> None:
        self._desk()
        self._orders()
        self._other_ways()
        self._confirmed_hours()
        self._hours_to_confirm()
        self._under_way()
        self._coming()

    # requests

    def _need(
        self,
        category: str,
        words: str,
        name: str,
        number: int,
        *,
        ago: timedelta,
        urgency: Urgency = Urgency.NORMAL,
    ) -> Need:
        asked = NeedFacts(
            name=name,
            phone=f"1000000{number:04d}",
            area=self.village,
            words=words,
            category=Category.objects.get(code=category),
            address="村委会东边第三家",
            urgency=urgency,
        )
        return file_need(asked, door=Door.PHONE, by=self.clerk, at=self.at - ago)

    def _verified(self, need: Need, *, ago: timedelta) -> Need:
        return verify_need(need, VerifyMethod.PHONE, _VERIFIED, by=self.clerk, at=self.at - ago)

    def _sent(self, need: Need, *, ago: timedelta) -> Need:
        return dispatch_need(need, self.team, by=self.dispatcher, at=self.at - ago)

    def _desk(self) -> None:
        """For the clerk: some to verify, one of them late. For the dispatcher: some to send, one of them late."""
        food = "家里面快吃完了，腿疼走不到集上。"
        self._need("groceries", food, "王奶奶", 201, ago=1.2 * HOUR, urgency=Urgency.URGENT)
        self._need("coal", "煤倒在路口了，院子远，我搬不动，怕下雪捂住。", "段爷爷", 202, ago=3 * HOUR)
        self._need("phone", "孙女给的手机不会打视频，请教一教。", "席大妈", 203, ago=HOUR / 2, urgency=Urgency.PLANNED)
        late = self._need(
            "repair", "厨房的灯一直闪，怕线烧了，请来看看。", "李大叔", 204, ago=4 * HOUR, urgency=Urgency.URGENT
        )
        self._verified(late, ago=3 * HOUR)
        fresh = self._need("escort", "要去县医院复查，不会用机器挂号，想请人陪着。", "赵大娘", 205, ago=4 * HOUR)
        self._verified(fresh, ago=2 * HOUR)

    def _orders(self) -> None:
        """For the team leader: two to answer, one of them pressing; one accepted, to be planned."""
        pressing = self._need(
            "medicine", "心脏的药断了，今天能不能帮取到。", "祁奶奶", 206, ago=80 * HOUR / 60, urgency=Urgency.URGENT
        )
        self._sent(self._verified(pressing, ago=65 * HOUR / 60), ago=50 * HOUR / 60)
        calm = self._need("company", "一个人住，晚上害怕，想有人打打电话。", "慕奶奶", 207, ago=6 * HOUR)
        self._sent(self._verified(calm, ago=5 * HOUR), ago=3 * HOUR)
        accepted = self._need("snow", "炉子倒烟，烟囱好几年没掏了，怕中煤气。", "张爷爷", 208, ago=26 * HOUR)
        self._sent(self._verified(accepted, ago=22 * HOUR), ago=8 * HOUR)
        accept_order(Order.objects.get(need=accepted), by=self.leader, at=self.at - 2 * HOUR)

    def _other_ways(self) -> None:
        """One open to be claimed, one passed to the hotline, two neighbours' dealt with as one."""
        open_one = self._need("repair", "院门合页断了，关不上。", "石大爷", 209, ago=5 * HOUR)
        offer_need(self._verified(open_one, ago=4 * HOUR), wide=False, by=self.dispatcher, at=self.at - 3 * HOUR)
        lamp = self._need("repair", "巷口的路灯不亮，晚上看不见路。", "何大妈", 210, ago=7 * HOUR)
        refer_need(lamp, Body.HOTLINE, "12345 已登记，路灯归电力部门。", by=self.clerk, at=self.at - 6 * HOUR)
        first = self._need("snow", "门前雪厚，推不开门。", "景奶奶", 211, ago=3 * HOUR)
        next_door = self._need("snow", "雪把我家的路也堵了。", "景爷爷", 212, ago=2 * HOUR)
        merge_needs(first, [next_door], "同一条巷子，一次扫完。", by=self.clerk, at=self.at - HOUR)

    # activities

    def _published(
        self, script: Script, starts_at: datetime, *, ago: timedelta, places: int, minutes: int = 120
    ) -> tuple[Activity, Shift]:
        plan = Plan(
            title=script.title,
            content=script.content,
            place="马堡村党群服务中心",
            area=self.village,
            category=Category.objects.get(code=script.category),
            shifts=(PlannedShift(starts_at, starts_at + timedelta(minutes=minutes), places),),
            risk=script.risk,
            form=Form(script.form),
            in_charge=self.leader,
        )
        activity = publish_activity(self.team, plan, by=self.leader, at=self.at - ago)
        return activity, Shift.objects.get(activity=activity)

    def _signed_up(self, shift: Shift, volunteers: Sequence[Volunteer], *, ago: timedelta) -> list[SignUp]:
        at = self.at - ago
        free = [one for one in volunteers if obstacle_to_sign_up(shift, one, at=at) is None]
        return [sign_up(shift, one, by=one.person, at=at, risk_version=1) for one in free]

    def _held(self, script: Script, starts_at: datetime, volunteers: Sequence[Volunteer], *, helped: int) -> Activity:
        """Published, attended by the deputy's roll call, finished."""
        before = self.at - starts_at + 3 * DAY
        activity, shift = self._published(script, starts_at, ago=before, places=8)
        signups = self._signed_up(shift, volunteers, ago=before - HOUR)
        for number, signup in enumerate(signups):
            call_roll(signup, by=self.deputy, at=starts_at + (number - 3) * HOUR / 20, present=True)
        for number, signup in enumerate(signups):
            check_out(signup, by=self.deputy, at=shift.ends_at - (number % 4) * HOUR / 15)
        finished_at = shift.ends_at + HOUR / 4
        return finish_activity(activity, helped=helped, outcome="按计划做完。", by=self.deputy, at=finished_at)

    def _morning(self, days: int) -> datetime:
        """Nine o'clock here, that many days from today."""
        day = local_day(self.at) + timedelta(days=days)
        return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)

    def _confirmed_hours(self) -> None:
        for script, days in ((SCRIPTS["cleaning"][0], 95), (SCRIPTS["medicine"][1], 52), (SCRIPTS["company"][0], 20)):
            activity = self._held(script, self._morning(-days), self._all(), helped=12)
            day = local_day(activity.starts_at)
            records = ServiceRecord.objects.filter(team=self.team, served_on=day, entered_by=self.deputy)
            confirm_many(list(records.order_by("pk")), self.leader, self._morning(1 - days))

    def _hours_to_confirm(self) -> None:
        self._held(SCRIPTS["snow"][1], self._morning(-1), self._all(), helped=18)

    def _under_way(self) -> None:
        """A roll call that waits to be finished: some are there, some are not."""
        starts_at = (self.at - 25 * HOUR / 60).replace(second=0, microsecond=0)
        _activity, shift = self._published(SCRIPTS["snow"][0], starts_at, ago=2 * DAY, places=8, minutes=150)
        signups = self._signed_up(shift, [self.second, *self.others], ago=DAY)
        for number, signup in enumerate(signups[:3]):
            call_roll(signup, by=self.leader, at=starts_at + number * HOUR / 20, present=True)

    def _coming(self) -> None:
        _activity, shift = self._published(SCRIPTS["medicine"][1], self._morning(1), ago=DAY, places=6)
        self._signed_up(shift, [self.volunteer, *self.others[:2]], ago=HOUR)
        self._published(SCRIPTS["phone"][0], self._morning(4) + 5.5 * HOUR, ago=HOUR, places=4)

    def _all(self) -> list[Volunteer]:
        return [self.volunteer, self.second, *self.others]
