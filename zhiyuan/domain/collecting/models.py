from django.db import models
from django.utils.translation import pgettext_lazy

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.fields import CleanCharField, CleanTextField
from zhiyuan.domain.foundation.ids import new_capability, new_public_id
from zhiyuan.domain.foundation.sealed import SealedField
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.organisations.models import Category, MenuItem
from zhiyuan.domain.people.models import Person


class Round(models.Model):
    """One walk through a village, by whoever wrote it down."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rounds")
    key = models.CharField(max_length=32)  # of the page it was written on: sent twice, it is one round
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="rounds")
    day = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="one_round_a_page")]
        indexes = [models.Index(fields=["by", "-day", "-id"], name="rounds_of_person")]


class Visit(models.Model):
    """One household of a round; without a need nothing was needed there."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="visits")
    key = models.CharField(max_length=32)  # of the row it was written in
    need = models.OneToOneField(Need, null=True, on_delete=models.PROTECT, related_name="visit")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "key"], name="one_visit_a_row")]


class Survey(models.Model):
    """A list that residents of an area tick within some days."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    form_id = models.CharField(max_length=26, unique=True, default=new_capability, editable=False)
    title = CleanCharField(max_length=40)
    intro = CleanTextField(max_length=300, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="surveys")
    items = models.ManyToManyField(MenuItem, related_name="surveys")
    opens_on = models.DateField()
    closes_on = models.DateField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="a_survey_runs_forward"
            )
        ]


class Answer(models.Model):
    """What one household ticked. Who they are is sealed; the village is not."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="survey_answers")
    name = SealedField()
    phone = SealedField()
    phone_key = models.CharField(max_length=64, db_index=True)
    words = SealedField(default="")
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # from paper
    at = models.DateTimeField()


class Choice(models.Model):
    """One tick of an answer, and the need that was made of it."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="choices")
    item = models.ForeignKey(MenuItem, on_delete=models.PROTECT, related_name="+")
    again = models.BooleanField()  # the same telephone ticked it in this survey before
    need = models.OneToOneField(Need, null=True, on_delete=models.PROTECT, related_name="survey_choice")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "item"], name="one_tick_an_item")]


class WishState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("wish", "To be approved")
    OPEN = "open", pgettext_lazy("wish", "Open")
    CLAIMED = "claimed", pgettext_lazy("wish", "Claimed")
    FULFILLED = "fulfilled", pgettext_lazy("wish", "Fulfilled")
    ENDED = "ended", pgettext_lazy("wish", "Ended")


class Wish(models.Model):
    """A small wish. The public reads the words, a first name and the village; all else is sealed."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    words = CleanCharField(max_length=120)
    for_whom = CleanCharField(max_length=10)
    name = SealedField()
    phone = SealedField()
    address = SealedField(default="")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="wishes")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="wishes")
    state = models.CharField(max_length=10, choices=WishState, default=WishState.PROPOSED)
    told_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # whoever was signed in
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="wishes")
    claimed_for = CleanCharField(max_length=40, blank=True)  # a team or unit, in words
    claimed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    fulfilled_on = models.DateField(null=True)
    note = CleanCharField(max_length=200, blank=True)  # what was done, or why it ended
    thanks = CleanCharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-changed_at"], name="wish_by_state"),
            models.Index(fields=["area", "state"], name="wish_by_area"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["claimed", "fulfilled"]) | models.Q(claimed_by__isnull=False),
                name="a_claimed_wish_has_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="fulfilled") | models.Q(fulfilled_on__isnull=False),
                name="a_fulfilled_wish_has_a_day",
            ),
        ]
