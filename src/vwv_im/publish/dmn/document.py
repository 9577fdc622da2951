"""A decision model as a DMN 1.3 document: `templates/document.xml.j2`, and what it is given to show."""

from functools import partial
from html import escape
from xml.etree import ElementTree as ET

from vwv_im import __version__
from vwv_im.case.source import class_of
from vwv_im.case.vocabulary import DECISION, DECISION_DAY, Entity
from vwv_im.law import GRADES, Beleg, Regulation
from vwv_im.law.observation import Beobachtung
from vwv_im.publish.dmn.decision_model import FINDING, READINGS, TYPES, Model, Origin, in_brackets, model_of
from vwv_im.publish.dmn.feel import FUNCTIONS, literals

_PREFIXES = {
    "": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "vwv": "urn:vwv-im:dmn",
    "dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "dc": "http://www.omg.org/spec/DMN/20180521/DC/",
    "di": "http://www.omg.org/spec/DMN/20180521/DI/",
}
_BESIDE = {
    DECISION: ("tEntscheidung", "Die Entscheidung: ihr Tag"),
    READINGS: ("tAuslegung", "Lesarten streitiger Punkte; wo keine angegeben ist, gilt die Vorgabe"),
}
_ABOUT = (
    "Erzeugt aus den Regeldateien von vwv-im; kein Bescheid, kein Anspruch. null heißt: nicht bekannt. "
    "Ein Tag ist vom Typ date, ein Betrag vom Typ number. Nicht enthalten sind die Pflichten{}, die Wahl der Fassung "
    "und die Begründung in Sätzen."
)
_MOVED = " (ihre Tage verschieben sich nach {} mit den Feiertagen des Landes)"
_REFUSED = " Nicht enthalten ist auch, wofür FEEL keine Form hat: {}."
_ARTICLES = {"den": "der", "jeden": "der", "die": "die", "jede": "die", "das": "das", "jedes": "das"}
"""The article of a noun, by the word before it after "für"."""
_WIDTH, _HEIGHT, _GAP, _STOREY = 220, 70, 30, 150


def dmn_of(regulation: Regulation, fassung: str, erlasse: tuple[str, ...] = (), question: str | None = None) -> bytes:
    """Return the decision tables of a question under a Fassung as a DMN 1.3 file (UTF-8).

    Every derived fact, requirement, contradiction and plausibility note is a decision; `verdict` and `outcome` fold the
    first three. What FEEL has no form for is left out with all that rests on it, and named in the description. Without
    `question` the first is asked.

    >>> from vwv_im import regulation
    >>> dmn_of(regulation(), "2022-01-26")[:38].decode()
    "<?xml version='1.0' encoding='UTF-8'?>"
    """
    from markupsafe import Markup  # noqa: PLC0415 - with the templates, loaded when a document is written

    from vwv_im.text.templates import templates  # noqa: PLC0415

    def escaped(value: object) -> Markup:
        """Return a value so that attributes keep its line breaks too."""
        if isinstance(value, Markup):
            return value
        return Markup(escape(str(value)).replace("\n", "&#10;"))  # noqa: S704 - it is escaped

    model = model_of(regulation, regulation.fassung(fassung, erlasse), question or regulation.first_question)
    plan, titel = model.plan, regulation.acts[0].titel.de
    environment = templates("vwv_im.publish.dmn").overlay(autoescape=True, finalize=escaped)
    environment.filters.update(
        evidence=partial(_evidence, regulation),
        literals=literals,
        sources=_sources,
        title_of=lambda entity: _title_of(model, entity),
        type=lambda entity: f"t{class_of(entity.name)}",
    )
    text = environment.get_template("document.xml.j2").render(
        model=model,
        law=regulation,
        vocabulary=plan.vocabulary,
        name="-".join((plan.fassung, *plan.erlasse, plan.question)),
        title=f"{in_brackets(titel) or titel}, Fassung vom {plan.fassung}: "
        f"{regulation.questions[plan.question].frage.de}",
        about=_about(regulation, model),
        version=__version__,
        day=DECISION_DAY.partition(".")[2],
        beside=_BESIDE,
        finding=FINDING,
        functions=FUNCTIONS,
        grades=GRADES,
        types=TYPES,
        inputs=model.inputs,
        places=_places(model),
        width=_WIDTH,
        height=_HEIGHT,
    )
    root = ET.fromstring(text)  # noqa: S314 - what was written here
    for element in root.iter():
        element.text = element.text if element.text and element.text.strip() else None
    for prefix, namespace in _PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    ET.indent(root)
    document: bytes = ET.tostring(root, "UTF-8", xml_declaration=True)
    return document + b"\n"


def _about(regulation: Regulation, model: Model) -> str:
    moves = regulation.examination.fristen
    refused = ", ".join(f"{title} ({error.what})" for title, error in model.refused.items())
    moved = "" if moves is None else _MOVED.format(moves.norm.de)
    return _ABOUT.format(moved) + (_REFUSED.format(refused) if refused else "")


def _title_of(model: Model, entity: Entity) -> str:
    """Return what an input is called: one with its lists, or the entry that is looked at."""
    article = _ARTICLES.get(entity.each.de.removesuffix(f" {entity.title.de}"), "")
    title = f"{article.capitalize()} {entity.title.de}".strip()
    if entity.many:
        return f"{title}, um {'den' if article == 'der' else article or 'den Eintrag'} es geht"
    lists = [model.plan.vocabulary.entities[inner] for inner in model.lists_of(entity.name)]
    several = " und ".join(_dative(one.plural.de) for one in lists)
    return f"{title} mit {'ihren' if article == 'die' else 'seinen'} {several}" if lists else title


def _dative(plural: str) -> str:
    """Return the dative of a plural.

    >>> _dative("Mitglieder"), _dative("Stellen")
    ('Mitgliedern', 'Stellen')
    """
    return plural if plural[-1:] in "ns" else f"{plural}n"


def _sources(origin: Origin | None) -> list[str]:
    """Return the sources of a decision, each once."""
    return list(dict.fromkeys(beleg.quelle for beleg in origin.model.beleg if beleg.quelle)) if origin else []


def _evidence(law: Regulation, origin: Origin | None) -> str:
    if origin is None:
        return ""
    number = None if isinstance(origin.model, Beobachtung) else origin.model.nummer
    placed = "" if number is None else f"Nummer {number}; "
    return f"{placed}Beleg: {'; '.join(_written(law, beleg) for beleg in origin.model.beleg)}"


def _written(law: Regulation, beleg: Beleg) -> str:
    further = ": ".join(filter(None, (beleg.quelle, beleg.herleitung or beleg.hinweis)))
    return f"{law.graded(beleg).de} ({further})" if further else law.graded(beleg).de


def _places(model: Model) -> dict[str, tuple[int, int]]:
    """Return where the box of each input and decision stands, a decision one storey above the highest it reads."""
    storeys = dict.fromkeys(model.inputs, 0)
    for name, decision in model.decisions.items():
        storeys[name] = 1 + max((storeys[need] for need in decision.needs if need in storeys), default=0)
    highest, rows = max(storeys.values()), dict.fromkeys(storeys.values(), 0)
    places = {}
    for name, storey in storeys.items():
        places[name] = (rows[storey] * (_WIDTH + _GAP), (highest - storey) * _STOREY)
        rows[storey] += 1
    return places
