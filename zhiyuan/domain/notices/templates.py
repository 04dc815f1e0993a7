"""The kinds of messages there are: each template known by its name, in both languages, with an example."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

# what stands in a blank when somebody looks at a template
EXAMPLES = {
    "area": "屯字镇 马堡村",
    "body": "12345 政务热线",
    "category": "买药送药",
    "code": "246810",
    "count": "3",
    "day": "11-28",
    "desk": "屯字镇",
    "holder": "周禾",
    "kind": "驾驶证",
    "name": "李知行",
    "number": "261124-0012",
    "place": "屯字镇 马堡村",
    "reason": "已搬到县城",
    "role": "派单员",
    "since": "11-28",
    "source": "马堡村分队",
    "state": "已评价",
    "target": "包城村分队",
    "team": "马堡村分队",
    "team_phone": "100 0000 0044",
    "time": "09:30",
    "title": "清扫门前积雪",
    "until": "12-05",
    "words": "一双棉鞋",
}
_declared: dict[str, "Template"] = {}


@dataclass(frozen=True)
class Template:
    """One kind of message. `text` is marked with gettext_noop and has named blanks; an urgent one is never held back
    for quiet hours, one that is `page_only` stands on people's own page and is sent nowhere. Declared once, as a
    constant of its room; thereby it stands on the office's page.
    """

    name: str
    text: str
    urgent: bool = False
    page_only: bool = False
    example: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        _declared[self.name] = self


def words_of(template: Template, facts: Mapping[str, object], language: str) -> str:
    """The template in a language; `site` and `phone` are filled in by themselves."""
    usual = {"site": settings.SITE_NAME, "phone": settings.SERVICE_PHONE}
    with translation.override(language):
        return gettext(template.text) % {**usual, **{name: str(value) for name, value in facts.items()}}


class _Examples(dict[str, str]):
    def __missing__(self, blank: str) -> str:
        return f"〔{blank}〕"


def example_of(template: Template, language: str) -> str:
    """How a message of this kind reads."""
    usual = {"site": settings.SITE_NAME, "phone": settings.SERVICE_PHONE}
    with translation.override(language):
        return gettext(template.text) % _Examples({**EXAMPLES, **usual, **template.example})


class _Dots(dict[str, str]):
    def __missing__(self, blank: str) -> str:
        return "…"


def outline_of(template: Template, language: str) -> str:
    """What a message of this kind says, with nobody's facts in it."""
    with translation.override(language):
        return gettext(template.text) % _Dots(site=settings.SITE_NAME, phone=settings.SERVICE_PHONE)


def template_named(name: str) -> Template | None:
    return _declared.get(name)


def templates() -> list[Template]:
    """All that were declared, by name."""
    return [_declared[name] for name in sorted(_declared)]
