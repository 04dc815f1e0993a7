"""Who was told something, and how often: on their own page, or by a text to a telephone without an account."""

from zhiyuan.domain.notices.models import Message, Notice


def told(phone: str) -> int:
    """How many events somebody with this telephone was told of."""
    notices = Notice.objects.select_related("person")
    texts = Message.objects.filter(person=None)
    phones = [*(one.person.phone for one in notices), *(one.phone for one in texts)]
    return phones.count(phone)
