from django.urls import path

from zhiyuan.web.needs import asking, desk, following

urlpatterns = [
    path("ask/", asking.ask, name="ask"),
    path("follow/", following.follow, name="follow"),
    path("r/<slug:receipt_id>/", following.receipt, name="receipt"),
    path("r/<slug:receipt_id>/answer/", following.answer, name="answer"),
    path("r/<slug:receipt_id>/withdraw/", following.withdraw, name="withdraw"),
    path("r/<slug:receipt_id>/confirm/", following.confirm, name="confirm"),
    path("r/<slug:receipt_id>/rate/", following.rate, name="rate"),
    path("desk/", desk.desk, name="desk"),
    path("desk/new/", desk.enter, name="enter_need"),
    path("desk/<slug:public_id>/", desk.one_need, name="need"),
    path("desk/<slug:public_id>/verify/", desk.verify, name="verify_need"),
    path("desk/<slug:public_id>/ask/", desk.ask_back, name="ask_requester"),
    path("desk/<slug:public_id>/answer/", desk.note_answer, name="note_answer"),
    path("desk/<slug:public_id>/reject/", desk.reject, name="reject_need"),
    path("desk/<slug:public_id>/dispatch/", desk.send, name="dispatch_need"),
    path("desk/<slug:public_id>/recall/", desk.recall, name="recall_order"),
    path("desk/<slug:public_id>/confirm/", desk.confirm, name="confirm_by_call"),
    path("desk/<slug:public_id>/rate/", desk.rate, name="rate_by_call"),
    path("desk/<slug:public_id>/close/", desk.close, name="close_need"),
]
