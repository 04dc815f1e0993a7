import pytest

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.people.phones import (
    PhoneObstacle,
    masked_id_number,
    masked_name,
    masked_phone,
    normal_phone,
    phone_key,
    spaced_phone,
)

MOBILE = "13" + "8" * 9  # looks like somebody's, so it stands nowhere as a whole


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("10000000017", "10000000017"),
        ("100 0000 0017", "10000000017"),
        (" 100-0000-0017\t", "10000000017"),
        ("+86 100 0000 0017", "10000000017"),
        ("１００００００００１７", "10000000017"),
        ("(0934) 000-0000", "09340000000"),
        (MOBILE, MOBILE),
    ],
)
def test_a_telephone_is_kept_as_its_digits_alone(typed, kept):
    assert normal_phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "1000000001",
        "100000000170",
        "20000000017",
        "12" + "3" * 9,
        "1000000001x",
        "١٠٠٠٠٠٠٠٠١٧",
        "+1 555 0100",
        "0",
    ],
)
def test_what_is_no_telephone_is_refused(typed):
    with pytest.raises(Refused) as refusal:
        normal_phone(typed)

    assert refusal.value.obstacle == PhoneObstacle.NOT_A_PHONE


def test_made_up_telephones_are_refused_where_people_are_real(settings):
    settings.SYNTHETIC = False

    assert normal_phone(MOBILE) == MOBILE
    with pytest.raises(Refused):
        normal_phone("10000000017")


def test_what_others_see_names_nobody():
    assert masked_phone("10012345678") == "100****5678"
    assert masked_phone("1234567") == "****"
    assert masked_name("王奶奶") == "王**"
    assert masked_name("王") == "王*"
    assert masked_id_number("999999199005010010") == "**************0010"
    assert masked_id_number("") == ""
    assert spaced_phone("10000000017") == "100 0000 0017"
    assert spaced_phone("09340000000") == "0934-000 0000"
    assert spaced_phone("02100000000") == "021-0000 0000"
    assert spaced_phone("10010") == "10010"


def test_a_telephone_is_found_by_a_keyed_hash_alone():
    assert phone_key("10000000017") == phone_key("10000000017") != phone_key("10000000018")
    assert "10000000017" not in phone_key("10000000017")
