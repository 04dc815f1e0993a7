"""What is left of logins, once nobody can use it any more."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from zhiyuan.domain.foundation.forgetting import forget
from zhiyuan.domain.people.models import LoginCode


def forget_codes(at: datetime) -> int:
    """Codes whose time ended more than a day ago, used or not."""
    return forget(LoginCode.objects.filter(expires_at__lt=at - timedelta(days=1)))


def forget_sessions(_at: datetime) -> int:
    """Sessions that have ended, by the clock that Django made them with."""
    return forget(Session.objects.filter(expire_date__lt=timezone.now()))
