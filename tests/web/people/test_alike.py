"""Whoever asks for a code learns nothing about whom the program knows: not from what they read, not from what is
written, not from how much work it is. That is the whole of login and of recovery: there is no other way in.
"""

import re

import pytest
from django.test import Client

from tests.build import a_clerk, a_person, a_volunteer
from tests.web.alike import Walk, alike
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.people.login import LoginObstacle

pytestmark = pytest.mark.django_db
UNKNOWN = "10000000999"
WHO = {
    "a volunteer": lambda: a_volunteer().person,
    "a clerk, who shows a second factor": a_clerk,
    "a closed account": lambda: a_person(is_active=False),
}


def code_of(phone):
    return next(re.search(r"\d{6}", m.text).group() for m in Message.objects.order_by("-pk") if m.phone == phone)


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def login_with(phone):
    """Everything but the right code: asking, guessing until the code is burnt, asking again too soon."""
    guesses = []

    def steps():
        client = Client(REMOTE_ADDR=f"10.{int(phone[-6:-3])}.{int(phone[-3:]) % 250}.1")  # a place of its own
        yield client.get("/login/?next=/me/")
        yield client.post("/login/", {"phone": phone, "next": "/me/"})
        yield client.get("/login/code/?next=/me/")
        guesses.append(wrong(code_of(phone)))
        for _ in range(6):
            yield client.post("/login/code/", {"code": guesses[0], "next": "/me/"})
        yield client.post("/login/", {"phone": phone})
        for _ in range(5):
            yield client.post("/login/code/", {"code": guesses[0]})

    return Walk(steps, own=lambda: [phone, *guesses])


@pytest.mark.parametrize("who", WHO)
def test_the_login_tells_nothing_of(who):
    known = WHO[who]()
    list(login_with("10000000888").steps())

    alike(login_with(known.phone), login_with(UNKNOWN))


def test_the_walk_meets_every_answer_before_the_right_code():
    walk = login_with(UNKNOWN)

    answers = [(answer.status_code, _refusal(answer)) for answer in walk.steps()]

    assert answers == [
        (200, ""),
        (302, ""),
        (200, ""),
        *[(422, "wrong")] * 6,
        (422, "often"),
        *[(422, "wrong")] * 4,
        (422, "guesses"),
    ]


def _refusal(answer):
    errors = str(answer.context["form"].errors) if answer.context else ""
    starts = {"wrong": "验证码不对", "often": "获取得太频繁", "guesses": "验证码试的次数太多"}
    assert LoginObstacle.WRONG_CODE.label.startswith(starts["wrong"])
    return next((name for name, start in starts.items() if start in errors), "")


def test_a_closed_account_is_told_only_to_whoever_holds_the_telephone():
    closed = a_person(is_active=False)
    client = Client()
    client.post("/login/", {"phone": closed.phone})

    answer = client.post("/login/code/", {"code": code_of(closed.phone)})

    assert answer.context["form"].errors["code"] == [LoginObstacle.ACCOUNT_CLOSED.label]


def test_what_differs_is_seen():
    def known():
        client = Client()
        yield client.get("/login/")
        a_person()

    with pytest.raises(AssertionError):
        alike(Walk(known, own=list), Walk(lambda: [Client().get("/login/")], own=list))
    with pytest.raises(AssertionError):
        alike(Walk(lambda: [Client().get("/login/")], own=list), Walk(lambda: [Client().get("/join/")], own=list))
