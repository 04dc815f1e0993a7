"""Somebody's own notices: what is new, and what they have read."""

from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhiyuan.domain.notices.models import Notice
from zhiyuan.domain.people.models import Person


def notices_of(person: Person) -> QuerySet[Notice]:
    """All that somebody was told, newest first."""
    return Notice.objects.filter(person=person).order_by("-at", "-pk")


def people_with_unread() -> QuerySet[Person]:
    """Everybody with `unread`, the number of what they have not read."""
    own = Notice.objects.filter(person=OuterRef("pk"), read_at=None).order_by().values("person")
    counted = Subquery(own.annotate(number=Count("pk")).values("number"))
    return Person.objects.annotate(unread=Coalesce(counted, 0))


def mark_read(notice: Notice, *, at: datetime) -> None:
    """The first reading counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)


def mark_all_read(person: Person, *, at: datetime) -> None:
    """All that is there at this moment; what comes meanwhile stays new."""
    Notice.objects.filter(person=person, read_at=None, at__lte=at).update(read_at=at)
