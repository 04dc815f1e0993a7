from django.urls import path

from zhiyuan.web.organisations import journal, menu, roles, sites, teams

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
    path("sites/<slug:public_id>/poster/", menu.poster, name="site_poster"),
    path("menu/", menu.listing, name="menu"),
    path("menu/new/", menu.add, name="add_menu_item"),
    path("menu/<slug:code>/change/", menu.change, name="change_menu_item"),
    path("roles/", roles.listing, name="roles"),
    path("roles/new/", roles.grant, name="grant_role"),
    path("roles/<slug:public_id>/end/", roles.end, name="end_role"),
    path("journal/", journal.listing, name="journal"),
    path("journal/prove/", journal.prove, name="prove_journal"),
]
