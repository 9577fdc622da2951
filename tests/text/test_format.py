"""Days and numbers are written as the locales of CLDR have them, whose library need not be loaded for that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from vwv_im.text import Language
from vwv_im.text.format import written_amount, written_day, written_number

LANGUAGES: list[tuple[Language, str, str]] = [("de", "de_DE", "d. MMMM y"), ("en", "en_GB", "d MMMM y")]
NUMBERS = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=11)


@pytest.mark.parametrize(("lang", "locale", "pattern"), LANGUAGES)
@given(day=st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_day_reads_as_in_its_locale(lang: Language, locale: str, pattern: str, day: date) -> None:
    assert written_day(day, lang) == format_date(day, pattern, locale=locale)


@pytest.mark.parametrize(("lang", "locale", "_"), LANGUAGES)
@given(number=NUMBERS)
def test_a_number_reads_as_in_its_locale(lang: Language, locale: str, _: str, number: Decimal) -> None:
    assert written_number(number, lang) == format_decimal(number, format="#,##0.##########", locale=locale)


@pytest.mark.parametrize("currency", ["EUR", "CHF", "JPY"])
@pytest.mark.parametrize(("lang", "locale", "_"), LANGUAGES)
@given(amount=NUMBERS)
def test_an_amount_reads_as_in_its_locale(lang: Language, locale: str, _: str, currency: str, amount: Decimal) -> None:
    assert written_amount(amount, lang, currency) == format_currency(amount, currency, locale=locale)
