"""What is on, for everybody; signing up and giving a place back."""

from datetime import timedelta

import pytest

from tests.build import (
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TOMORROW,
    TUNZI,
    a_clerk,
    a_leader,
    a_need,
    a_person,
    a_shift,
    a_signup,
    a_skill,
    a_team,
    a_volunteer,
    an_activity,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.activities.signup import SignupObstacle
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.needs.merging import merge_needs
from zhiyuan.domain.needs.models import Look, Need, NeedState

pytestmark = pytest.mark.django_db
IN_A_WEEK = NOW + timedelta(days=7)


def page_of(activity, shift=None):
    return f"/activities/{activity.public_id}/" + (f"?shift={shift.public_id}" if shift else "")


def titles_at(client, query):
    page = client.get(f"/activities/?{query}").context["page"]
    return [shift.activity.title for shift in page]


def signed_up(client, activity, **facts):
    shift = activity.shifts.get()
    return client.post(
        f"/activities/{activity.public_id}/sign-up/", {"shift": shift.public_id, "risk_seen": "1", **facts}
    )


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_has_not_begun_soonest_first(client):
    team = a_team()
    an_activity(team, title="后天", starts_at=TOMORROW + timedelta(days=1))
    an_activity(team, title="明天")
    an_activity(team, title="已经开始", starts_at=NOW - timedelta(minutes=1))
    an_activity(team, title="取消了的", state="cancelled")

    assert titles_at(client, "") == ["明天", "后天"]


def test_filters_stand_in_the_address(client):
    near, far = a_team(), a_team(area_code=MENGBA_VILLAGE)
    an_activity(near, title="清扫积雪")
    an_activity(far, title="修灯", category="repair", starts_at=IN_A_WEEK)
    full = an_activity(far, title="满了的", places=1, starts_at=TOMORROW + timedelta(hours=1))
    a_signup(full.shifts.get(), a_volunteer())

    assert titles_at(client, f"township={TUNZI}") == ["清扫积雪"]
    assert titles_at(client, f"township={MENGBA}") == ["满了的", "修灯"]
    assert titles_at(client, "category=repair") == ["修灯"]
    assert titles_at(client, "q=积雪") == ["清扫积雪"]
    assert titles_at(client, "places=1") == ["清扫积雪", "修灯"]
    assert titles_at(client, "week=1") == ["清扫积雪", "满了的"]
    assert titles_at(client, "q=没有的事") == []


@pytest.mark.parametrize(
    "query", ["page=99999999999999999999", "page=x", "township=x&category=y", "q=%00%27%25_", "fit=1", "shift=x&q=" * 9]
)
def test_an_address_with_nonsense_still_answers(client, query):
    an_activity(a_team())

    assert client.get(f"/activities/?{query}").status_code == 200


def test_a_volunteer_sees_what_fits_and_the_one_obstacle_of_the_rest(client):
    team = a_team()
    volunteer = a_volunteer(teams=(team,))
    an_activity(team, title="能报的")
    hard = an_activity(a_team(area_code=MENGBA_VILLAGE), title="要会开车", starts_at=IN_A_WEEK)
    hard.needed_skills.set([a_skill("driving")])
    log_in(client, volunteer.person)

    rows = {row.shift.activity.title: row for row in client.get("/activities/").context["rows"]}

    assert [fit.value for fit in rows["能报的"].fits] == ["own_team", "free_then"]
    assert rows["要会开车"].obstacle == SignupObstacle.MISSING_SKILL
    assert titles_at(client, "fit=1") == ["能报的"]


def test_the_list_asks_as_often_for_three_shifts_as_for_one_and_eight_times_at_the_most(client):
    team = a_team()
    an_activity(team)
    visitor = queries_of(client, "/activities/")
    log_in(client, a_volunteer(teams=(team,)).person)
    one = queries_of(client, "/activities/?fit=1")
    for days in range(2):
        an_activity(a_team(), starts_at=TOMORROW + timedelta(days=days)).needed_skills.set([a_skill()])

    assert queries_of(client, "/activities/") == one <= 8
    client.logout()
    assert queries_of(client, "/activities/") == visitor <= 8


def test_thirty_rows_with_what_i_can_take_weigh_less_than_sixty_kilobytes(client):
    team = a_team(area_code=MENGBA_VILLAGE)
    for number in range(31):
        an_activity(team, title="长" * 60, starts_at=TOMORROW + timedelta(hours=number * 3))
    log_in(client, a_volunteer(teams=(team,), area_code=MENGBA_VILLAGE).person)

    answer = client.get("/activities/")

    assert len(answer.context["rows"]) == 30
    assert len(answer.content) < 60_000


# One activity ---------------------------------------------------------------------------------------------------------


def test_anybody_reads_an_activity_but_not_who_comes_nor_the_leaders_telephone(client):
    leader = a_person(name="段平", phone="10000000055")
    activity = an_activity(a_team(), in_charge=leader)
    a_signup(activity.shifts.get(), a_volunteer(name="郭晓禾"))

    page = client.get(page_of(activity)).content.decode()

    for words in (activity.title, activity.content, activity.risk, "段平"):
        assert words in page
    for secret in ("郭晓禾", "100 0000 0055", "10000000055"):
        assert secret not in page


def test_an_activity_that_never_was_is_not_there(client):
    assert client.get("/activities/0000000000000000/").status_code == 404
    assert client.get(f"{page_of(an_activity(a_team()))}?shift=nonsense").status_code == 200


def test_a_volunteer_reads_why_they_can_take_it_or_the_obstacle_with_the_way_out(client):
    volunteer = a_volunteer(born_on=NOW.date().replace(year=2011))
    easy, dangerous = an_activity(a_team()), an_activity(a_team(), dangerous=True, needed_from=18)
    log_in(client, volunteer.person)

    blocked = client.get(page_of(dangerous)).context
    missing_consent = client.get(page_of(easy)).context

    assert (blocked["obstacle"], blocked["can_take"]) == (SignupObstacle.MINOR_DANGER, False)
    assert blocked["way_out"].href == "/activities/?fit=1"
    assert missing_consent["obstacle"] == SignupObstacle.MINOR_NEEDS_CONSENT
    assert missing_consent["way_out"].href == "/me/guardian/"


def test_a_full_shift_shows_what_else_there_is(client):
    team = a_team()
    full, other = an_activity(team, title="满了的", places=1), an_activity(team, title="别的", starts_at=IN_A_WEEK)
    a_signup(full.shifts.get(), a_volunteer())

    visitor = client.get(page_of(full)).context
    log_in(client, a_volunteer().person)
    volunteer = client.get(page_of(full)).context

    for context in (visitor, volunteer):
        assert [row.shift.activity for row in context["elsewhere"]] == [other]
    assert volunteer["obstacle"] == SignupObstacle.FULL


def test_the_house_is_shown_only_to_who_comes_and_who_leads(client):
    team = a_team()
    need = a_need(state=NeedState.SCHEDULED, team=team, address="村委会东边第三家", phone="10000000017")
    activity = an_activity(team, need=need)
    helper = a_volunteer()
    a_signup(activity.shifts.get(), helper)

    def sees(person):
        log_in(client, person)
        assert "村委会东边第三家" not in client.get(page_of(activity)).content.decode()
        house = client.get(f"{page_of(activity)}house/")
        return (
            house.status_code == 200
            and "村委会东边第三家" in (page := house.content.decode())
            and "100 0000 0017" in page
        )

    assert sees(helper.person)
    assert sees(a_leader(team))
    for stranger in (a_volunteer(teams=(team,)).person, a_leader(a_team()), a_clerk(MENGBA)):
        assert not sees(stranger)
    client.logout()
    assert "村委会东边第三家" not in client.get(page_of(activity)).content.decode()
    assert client.get(f"{page_of(activity)}house/").status_code == 302
    assert list(Look.objects.order_by("pk").values_list("capacity", flat=True)) == ["helper", "leader"]


def test_whoever_comes_to_several_households_sees_each_and_each_sees_who_looked(client):
    team = a_team()
    work = a_need(phone="10000000018", address="二组最后一家", name="张大爷")
    others = [a_need(address=f"三组第{n}家", phone=f"1000000002{n}") for n in range(2)]
    again = a_need(phone="10000000018", address="二组最后一家")  # the same household asked twice
    merge_needs(work, [*others, again], "同一件事", by=a_clerk(), at=NOW)
    Need.objects.filter(pk=work.pk).update(state=NeedState.SCHEDULED, team=team)
    activity = an_activity(team, need=Need.objects.get(pk=work.pk))
    helper = a_volunteer()
    a_signup(activity.shifts.get(), helper)
    log_in(client, helper.person)

    answer = client.get(f"{page_of(activity)}house/")

    assert answer.context["households"] == [work, *others]
    for address in ("二组最后一家", "三组第0家", "三组第1家"):
        assert answer.content.decode().count(address) == 1
    assert "no-store" in answer["Cache-Control"]
    assert {look.need for look in Look.objects.filter(by=helper.person)} == {work, *others}


def test_a_page_asks_as_often_for_three_shifts_as_for_one(client):
    team = a_team()
    activity = an_activity(team)
    log_in(client, a_volunteer(teams=(team,)).person)
    a_shift(activity, starts_at=IN_A_WEEK, ends_at=IN_A_WEEK + timedelta(hours=1))
    one = queries_of(client, page_of(activity))
    for hours in (2, 4):
        starts_at = IN_A_WEEK + timedelta(hours=hours)
        a_shift(activity, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))

    assert queries_of(client, page_of(activity)) == one <= 8


def test_the_leaders_page_asks_as_often_for_three_people_as_for_one(client):
    team = a_team()
    activity = an_activity(team)
    shift = activity.shifts.get()
    log_in(client, a_leader(team))
    a_signup(shift, a_volunteer())
    one = queries_of(client, page_of(activity))
    for _each in range(2):
        a_signup(shift, a_volunteer())

    assert queries_of(client, page_of(activity)) == one


# Signing up -----------------------------------------------------------------------------------------------------------


def test_a_volunteer_signs_up_and_the_leaders_telephone_appears(client):
    activity = an_activity(a_team(), in_charge=a_person(phone="10000000055"))
    shift = activity.shifts.get()
    volunteer = a_volunteer()
    log_in(client, volunteer.person)

    answer = signed_up(client, activity, once="a")

    assert answer.url == page_of(activity, shift)
    assert [signup.volunteer for signup in shift.signups.all()] == [volunteer]
    assert "100 0000 0055" in client.get(answer.url).content.decode()


def test_one_form_sent_twice_takes_one_place(client):
    activity = an_activity(a_team())
    log_in(client, a_volunteer().person)

    first, second = signed_up(client, activity, once="a"), signed_up(client, activity, once="a")

    assert first.url == second.url
    assert activity.shifts.get().taken == 1


@pytest.mark.parametrize("seen", ["", "0", "2", "-1", "٣", "nonsense", "9" * 40])
def test_who_has_not_ticked_the_present_risks_is_told_and_stays_where_they_were(client, seen):
    activity = an_activity(a_team())
    shift = activity.shifts.get()
    log_in(client, a_volunteer().person)
    where = f"http://testserver{page_of(activity, shift)}"

    answer = client.post(
        f"/activities/{activity.public_id}/sign-up/",
        {"shift": shift.public_id, "risk_seen": seen, "once": "a"},
        headers={"referer": where},
    )

    assert answer.url == where
    assert not SignUp.objects.exists()
    told = list(client.get(where).context["messages"])
    assert [message.extra_tags for message in told] == [SignupObstacle.RISK_NOT_SEEN.value]


def test_whoever_is_no_volunteer_is_sent_to_register_first(client):
    activity = an_activity(a_team())

    assert signed_up(client, activity).url.startswith("/login/")
    log_in(client, a_person())
    assert signed_up(client, activity).url == "/join/"
    assert not SignUp.objects.exists()


def test_a_shift_of_another_activity_is_not_there(client):
    activity, other = an_activity(a_team()), an_activity(a_team())
    log_in(client, a_volunteer().person)

    answer = signed_up(client, activity, shift=other.shifts.get().public_id)

    assert answer.status_code == 404
    assert not SignUp.objects.exists()


# Giving a place back --------------------------------------------------------------------------------------------------


def given_back(client, activity, reason):
    shift = activity.shifts.get().public_id
    return client.post(f"/activities/{activity.public_id}/give-back/", {"shift": shift, "reason": reason, "once": "b"})


def test_a_place_is_given_back_with_a_reason(client):
    activity = an_activity(a_team())
    volunteer = a_volunteer()
    a_signup(activity.shifts.get(), volunteer)
    log_in(client, volunteer.person)
    reason = client.get(page_of(activity)).context["leaving"].fields["reason"].choices[0][0]

    answer = given_back(client, activity, reason)

    assert answer.url == page_of(activity, activity.shifts.get())
    assert (SignUp.objects.get().state, SignUp.objects.get().cancel_reason) == (SignUp.State.CANCELLED, reason)
    assert activity.shifts.get().taken == 0


@pytest.mark.parametrize("reason", ["", "因为", "x" * 200])
def test_a_reason_that_was_not_offered_is_said_at_the_field_and_the_place_is_kept(client, reason):
    activity = an_activity(a_team())
    volunteer = a_volunteer()
    a_signup(activity.shifts.get(), volunteer)
    log_in(client, volunteer.person)

    answer = given_back(client, activity, reason)

    assert answer.status_code == 422
    assert list(answer.context["leaving"].errors) == ["reason"]
    assert SignUp.objects.get().state == SignUp.State.ADMITTED


def test_nobody_gives_back_anothers_place(client):
    activity = an_activity(a_team())
    a_signup(activity.shifts.get(), a_volunteer())
    log_in(client, a_volunteer().person)

    assert given_back(client, activity, "生病了").status_code == 404
    assert SignUp.objects.get().state == SignUp.State.ADMITTED
    assert not JournalEntry.objects.filter(action="shift.sign_up_cancelled").exists()
