from django.urls import path

from zhiyuan.web.people import joining, login

urlpatterns = [
    path("login/", login.ask, name="login"),
    path("login/code/", login.code, name="login_code"),
    path("login/factor/", login.factor, name="login_factor"),
    path("logout/", login.leave, name="logout"),
    path("join/", joining.join, name="join"),
]
