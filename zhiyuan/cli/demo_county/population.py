"""A made-up population: residents by village, and the volunteers among them.

Figures: 357,000 residents and about 520,000 registered people; registered people of four townships are published, the
rest are shared out by number of villages. Shares of age and of people away are assumptions within what neighbouring
counties publish. No census of the county's villages lies behind any single number.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from math import exp
from random import Random
from typing import NamedTuple

from zhiyuan.cli.demo_county.area_rows import AreaRow, townships_of, villages_of
from zhiyuan.cli.demo_county.codes import SKILL_CODES
from zhiyuan.cli.demo_county.names import Names, families_in
from zhiyuan.cli.demo_county.phones import Use, synthetic_phone

RESIDENTS = 357_000
REGISTERED = 520_000
VOLUNTEERS = 101_000
FIRST_REGISTRATIONS = date(2016, 3, 5)

_PUBLISHED = {"城关镇": 50_754, "平泉镇": 45_333, "中原乡": 22_332, "三岔镇": 18_384}  # registered people, 2018
_NORTHERN_HILLS = {"三岔镇", "马渠镇", "庙渠镇", "南川乡", "殷家城乡", "新集镇", "方山乡", "武沟乡"}


class Country(StrEnum):
    SEAT = "seat"
    PLATEAU = "plateau"
    HILLS = "hills"


SHARE_60_PLUS = {Country.SEAT: 0.14, Country.PLATEAU: 0.18, Country.HILLS: 0.25}
_STAYING = {Country.SEAT: 1.05, Country.PLATEAU: 0.69, Country.HILLS: 0.6}  # residents for each registered person
_AWAY = {Country.SEAT: 0.12, Country.PLATEAU: 0.26, Country.HILLS: 0.32}  # of registered people from 18 to 59
_SHARE_18_59 = 0.58


class Village(NamedTuple):
    code: str
    name: str
    township_code: str
    township: str
    country: Country
    is_community: bool
    registered: int
    residents: int
    aged_60_plus: int
    away_18_59: int  # ten months of the year; back around Spring Festival
    volunteers: int


class Work(StrEnum):
    PUPIL = "pupil"
    FARM = "farm"
    UNIT = "unit"  # office, school, hospital, enterprise
    TRADE = "trade"
    AWAY = "away"
    RETIRED = "retired"


class Guardian(NamedTuple):
    name: str
    relation: str
    phone: str


class SyntheticVolunteer(NamedTuple):
    number: int  # from 0, village by village
    name: str
    sex: str  # f, m
    born_on: date
    area_code: str
    phone: str
    work: Work
    availability: int  # bit: day * 3 + part; days Monday to Sunday, then holidays; parts morning, afternoon, evening
    skills: tuple[str, ...]
    zeal: float  # how often this one takes part, compared with others: most little, some much
    joined_on: date
    guardian: Guardian | None


def apportion(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Whole shares of a total by weight, summing to it exactly; each at least `least` when the total allows that."""
    if least * len(weights) > total:
        least = 0
    rest, sum_of_weights = total - least * len(weights), sum(weights)
    exact = [rest * weight / sum_of_weights for weight in weights]
    shares = [least + int(part) for part in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (int(exact[i]) - exact[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


# Villages ------------------------------------------------------------------------------------------------------------


def country_of(township: AreaRow) -> Country:
    if township.name == "城关镇":
        return Country.SEAT
    return Country.HILLS if township.name in _NORTHERN_HILLS else Country.PLATEAU


def settle(areas: Sequence[AreaRow], *, seed: int, volunteers: int = VOLUNTEERS) -> list[Village]:
    """Every village and community with its people; the whole county sums to the published figures."""
    rng = Random(f"{seed}:villages")
    villages = villages_of(areas)
    townships = {township.code: township for township in townships_of(areas)}
    countries = {code: country_of(township) for code, township in townships.items()}
    registered = _registered_people(townships, villages, rng)
    staying = [registered[v.code] * _STAYING[countries[v.parent_code]] for v in villages]
    residents = apportion(RESIDENTS, staying, least=60)
    joining = [people * exp(rng.gauss(0, 0.22)) for people in residents]
    return [
        _village(village, townships[village.parent_code], registered[village.code], people, members, rng)
        for village, people, members in zip(villages, residents, apportion(volunteers, joining, least=1), strict=True)
    ]


def _registered_people(townships: dict[str, AreaRow], villages: list[AreaRow], rng: Random) -> dict[str, int]:
    """By village: sizes within a township are log-normal, a community counts as two villages."""
    inside: dict[str, list[AreaRow]] = {code: [] for code in townships}
    for village in villages:
        inside[village.parent_code].append(village)
    unknown = [code for code, township in townships.items() if township.name not in _PUBLISHED]
    shares = apportion(
        REGISTERED - sum(_PUBLISHED[t.name] for t in townships.values() if t.name in _PUBLISHED),
        [len(inside[code]) * rng.uniform(0.9, 1.1) for code in unknown],
    )
    people = dict(zip(unknown, shares, strict=True))
    registered: dict[str, int] = {}
    for code, township in townships.items():
        total = people.get(code) or _PUBLISHED[township.name]
        sizes = [exp(rng.gauss(0, 0.42)) * (2 if village.is_community else 1) for village in inside[code]]
        registered |= zip((village.code for village in inside[code]), apportion(total, sizes, least=90), strict=True)
    return registered


def _village(
    village: AreaRow, township: AreaRow, registered: int, residents: int, volunteers: int, rng: Random
) -> Village:
    country = country_of(township)
    old = min(max(rng.gauss(SHARE_60_PLUS[country], 0.02), 0.08), 0.40)
    away = min(max(rng.gauss(_AWAY[country], 0.03), 0.05), 0.45)
    return Village(
        code=village.code,
        name=village.name,
        township_code=township.code,
        township=township.name,
        country=country,
        is_community=village.is_community,
        registered=registered,
        residents=residents,
        aged_60_plus=round(residents * old),
        away_18_59=round(registered * _SHARE_18_59 * away),
        volunteers=volunteers,
    )


# Volunteers ----------------------------------------------------------------------------------------------------------

_BANDS = ((12, 13), (14, 17), (18, 29), (30, 44), (45, 59), (60, 69), (70, 80))
_AGES = {  # volunteers of 1,000 in each band
    Country.SEAT: (1.5, 30, 240, 340, 270, 92, 26.5),
    Country.PLATEAU: (1.2, 22, 170, 290, 350, 130, 36.8),
    Country.HILLS: (1.0, 16, 120, 250, 380, 180, 53.0),
}
_WOMEN = 0.53  # more of the men are away

# share of women and of men, from age to age
_SKILLS: dict[str, tuple[float, float, int, int]] = {
    "first_aid": (0.06, 0.06, 16, 62),
    "nursing": (0.04, 0.006, 20, 60),
    "medicine": (0.012, 0.012, 24, 70),
    "driving": (0.16, 0.44, 18, 65),
    "hairdressing": (0.035, 0.02, 18, 66),
    "repair": (0.008, 0.14, 18, 66),
    "teaching": (0.10, 0.06, 16, 68),
    "legal": (0.007, 0.008, 24, 66),
    "counselling": (0.016, 0.006, 24, 62),
    "art": (0.10, 0.06, 12, 75),
    "it": (0.10, 0.13, 14, 48),
    "cooking": (0.36, 0.09, 18, 72),
    "sign_language": (0.002, 0.001, 18, 60),
    "mediation": (0.03, 0.06, 36, 76),
    "photography": (0.02, 0.035, 14, 70),
    "rescue": (0.003, 0.016, 20, 55),
    "farming": (0.14, 0.22, 32, 76),
    "english": (0.04, 0.02, 14, 45),
}

# chance of being free: mornings, afternoons, evenings of workdays; then of weekends; then of holidays
_FREE = {
    Work.PUPIL: ((0.0, 0.0, 0.12), (0.7, 0.75, 0.3), (0.7, 0.7, 0.3)),
    Work.FARM: ((0.35, 0.5, 0.45), (0.4, 0.5, 0.45), (0.5, 0.5, 0.4)),
    Work.UNIT: ((0.05, 0.08, 0.55), (0.7, 0.65, 0.45), (0.5, 0.5, 0.35)),
    Work.TRADE: ((0.15, 0.3, 0.3), (0.2, 0.3, 0.3), (0.3, 0.35, 0.3)),
    Work.AWAY: ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.8, 0.8, 0.6)),
    Work.RETIRED: ((0.7, 0.65, 0.2), (0.6, 0.6, 0.2), (0.45, 0.45, 0.15)),
}
_GRIDS = 400  # different grids drawn for each kind of work; people share them, as people's weeks are alike
_PARENTS = {"m": "父亲", "f": "母亲"}


def people_of(villages: Sequence[Village], *, seed: int, on: date) -> list[SyntheticVolunteer]:
    """All volunteers, village by village, as they are on a day."""
    draw = _Volunteers(Random(f"{seed}:volunteers"), on)
    for village in villages:
        draw.village(village)
    return draw.drawn


def _workday_grid(rng: Random, work: Work) -> int:
    workday, weekend, holiday = _FREE[work]
    chances = workday * 5 + weekend * 2 + holiday
    grid = sum(1 << bit for bit, chance in enumerate(chances) if rng.random() < chance)
    return grid or 1 << 15  # who can never come would not have joined: Saturday morning


class _Volunteers:
    """Draws volunteers from one source of chance; tables are made once, as 101,000 people pass through."""

    def __init__(self, rng: Random, on: date) -> None:
        self.drawn: list[SyntheticVolunteer] = []
        self._rng = rng
        self._on = on
        self._names = Names(rng)
        self._grids = {work: [_workday_grid(rng, work) for _ in range(_GRIDS)] for work in Work}
        self._ages = {country: self._age_pool(weights) for country, weights in _AGES.items()}
        self._skills = {(sex, age): self._chances(sex, age) for sex in "fm" for age in range(12, 81)}
        self._birthdays = {age: _years_before(on, age).toordinal() for age in range(81)}

    @staticmethod
    def _age_pool(weights: tuple[float, ...]) -> tuple[list[int], list[float]]:
        spread = [
            (age, w / (to - of + 1)) for (of, to), w in zip(_BANDS, weights, strict=True) for age in range(of, to + 1)
        ]
        return [age for age, _ in spread], list(accumulate(weight for _, weight in spread))

    @staticmethod
    def _chances(sex: str, age: int) -> list[tuple[str, float]]:
        return [
            (code, _SKILLS[code][0 if sex == "f" else 1])
            for code in SKILL_CODES
            if _SKILLS[code][2] <= age <= _SKILLS[code][3]
        ]

    def village(self, village: Village) -> None:
        ages, weights = self._ages[village.country]
        clans = families_in(village.name)
        for age in self._rng.choices(ages, cum_weights=weights, k=village.volunteers):
            self.drawn.append(self._one(len(self.drawn), village, age, clans))

    def _one(self, number: int, village: Village, age: int, clans: tuple[str, ...]) -> SyntheticVolunteer:
        chance = self._rng.random
        sex = "f" if chance() < _WOMEN else "m"
        born_on = date.fromordinal(self._birthdays[age] - int(chance() * 365))
        name = self._names.full(sex, born_on.year, clans)
        work = self._work(village, age)
        return SyntheticVolunteer(
            number=number,
            name=name,
            sex=sex,
            born_on=born_on,
            area_code=village.code,
            phone=synthetic_phone(Use.VOLUNTEER, number),
            work=work,
            availability=self._grids[work][int(chance() * _GRIDS)],
            skills=tuple(code for code, share in self._skills[sex, age] if chance() < share),
            zeal=self._rng.gammavariate(0.8, 25) * (0.15 if work == Work.AWAY else 1.0),
            joined_on=self._joined_on(born_on),
            guardian=self._guardian(number, name, age) if age < 18 else None,
        )

    def _work(self, village: Village, age: int) -> Work:
        chance = self._rng.random()
        if age < 18 or (age < 23 and chance > 0.6):
            return Work.PUPIL
        if age >= 60:
            return Work.FARM if chance < 0.35 and village.country != Country.SEAT else Work.RETIRED
        away = _AWAY[village.country]
        if chance < away:
            return Work.AWAY
        at_home = (chance - away) / (1 - away)
        farm, unit = (0.15, 0.65) if village.country == Country.SEAT or village.is_community else (0.70, 0.86)
        return Work.FARM if at_home < farm else Work.UNIT if at_home < unit else Work.TRADE

    def _joined_on(self, born_on: date) -> date:
        """Since registrations began, or since the twelfth birthday; later years more."""
        begins = max(FIRST_REGISTRATIONS.toordinal(), born_on.toordinal() + 12 * 366)
        days = max(self._on.toordinal() - begins, 1)
        return self._on - timedelta(days=days - int(days * self._rng.random() ** 0.7))

    def _guardian(self, number: int, child: str, age: int) -> Guardian:
        sex = "m" if self._rng.random() < 0.5 else "f"
        born = self._on.year - age - self._rng.randint(22, 36)
        clan = (child[:2] if child[:2] in _COMPOUND else child[0]) if sex == "m" else self._names.family()
        return Guardian(clan + self._names.given(sex, born), _PARENTS[sex], synthetic_phone(Use.GUARDIAN, number))


_COMPOUND = frozenset({"上官", "欧阳", "司马", "令狐", "皇甫", "尉迟", "慕容", "诸葛", "东方"})


def _years_before(day: date, years: int) -> date:
    """The same day that many years earlier; 29 February becomes the 28th."""
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year - years)
