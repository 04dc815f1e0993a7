from django.urls import path

from zhiyuan.web.organisations import journal, reviews, roles, seen, settings, sites, substitutes, teams

urlpatterns = [
    path("teams/", teams.listing, name="teams"),
    path("teams/new/", teams.found, name="found_team"),
    path("teams/<slug:public_id>/", teams.team, name="team"),
    path("teams/<slug:public_id>/join/", teams.join, name="join_team"),
    path("teams/<slug:public_id>/leave/", teams.leave, name="leave_team"),
    path("teams/<slug:public_id>/members/", teams.members, name="team_members"),
    path("teams/<slug:public_id>/change/", teams.change, name="change_team"),
    path("teams/<slug:public_id>/end/", teams.end, name="end_team"),
    path("sites/", sites.listing, name="sites"),
    path("sites/new/", sites.open_site, name="open_site"),
    path("sites/<slug:public_id>/", sites.site, name="site"),
    path("sites/<slug:public_id>/change/", sites.change, name="change_site"),
    path("sites/<slug:public_id>/check/", sites.check, name="check_site"),
    path("roles/", roles.listing, name="roles"),
    path("roles/new/", roles.grant, name="grant_role"),
    path("roles/<slug:public_id>/end/", roles.end, name="end_role"),
    path("roles/due/", reviews.due, name="roles_due"),
    path("roles/<slug:public_id>/keep/", reviews.keep, name="keep_role"),
    path("roles/<slug:public_id>/substitute/", substitutes.name, name="name_substitute"),
    path("me/roles/", substitutes.own, name="own_roles"),
    path("me/roles/<slug:public_id>/end/", substitutes.end, name="end_substitute"),
    path("me/seen/", seen.seen, name="seen"),
    path("settings/", settings.listing, name="settings"),
    path("settings/value/<str:parameter>/", settings.one, name="setting"),
    path("settings/days/", settings.days, name="special_days"),
    path("settings/days/forget/", settings.forget_days, name="forget_days"),
    path("journal/", journal.listing, name="journal"),
    path("journal/prove/", journal.prove, name="prove_journal"),
]
