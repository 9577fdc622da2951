"""What all models of rule files have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from vwv_im.text import Text


class RuleModel(BaseModel):
    """A part of a rule file: frozen, and every key known."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Zweisprachig(RuleModel):
    """A title or sentence in German and English."""

    de: Annotated[str, Field(min_length=1, description="Deutsch")]
    en: Annotated[str, Field(min_length=1, description="Englisch")]

    @property
    def text(self) -> Text:
        """The pair as `Text`."""
        return Text(self.de, self.en)


Kennung = Annotated[
    str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Kennung in Kleinbuchstaben, mit Bindestrichen.")
]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name in Kleinbuchstaben, mit Unterstrichen.")]
FaktPfad = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+$", description="Pfad eines Fakts, etwa stelle.vzae.")
]
