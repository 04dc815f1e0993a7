"""Comparing two answers by what they tell, without what every answer has of its own."""

import re
from typing import Any
from urllib.parse import quote

from django.utils.html import escape

_OF_ITS_OWN = re.compile(r'name="(?:csrfmiddlewaretoken|once)" value="[^"]*"')


def told(answer: Any) -> tuple[int, str, str]:
    """Status, where it leads, and text: without the request's id, its address and the keys of its forms."""
    address = answer.wsgi_request.get_full_path()
    text = _OF_ITS_OWN.sub("", answer.content.decode()).replace(answer["X-Request-ID"], "")
    place = answer.get("Location", "")
    for written in sorted({address, escape(address), quote(address), quote(address, safe="")}, key=len, reverse=True):
        text, place = text.replace(written, "HERE"), place.replace(written, "HERE")
    return answer.status_code, place, text
