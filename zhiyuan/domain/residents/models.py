from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.fields import CleanCharField
from zhiyuan.domain.foundation.ids import new_public_id
from zhiyuan.domain.foundation.sealed import SealedField
from zhiyuan.domain.people.models import Person


class Speech(models.TextChoices):
    """What somebody is spoken to in."""

    UNSAID = "", _("Not asked yet")
    MANDARIN = "mandarin", _("Mandarin")
    DIALECT = "dialect", _("Only the local dialect")
    OTHER = "other", pgettext_lazy("speech", "Another")


class Wish(models.TextChoices):
    """What whoever comes should know, so that the visit is easy for the resident."""

    HEARS_BADLY = "hears_badly", _("Hears badly")
    SEES_BADLY = "sees_badly", _("Sees badly")
    WALKS_BADLY = "walks_badly", _("Walks badly")
    LARGE_PRINT = "large_print", _("Needs large print")
    READS_NOTHING = "reads_nothing", _("Does not read")


class Household(models.Model):
    """Residents under one roof. Where it is and what is said about it are sealed; the village is what others see."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="households")
    address = SealedField(default="")
    way = SealedField(default="")  # how to find it
    note = SealedField(default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")


class Resident(models.Model):
    """Somebody for whom help was asked. Neighbours share telephones: one number may lead to several residents."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="members")
    name = SealedField()
    name_key = models.CharField(max_length=64)
    family_key = models.CharField(max_length=64)  # of the family name alone: twins are written 王奶奶 and 王桂兰
    phone = SealedField()
    phone_key = models.CharField(max_length=64)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="residents")
    speech = models.CharField(max_length=8, choices=Speech, default=Speech.UNSAID, blank=True)
    speech_words = CleanCharField(max_length=40, blank=True)  # which other one
    wishes = SealedField(default="")  # values of `Wish`, parted by spaces: they tell of somebody's health
    helper_name = SealedField(default="")
    helper_relation = CleanCharField(max_length=20, blank=True)
    helper_phone = SealedField(default="")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="residents"
    )  # asked while signed in
    since = models.DateField()
    # never a merged one itself: whoever is found by an old entry is one step away
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="aliases", db_index=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # None: asked online

    class Meta:
        indexes = [
            models.Index(fields=["area", "created_at"], name="resident_by_area"),
            models.Index(fields=["phone_key", "family_key"], name="resident_by_phone"),
            models.Index(fields=["name_key", "area"], name="resident_by_name"),
            # partial: nearly all rows are merged into nobody, and SQLite would take such an index for a good one
            models.Index(fields=["merged_into"], condition=~models.Q(merged_into=None), name="resident_by_merged"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("pk")),
                name="nobody_is_merged_into_themselves",
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def current(self) -> "Resident":
        """Who this entry stands for today; lists fetch `merged_into` beforehand."""
        return self.merged_into or self

    @property
    def wish_list(self) -> list[Wish]:
        known = str(self.wishes).split()
        return [wish for wish in Wish if wish.value in known]


class Merge(models.Model):
    """Two entries were found to be one person, by whom and why; undone when that was wrong."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    kept = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="merges_away")
    reason = SealedField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_reason = SealedField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at=None), name="merged_once_until_it_is_undone"
            )
        ]


class Difference(models.Model):
    """Somebody looked and found that two entries alike are two people: they are not proposed again."""

    first = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+")  # the one entered earlier
    second = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="differences")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="a_difference_is_said_once")]
