"""The plan of the demo county's 277 sites: a centre, 19 sub-centres, 221 stations, 36 special and mobile ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from zhiyuan.cli.demo_county.area_rows import AreaRow, county_of, townships_of, villages_of
from zhiyuan.cli.demo_county.names import Names
from zhiyuan.cli.demo_county.organisation_plan import branch_key, place_name
from zhiyuan.cli.demo_county.phones import Use, synthetic_phone

SITES = 277
SPECIAL_SITES, MOBILE_SITES = 20, 16


class Opening(NamedTuple):
    weekday: int  # 0 is Monday
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class SitePlan:
    key: str
    name: str
    level: str  # centre, subcentre, station, special, mobile
    area_code: str
    team_key: str
    address: str
    phone: str
    duty_person: str
    hours: tuple[Opening, ...]
    checks: tuple[tuple[str, date], ...]  # which of the six haves and six functions are met, since when


HAVES = ("have_place", "have_team", "have_projects", "have_facilities", "have_rules", "have_sign")
FUNCTIONS = ("do_needs", "do_projects", "do_training", "do_activities", "do_records", "do_display")
_PRACTICE = "新时代文明实践"
_COMMON_FIRST = {"have_place": 0.995, "have_team": 0.995, "have_sign": 0.99, "do_activities": 0.98, "do_needs": 0.96}

_SPECIAL_SITES = (  # name, team, address
    ("第一人民医院导诊志愿服务岗", "hospital:第一人民医院", "县第一人民医院门诊大厅"),
    ("中医医院志愿服务岗", "hospital:中医医院", "县中医医院门诊一楼"),
    ("妇幼保健院志愿服务岗", "hospital:妇幼保健院", "县妇幼保健院门诊一楼"),
    ("政务大厅帮办代办点", "office:政务服务中心", "县政务大厅一楼"),
    ("汽车站志愿服务岗", "enterprise:汽车运输公司", "县汽车站候车厅"),
    ("图书馆阅读志愿服务点", "office:图书馆", "县图书馆二楼"),
    ("文化馆文艺志愿服务点", "office:文化馆", "县文化馆一楼"),
    ("博物馆讲解志愿服务点", "office:博物馆", "县博物馆大厅"),
    ("法律援助志愿服务点", "special:法律援助", "县司法局一楼"),
    ("退役军人志愿服务点", "special:退役军人", "县退役军人服务中心"),
    ("残疾人之家志愿服务点", "special:残疾人帮扶", "县残联院内"),
    ("职工驿站", "special:职工", "县工人文化宫一楼"),
    ("青年之家", "special:青年", "县青少年活动中心"),
    ("妇女儿童之家", "special:巾帼", "县妇女儿童活动中心"),
    ("应急救护培训点", "special:应急救护", "县红十字会二楼"),
    ("消防科普站", "special:消防安全", "县消防救援站院内"),
    ("农技服务点", "direct:农业技术", "县农业技术推广中心"),
    ("老年大学志愿服务点", "special:“五老”关爱", "县老年大学"),
    ("心理疏导室", "special:心理疏导", "县卫生健康局三楼"),
    ("阳光救援队值守点", "rescue:阳光救援队", "县应急救援中心"),
)
_MOBILE_SITES = (
    ("流动义诊车", "hospital:第一人民医院"),
    ("流动图书车", "office:图书馆"),
    ("流动法律服务车", "direct:法律服务"),
    ("流动农技服务车", "direct:农业技术"),
    ("流动助残服务车", "special:残疾人帮扶"),
    ("流动科普车", "direct:科学普及"),
)


def plan_sites(areas: Sequence[AreaRow], *, seed: int) -> list[SitePlan]:
    """All sites; each names the team that runs it by its key in `plan_teams`."""
    plan = _SitePlanner(areas, Random(f"{seed}:sites"))
    plan.places_of_the_tree()
    plan.special()
    plan.mobile()
    return plan.sites


class _SitePlanner:
    def __init__(self, areas: Sequence[AreaRow], rng: Random) -> None:
        self.sites: list[SitePlan] = []
        self._rng = rng
        self._names = Names(rng)
        self._county = county_of(areas)
        self._townships = townships_of(areas)
        self._villages = villages_of(areas)

    def places_of_the_tree(self) -> None:
        county = self._county
        everyday = _opening(range(7), (("08:00", "18:00"),))
        self._add("centre", f"{county.name}{_PRACTICE}中心", county, "corps", "城关镇东街，文化广场西侧", everyday, 1.0)
        for town in self._townships:
            address = f"{town.name}政府街，便民服务大厅隔壁"
            hours = _opening(range(6), (("08:30", "17:30"),))
            self._add("subcentre", f"{town.name}{_PRACTICE}所", town, branch_key(town.code), address, hours, 0.99)
        names = {town.code: town.name for town in self._townships}
        for village in self._villages:
            name = place_name(village, names[village.parent_code])
            address = f"{village.name}党群服务中心{self._rng.choice(('一楼', '一楼东侧', '院内', '二楼'))}"
            hours = self._station_hours(village)
            self._add("station", f"{name}{_PRACTICE}站", village, f"detachment:{village.code}", address, hours, 0.93)

    def special(self) -> None:
        for name, team, address in _SPECIAL_SITES[:SPECIAL_SITES]:
            hours = _opening(range(5), (("08:30", "12:00"), ("14:30", "18:00")))
            self._add("special", self._county.name + name, self._county, team, f"城关镇，{address}", hours, 0.95)

    def mobile(self) -> None:
        for (name, team), number in zip(_MOBILE_SITES, range(MOBILE_SITES), strict=False):
            hours = _opening((number % 5, 5), (("09:00", "16:00"),))
            self._add("mobile", self._county.name + name, self._county, team, "按下乡安排，逢集到各乡镇", hours, 0.9)
        for number, town in enumerate(self._townships[: MOBILE_SITES - len(_MOBILE_SITES)]):
            hours = _opening(sorted({number % 7, (number + 3) % 7}), (("08:30", "14:00"),))
            team = f"cadres:{town.code}"
            self._add(
                "mobile", f"{town.name}集市流动志愿服务点", town, team, f"{town.name}集市口，逢集摆桌", hours, 0.9
            )

    def _station_hours(self, village: AreaRow) -> tuple[Opening, ...]:
        if village.is_community:
            return _opening(range(7), (("08:30", "18:00"),))
        days = range(6) if self._rng.random() < 0.4 else range(5)
        return _opening(days, (("08:30", "12:00"), ("14:30", "17:30")))

    def _add(
        self, level: str, name: str, area: AreaRow, team: str, address: str, hours: tuple[Opening, ...], met: float
    ) -> None:
        self.sites.append(
            SitePlan(
                key=f"{level}:{len(self.sites)}",
                name=name,
                level=level,
                area_code=area.code,
                team_key=team,
                address=address,
                phone=synthetic_phone(Use.OFFICE, 10_000 + len(self.sites)),
                duty_person=self._names.full(self._rng.choice("fm"), self._rng.randint(1968, 1998)),
                hours=hours,
                checks=tuple(self._checks(met)),
            )
        )

    def _checks(self, met: float) -> Iterator[tuple[str, date]]:
        opened = date(2019, 3, 1) + timedelta(days=self._rng.randrange(1300))
        for item in HAVES + FUNCTIONS:
            if self._rng.random() < max(met, _COMMON_FIRST.get(item, 0)):
                yield item, opened + timedelta(days=self._rng.randrange(500))


def _opening(days: Sequence[int], stretches: Sequence[tuple[str, str]]) -> tuple[Opening, ...]:
    return tuple(Opening(day, opens, closes) for day in days for opens, closes in stretches)
