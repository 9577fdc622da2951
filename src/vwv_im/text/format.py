"""Numbers, amounts and days as German and English readers write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from vwv_im.text.bilingual import Language


def short_day(day: date) -> str:
    """Write a day in figures, as German readers do.

    >>> short_day(date(2021, 1, 31))
    '31.01.2021'
    """
    return f"{day:%d.%m.%Y}"


@lru_cache(maxsize=4096)
def written_day(day: date, lang: Language) -> str:
    """Write a day out.

    >>> written_day(date(2021, 1, 31), "de"), written_day(date(2021, 1, 31), "en")
    ('31. Januar 2021', '31 January 2021')
    """
    from babel.dates import format_date

    pattern = "d. MMMM y" if lang == "de" else "d MMMM y"
    return format_date(day, pattern, locale=_LOCALES[lang])


def written_day_of_year(day: str, lang: Language) -> str:
    """Write a day that returns every year, given as MM-DD.

    >>> written_day_of_year("01-31", "de"), written_day_of_year("02-29", "en")
    ('31. Januar', '29 February')
    """
    from babel.dates import format_date

    in_a_leap_year = date.fromisoformat(f"2000-{day}")
    return format_date(in_a_leap_year, "d. MMMM" if lang == "de" else "d MMMM", locale=_LOCALES[lang])


@lru_cache(maxsize=4096)
def written_amount(amount: Decimal, lang: Language, currency: str = "EUR") -> str:
    r"""Write an amount of money; the currency is one of ISO 4217.

    >>> written_amount(Decimal(64000), "de").replace("\xa0", " "), written_amount(Decimal(64000), "en")
    ('64.000,00 €', '€64,000.00')
    """
    from babel.numbers import format_currency

    return format_currency(amount, currency, locale=_LOCALES[lang])


@lru_cache(maxsize=4096)
def written_number(number: Decimal, lang: Language) -> str:
    """Write a number with all its decimals.

    >>> written_number(Decimal("0.25"), "de")
    '0,25'
    """
    from babel.numbers import format_decimal

    return format_decimal(number, format="#,##0.##########", locale=_LOCALES[lang])


_LOCALES: dict[Language, str] = {"de": "de_DE", "en": "en_GB"}
