from django.urls import path

from zhiyuan.web.people import consents, guardians, joining, leaving, login

urlpatterns = [
    path("login/", login.ask, name="login"),
    path("login/code/", login.code, name="login_code"),
    path("login/factor/", login.factor, name="login_factor"),
    path("logout/", login.leave, name="logout"),
    path("join/", joining.join, name="join"),
    path("join/guardian/", joining.guardian, name="join_guardian"),
    path("me/consents/", consents.consents, name="own_consents"),
    path("me/consents/<slug:purpose>/", consents.decide, name="decide_consent"),
    path("me/guardian/", guardians.own, name="own_guardian"),
    path("me/guardian/code/", guardians.code, name="own_guardian_code"),
    path("me/data/", leaving.data, name="own_data"),
    path("me/data.json", leaving.data_file, name="own_data_file"),
    path("me/close/", leaving.close, name="close_account"),
    path("guardians/<slug:public_id>/withdraw/", guardians.withdraw, name="withdraw_guardian"),
    path("volunteers/<slug:public_id>/guardians/", guardians.at_counter, name="guardians_at_counter"),
]
