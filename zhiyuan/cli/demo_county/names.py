"""Made-up Chinese names: family names by how common they are (with what is common here), given names by sex and time.

The tables were written for this program from general knowledge; no list of people lies behind them.
"""

from random import Random

# family name, and its weight: people of 10,000, roughly
_FAMILIES = """
王700 李690 张780 刘480 陈300 杨310 赵300 黄90 周120 吴90 徐120 孙180 马170 朱110 胡110 郭170 何160 高150 林30 罗60
郑90 梁100 谢50 宋90 唐80 许50 韩90 冯80 邓40 曹90 彭50 曾20 肖70 田90 董90 袁50 潘25 于30 蒋30 蔡20 余25 杜110 叶20
程50 苏60 魏70 吕60 丁50 任90 沈20 姚70 卢40 姜50 崔40 钟12 谭20 陆15 汪50 范60 金30 石70 廖12 贾190 夏40 韦10 付40
方40 白80 邹15 孟90 熊15 秦60 邱20 江15 尹30 薛50 闫140 段200 雷40 侯40 龙15 史50 陶20 黎15 贺60 顾12 毛40 郝40 龚15
邵20 万15 钱10 严20 覃6 武40 戴15 莫8 孔20 向12 汤12 常60 温20 康50 施8 文50 牛40 樊30 葛15 邢25 安50 齐25 易10 乔30
伍6 庞20 颜10 倪8 庄8 聂15 章10 鲁20 岳40 翟50 殷30 詹5 申20 耿60 关12 焦40 左15 柳30 甘20 祝15 包60 宁15 尚25 符5
舒8 阮5 柯5 纪12 梅12 童10 毕12 单12 裴15 霍15 成15 苗25 谷12 盛8 曲8 辛20 骆8 靳20 管8 兰40 路50 祁150 席120 慕110
惠120 米30 景60 畅20 虎12 蒙15 俭4 麻15 甄12 寇15 巨12 上官2 欧阳6 司马3 令狐3 皇甫3 尉迟1 慕容2 诸葛1 东方1
"""

# (born before, sex) → first characters, second characters, characters that stand alone; the common ones come first
_GIVEN = {
    (1960, "m"): (
        "志文德玉世振永万生兴怀效占自金天凤彦治进汉俊明清廷登百积维学",
        "俊民义才福贵荣祥成林海山江忠孝仁礼信财发元明清学儒珍杰堂瑞奎璧",
        "忠义俊林福荣珍山",
    ),
    (1960, "f"): (
        "秀桂玉凤兰翠月淑彩金银巧爱会改菊玲素贵粉润俊惠香",
        "英兰花莲芳香珍琴梅霞娥芝叶凤珠荣贤清爱绒连侠",
        "兰英莲芳梅娥琴",
    ),
    (1980, "m"): (
        "建永志文晓海长向红卫新宏俊彦拴军银国会富宝选东正怀世明",
        "军平峰林斌明刚宁虎龙民忠勇伟东文生科儒堂锋辉鹏仓信旗",
        "峰斌勇刚军伟平辉宏锋",
    ),
    (1980, "f"): (
        "秀玉红丽晓彩爱淑亚巧桂凤会春雪菊金银小麦粉霞翠海",
        "芳霞玲琴梅萍英红燕丽娟莉花宁珍侠娥兰荣香绒叶",
        "芳霞玲琴梅萍燕娟莉红",
    ),
    (2000, "m"): (
        "志文晓海建鹏伟宏浩瑞亚永旭俊国小兴少金立继彦学晨世佳振昱",
        "鹏飞龙涛斌军伟东亮辉刚博宁杰阳强峰锋华超儒栋林平科瑞凯",
        "鹏涛磊凯斌勇博浩亮军辉刚波栋锋宁旭伟",
    ),
    (2000, "f"): (
        "丽晓雅娟燕红艳亚文婷海瑞雪小静转巧彩春佳慧玉银盼倩",
        "娟丽霞燕婷红芳妮玲艳宁莉萍荣倩慧蓉蕾茹静雯琴香",
        "娟婷燕丽霞静艳莉雪芳倩慧蓉蕾茹",
    ),
    (9999, "m"): (
        "子浩梓宇俊博文天嘉奕瑞思一明皓辰铭佳家晨煜世昊致知卓",
        "轩涵豪然宇杰睿博航辰阳瑞凯铭鑫泽熙哲远恒洋晨霖烨",
        "轩睿博航阳瑞铭哲昊晨毓霖烨",
    ),
    (9999, "f"): (
        "子梓欣雨佳思诗可嘉梦若语一艺雅紫怡静婧舒书心安芮知",
        "涵萱怡彤琪妍瑶萌婷悦欣宁诺雯桐晗菲婕冉宜蕊莹慧",
        "萱妍悦彤瑶欣婧雯桐晗蕊莹",
    ),
}
_ALONE = {1960: 0.08, 1980: 0.18, 2000: 0.24, 9999: 0.10}  # share of given names with one character
_TWICE = 0.03  # 婷婷, 丽丽: women born since 1980
_RARE = 0.003
# signs that older fonts, GBK or the basic plane do not hold; they belong into every list that shows names
_RARE_SIGNS = "喆垚淼焱翀赟珺祎旻烜昶彧翊堃燚犇珩昇赜㛃䶮𬱖"
_CLAN = 0.3  # share of a village that bears the family name it is called after


def _expanded(text: str) -> tuple[str, ...]:
    """Each entry as often as its weight says: drawing is then one index."""
    pool: list[str] = []
    for entry in text.split():
        family = entry.rstrip("0123456789")
        pool += [family] * int(entry[len(family) :])
    return tuple(pool)


def _by_rank(signs: str) -> str:
    """The first of a table comes up some four times as often as the last."""
    return "".join(sign * round(120 / (rank + 10)) for rank, sign in enumerate(signs))


FAMILIES = _expanded(_FAMILIES)
FAMILY_NAMES = frozenset(FAMILIES)
_POOLS = {key: (_by_rank(first), _by_rank(second), _by_rank(alone)) for key, (first, second, alone) in _GIVEN.items()}
_TIMES = (1960, 1980, 2000)


def families_in(village: str) -> tuple[str, ...]:
    """The family names that a village's name begins with: 段高庄村 → 段, 高."""
    first, second = village[:1], village[1:2]
    if first not in FAMILY_NAMES:
        return ()
    return (first, second) if second in FAMILY_NAMES and len(village) > 3 else (first,)


class Names:
    """Draws names, the same ones for the same source of chance."""

    def __init__(self, rng: Random) -> None:
        self._random = rng.random

    def full(self, sex: str, born: int, clans: tuple[str, ...] = ()) -> str:
        return self.family(clans) + self.given(sex, born)

    def family(self, clans: tuple[str, ...] = ()) -> str:
        if clans and self._random() < _CLAN:
            return self._one(clans)
        return self._one(FAMILIES)

    def given(self, sex: str, born: int) -> str:
        """A given name as people of this sex got them in that year."""
        until = next((year for year in _TIMES if born < year), 9999)
        first, second, alone = _POOLS[until, sex]
        chance = self._random()
        if chance < _RARE:
            rare = self._one(_RARE_SIGNS)
            return rare if chance < _RARE / 2 else self._one(first) + rare
        if sex == "f" and until >= 2000 and chance > 1 - _TWICE:
            return self._one(alone) * 2
        if chance < _RARE + _ALONE[until]:
            return self._one(alone)
        begins, ends = self._one(first), self._one(second)
        return begins + ends if begins != ends else begins

    def _one(self, pool: tuple[str, ...] | str) -> str:
        return pool[int(self._random() * len(pool))]
