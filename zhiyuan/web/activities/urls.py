from django.urls import path

from zhiyuan.web.activities import checkin, hours, leading, me, public, rollcall

urlpatterns = [
    path("activities/", public.listing, name="activities"),
    path("activities/<slug:public_id>/", public.activity, name="activity"),
    path("activities/<slug:public_id>/house/", public.house, name="house"),
    path("activities/<slug:public_id>/sign-up/", public.sign_up_here, name="sign_up"),
    path("activities/<slug:public_id>/give-back/", public.give_back, name="give_back"),
    path("activities/<slug:public_id>/roll-call/", rollcall.roll_call, name="roll_call"),
    path("activities/<slug:public_id>/everybody-out/", rollcall.everybody_out, name="everybody_out"),
    path("activities/<slug:public_id>/finish/", rollcall.finish, name="finish_activity"),
    path("activities/<slug:public_id>/cancel/", leading.cancel, name="cancel_activity"),
    path("sign-ups/<slug:public_id>/attendance/", rollcall.attendance, name="attendance"),
    path("sign-ups/<slug:public_id>/left/", rollcall.left, name="left"),
    path("me/", me.my_page, name="me"),
    path("me/hours/", me.my_hours, name="my_hours"),
    path("check-in/", checkin.check_in, name="check_in"),
    path("my-teams/", leading.my_teams, name="my_teams"),
    path("my-teams/orders/<slug:public_id>/accept/", leading.accept, name="accept_order"),
    path("my-teams/orders/<slug:public_id>/decline/", leading.decline, name="decline_order"),
    path("my-teams/needs/<slug:public_id>/hand-back/", leading.give_up, name="hand_back"),
    path("my-teams/<slug:public_id>/claim/", leading.claim, name="claim_need"),
    path("my-teams/<slug:public_id>/plan/", leading.plan, name="plan_activity"),
    path("hours/", hours.to_confirm, name="hours"),
    path("hours/confirm/", hours.confirm_chosen, name="confirm_hours"),
    path("hours/<slug:public_id>/", hours.one_record, name="service_record"),
    path("hours/<slug:public_id>/reverse/", hours.take_back, name="reverse_hours"),
]
