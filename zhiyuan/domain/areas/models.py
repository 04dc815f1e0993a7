from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.fields import CleanCharField


class Level(models.IntegerChoices):
    PROVINCE = 1, _("Province")
    CITY = 2, _("City")
    COUNTY = 3, _("County")
    TOWNSHIP = 4, _("Township")
    VILLAGE = 5, _("Village or community")


SPAN = {
    Level.PROVINCE: 10**10,
    Level.CITY: 10**8,
    Level.COUNTY: 10**6,
    Level.TOWNSHIP: 10**3,
    Level.VILLAGE: 1,
}


class Area(models.Model):
    """One unit. Its code is the key, so that every row that lies somewhere carries the code itself."""

    code = models.CharField(max_length=12, primary_key=True)
    name = CleanCharField(max_length=60)
    official_name = CleanCharField(max_length=80, blank=True)
    # "屯字镇 马堡村": how a place is said inside its county
    place = CleanCharField(max_length=120)
    level = models.PositiveSmallIntegerField(choices=Level)
    kind = CleanCharField(max_length=20, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    point_source = CleanCharField(max_length=60, blank=True)
    # a unit that statistics carry but that is no village or community of its own (an industrial zone)
    counted = models.BooleanField(default=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^[0-9]{12}$"), name="area_code_has_12_digits"),
            models.CheckConstraint(
                condition=models.Q(successor=None) | ~models.Q(until=None), name="a_successor_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code_range(self) -> tuple[str, str]:
        """First code inside, and the first one after: all that lies here is `lo <= code < hi`."""
        return code_range(self.code, Level(self.level))


class AreaAlias(models.Model):
    """Another name or code of an area: an older one, or one of another list (the ministry's codes differ)."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="aliases")
    name = CleanCharField(max_length=60, blank=True)
    code = models.CharField(max_length=12, blank=True, db_index=True)
    source = CleanCharField(max_length=40)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "name", "code", "source", "until"], name="an_alias_stands_once")
        ]


def code_range(code: str, level: Level) -> tuple[str, str]:
    start = int(code)
    return code, f"{start + SPAN[level]:012d}"


def level_of_code(code: str) -> Level:
    """The level that a 12-digit code says by its zeros."""
    for level, zeros in ((Level.PROVINCE, 10), (Level.CITY, 8), (Level.COUNTY, 6), (Level.TOWNSHIP, 3)):
        if code.endswith("0" * zeros):
            return level
    return Level.VILLAGE
