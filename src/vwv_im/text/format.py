"""Numbers, amounts and days as German and English readers write them."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from vwv_im.text.bilingual import Language
from vwv_im.text.values import iso_day


def short_day(day: date) -> str:
    """Write a day in figures, as German readers do.

    >>> short_day(date(2021, 1, 31))
    '31.01.2021'
    """
    return f"{day:%d.%m.%Y}"


_MONTHS: dict[Language, str] = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_AS_IN_GERMAN = str.maketrans(",.", ".,")
_LOCALES: dict[Language, str] = {"de": "de_DE", "en": "en_GB"}


@lru_cache(maxsize=4096)
def written_day(day: date, lang: Language) -> str:
    """Write a day out.

    >>> written_day(date(2021, 1, 31), "de"), written_day(date(2021, 1, 31), "en")
    ('31. Januar 2021', '31 January 2021')
    """
    return f"{_day_and_month(day, lang)} {day.year}"


def written_date(text: str, lang: Language) -> str:
    """Write a date of which at least the year is known, given as YYYY, YYYY-MM or YYYY-MM-DD; other text as it is.

    >>> written_date("2018-01", "de"), written_date("2018", "de"), written_date("2018-01-31", "de")
    ('Januar 2018', '2018', '31. Januar 2018')
    """
    if (day := iso_day(text)) is not None:
        return written_day(day, lang)
    first = iso_day(f"{text}-01")
    return text if first is None else f"{_MONTHS[lang].split()[first.month - 1]} {first.year}"


def written_day_of_year(day: str, lang: Language) -> str:
    """Write a day that returns every year, given as MM-DD.

    >>> written_day_of_year("01-31", "de"), written_day_of_year("02-29", "en")
    ('31. Januar', '29 February')
    """
    return _day_and_month(date.fromisoformat(f"2000-{day}"), lang)  # in a leap year


def _day_and_month(day: date, lang: Language) -> str:
    return f"{day.day}{'.' if lang == 'de' else ''} {_MONTHS[lang].split()[day.month - 1]}"


@lru_cache(maxsize=4096)
def written_amount(amount: Decimal, lang: Language, currency: str = "EUR") -> str:
    r"""Write an amount of money; the currency is one of ISO 4217.

    >>> written_amount(Decimal(64000), "de").replace("\xa0", " "), written_amount(Decimal(64000), "en")
    ('64.000,00 €', '€64,000.00')
    """
    if currency == "EUR":
        figures = f"{abs(amount):,.2f}"
        written = f"{figures.translate(_AS_IN_GERMAN)}\xa0€" if lang == "de" else f"€{figures}"
        return f"-{written}" if amount.is_signed() else written
    from babel.numbers import format_currency  # which knows the signs of all others

    return format_currency(amount, currency, locale=_LOCALES[lang])


@lru_cache(maxsize=4096)
def written_number(number: Decimal, lang: Language) -> str:
    """Write a number with all its decimals, of which there are at most ten.

    >>> written_number(Decimal("1000.25"), "de")
    '1.000,25'
    """
    figures = f"{number:,.10f}".rstrip("0").removesuffix(".")
    return figures.translate(_AS_IN_GERMAN) if lang == "de" else figures
