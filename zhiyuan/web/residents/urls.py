from django.urls import path

from zhiyuan.web.residents import duplicates, pages

urlpatterns = [
    path("residents/", pages.listing, name="residents"),
    path("residents/duplicates/", duplicates.listing, name="resident_duplicates"),
    path("residents/<slug:public_id>/", pages.one, name="resident"),
    path("residents/<slug:public_id>/change/", pages.change, name="change_resident"),
    path("residents/<slug:public_id>/household/", pages.household, name="household"),
    path("residents/<slug:public_id>/household/with/<slug:other_id>/", pages.live_with, name="move_in"),
    path("residents/<slug:public_id>/household/leave/", pages.leave, name="move_out"),
    path("residents/<slug:public_id>/compare/<slug:other_id>/", duplicates.compare, name="compare_residents"),
    path("residents/<slug:public_id>/compare/<slug:other_id>/apart/", duplicates.apart, name="tell_residents_apart"),
    path("residents/<slug:public_id>/merges/<slug:merge_id>/undo/", duplicates.undo, name="undo_merge"),
]
