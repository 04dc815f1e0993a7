from django.urls import path

from zhiyuan.web.collecting import rounds, surveys, wishes

urlpatterns = [
    path("rounds/", rounds.listing, name="rounds"),
    path("rounds/new/", rounds.enter, name="enter_round"),
    path("rounds/<slug:public_id>/", rounds.one, name="round"),
    path("surveys/", surveys.listing, name="surveys"),
    path("surveys/new/", surveys.make, name="make_survey"),
    path("surveys/<slug:public_id>/", surveys.one, name="survey"),
    path("surveys/<slug:public_id>/needs/", surveys.turn_into_needs, name="needs_of_survey"),
    path("surveys/<slug:public_id>/paper/", surveys.paper, name="paper_answer"),
    path("s/<slug:form_id>/", surveys.answer, name="answer_survey"),
    path("wishes/", wishes.listing, name="wishes"),
    path("wishes/new/", wishes.tell, name="tell_wish"),
    path("wishes/approve/", wishes.to_approve, name="wishes_to_approve"),
    path("wishes/<slug:public_id>/", wishes.one, name="wish"),
    path("wishes/<slug:public_id>/house/", wishes.house, name="wish_house"),
    path("wishes/<slug:public_id>/approve/", wishes.approve, name="approve_wish"),
    path("wishes/<slug:public_id>/end/", wishes.end, name="end_wish"),
    path("wishes/<slug:public_id>/claim/", wishes.claim, name="claim_wish"),
    path("wishes/<slug:public_id>/back/", wishes.give_back, name="give_wish_back"),
    path("wishes/<slug:public_id>/fulfil/", wishes.fulfil, name="fulfil_wish"),
]
