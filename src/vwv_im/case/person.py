"""What all parts of a case share, and what it may state of a person, for the questions of target group and count."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from vwv_im.case.facts import fact
from vwv_im.case.values import Day, Truth, refuse
from vwv_im.text import Text

MOST_STRANGERS = 8  # keys beyond its fields that a mapping may have to be told each of them: bounds what it may cost


class CasePart(BaseModel):
    """What all parts share: frozen, nothing unknown, and no value of the case in an error's text."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _as_small_dict(cls, data: Any) -> Any:
        most = len(cls.model_fields) + MOST_STRANGERS
        if isinstance(data, cls) or (type(data) is dict and len(data) <= most):
            return data
        if not isinstance(data, Mapping):
            raise refuse("not_a_mapping")
        try:
            copy = dict(islice(data.items(), most + 1))
        except Exception:  # noqa: BLE001 - hostile input may raise anything
            raise refuse("not_a_mapping") from None
        if len(copy) > most:
            raise refuse("too_many_keys", limit=most)
        return copy


class Person(CasePart):
    """Eine Person, für die Fragen nach der Zielgruppe und nach der Zählung."""

    model_config = ConfigDict(title="Person")

    gefluechtet: Truth | None = fact(
        Text("Fluchthintergrund", "Refugee background"),
        Text("Ist die Person geflüchtet?", "Is the person a refugee?"),
        "true, wenn die Person geflüchtet ist.",
    )
    anschlussunterbringung: Truth | None = fact(
        Text("Anschlussunterbringung", "Follow-up accommodation"),
        Text(
            "Ist die Person in der Anschlussunterbringung?",
            "Is the person in follow-up accommodation (Anschlussunterbringung)?",
        ),
        "true, wenn die Person in der Anschlussunterbringung ist.",
    )
    beratung_seit: Day | None = fact(
        Text("Beginn der Beratung", "Start of counselling"),
        Text("Seit wann wird die Person beraten?", "Since when has the person been counselled?"),
        "Der erste Tag der Beratung, als JJJJ-MM-TT; er zählt nur, wo die Beratungsdauer begrenzt gelesen wird.",
    )
    bleibeperspektive: Truth | None = fact(
        Text("Bleibeperspektive", "Prospect of staying"),
        Text("Hat die Person eine Bleibeperspektive?", "Does the person have a prospect of staying?"),
        "true, wenn die Person eine Bleibeperspektive hat.",
    )
    aus_ukraine: Truth | None = fact(
        Text("Vertreibung aus der Ukraine", "Displacement from Ukraine"),
        Text(
            "Wurde die Person seit dem 24.02.2022 aus der Ukraine vertrieben?",
            "Has the person been displaced from Ukraine since 24.02.2022?",
        ),
        "true, wenn die Person seit dem 24.02.2022 aus der Ukraine vertrieben wurde.",
    )
    ankunft: Day | None = fact(
        Text("Tag des Zugangs", "Day of arrival"),
        Text(
            "An welchem Tag kam die Person in Baden-Württemberg an (Tag des Zugangs)?",
            "On which day did the person arrive in Baden-Württemberg?",
        ),
        "Der Tag des Zugangs beim Land, als JJJJ-MM-TT.",
    )
    familiennachzug: Truth | None = fact(
        Text("Familiennachzug", "Family reunification"),
        Text(
            "Ist die Person im Wege des Familiennachzugs gefolgt?",
            "Did the person follow by way of family reunification?",
        ),
        "true, wenn die Person infolge des Familiennachzugs gefolgt ist.",
    )
    anschlussunterbringung_am_2017_09_15: Truth | None = fact(
        Text("Anschlussunterbringung am 15.09.2017", "Follow-up accommodation on 15.09.2017"),
        Text(
            "War die Person am 15.09.2017 nachweislich in dieser Gemeinde in der Anschlussunterbringung?",
            "Was the person, provably, in follow-up accommodation in this municipality on 15.09.2017?",
        ),
        "true, wenn die Person am 15.09.2017 nachweislich in dieser Gemeinde in der Anschlussunterbringung war.",
    )
