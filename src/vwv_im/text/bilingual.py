"""A text that exists in German and English."""

from typing import Literal, NamedTuple

Language = Literal["de", "en"]


class Text(NamedTuple):
    """One statement in both languages.

    >>> Text("ja", "yes").in_("en")
    'yes'
    """

    de: str
    en: str

    def in_(self, lang: Language) -> str:
        """Return the wording in `lang`."""
        return self.de if lang == "de" else self.en

    def as_dict(self) -> dict[str, str]:
        """Return the JSON form: `{"de": …, "en": …}`."""
        return {"de": self.de, "en": self.en}
