"""How somebody wants to be told."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.notices.gateways import mail_is_carried
from zhiyuan.domain.notices.ways import WaysObstacle
from zhiyuan.web.forms import Plain


class WaysForm(Plain):
    refusal_fields: ClassVar = {WaysObstacle.NO_ADDRESS: "address"}

    sms = forms.BooleanField(label=_("By SMS"), required=False)
    email = forms.BooleanField(label=_("By e-mail"), required=False)
    address = forms.EmailField(
        label=_("E-mail address"), required=False, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    call = forms.BooleanField(label=_("Please call me"), required=False)
    at_night = forms.BooleanField(label=_("At night too, as soon as it happens"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mail_is_carried():
            del self.fields["email"], self.fields["address"]
