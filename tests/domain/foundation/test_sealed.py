import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.build import NOW, a_need, a_person
from zhiyuan.domain.foundation.sealed import SealBroken, blind_index, seal, unseal
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.people.models import GuardianConsent, Person

PLACE = "people_person.phone"
OLD = "old:" + "an old key, long enough to pass for one "
NEW = "new:" + "a new key, long enough to pass for one. "


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_what_was_sealed_opens_in_its_place(text):
    assert unseal(seal(text, PLACE), PLACE) == text


def test_equal_texts_are_sealed_differently():
    assert seal("10000000017", PLACE) != seal("10000000017", PLACE)


def test_a_value_moved_to_another_column_does_not_open():
    sealed = seal("10000000017", PLACE)

    with pytest.raises(SealBroken):
        unseal(sealed, "people_person.id_number")


@pytest.mark.parametrize("change", [lambda s: s[:-4] + "AAAA", lambda s: s[:12], lambda _: "test1.not sealed at all"])
def test_a_changed_value_does_not_open(change):
    with pytest.raises(SealBroken):
        unseal(change(seal("10000000017", PLACE)), PLACE)


def test_the_newest_key_seals_and_older_ones_still_open(settings):
    settings.SEALING_KEYS = OLD
    before = seal("王奶奶", PLACE)

    settings.SEALING_KEYS = f"{NEW},{OLD}"

    assert unseal(before, PLACE) == "王奶奶"
    assert seal("王奶奶", PLACE).startswith("new.")


def test_a_missing_key_is_named_with_the_variable_that_lacks_it(settings):
    settings.SEALING_KEYS = OLD
    sealed = seal("王奶奶", PLACE)
    settings.SEALING_KEYS = NEW

    with pytest.raises(SealBroken, match="No key with id old is configured in ZHIYUAN_SEALING_KEYS"):
        unseal(sealed, PLACE)


def test_a_blind_index_finds_equal_values_of_one_purpose_under_one_key(settings):
    index = blind_index("10000000017", "phone")

    assert blind_index("10000000017", "phone") == index
    assert len({index, blind_index("10000000017", "id_number"), blind_index("10000000018", "phone")}) == 3
    settings.BLIND_INDEX_KEY = "another"
    assert blind_index("10000000017", "phone") != index


def _raw_rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return str(cursor.fetchall())


@pytest.mark.django_db
def test_nothing_private_stands_in_clear_in_the_database():
    person = a_person(phone="10055556666", id_number="999999199005010015", id_number_key="k")
    a_need(name="赵秘密", phone="10077778888", address="秘密巷三号", proxy_name="钱秘密")
    Message.objects.create(key="k", phone="10055556666", text="口令 246810", due_at=NOW)
    GuardianConsent.objects.create(
        person=person,
        guardian_name="孙明",
        guardian_phone="10099990000",
        relation="父",
        since=NOW,
        until=NOW,
        given_at=NOW,
    )

    tables = [model._meta.db_table for model in (Person, type(a_need()), Message, GuardianConsent)]
    stored = "".join(map(_raw_rows, tables))

    secrets = (
        "10055556666",
        "999999199005010015",
        "赵秘密",
        "10077778888",
        "秘密巷",
        "钱秘密",
        "246810",
        "10099990000",
    )
    assert person.public_id in stored
    assert [secret for secret in secrets if secret in stored] == []
    assert Person.objects.get(pk=person.pk).phone == "10055556666"
