"""Pages of a very long list."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from zhiyuan.domain.volunteers.models import Volunteer


class IndexPaginator(Paginator):  # type: ignore[type-arg]
    """Steps over earlier pages in the list's index alone and reads only the rows that are shown: measured on 101,000
    volunteers, page 2,000 costs some milliseconds more than page 1."""

    def __init__(self, ordered: QuerySet[Volunteer], rows: QuerySet[Volunteer], a_page: int) -> None:
        super().__init__(ordered, a_page)
        self.ordered, self.rows = ordered, rows

    def page(self, number: Any) -> Page[Volunteer]:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.ordered.values("pk")[first : first + self.per_page]
        rows = self.rows.filter(pk__in=keys).order_by(*self.ordered.query.order_by)
        return Page(list(rows), number, self)
