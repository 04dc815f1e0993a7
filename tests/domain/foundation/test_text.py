import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build import a_person, a_team
from zhiyuan.domain.foundation.fields import TextObstacle
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.text import clean_text, grams, wanted_grams
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.people.models import Person

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None), max_size=60)
HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  王奶奶 ", "王奶奶"),
        ("e\u0301", "é"),
        ("a\x00b", "ab"),
        ("\ud800王", "王"),
        ("王\u202e三", "王三"),
        ("王\u2066三\u2069", "王三"),
        ("王\u200b三\u200d四", "王三四"),
        ("\ufeff王", "王"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("一\t二\x7f\x9b", "一\t二"),
        ("\x00\u200b ", ""),
    ],
)
def test_what_cannot_be_seen_or_stored_is_taken_out(typed, kept):
    assert clean_text(typed) == kept


@given(ANYTHING)
def test_clean_text_is_normal_storable_and_stays_as_it_is(text):
    clean = clean_text(text)

    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\t\n" for sign in clean)


@given(HAN, st.data())
def test_any_two_neighbouring_characters_find_a_chinese_text(text, data):
    at = data.draw(st.integers(0, len(text) - 2))

    assert set(wanted_grams(text[at : at + 2])) <= set(grams(text).split())


def test_chinese_beside_digits_and_letters_is_found_too():
    assert set(wanted_grams("除夕")) <= set(grams("2026年除夕慰问").split())
    assert set(wanted_grams("睹为")) <= set(grams("e睹为快").split())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", ["马堡", "服务", "堡", "马堡 服务", "ZY7", "zy7k", "2026", "年度", "马堡' OR 1=1 --", '"马堡*']
)
def test_a_search_finds_the_row_that_has_all_of_it(words):
    team = a_team(name="马堡村志愿服务队 ZY7K 2026年度" if "OR" not in words else "马堡 or 1 1")
    a_team(name="别的队伍")

    assert list(Team.objects.filter(grams__match=words)) == [team]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["堡马", "马务", "孟坝", "", "？！", "马堡 孟坝", "马堡" * 3000, "马" + "堡a" * 900])
def test_a_search_finds_nothing_else(words):
    a_team(name="马堡村志愿服务队")

    assert list(Team.objects.filter(grams__match=words)) == []


@pytest.mark.django_db
def test_a_row_is_found_by_its_new_words_once_they_changed():
    team = a_team(name="马堡村分队")

    Team.objects.filter(pk=team.pk).update(grams=grams("包城村分队"))

    assert list(Team.objects.filter(grams__match="马堡")) == []
    assert list(Team.objects.filter(grams__match="包城")) == [team]


@pytest.mark.django_db
def test_text_is_cleaned_on_every_way_into_a_row():
    person = a_person(name="李\u202e知\x00行 ")
    Person.objects.filter(pk=person.pk).update(name=" 李\u200b行")

    person.refresh_from_db()

    assert person.name == "李行"


@pytest.mark.django_db
def test_text_beyond_its_length_is_refused_alike_on_both_databases():
    with pytest.raises(Refused) as refusal:
        a_person(name="长" * 41)

    assert refusal.value.obstacle == TextObstacle.TEXT_TOO_LONG
    assert "40" in refusal.value.sentence
