"""The plan of the demo county's 522 teams, by the kinds and counts that the county publishes.

1 corps, 19 branches, 221 detachments, 10 direct and 46 special teams and the two rescue teams are published as counts
or names; the other teams are made up in likely places (hospitals, schools, offices, talent groups of townships).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from zhiyuan.cli.demo_county.area_rows import AreaRow, county_of, townships_of, villages_of
from zhiyuan.cli.demo_county.organisation_tables import (
    AT_TIMES,
    CLASS_CATEGORIES,
    DIRECT,
    EMERGENCY,
    ENTERPRISES,
    EVERYDAY,
    GUIDES,
    HEALTH,
    HOSPITALS,
    INDUSTRY,
    LEARNING,
    OFFICES,
    PAIRED,
    PARTY,
    RESCUE,
    RESCUE_TEAMS,
    SCHOOLS,
    SOCIAL_WORK,
    SOCIAL_WORK_GROUPS,
    SPECIAL,
    TALENTS,
    TOWN_CLASSES,
    Line,
)
from zhiyuan.cli.demo_county.phones import Use, synthetic_phone
from zhiyuan.engines.identity import SYNTHETIC_AREA, credit_check_digit

TEAMS = 522


@dataclass(frozen=True, slots=True)
class TeamPlan:
    key: str
    name: str
    kind: str
    area_code: str
    parent_key: str | None
    guide_key: str | None  # the trade's own guide, beside the territorial parent
    track: str
    team_class: str
    categories: tuple[str, ...]
    supervising_body: str
    credit_code: str
    phone: str
    since: date


def plan_teams(areas: Sequence[AreaRow], *, seed: int) -> list[TeamPlan]:
    """All teams, every parent and guide by its key; parents stand before their children."""
    plan = _TeamPlanner(areas, Random(f"{seed}:teams"))
    plan.territorial()
    plan.direct_and_special()
    plan.offices_and_enterprises()
    plan.rescue_and_social_work()
    plan.hospitals_and_schools()
    plan.talents(TEAMS)
    return plan.teams


class _TeamPlanner:
    def __init__(self, areas: Sequence[AreaRow], rng: Random) -> None:
        self.teams: list[TeamPlan] = []
        self._rng = rng
        self._county = county_of(areas)
        self._townships = townships_of(areas)
        self._villages = villages_of(areas)

    def territorial(self) -> None:
        county = self._county
        self._add(
            "corps", f"{county.name}志愿服务总队", "corps", county, None, body="县委社会工作部", categories=EVERYDAY
        )
        for town in self._townships:
            body = f"{town.name}人民政府"
            self._add(
                branch_key(town.code),
                f"{town.name}志愿服务支队",
                "branch",
                town,
                "corps",
                body=body,
                categories=EVERYDAY,
            )
        names = {town.code: town.name for town in self._townships}
        for village in self._villages:
            name = place_name(village, names[village.parent_code])
            committee = "居民委员会" if village.is_community else "村民委员会"
            self._add(
                f"detachment:{village.code}",
                f"{name}志愿服务分队",
                "detachment",
                village,
                branch_key(village.parent_code),
                body=f"{village.name.removesuffix('村')}{committee}",
                categories=EVERYDAY + tuple(self._rng.sample(AT_TIMES, 3)),
            )

    def direct_and_special(self) -> None:
        for kind, table in (("direct", DIRECT), ("special", SPECIAL)):
            for line in table:
                self._of_county(f"{kind}:{line.name}", kind, line, guide=self._office_of(line.body))

    def offices_and_enterprises(self) -> None:
        for name, team_class, track in OFFICES:
            self._of_county(f"office:{name}", "unit", Line(name, team_class, "", track))
        for name, team_class in ENTERPRISES:
            self._of_county(f"enterprise:{name}", "unit", Line(name, team_class, ""))
        for town in self._townships:
            self._of_town(f"cadres:{town.code}", f"{town.name}机关党员", "unit", town, PAIRED, PARTY, "party")

    def rescue_and_social_work(self) -> None:
        for name in RESCUE_TEAMS:
            self._add(
                f"rescue:{name}", name, "rescue", self._county, "corps",
                body="县应急管理局", guide=_guide("rescue"), track=EMERGENCY, team_class=RESCUE, registered=True,
            )  # fmt: skip
        for name in SOCIAL_WORK_GROUPS:
            line = Line(name, PAIRED, "委社会工作部", SOCIAL_WORK)
            self._of_county(f"social_work:{name}", "social_work", line, guide=_guide("social_work"), registered=True)
        for town in self._townships:
            name = f"{town.name}社会工作站"
            self._of_town(f"social_work:{town.code}", name, "social_work", town, PAIRED, SOCIAL_WORK, "social_work")

    def hospitals_and_schools(self) -> None:
        for name in HOSPITALS:
            self._of_county(f"hospital:{name}", "hospital", Line(name, HEALTH, ""), guide=_guide("hospital"))
        for name in SCHOOLS:
            self._of_county(f"school:{name}", "unit", Line(name, LEARNING, ""), guide=_guide("school"))
        for town in self._townships:
            health = "社区卫生服务中心" if town.name == "城关镇" else "卫生院"
            self._of_town(f"hospital:{town.code}", town.name + health, "hospital", town, HEALTH, INDUSTRY, "hospital")
            for school in ("初级中学", "中心小学"):
                self._of_town(f"{school}:{town.code}", town.name + school, "unit", town, LEARNING, INDUSTRY, "school")

    def talents(self, total: int) -> None:
        """Artists, model people, people who came back: as many as are missing to the total."""
        for line in TALENTS:
            self._of_county(f"interest:{line.name}", "interest", line, guide=self._office_of(line.body))
        for round_ in range(len(TOWN_CLASSES)):
            for number, town in enumerate(self._townships):
                if len(self.teams) == total:
                    return
                team_class, name = TOWN_CLASSES[(number + round_) % len(TOWN_CLASSES)]
                key = f"interest:{town.code}:{round_}"
                self._of_town(key, town.name + name, "interest", town, team_class, PARTY, team_class)

    @staticmethod
    def _office_of(body: str) -> str | None:
        return f"office:{body}" if any(body == office for office, _, _ in OFFICES) else None

    def _of_county(
        self, key: str, kind: str, line: Line, *, guide: str | None = None, registered: bool = False
    ) -> None:
        name = _with_county(self._county.name, line.name)
        body = _with_county("县", line.body) if line.body else name
        self._add(
            key, f"{name}志愿服务队", kind, self._county, "corps",
            body=body, guide=guide, track=line.track, team_class=line.team_class, registered=registered,
        )  # fmt: skip

    def _of_town(self, key: str, name: str, kind: str, town: AreaRow, team_class: str, track: str, guide: str) -> None:
        self._add(
            key, f"{name}志愿服务队", kind, town, branch_key(town.code),
            body=f"{town.name}人民政府", guide=_guide(guide), track=track, team_class=team_class,
        )  # fmt: skip

    def _add(
        self,
        key: str,
        name: str,
        kind: str,
        area: AreaRow,
        parent: str | None,
        *,
        body: str,
        guide: str | None = None,
        track: str = "",
        team_class: str = "",
        categories: tuple[str, ...] = (),
        registered: bool = False,
    ) -> None:
        number = len(self.teams)
        self.teams.append(
            TeamPlan(
                key=key,
                name=name,
                kind=kind,
                area_code=area.code,
                parent_key=parent,
                guide_key=guide,
                track=track,
                team_class=team_class,
                categories=categories or CLASS_CATEGORIES[team_class],
                supervising_body=body,
                credit_code=_credit_code(number) if registered else "",
                phone=synthetic_phone(Use.OFFICE, number),
                since=date(2018, 10, 1) + timedelta(days=self._rng.randrange(1600)),
            )
        )


def place_name(village: AreaRow, township: str) -> str:
    """屯字镇马堡村; a community that is called after its township keeps its name: 屯字镇街道社区."""
    return village.name if village.name.startswith(township) else township + village.name


def branch_key(township_code: str) -> str:
    return f"branch:{township_code}"


def _guide(trade: str) -> str:
    return f"office:{GUIDES[trade]}"


def _with_county(county: str, name: str) -> str:
    """县 + 委宣传部 is 县委宣传部; 团县委 and 镇原中学 stand by themselves."""
    return name if "县" in name or name.startswith("镇原") else county + name


def _credit_code(number: int) -> str:
    """A code with a right check digit and an area that was never given out."""
    first17 = f"52{SYNTHETIC_AREA}MJ{number:07d}"
    return first17 + credit_check_digit(first17)
