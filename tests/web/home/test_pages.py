"""The menu of phones, help, privacy, and how somebody likes the pages."""

import re

import pytest
from django.conf import settings as project
from django.test import Client

from tests.build import a_clerk, a_county, a_leader, a_person, a_team, a_volunteer, an_auditor, an_office
from tests.web.doors import log_in
from zhiyuan.web.home.pages import HELP

pytestmark = pytest.mark.django_db


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def links(page):
    """Where the menu of /more/ leads."""
    return set(re.findall(r'<li><a href="(/[^"]*)"', page))


# More -----------------------------------------------------------------------------------------------------------------


def test_a_visitor_finds_everything_public_under_more(client):
    assert links(shown(client, "/more/")) == {
        "/ask/", "/wishes/", "/follow/", "/activities/", "/teams/", "/sites/", "/help/", "/privacy/", "/join/",
        "/login/",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("build", "own", "foreign"),
    [
        (lambda: a_volunteer().person, {"/me/", "/me/hours/", "/me/details/"}, {"/desk/", "/journal/", "/join/"}),
        (lambda: a_leader(a_team()), {"/my-teams/", "/hours/", "/volunteers/"}, {"/desk/", "/journal/", "/roles/"}),
        (a_clerk, {"/desk/", "/volunteers/", "/rounds/", "/surveys/"}, {"/my-teams/", "/journal/", "/roles/"}),
        (an_office, {"/desk/", "/roles/", "/hours/", "/menu/", "/surveys/"}, {"/my-teams/", "/rounds/"}),
        (an_auditor, {"/journal/", "/desk/"}, {"/roles/", "/hours/"}),
    ],
)
def test_more_shows_what_the_roles_of_today_open(client, build, own, foreign):
    log_in(client, build())

    found = links(shown(client, "/more/"))

    assert own <= found
    assert not foreign & found
    for address in own - {"/me/", "/me/hours/", "/my-teams/", "/hours/"}:  # theirs are tested at their rooms
        assert client.get(address).status_code == 200


# Help and privacy -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", HELP)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_role_has_its_help_in_both_languages(client, role, language):
    client.cookies["django_language"] = language

    page = shown(client, f"/help/{role}/")

    article = page[page.index("<article") : page.index("</article>")]
    steps = re.findall(r"<li>(.*?)</li>", article, re.DOTALL)
    assert len(steps) >= 5
    for step in steps:
        words = re.sub(r"<[^>]+>|（.*?）|\(.*?\)|《.*?》", "", step)
        assert bool(re.search("[一-鿿]", words)) == (language == "zh-hans"), words


def test_every_link_in_the_help_leads_somewhere(client):
    pages = [shown(client, f"/help/{role}/") for role in HELP]
    found = {link for page in pages for link in re.findall(r'<li>[^\n]*?href="(/[^"]+)"', page)}

    assert found
    for link in found:
        assert client.get(link).status_code in {200, 302}, link


def test_help_for_nobody_is_not_there(client):
    assert client.get("/help/nobody/").status_code == 404


def test_the_help_of_all_roles_is_listed(client):
    page = shown(client, "/help/")

    assert [role for role in HELP if f'href="/help/{role}/"' not in page] == []


def test_privacy_says_the_version_of_the_consent_and_speaks_to_parents(client):
    page = shown(client, "/privacy/")

    assert "2026-11" in page
    assert 'id="children"' in page
    assert "未满 14 岁" in page


# Preferences ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["20", "24", "30"])
def test_large_text_is_kept_in_a_cookie_and_goes_back_where_it_was_asked_for(client, size):
    a_county()

    answer = client.post("/settings/text-size/", {"size": size, "next": "/help/"})

    assert answer["Location"] == "/help/"
    assert f'data-elder="{size}"' in shown(client, "/")


def test_normal_text_takes_the_cookie_away(client):
    client.post("/settings/text-size/", {"size": "24"})

    client.post("/settings/text-size/", {"size": ""})

    assert "data-elder" not in shown(client, "/help/")


def test_a_size_that_is_none_is_normal_text(client):
    client.cookies["elder"] = '"><script>'

    assert "data-elder" not in shown(client, "/help/")
    client.post("/settings/text-size/", {"size": "999"})
    assert "data-elder" not in shown(client, "/help/")


@pytest.mark.parametrize("path", ["/settings/text-size/", "/settings/language/", "/logout/"])
def test_preferences_are_changed_by_forms_alone(client, path):
    assert client.get(path).status_code == 405


@pytest.mark.parametrize("path", ["/settings/text-size/", "/settings/language/"])
def test_preferences_never_lead_elsewhere(client, path):
    answer = client.post(path, {"size": "20", "language": "en", "next": "https://example.org/"})

    assert answer["Location"] == "/"


def test_english_is_chosen_by_a_form_and_kept(client):
    assert "帮助" in shown(client, "/help/")

    client.post("/settings/language/", {"language": "en", "next": "/help/"})

    page = shown(client, "/help/")
    assert '<html lang="en"' in page
    assert "<h1>Help</h1>" in page


def test_a_language_that_is_none_changes_nothing(client):
    client.post("/settings/language/", {"language": "xx"})

    assert project.LANGUAGE_COOKIE_NAME not in client.cookies


def test_somebody_signed_in_is_written_to_in_their_language(client):
    person = a_person()
    log_in(client, person)

    client.post("/settings/language/", {"language": "en"})

    person.refresh_from_db()
    assert (person.language, person.sex) == ("en", person.sex)


# Errors ---------------------------------------------------------------------------------------------------------------


def test_a_page_that_is_not_there_says_where_to_go(client):
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()


def test_a_form_without_its_key_says_that_the_page_was_open_too_long():
    answer = Client(enforce_csrf_checks=True).post("/login/", {"phone": "1"})

    assert answer.status_code == 403
    assert "这个页面开得太久了" in answer.content.decode()
