import pytest
from django.utils import translation

from tests.build import a_resident
from zhiyuan.domain.residents.wishes import wishes_in_words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, []),
        ({"speech": "mandarin"}, ["Mandarin"]),
        ({"wishes": "reads_nothing hears_badly"}, ["Hears badly", "Does not read"]),
        ({"speech": "dialect", "wishes": "large_print"}, ["Only the local dialect", "Needs large print"]),
        ({"speech": "other", "speech_words": "藏语"}, ["Speaks 藏语"]),
    ],
)
def test_whoever_visits_reads_how_to_speak_with_them_and_what_makes_it_easier(facts, words):
    with translation.override("en"):
        assert wishes_in_words(a_resident(**facts)) == words
