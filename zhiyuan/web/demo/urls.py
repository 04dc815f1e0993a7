from django.urls import path

from zhiyuan.web.demo import views

urlpatterns = [
    path("demo/role/", views.step_into, name="demo_role"),
    path("demo/messages/", views.sent, name="demo_messages"),
]
