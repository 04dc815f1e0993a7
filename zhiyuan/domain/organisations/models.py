from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.database import GramsField
from zhiyuan.domain.foundation.fields import CleanCharField
from zhiyuan.domain.foundation.ids import new_public_id
from zhiyuan.domain.people.models import Person


class Named(models.Model):
    """A row of a code list with a name in both languages."""

    code = models.CharField(max_length=24, primary_key=True)
    name_zh = CleanCharField(max_length=40)
    name_en = CleanCharField(max_length=60)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_zh


class Skill(Named):
    """Something a volunteer can do."""


class Category(Named):
    """Something that can be asked for and offered; its skills are what helpers should have."""

    skills = models.ManyToManyField(Skill, related_name="categories")
    on_menu = models.BooleanField(default=True)


class TeamKind(models.TextChoices):
    CORPS = "corps", _("County corps")
    BRANCH = "branch", _("Township branch")
    DETACHMENT = "detachment", _("Village detachment")
    DIRECT = "direct", _("Direct team")
    SPECIAL = "special", _("Special team")
    UNIT = "unit", _("Unit's team")
    HOSPITAL = "hospital", _("Hospital team")
    SOCIAL_WORK = "social_work", _("Social-work team")
    RESCUE = "rescue", _("Rescue team")
    INTEREST = "interest", _("Interest team")


class Track(models.TextChoices):
    NONE = "", _("None")
    PARTY = "party", _("Party + volunteering")
    INDUSTRY = "industry", _("Industry + volunteering")
    SOCIAL_WORK = "social_work", _("Social work + volunteering")
    EMERGENCY = "emergency", _("Emergency + volunteering")


class LevelName(models.Model):
    """What a county calls the levels of its team tree (总队, 支队, 分队, 小队): a setting, not code."""

    depth = models.PositiveSmallIntegerField(primary_key=True)
    name_zh = CleanCharField(max_length=20)
    name_en = CleanCharField(max_length=40)


class Team(models.Model):
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    name = CleanCharField(max_length=60)
    kind = models.CharField(max_length=12, choices=TeamKind)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    # six signs a level: all teams below are one range of paths
    path = models.CharField(max_length=60, unique=True)
    guide = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="guided")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="teams")
    track = models.CharField(max_length=12, choices=Track, default=Track.NONE, blank=True)
    team_class = CleanCharField(max_length=20, blank=True)  # 百姓宣讲, 移风易俗 …
    categories = models.ManyToManyField(Category, related_name="teams")
    supervising_body = CleanCharField(max_length=60, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # an office's telephone, public
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    grams = GramsField(default="")

    class Meta:
        indexes = [models.Index(fields=["area", "kind"], name="team_by_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~models.Q(credit_code=""), name="a_credit_code_stands_once"
            ),
            # R5: without legal registration only under a named supervising body
            models.CheckConstraint(
                condition=~models.Q(credit_code="") | ~models.Q(supervising_body=""), name="registered_or_supervised"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path_range(self) -> tuple[str, str]:
        return self.path, self.path + "~"


class SiteLevel(models.TextChoices):
    CENTRE = "centre", _("Centre")
    SUBCENTRE = "subcentre", _("Sub-centre")
    STATION = "station", _("Station")
    SPECIAL = "special", _("Special site")
    MOBILE = "mobile", _("Mobile site")


class Site(models.Model):
    """A 阵地: where people come, ask and start from."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    name = CleanCharField(max_length=60)
    level = models.CharField(max_length=10, choices=SiteLevel)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="sites")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="sites")
    address = CleanCharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    duty_person = CleanCharField(max_length=40, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    until = models.DateField(null=True)
    grams = GramsField(default="")

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One stretch of opening on one weekday (0 is Monday)."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="weekday_is_0_to_6"),
            models.CheckConstraint(condition=models.Q(closes__gt=models.F("opens")), name="closes_after_opening"),
        ]


class ChecklistItem(models.TextChoices):
    """The six haves and the six functions of a site."""

    HAVE_PLACE = "have_place", _("Has a place")
    HAVE_TEAM = "have_team", _("Has a team")
    HAVE_PROJECTS = "have_projects", _("Has projects")
    HAVE_FACILITIES = "have_facilities", _("Has facilities")
    HAVE_RULES = "have_rules", _("Has rules")
    HAVE_SIGN = "have_sign", _("Has the sign")
    DO_NEEDS = "do_needs", _("Collects needs")
    DO_PROJECTS = "do_projects", _("Publishes projects")
    DO_TRAINING = "do_training", _("Recruits and trains")
    DO_ACTIVITIES = "do_activities", _("Organises activities")
    DO_RECORDS = "do_records", _("Records service")
    DO_DISPLAY = "do_display", _("Shows results")


class SiteCheck(models.Model):
    """Since when a site meets one item of the checklist."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="checks")
    item = models.CharField(max_length=16, choices=ChecklistItem)
    met_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "item"], name="one_check_an_item")]


class MenuItem(models.Model):
    """One line of the menu below a category: what a site of some level offers in some months."""

    code = models.CharField(max_length=24, unique=True, default=new_public_id)  # what stands in addresses
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="items")
    name_zh = CleanCharField(max_length=40)
    name_en = CleanCharField(max_length=60)
    note_zh = CleanCharField(max_length=80, blank=True)
    note_en = CleanCharField(max_length=120, blank=True)
    levels = models.CharField(max_length=60, blank=True)  # ",centre,station,"; empty: every level
    from_month = models.PositiveSmallIntegerField(null=True)  # both empty: the whole year
    to_month = models.PositiveSmallIntegerField(null=True)  # before `from_month`: over the new year
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="items")  # one site's own
    on = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    since = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["site", "category", "order"], name="menu_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_month=None, to_month=None)
                | models.Q(from_month__gte=1, from_month__lte=12, to_month__gte=1, to_month__lte=12),
                name="a_season_has_two_months",
            )
        ]

    def __str__(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_zh

    @property
    def public_id(self) -> str:
        return self.code

    @property
    def note(self) -> str:
        return self.note_en if translation.get_language() == "en" else self.note_zh

    @property
    def offered_at(self) -> tuple[SiteLevel, ...]:
        """The levels that offer it; none named: all do."""
        return tuple(level for level in SiteLevel if f",{level.value}," in self.levels)


class Role(models.TextChoices):
    OFFICE = "office", _("County office")
    DISPATCHER = "dispatcher", _("Dispatcher")
    CLERK = "clerk", _("Clerk")
    AUDITOR = "auditor", _("Auditor")
    SOCIAL_WORKER = "social_worker", _("Social worker")
    GRID_WORKER = "grid_worker", _("Grid worker")
    LEADER = "leader", _("Team leader")
    DEPUTY = "deputy", _("Deputy team leader")


class RoleGrant(models.Model):
    """A role that somebody holds for a branch of the areas or for a team and the teams below it, from day to day."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=16, choices=Role)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="role_grants")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="role_grants")
    since = models.DateField()
    until = models.DateField()  # the last day; a year at the most
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    # the role that this one stands in for; it holds for the same branch and ends with it
    substitutes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="substitute_grants")
    holder_away = models.BooleanField(default=False)  # meanwhile the desk's notices go to the substitute alone
    reviewed_on = models.DateField(null=True)  # when somebody last said that the role is still needed

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(area=None, team__isnull=False) | models.Q(area__isnull=False, team=None),
                name="a_role_holds_for_an_area_or_a_team",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="a_role_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["leader", "deputy"], team__isnull=False)
                | (~models.Q(role__in=["leader", "deputy"]) & models.Q(area__isnull=False)),
                name="a_role_fits_its_branch",
            ),
        ]

    @property
    def place(self) -> str:
        """What it holds for, in words: a place or a team."""
        return self.team.name if self.team else self.area.place if self.area else ""
