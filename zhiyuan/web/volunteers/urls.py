from django.urls import path

from zhiyuan.web.volunteers import belonging, files, members, merging, own, papers

urlpatterns = [
    path("volunteers/", files.listing, name="volunteers"),
    path("volunteers/new/", files.register, name="register_volunteer"),
    path("volunteers/duplicates/", merging.duplicates, name="duplicates"),
    path("volunteers/merges/<slug:public_id>/undo/", merging.undo, name="undo_merge"),
    path("volunteers/<slug:public_id>/merge/<slug:other_id>/", merging.pair, name="merge"),
    path("volunteers/<slug:public_id>/", files.one, name="volunteer"),
    path("volunteers/<slug:public_id>/credentials/<slug:credential_id>/", files.decide, name="decide_credential"),
    path(
        "volunteers/<slug:public_id>/credentials/<slug:credential_id>/file/",
        papers.staff_file,
        name="credential_file",
    ),
    path("volunteers/<slug:public_id>/teams/", members.history, name="volunteer_teams"),
    path("teams/<slug:public_id>/invitations/", members.invitations, name="team_invitations"),
    path(
        "teams/<slug:public_id>/invitations/<slug:invitation_id>/withdraw/",
        members.withdraw,
        name="withdraw_invitation",
    ),
    path("teams/<slug:public_id>/moves/<slug:transfer_id>/", members.answer_move, name="answer_move"),
    path("teams/<slug:public_id>/members/<slug:volunteer_id>/take-out/", members.let_go, name="take_out"),
    path("teams/<slug:public_id>/telephones/", belonging.telephones, name="team_telephones"),
    path("me/teams/", belonging.own_teams, name="own_teams"),
    path("me/teams/<slug:public_id>/move/", belonging.move, name="ask_move"),
    path("me/moves/<slug:public_id>/withdraw/", belonging.stay, name="withdraw_move"),
    path("me/invitations/<slug:public_id>/", belonging.answer, name="answer_invitation"),
    path("me/contact/", belonging.contact, name="own_contact"),
    path("me/pause/", belonging.rest, name="pause"),
    path("me/resume/", belonging.be_back, name="resume"),
    path("me/skills/", own.skills, name="own_skills"),
    path("me/times/", own.times, name="own_times"),
    path("me/credentials/", own.credentials, name="own_credentials"),
    path("me/credentials/<slug:public_id>/file/", papers.own_file, name="own_credential_file"),
    path("me/credentials/<slug:public_id>/take-back/", papers.take_back, name="take_back_credential"),
    path("me/details/", own.details, name="own_details"),
]
