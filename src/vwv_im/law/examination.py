"""What pruefschema.yaml says: the questions, the order of examination, and when a deadline moves."""

from typing import Annotated, Literal

from pydantic import Field

from vwv_im.law.base import Condition, Kennung, Kurz, Name, RuleModel, Zweisprachig

Land = Literal["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"]


class Abschnitt(RuleModel):
    """A heading of the order of examination and the requirements under it."""

    titel: Zweisprachig
    regeln: tuple[Kennung, ...]


_FAKT = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$"


class Spalte(RuleModel):
    """A column of a table, or a value below it: a fact, stated or derived, and a short title for it."""

    fakt: Annotated[str, Field(pattern=_FAKT, description="Die Angabe oder der abgeleitete Wert.")]
    bis: Annotated[
        str | None,
        Field(
            pattern=_FAKT,
            description="Der höchste Wert, wo „fakt“ nur der niedrigste ist; sind sie gleich, steht einer.",
        ),
    ] = None
    titel: Annotated[
        Zweisprachig | None, Field(description="Wie die Spalte heißt, wo der Titel der Angabe zu lang ist.")
    ] = None


class Tabelle(RuleModel):
    """A table of the entries of a list: what its columns show, and the values of the whole in a line below it."""

    liste: Annotated[Name, Field(description="Die Entität, deren Einträge die Zeilen sind.")]
    name: Annotated[str, Field(pattern="^[a-z]+$", description="Wie Programme den Abschnitt nennen.")]
    kurz: Annotated[bool, Field(description="true: auch in der kurzen Antwort.")] = False
    spalten: Annotated[tuple[Spalte, ...], Field(min_length=1, description="Was jede Zeile zeigt, von links.")]
    schluss: Annotated[tuple[Spalte, ...], Field(description="Werte des Ganzen, in einer Zeile darunter.")] = ()


class Pruefung(RuleModel):
    """A question: about which entity, what is asked, what the answers mean, and the order of examination."""

    wurzel: Annotated[Name, Field(description="Die Entität, um die es geht; sie steht oben.")]
    frage: Zweisprachig
    kurz: Kurz = None
    ja: Zweisprachig
    nein: Zweisprachig
    offen: Zweisprachig
    ja_kurz: Annotated[Zweisprachig | None, Field(description="Die Antwort in einer Tabelle; sonst ja.")] = None
    nein_kurz: Annotated[Zweisprachig | None, Field(description="Die Antwort in einer Tabelle; sonst nein.")] = None
    vorbehalt: Annotated[Zweisprachig | None, Field(description="Was die Antwort nicht ist, in einem Satz.")] = None
    bestand: Annotated[
        Condition | None,
        Field(description="Wann schon etwas bewilligt ist, dessen Pflichten auch bei einem Nein bleiben; sonst immer."),
    ] = None
    eigene_tage: Annotated[bool, Field(description="true: Nur eigene Rechtstage im Fall wählen eine Fassung.")] = False
    eingabe: Annotated[
        Literal["karten", "zeilen"], Field(description="Wie eine Seite die Einträge von Listen erfragt.")
    ] = "karten"
    pruefung: tuple[Abschnitt, ...]
    tabellen: Annotated[tuple[Tabelle, ...], Field(description="Was eine Seite als Tabelle zeigt.")] = ()

    @property
    def columns(self) -> tuple[Spalte, ...]:
        """The columns of all tables, and the values below them."""
        return tuple(one for table in self.tabellen for one in (*table.spalten, *table.schluss))


class Fristen(RuleModel):
    """When a deadline moves: whose holidays count, and which norm says so."""

    feiertage: Annotated[Land, Field(description="Das Land als Kürzel nach ISO 3166-2:DE.")]
    norm: Zweisprachig


class ExaminationFile(RuleModel):
    """The questions, the first of them asked where none is named; the authority; what moves a deadline."""

    behoerde: Annotated[Zweisprachig, Field(description="Die Stelle, die entscheidet, im Genitiv.")]
    fristen: Fristen | None = None
    fragen: Annotated[dict[Name, Pruefung], Field(min_length=1)]
