"""A list of names in a file of its own, such as `kreise.yaml`, from which texts of a case are picked."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, StrictStr, model_validator

from vwv_im.case.vocabulary import Choice
from vwv_im.law.base import Name, RuleModel, Zweisprachig
from vwv_im.law.formulas import mapping
from vwv_im.text import Document, Fault, did_you_mean, fault_of


class Listendatei(RuleModel):
    """A list of names with what is said of each; the texts of a case may be picked from it."""

    liste: Annotated[Name, Field(description="Wie die Liste heißt.")]
    titel: Zweisprachig
    weglassbar: Annotated[tuple[StrictStr, ...], Field(description="Worte, die vor oder nach einem Namen stehen.")] = ()
    eintraege: Annotated[
        tuple[dict[Name, StrictStr], ...], Field(min_length=1, description="Einträge, jeder mit 'name'.")
    ]

    @model_validator(mode="after")
    def _names(self) -> Self:
        if any("name" not in entry for entry in self.eintraege):
            raise ValueError("jeder Eintrag hat einen 'name' / each entry has a 'name'")
        return self


Listen = Mapping[str, Listendatei]
"""The lists by name."""


Daneben = Annotated[dict[str, StrictStr], Field(max_length=1, description="Eine Angabe daneben mit ihrem Wert.")]


class Auswahlliste(RuleModel):
    """From which list a text is picked: which entries of it, and where it need not be."""

    aus: Annotated[Name, Field(description="Der Name der Liste.")]
    wo: Annotated[dict[Name, StrictStr], Field(description="Nur Einträge, von denen dies gilt.")] = Field(
        default_factory=dict
    )
    nur_bei: Annotated[Daneben, Field(description="Wo sie anders lautet, ist jeder Text möglich.")] = Field(
        default_factory=dict
    )


def choice_of(picked: Auswahlliste, listed: Listendatei) -> Choice:
    """Return the names that a text may be."""
    names = tuple(entry["name"] for entry in listed.eintraege if picked.wo.items() <= entry.items())
    return Choice(names, listed.weglassbar, next(iter(picked.nur_bei.items()), None))


def look_up(document: Document, lists: Listen, faults: list[Fault]) -> Iterator[str]:
    """Put in place of each list that a derived fact looks up a table of two of its columns.

    Yields the ids of those for which that cannot be done.
    """
    entries = document.data.get("ableitungen")
    for index, item in enumerate(entries if isinstance(entries, list) else ()):
        call = mapping(mapping(item).get("rechne")).get("aus_liste")
        if not isinstance(call, dict) or call.keys() != {"liste", "text", "zeichen", "ist", "dann"}:
            continue
        name, key, value = (str(call.pop(word)) for word in ("liste", "ist", "dann"))
        if (listed := lists.get(name)) is None:
            place = document.place(("ableitungen", index, "rechne"))
            faults.append(fault_of("unknown_list", place, hint=did_you_mean(name, lists), name=name))
            yield str(item.get("id"))
        rows = () if listed is None else listed.eintraege
        call["tabelle"] = "".join(f"{entry.get(key)}={entry.get(value)};" for entry in rows)
