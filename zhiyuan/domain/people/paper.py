"""Sheets that people signed: taken in face to face, found again by number, day and place."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import Actor
from zhiyuan.domain.people.models import PaperForm, Person


class PaperObstacle(TextChoices):
    MISSING = "paper_missing", _("Say which sheet was signed: its number, the day, and where it is kept.")
    LATER = "paper_signed_later", _("The sheet cannot have been signed on a day to come.")
    NOT_TAKEN = "paper_not_taken", _("A signed sheet is taken in by a clerk, face to face.")


@dataclass(frozen=True)
class Paper:
    """A signed sheet, as the clerk reads it off."""

    number: str
    signed_on: date
    kept_at: str


def obstacle_to_paper(paper: Paper | None, *, at: datetime) -> PaperObstacle | None:
    """Why this is no sheet that proves a consent; None when it is one."""
    if paper is None or not paper.number.strip() or not paper.kept_at.strip():
        return PaperObstacle.MISSING
    return PaperObstacle.LATER if paper.signed_on > local_day(at) else None


def take_in(paper: Paper | None, *, by: Actor, at: datetime) -> PaperForm:
    """Note a signed sheet, inside the verb that it proves."""
    if obstacle := obstacle_to_paper(paper, at=at):
        raise Refused(obstacle)
    if paper is None or not isinstance(by, Person):
        raise Refused(PaperObstacle.NOT_TAKEN)
    return PaperForm.objects.create(
        number=paper.number, signed_on=paper.signed_on, kept_at=paper.kept_at, taken_by=by, taken_at=at
    )
