"""Who a session belongs to, read together with what every page's frame shows of them."""

from django.contrib.auth.backends import ModelBackend

from zhiyuan.domain.notices.reading import people_with_unread
from zhiyuan.domain.people.models import Person


class FrameBackend(ModelBackend):
    """Reads the person and `unread`, the number of their new messages, by one query."""

    def get_user(self, user_id: int) -> Person | None:
        person = people_with_unread().filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
