from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from tests.build import (
    BAOCHENG,
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_category,
    a_clerk,
    a_leader,
    a_person,
    a_team,
    an_auditor,
    an_office,
    area,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.auditing import journal_visible_to, last_proof, prove_journal
from zhiyuan.domain.organisations.models import (
    ChecklistItem,
    LevelName,
    OpeningHours,
    Site,
    SiteLevel,
    Team,
    TeamKind,
    Track,
)
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.organisations.queries import (
    SitesWanted,
    TeamsWanted,
    level_name,
    possible_guides,
    sites_open_on,
    teams_around,
    wanted_sites,
    wanted_teams,
    with_hours_on,
)
from zhiyuan.domain.organisations.teams import (
    DEEPEST,
    Opening,
    SiteFacts,
    SiteObstacle,
    TeamFacts,
    TeamObstacle,
    change_team,
    check_site,
    end_team,
    found_team,
    keep_site,
)
from zhiyuan.engines.identity import credit_check_digit

pytestmark = pytest.mark.django_db
CREDIT_CODE = "53621027MJ9999999"
CREDIT_CODE += credit_check_digit(CREDIT_CODE)


def facts(**changes):
    plain = {"name": "包城村分队", "kind": TeamKind.DETACHMENT, "area": area(BAOCHENG), "supervising_body": "镇政府"}
    return TeamFacts(**{**plain, **changes})


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named, at=NOW)
    return refusal.value.obstacle


# Founding, changing, ending -------------------------------------------------------------------------------------------


def test_a_team_is_founded_below_another_with_all_its_facts():
    parent, guide = a_team(area_code=TUNZI), a_team(area_code=COUNTY)
    given = facts(guide=guide, track=Track.PARTY, team_class="移风易俗", categories=(a_category(),))

    team = found_team(given, parent=parent, by=an_office(TUNZI), at=NOW)

    stored = Team.objects.get(pk=team.pk)
    assert stored.path.startswith(parent.path)
    assert len(stored.path) == len(parent.path) + 6
    assert (stored.parent, stored.guide, stored.track, stored.since) == (parent, guide, Track.PARTY, TODAY)
    assert list(stored.categories.all()) == [a_category()]
    assert JournalEntry.objects.get().action == "team.founded"


def test_a_founded_team_is_found_by_two_characters_of_its_name_or_class():
    found_team(facts(team_class="移风易俗"), parent=a_team(area_code=TUNZI), by=an_office(TUNZI), at=NOW)

    for words in ("包城", "易俗", "分队 移风"):
        assert [team.name for team in wanted_teams(TeamsWanted(words=words))][-1] == "包城村分队"
    assert list(wanted_teams(TeamsWanted(words="城包"))) == []


def test_without_registration_a_team_needs_a_named_supervising_body():
    parent, office = a_team(area_code=TUNZI), an_office(TUNZI)

    assert refusal_of(found_team, facts(supervising_body="  "), parent=parent, by=office) == TeamObstacle.NO_SUPERVISOR
    assert found_team(facts(supervising_body="", credit_code=CREDIT_CODE), parent=parent, by=office, at=NOW)


def test_the_database_itself_wants_a_registration_or_a_supervising_body():
    with pytest.raises(IntegrityError), transaction.atomic():
        a_team(supervising_body="")


@pytest.mark.parametrize("code", [CREDIT_CODE[:-1] + "0", "123", CREDIT_CODE.lower(), "9" * 18])
def test_a_wrong_credit_code_is_refused(code):
    wrong = facts(credit_code=code)

    obstacle = refusal_of(found_team, wrong, parent=a_team(area_code=TUNZI), by=an_office(TUNZI))

    assert obstacle == TeamObstacle.BAD_CREDIT_CODE


def test_a_credit_code_stands_once_but_a_team_keeps_its_own():
    team = a_team(credit_code=CREDIT_CODE)
    office = an_office(TUNZI)

    taken = refusal_of(found_team, facts(credit_code=CREDIT_CODE), parent=team, by=office)

    assert taken == TeamObstacle.CODE_TAKEN
    change_team(team, facts(credit_code=CREDIT_CODE), by=office, at=NOW)


def test_a_team_is_founded_only_where_parent_and_area_both_lie_in_ones_branch():
    inside, outside = a_team(area_code=TUNZI), a_team(area_code=MENGBA)
    office = an_office(TUNZI)

    for parent, code in ((outside, BAOCHENG), (inside, MENGBA_VILLAGE)):
        obstacle = refusal_of(found_team, facts(area=area(code)), parent=parent, by=office)
        assert obstacle == AccessObstacle.NOT_YOURS
    assert refusal_of(found_team, facts(), parent=inside, by=a_clerk(TUNZI)) == AccessObstacle.NOT_YOURS
    assert refusal_of(found_team, facts(), parent=inside, by=a_leader(inside)) == AccessObstacle.NOT_YOURS
    assert Team.objects.count() == 2


def test_nothing_is_founded_below_an_ended_team_or_below_the_tenth_level():
    office = an_office(COUNTY)
    team = ended = a_team(until=TODAY)
    for _level in range(DEEPEST):
        team = a_team(parent=team if team != ended else None)

    assert refusal_of(found_team, facts(), parent=ended, by=office) == TeamObstacle.PARENT_ENDED
    assert refusal_of(found_team, facts(), parent=team, by=office) == TeamObstacle.TOO_DEEP


def test_a_guide_is_another_team_that_stands():
    team, ended = a_team(), a_team(area_code=COUNTY, until=TODAY)
    office = an_office(COUNTY)

    assert refusal_of(change_team, team, facts(guide=ended), by=office) == TeamObstacle.NO_GUIDE
    assert refusal_of(change_team, team, facts(guide=team), by=office) == TeamObstacle.NO_GUIDE


def test_a_changed_team_keeps_its_place_in_the_tree_and_is_found_by_its_new_name():
    team = a_team(name="马堡村分队")

    change_team(team, facts(name="马堡银龄分队", area=area(MABAO)), by=an_office(TUNZI), at=NOW)

    changed = Team.objects.get()
    assert (changed.path, changed.public_id, changed.name) == (team.path, team.public_id, "马堡银龄分队")
    assert list(wanted_teams(TeamsWanted(words="银龄"))) == [team]


def test_a_team_is_not_changed_from_outside_nor_moved_outside():
    team = a_team()

    assert refusal_of(change_team, team, facts(), by=an_office(MENGBA)) == AccessObstacle.NOT_YOURS
    moved = facts(area=area(MENGBA_VILLAGE))
    assert refusal_of(change_team, team, moved, by=an_office(TUNZI)) == AccessObstacle.NOT_YOURS


def test_an_ended_team_stays_as_it_was():
    team = a_team()
    end_team(team, by=an_office(TUNZI), at=NOW)

    assert Team.objects.get().until == TODAY
    assert refusal_of(change_team, team, facts(), by=an_office(TUNZI)) == TeamObstacle.ENDED
    assert refusal_of(end_team, team, by=an_office(TUNZI)) == TeamObstacle.ENDED


def test_a_team_ends_after_the_teams_below_it_and_by_its_branch_alone():
    team = a_team(area_code=TUNZI)
    below = a_team(parent=team)

    assert refusal_of(end_team, team, by=an_office(TUNZI)) == TeamObstacle.HAS_TEAMS_BELOW
    assert refusal_of(end_team, below, by=an_office(MENGBA)) == AccessObstacle.NOT_YOURS
    end_team(below, by=an_office(TUNZI), at=NOW)
    end_team(team, by=an_office(TUNZI), at=NOW)
    assert not Team.objects.filter(until=None).exists()


# Reading teams --------------------------------------------------------------------------------------------------------


def test_levels_have_names_before_anybody_sets_them_and_the_countys_own_afterwards():
    corps = a_team(area_code=COUNTY)
    branch = a_team(area_code=TUNZI, parent=corps)

    with translation.override("en"):
        assert [level_name(corps), level_name(branch)] == ["Corps", "Branch"]
        LevelName.objects.create(depth=2, name_zh="大队", name_en="Battalion")
        assert level_name(branch) == "Battalion"
    with translation.override("zh-hans"):
        assert level_name(branch) == "大队"


def test_the_list_of_teams_goes_place_by_place_and_narrows_by_kind_township_and_track():
    corps = a_team(area_code=COUNTY, kind=TeamKind.CORPS)
    rescue = a_team(area_code=MENGBA, kind=TeamKind.RESCUE, track=Track.EMERGENCY)
    village = a_team(area_code=MABAO, parent=corps)
    a_team(until=TODAY)

    assert list(wanted_teams(TeamsWanted())) == [corps, rescue, village]
    assert list(wanted_teams(TeamsWanted(kind="rescue"))) == [rescue]
    assert list(wanted_teams(TeamsWanted(township=TUNZI))) == [village]
    assert list(wanted_teams(TeamsWanted(track="emergency"))) == [rescue]


def test_both_the_territorial_parent_and_the_guide_see_their_teams():
    parent, guide = a_team(area_code=TUNZI), a_team(area_code=COUNTY)
    team = a_team(parent=parent, guide=guide)

    assert list(teams_around(parent)) == [team]
    assert list(teams_around(guide)) == [team]


def test_guides_are_offered_from_the_county_and_the_one_a_team_has():
    county_wide, own = a_team(area_code=COUNTY, name="卫健局队"), a_team(area_code=TUNZI, name="乡卫生院队")
    team = a_team(guide=own)

    assert list(possible_guides()) == [county_wide]
    assert set(possible_guides(team)) == {county_wide, own}


# Sites ----------------------------------------------------------------------------------------------------------------


def site_facts(**changes):
    plain = {"name": "马堡村实践站", "level": SiteLevel.STATION, "area": area(MABAO)}
    return SiteFacts(**{**plain, **changes})


MORNING = Opening(TODAY.weekday(), time(8, 30), time(12))
EVENING = Opening(TODAY.weekday(), time(18), time(20))


def test_a_site_is_opened_with_its_hours_and_found_by_two_characters():
    site = keep_site(site_facts(openings=(MORNING,)), by=an_office(TUNZI), at=NOW)

    assert [hours.site for hours in sites_open_on(TODAY)] == [site]
    assert list(wanted_sites(SitesWanted(words="马堡"))) == [site]
    assert JournalEntry.objects.get().action == "site.opened"


def test_changing_a_site_keeps_its_address_and_replaces_its_hours():
    site = keep_site(site_facts(openings=(MORNING, EVENING)), by=an_office(TUNZI), at=NOW)

    keep_site(site_facts(name="马堡新站", openings=(EVENING,)), site=site, by=an_office(TUNZI), at=NOW)

    assert Site.objects.get().public_id == site.public_id
    assert [hours.opens for hours in OpeningHours.objects.all()] == [time(18)]


def test_a_site_that_closes_before_it_opens_is_refused_and_nothing_is_written():
    backwards = site_facts(openings=(Opening(0, time(12), time(8)),))

    assert refusal_of(keep_site, backwards, by=an_office(TUNZI)) == SiteObstacle.CLOSES_BEFORE_OPENING
    assert not Site.objects.exists()


def test_sites_are_kept_by_their_branch_alone_and_never_moved_out_of_it():
    site = keep_site(site_facts(), by=an_office(TUNZI), at=NOW)
    away = site_facts(area=area(MENGBA_VILLAGE))

    assert refusal_of(keep_site, site_facts(), site=site, by=an_office(MENGBA)) == AccessObstacle.NOT_YOURS
    assert refusal_of(keep_site, away, site=site, by=an_office(TUNZI)) == AccessObstacle.NOT_YOURS
    assert refusal_of(keep_site, site_facts(), by=a_clerk(TUNZI)) == AccessObstacle.NOT_YOURS


def test_open_now_means_between_opening_and_closing_on_this_weekday():
    site = keep_site(site_facts(openings=(MORNING,)), by=an_office(TUNZI), at=NOW)

    def open_at(moment):
        return list(wanted_sites(SitesWanted(open_at=moment)))

    assert open_at(NOW) == [site]
    assert open_at(NOW.replace(hour=12)) == []
    assert open_at(NOW.replace(hour=8, minute=29)) == []
    assert open_at(NOW + timedelta(days=1)) == []


def test_a_list_of_sites_carries_todays_hours():
    keep_site(site_facts(openings=(EVENING, MORNING)), by=an_office(TUNZI), at=NOW)

    (site,) = with_hours_on(wanted_sites(SitesWanted(township=TUNZI, level="station")), TODAY)

    assert [hours.opens for hours in site.hours_today] == [time(8, 30), time(18)]


def test_an_item_of_the_checklist_is_met_from_a_day_and_can_be_taken_off():
    site, office = keep_site(site_facts(), by=an_office(TUNZI), at=NOW), an_office(TUNZI)
    item = ChecklistItem.HAVE_PLACE

    check_site(site, item, met_on=TODAY, by=office, at=NOW)
    check_site(site, item, met_on=TODAY - timedelta(days=1), by=office, at=NOW)
    assert [check.met_on for check in site.checks.all()] == [TODAY - timedelta(days=1)]

    check_site(site, item, met_on=None, by=office, at=NOW)
    assert not site.checks.exists()


def test_an_item_is_not_met_in_the_future_nor_by_a_stranger():
    site = keep_site(site_facts(), by=an_office(TUNZI), at=NOW)
    item, tomorrow = ChecklistItem.HAVE_PLACE, TODAY + timedelta(days=1)

    assert refusal_of(check_site, site, item, met_on=tomorrow, by=an_office(TUNZI)) == SiteObstacle.MET_LATER
    assert refusal_of(check_site, site, item, met_on=TODAY, by=an_office(MENGBA)) == AccessObstacle.NOT_YOURS


# The journal ----------------------------------------------------------------------------------------------------------


def test_the_journal_is_read_by_the_countys_auditor_and_by_no_auditor_of_a_part():
    keep_site(site_facts(), by=an_office(TUNZI), at=NOW)

    assert journal_visible_to(an_auditor(COUNTY)).count() == 1
    for person in (an_auditor(TUNZI), an_office(COUNTY), a_person(), None):
        assert journal_visible_to(person).count() == 0


def test_following_the_chain_is_noted_with_what_came_of_it():
    auditor = an_auditor(COUNTY)
    keep_site(site_facts(), by=an_office(TUNZI), at=NOW)
    assert last_proof() is None

    prove_journal(by=auditor, at=NOW)

    assert last_proof().facts == {"entries": 1, "whole": True}
    assert refusal_of(prove_journal, by=an_auditor(TUNZI)) == AccessObstacle.NOT_YOURS
