"""Whether every entry leads to somebody, in one step, and households stand where their people live."""

from django.conf import settings
from django.db.models import F, Q

from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.foundation.checking import Check, check
from zhiyuan.domain.residents.models import Merge, Resident


def resident_checks() -> list[Check]:
    entries = Resident.objects.count()
    return [
        check("residents: a merged entry leads to one that stands", entries, _chained()),
        check("residents: merged by somebody, with a reason", entries, _without_merge()),
        check("residents: live in the county, and in their household's village", entries, _misplaced()),
    ]


def _chained() -> list[str]:
    found = Resident.objects.filter(merged_into__isnull=False).exclude(merged_into__merged_into=None)
    return list(found.values_list("public_id", flat=True))


def _without_merge() -> list[str]:
    """Merged without a line that says so, or standing although a line says that they were merged."""
    lines = Merge.objects.filter(undone_at=None).values("merged_id")
    wrong = Resident.objects.filter(Q(merged_into__isnull=False) & ~Q(pk__in=lines) | Q(merged_into=None, pk__in=lines))
    return list(wrong.values_list("public_id", flat=True))


def _misplaced() -> list[str]:
    elsewhere = ~in_area(settings.COUNTY_CODE) | (Q(household__isnull=False) & ~Q(household__area=F("area")))
    return list(Resident.objects.filter(elsewhere).values_list("public_id", flat=True))
