from django.urls import path

from zhiyuan.web.notices import calls, outbox, own

urlpatterns = [
    path("messages/", own.listing, name="notices"),
    path("messages/read/", own.read_all, name="read_notices"),
    path("messages/settings/", own.ways, name="ways"),
    path("messages/<slug:public_id>/open/", own.open_notice, name="open_notice"),
    path("calls/", calls.listing, name="calls"),
    path("calls/<slug:public_id>/", calls.note, name="note_call"),
    path("outbox/", outbox.overview, name="outbox"),
    path("outbox/again/", outbox.again, name="try_message_again"),
    path("outbox/to-calls/", outbox.to_calls, name="message_to_calls"),
    path("outbox/templates/", outbox.kinds, name="message_templates"),
]
