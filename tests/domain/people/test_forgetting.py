from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.build import NOW
from zhiyuan.domain.people.forgetting import forget_codes, forget_sessions
from zhiyuan.domain.people.login import issue_code
from zhiyuan.domain.people.models import LoginCode

pytestmark = pytest.mark.django_db


def test_codes_are_forgotten_a_day_after_their_end():
    issue_code("10000000017", at=NOW)
    ended = NOW + timedelta(minutes=5)

    assert forget_codes(ended + timedelta(days=1)) == 0
    assert forget_codes(ended + timedelta(days=1, seconds=1)) == 1

    assert not LoginCode.objects.exists()


def test_sessions_are_forgotten_when_they_have_ended():
    now, hour = timezone.now(), timedelta(hours=1)
    Session.objects.create(session_key="ended", session_data="", expire_date=now - hour)
    Session.objects.create(session_key="open", session_data="", expire_date=now + hour)

    assert forget_sessions(NOW) == 1

    assert [session.session_key for session in Session.objects.all()] == ["open"]
