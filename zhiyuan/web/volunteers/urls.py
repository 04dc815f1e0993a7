from django.urls import path

from zhiyuan.web.volunteers import files, own

urlpatterns = [
    path("volunteers/", files.listing, name="volunteers"),
    path("volunteers/new/", files.register, name="register_volunteer"),
    path("volunteers/<slug:public_id>/", files.one, name="volunteer"),
    path("volunteers/<slug:public_id>/credentials/<slug:credential_id>/", files.decide, name="decide_credential"),
    path("me/skills/", own.skills, name="own_skills"),
    path("me/times/", own.times, name="own_times"),
    path("me/credentials/", own.credentials, name="own_credentials"),
    path("me/details/", own.details, name="own_details"),
]
