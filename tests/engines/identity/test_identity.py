from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyuan.engines.identity import (
    NumberFault,
    credit_check_digit,
    credit_code_fault,
    id_birth_date,
    id_check_digit,
    id_number_fault,
)

TODAY = date(2026, 11, 24)
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("first17", "last"),
    [
        ("99999919900501001", "3"),
        ("99999919900501002", "1"),
        ("99999919900501003", "X"),
        ("99999919900501004", "8"),
        ("99999919900501006", "4"),
        ("11010519491231002", "X"),  # the standard's own example, GB 11643
    ],
)
def test_the_last_sign_of_a_citizens_number(first17, last):
    assert id_check_digit(first17) == last


def fault(number, *, synthetic=True):
    return id_number_fault(number, today=TODAY, synthetic=synthetic)


def made(area="999999", born="19900501", order="001"):
    first17 = f"{area}{born}{order}"
    return first17 + id_check_digit(first17)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (made(), None),
        (made(born="20261124"), None),
        (made(born="20000229"), None),
        ("", NumberFault.LENGTH),
        (made() + "0", NumberFault.LENGTH),
        (made()[:16] + "XX", NumberFault.LENGTH),
        ("９" * 18, NumberFault.LENGTH),
        ("٣" * 18, NumberFault.LENGTH),
        (made()[:17] + "x", NumberFault.LENGTH),
        (made(born="20261125"), NumberFault.DATE),
        (made(born="19000229"), NumberFault.DATE),
        (made(born="18991231"), NumberFault.DATE),
        (made(born="19901301"), NumberFault.DATE),
        (made(born="00000000"), NumberFault.DATE),
        (made(area="621027"), NumberFault.SYNTHETIC),
    ],
)
def test_what_is_wrong_with_a_citizens_number(number, found):
    assert fault(number) == found


def test_made_up_numbers_pass_only_in_a_made_up_world():
    assert fault(made(), synthetic=False) == NumberFault.SYNTHETIC
    assert fault(made(area="621027"), synthetic=False) is None


def test_a_birth_date_stands_in_the_number():
    assert id_birth_date(made()) == date(1990, 5, 1)
    assert id_birth_date(made(born="19900231")) is None


@given(st.integers(0, 16), st.integers(1, 9))
def test_any_one_wrong_digit_is_found(place, step):
    number = made()
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]

    assert fault(wrong) == NumberFault.CHECK_DIGIT


@given(st.integers(0, 15))
def test_two_neighbours_that_changed_places_are_found(place):
    number = made(born="19871203", order="146")
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert swapped == number or fault(swapped) == NumberFault.CHECK_DIGIT


# Organisations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first17", "last"),
    [
        ("91350100M000100Y4", "3"),  # the standard's own example, GB 32100
        ("00000000000000000", "0"),
        ("10000000000000000", "Y"),
    ],
)
def test_the_last_sign_of_a_credit_code(first17, last):
    assert credit_check_digit(first17) == last
    assert credit_code_fault(first17 + last) is None


@pytest.mark.parametrize(
    "code", ["", "9135010", "91350100M000100Y4I", "91350100m000100y43", "91350100M000100Y433", "I" * 18]
)
def test_what_does_not_have_the_form_of_a_credit_code(code):
    assert credit_code_fault(code) == NumberFault.LENGTH


@given(st.text(alphabet=SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(SIGNS))
def test_any_one_wrong_sign_of_a_credit_code_is_found(first17, place, sign):
    code = first17 + credit_check_digit(first17)
    wrong = code[:place] + sign + code[place + 1 :]

    assert credit_code_fault(code) is None
    assert wrong == code or credit_code_fault(wrong) == NumberFault.CHECK_DIGIT
