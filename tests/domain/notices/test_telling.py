"""Somebody is told on their own page and by the ways they want, once, and not at night."""

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import timezone

import zhiyuan.config.urls  # noqa: F401 imports every room, so that every template is declared
from tests.build import COUNTY, NOW, TODAY, TUNZI, a_person
from zhiyuan.domain.foundation.models import ParameterValue
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.notices.models import CallEntry, Channel, Message, Notice, Ways
from zhiyuan.domain.notices.quiet import QUIET_FROM, QUIET_UNTIL, after_quiet_hours
from zhiyuan.domain.notices.reading import mark_all_read, mark_read, notices_of, people_with_unread
from zhiyuan.domain.notices.telling import Template, tell, tell_phone
from zhiyuan.domain.notices.templates import EXAMPLES, example_of, templates, words_of
from zhiyuan.domain.notices.ways import WaysObstacle, choose_ways

pytestmark = pytest.mark.django_db
PLAIN = Template("test.plain", "%(site)s: %(what)s.")
URGENT = Template("test.urgent", "%(site)s: come, %(what)s.", urgent=True)
LANDLINE = "09341234567"
MIDNIGHT = datetime(2026, 11, 24, 16, tzinfo=UTC)  # 00:00 of the 25th in the county
MORNING = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # 07:30


def ways(person, **chosen):
    Ways.objects.create(person=person, **chosen)
    return person


def told(person, template=PLAIN, *, at=NOW, key="event", **how):
    tell(person, template, {"what": "雪"}, key=key, at=at, **how)


def channels():
    return [message.channel for message in Message.objects.order_by("pk")]


# Ways -----------------------------------------------------------------------------------------------------------------


def test_who_never_chose_is_told_on_their_page_and_by_sms():
    person = a_person()

    told(person, href="/me/", area=TUNZI)

    words = "镇原志愿: 雪."
    (notice,) = Notice.objects.all()
    assert (notice.person, notice.words, notice.href, notice.template) == (person, words, "/me/", "test.plain")
    (message,) = Message.objects.all()
    assert (message.channel, message.phone, message.text, message.due_at) == ("sms", person.phone, words, NOW)
    assert (message.person, message.area, message.template) == (person, TUNZI, "test.plain")
    assert not CallEntry.objects.exists()


def test_the_same_event_is_told_once_to_each_person_by_each_way():
    first = ways(a_person(), email=True, address="li@example.org", call=True)
    second = a_person()

    for person in (first, second, first, second):
        told(person)
    told(first, key="another event")

    assert Notice.objects.count() == 3
    assert channels() == [Channel.SMS, Channel.EMAIL, Channel.SMS, Channel.SMS, Channel.EMAIL]
    assert CallEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("chosen", "template", "expected", "called"),
    [
        ({"email": True, "address": "li@example.org"}, PLAIN, ["sms", "email"], 0),
        ({"sms": False, "email": True, "address": "li@example.org"}, PLAIN, ["email"], 0),
        ({"sms": False, "call": True}, PLAIN, [], 1),
        ({"sms": False}, PLAIN, [], 0),
        ({"sms": False}, URGENT, ["sms"], 0),
        ({"sms": False, "call": True}, URGENT, ["sms"], 1),
    ],
)
def test_somebody_is_told_by_the_ways_they_chose_and_of_what_is_urgent_by_sms_too(chosen, template, expected, called):
    told(ways(a_person(), **chosen), template)

    assert channels() == expected
    assert CallEntry.objects.count() == called
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("phone", ["", LANDLINE])
def test_who_can_be_written_to_by_no_way_is_called(phone):
    person = a_person()
    person.phone = phone

    told(person)

    assert not Message.objects.exists()
    (entry,) = CallEntry.objects.all()
    assert (entry.name, entry.phone, entry.words, entry.area) == (person.name, phone, "镇原志愿: 雪.", COUNTY)


def test_without_a_telephone_an_e_mail_is_enough():
    person = ways(a_person(), email=True, address="li@example.org")
    person.phone = ""

    told(person)

    assert channels() == [Channel.EMAIL]
    assert not CallEntry.objects.exists()


def test_somebody_without_an_account_is_told_by_their_telephone():
    tell_phone("10000000017", PLAIN, {"what": "雪"}, key="event", at=NOW, area=TUNZI)
    tell_phone(LANDLINE, PLAIN, {"what": "雪"}, key="event", at=NOW, area=TUNZI, name="王奶奶")

    assert [(one.phone, one.area) for one in Message.objects.all()] == [("10000000017", TUNZI)]
    assert [(one.phone, one.name, one.area) for one in CallEntry.objects.all()] == [(LANDLINE, "王奶奶", TUNZI)]


def test_choosing_ways_is_kept_and_noted_without_the_address():
    person = a_person()
    chosen = {"sms": False, "email": True, "call": True, "at_night": True}

    for _time in range(2):
        choose_ways(person, **chosen, address="li@example.org", by=person, at=NOW)

    kept = Ways.objects.get()
    assert (kept.sms, kept.email, kept.call, kept.at_night, kept.address) == (False, True, True, True, "li@example.org")
    assert JournalEntry.objects.filter(action="person.ways_chosen").last().facts == chosen


def test_e_mail_is_not_chosen_without_an_address():
    person = a_person()

    with pytest.raises(Refused) as refusal:
        choose_ways(person, sms=True, email=True, call=False, at_night=False, address="", by=person, at=NOW)

    assert refusal.value.obstacle == WaysObstacle.NO_ADDRESS
    assert not Ways.objects.exists()


# Quiet hours ----------------------------------------------------------------------------------------------------------


def test_at_night_what_is_not_urgent_waits_for_the_morning():
    told(a_person(), at=MIDNIGHT)
    tell_phone("10000000017", PLAIN, {"what": "雪"}, key="event", at=MIDNIGHT)

    assert set(Message.objects.values_list("due_at", flat=True)) == {MORNING}
    assert Notice.objects.get().at == MIDNIGHT


def test_what_is_urgent_and_who_wants_it_so_is_told_at_night():
    told(a_person(), URGENT, at=MIDNIGHT)
    told(ways(a_person(), at_night=True), at=MIDNIGHT)
    tell_phone("10000000017", URGENT, {"what": "雪"}, key="event", at=MIDNIGHT)

    assert set(Message.objects.values_list("due_at", flat=True)) == {MIDNIGHT}


@pytest.mark.parametrize(
    ("local", "held_until"),
    [("07:29", "07:30"), ("07:30", None), ("12:00", None), ("21:29", None), ("21:30", "07:30"), ("00:00", "07:30")],
)
def test_quiet_hours_have_edges(local, held_until):
    hour, minute = map(int, local.split(":"))
    at = datetime(2026, 11, 24, hour, minute, tzinfo=UTC) - timedelta(hours=8)

    due = after_quiet_hours(at)

    assert timezone.localtime(due).strftime("%H:%M") == (held_until or local)
    assert timedelta(0) <= due - at <= timedelta(hours=10)


@pytest.mark.parametrize(("begins", "ends", "held"), [(0, 0, False), (23 * 60, 24 * 60, False), (0, 60, True)])
def test_the_county_may_move_quiet_hours_or_do_without(begins, ends, held):
    for parameter, minutes in ((QUIET_FROM, begins), (QUIET_UNTIL, ends)):
        ParameterValue.objects.create(
            name=parameter.name, value=minutes, since=TODAY, reason="试", set_by="system", set_at=NOW
        )

    assert after_quiet_hours(MIDNIGHT) == (MIDNIGHT + timedelta(hours=1) if held else MIDNIGHT)


def unread(*people):
    found = people_with_unread().in_bulk([person.pk for person in people])
    return [found[person.pk].unread for person in people]


# One's own page -------------------------------------------------------------------------------------------------------


def test_a_notice_is_new_until_it_is_read_and_the_first_reading_counts():
    person, other = a_person(), a_person()
    for number, who in enumerate((person, person, other)):
        told(who, key=f"event {number}", at=NOW + timedelta(minutes=number))
    later, earlier = notices_of(person)
    assert later.at > earlier.at

    mark_read(earlier, at=NOW)
    mark_read(earlier, at=NOW + timedelta(days=1))

    earlier.refresh_from_db()
    assert earlier.read_at == NOW
    assert unread(person, other, a_person()) == [1, 1, 0]


def test_reading_all_leaves_new_what_comes_meanwhile_and_what_is_others():
    person, other = a_person(), a_person()
    told(person, key="1")
    told(person, key="2", at=NOW + timedelta(seconds=2))
    told(other)

    mark_all_read(person, at=NOW + timedelta(seconds=1))

    assert unread(person, other, a_person()) == [1, 1, 0]


# Templates ------------------------------------------------------------------------------------------------------------

BLANK = re.compile(r"%\((\w+)\)s")


def declared():
    return [template for template in templates() if not template.name.startswith("test.")]


@pytest.mark.parametrize("template", declared(), ids=lambda template: template.name)
def test_a_template_has_the_same_blanks_in_both_languages_and_examples_for_them(template):
    chinese, english = (words_of(template, {blank: f"<{blank}>" for blank in BLANK.findall(template.text)}, language)
                        for language in ("zh-hans", "en"))  # fmt: skip
    filled = re.compile(r"<(\w+)>")

    assert chinese != english
    assert sorted(filled.findall(chinese)) == sorted(filled.findall(english))
    assert set(BLANK.findall(template.text)) <= {"site", "phone", *EXAMPLES, *template.example}
    assert "〔" not in example_of(template, "zh-hans") + example_of(template, "en")


def test_the_code_for_the_login_is_a_template_and_no_name_is_used_twice():
    names = [
        node.args[0].value
        for path in Path(project.ROOT, "zhiyuan", "domain").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Template" and node.args
        and isinstance(node.args[0], ast.Constant)
    ]  # fmt: skip

    assert "login.code" in names
    assert sorted(names) == sorted(set(names))
    assert set(names) <= {template.name for template in templates()}


def test_a_blank_without_an_example_is_shown_by_its_name():
    assert example_of(Template("test.blank", "%(nobody_knows)s"), "en") == "〔nobody_knows〕"
