"""A decision model as a DMN 1.3 document, with its picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from vwv_im import __version__
from vwv_im.case.source import class_of
from vwv_im.case.vocabulary import DAY, DECISION, Entity, Fact
from vwv_im.law.evidence import GRADES, Beleg
from vwv_im.law.model import Widerspruch
from vwv_im.law.regulation import Regulation
from vwv_im.publish.dmn.feel import FUNCTIONS, listed
from vwv_im.publish.dmn.model import FINDING, READINGS, TYPES, Decision, Model, Origin, in_brackets, model_of
from vwv_im.publish.dmn.tables import Table

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
OWN = "urn:vwv-im:dmn"
DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
_PREFIXES = {"": MODEL, "vwv": OWN, "dmndi": DMNDI, "dc": DC, "di": DI}
_BESIDE: Mapping[str, tuple[str, str]] = {
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


def dmn_of(regulation: Regulation, fassung: str, erlasse: tuple[str, ...] = (), question: str | None = None) -> bytes:
    """Return the decision tables of a question under a Fassung as a DMN 1.3 file (UTF-8).

    Every derived fact, requirement and contradiction is a decision; `verdict` and `outcome` fold them. What FEEL has no
    form for is left out with all that rests on it, and named in the description. Without `question` the first is asked.

    >>> from vwv_im import regulation
    >>> dmn_of(regulation(), "2022-01-26")[:38].decode()
    "<?xml version='1.0' encoding='UTF-8'?>"
    """
    model = model_of(regulation, regulation.fassung(fassung, erlasse), question or regulation.first_question)
    root = _Document(regulation, model).root()
    _draw(root, model)
    for prefix, namespace in _PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    ET.indent(root)
    document: bytes = ET.tostring(root, "UTF-8", xml_declaration=True)
    return document + b"\n"


class _Document:
    def __init__(self, regulation: Regulation, model: Model) -> None:
        self.regulation = regulation
        self.model = model
        self.sources: dict[str, None] = {}

    def root(self) -> ET.Element:
        plan = self.model.plan
        name = "-".join((plan.fassung, *plan.erlasse, plan.question))
        root = ET.Element(
            f"{{{MODEL}}}definitions",
            id=f"vwv-im-{name}",
            name=f"{self._law}, Fassung vom {plan.fassung}: {self.regulation.questions[plan.question].frage.de}",
            namespace=f"urn:vwv-im:{name}",
            exporter="vwv-im",
            exporterVersion=__version__,
        )
        _element(root, "description", self._about)
        self._types(root)
        for input_ in self.model.inputs:
            entity = plan.vocabulary.entities.get(input_)
            kind, title = _BESIDE[input_] if entity is None else (_type_of(entity), self._title_of(entity))
            _named(root, "inputData", input_, title, kind)
        for function in self.model.functions:
            _function(root, function)
        for decision in self.model.decisions.values():
            self._decision(root, decision)
        self._services(root)
        self._sources(root)
        return root

    @property
    def _law(self) -> str:
        """What the regulation is called for short: in brackets at the end of its title, or else that."""
        titel = self.regulation.acts[0].titel.de
        return in_brackets(titel) or titel

    @property
    def _about(self) -> str:
        moves, refused = self.regulation.examination.fristen, self.model.refused.items()
        named = ", ".join(f"{title} ({error.what})" for title, error in refused)
        moved = "" if moves is None else _MOVED.format(moves.norm.de)
        return _ABOUT.format(moved) + (_REFUSED.format(named) if named else "")

    def _title_of(self, entity: Entity) -> str:
        """Return what an input is called: one with its lists, or the entry that is looked at."""
        article = _ARTICLES.get(entity.each.de.removesuffix(f" {entity.title.de}"), "")
        title = f"{article.capitalize()} {entity.title.de}".strip()
        if entity.many:
            return f"{title}, um {'den' if article == 'der' else article or 'den Eintrag'} es geht"
        lists = [self.model.plan.vocabulary.entities[inner] for inner in self.model.lists_of(entity.name)]
        several = " und ".join(_dative(one.plural.de) for one in lists)
        return f"{title} mit {'ihren' if article == 'die' else 'seinen'} {several}" if lists else title

    def _types(self, root: ET.Element) -> None:
        vocabulary, inputs = self.model.plan.vocabulary, self.model.inputs
        for scope in self.model.scopes:
            self._components(_item(root, _type_of(vocabulary.entities[scope])), vocabulary.entities[scope])
        _item(_item(root, "tEntscheidung"), DAY.partition(".")[2], "date", component=True)
        if READINGS in inputs:
            readings = _item(root, "tAuslegung")
            for name in self.model.plan.readings:
                _allowed(_item(readings, name, "string", component=True), self.regulation.readings[name].lesarten)
        finding = _item(root, "tPruefung")
        for output in FINDING:
            _allowed(_item(finding, str(output.name), output.type, component=True), output.values)

    def _components(self, parent: ET.Element, entity: Entity) -> None:
        """Add the facts of an entity, its parts as components of their own, and its lists."""
        vocabulary = self.model.plan.vocabulary
        for fact in vocabulary.facts_of(entity.name):
            if not fact.private:
                _fact(parent, fact)
        parts = [part for part in vocabulary.parts_of(entity.name) if not part.many]
        for part in parts:
            self._components(_item(parent, part.key, component=True), part)
        for inner in self.model.lists_of(entity.scope):
            listed_ = vocabulary.entities[inner]
            if listed_.within == entity.name:
                _item(parent, listed_.key, _type_of(listed_), component=True, many=True)

    def _decision(self, root: ET.Element, decision: Decision) -> None:
        element = _element(root, "decision", id=decision.name, name=decision.name, label=decision.title)
        if description := "\n".join(filter(None, (decision.note, _evidence(decision.origin)))):
            _element(element, "description", description)
        if decision.origin is not None:
            _extension(element, decision.origin)
        _variable(element, decision.name, decision.type)
        self._requirements(element, decision)
        if isinstance(decision.logic, Table):
            _table(element, decision.name, decision.logic)
        else:
            _literal(element, decision.name, decision.logic, decision.type)

    def _requirements(self, element: ET.Element, decision: Decision) -> None:
        inputs = self.model.inputs
        knowledge = [need for need in decision.needs if need in FUNCTIONS or need in self.model.services]
        for need in decision.needs:
            if need not in knowledge:
                kind = "requiredInput" if need in inputs else "requiredDecision"
                _requirement(element, "informationRequirement", kind, need)
        for need in knowledge:
            _requirement(element, "knowledgeRequirement", "requiredKnowledge", need)
        sources = [beleg.quelle for beleg in decision.origin.model.beleg if beleg.quelle] if decision.origin else []
        for source in dict.fromkeys(sources):
            self.sources[source] = None
            _requirement(element, "authorityRequirement", "requiredAuthority", _source_id(source))

    def _services(self, root: ET.Element) -> None:
        for service in self.model.services.values():
            kind = self.model.decisions[service.output].type
            element = _named(root, "decisionService", service.name, service.title, kind)
            _element(element, "outputDecision", href=f"#{service.output}")
            for name in service.decisions:
                _element(element, "encapsulatedDecision", href=f"#{name}")
            for name in service.inputs:
                _element(element, "inputData", href=f"#{name}")

    def _sources(self, root: ET.Element) -> None:
        for identifier in sorted(self.sources):
            source = self.regulation.sources[identifier]
            place = {"id": _source_id(identifier), "name": source.titel, "locationURI": source.url}
            element = _element(root, "knowledgeSource", **place)
            _element(element, "description", f"{source.herausgeber}, {source.datum or 'ohne Datum'}")
            _element(element, "type", GRADES[source.grad].de)


def _element(parent: ET.Element, tag: str, text: str | None = None, /, **attributes: str | None) -> ET.Element:
    """Add an element of DMN with the attributes that have a value."""
    given = {key: value for key, value in attributes.items() if value is not None}
    element = ET.SubElement(parent, f"{{{MODEL}}}{tag}", given)
    element.text = text
    return element


def _named(parent: ET.Element, tag: str, name: str, title: str, kind: str) -> ET.Element:
    """Add an element that gives a value."""
    element = _element(parent, tag, id=name, name=name, label=title)
    _variable(element, name, kind)
    return element


def _variable(parent: ET.Element, name: str, kind: str) -> None:
    _element(parent, "variable", id=f"{name}_wert", name=name, typeRef=kind)


def _requirement(parent: ET.Element, name: str, kind: str, target: str) -> None:
    element = _element(parent, name, id=f"{parent.get('id')}_braucht_{target}")
    _element(element, kind, href=f"#{target}")


def _source_id(identifier: str) -> str:
    return f"quelle_{identifier}"


def _item(
    parent: ET.Element, name: str, kind: str | None = None, *, component: bool = False, many: bool = False
) -> ET.Element:
    tag = "itemComponent" if component else "itemDefinition"
    identifier = f"{parent.get('id')}_{name}" if component else name
    element = _element(parent, tag, id=identifier, name=name, isCollection="true" if many else None)
    if kind is not None:
        _element(element, "typeRef", kind)
    return element


def _fact(parent: ET.Element, fact: Fact) -> None:
    element = _item(parent, fact.key, "string" if fact.values else TYPES[fact.type], component=True)
    if fact.type == "auswahlliste":
        element.set("isCollection", "true")
    element.set("label", fact.title.de)
    _allowed(element, fact.values)


_ARTICLES = {"den": "der", "jeden": "der", "die": "die", "jede": "die", "das": "das", "jedes": "das"}
"""The article of a noun, by the word before it after "für"."""


def _type_of(entity: Entity) -> str:
    return f"t{class_of(entity.name)}"


def _dative(plural: str) -> str:
    """Return the dative of a plural.

    >>> _dative("Mitglieder"), _dative("Stellen")
    ('Mitgliedern', 'Stellen')
    """
    return plural if plural[-1:] in "ns" else f"{plural}n"


def _allowed(element: ET.Element, values: Iterable[str]) -> None:
    if values := tuple(values):
        _element(_element(element, "allowedValues"), "text", listed(values))


def _evidence(origin: Origin | None) -> str:
    if origin is None:
        return ""
    number = None if isinstance(origin.model, Widerspruch) else origin.model.nummer
    placed = "" if number is None else f"Nummer {number}; "
    return f"{placed}Beleg: {'; '.join(map(_written, origin.model.beleg))}"


def _written(beleg: Beleg) -> str:
    further = ": ".join(filter(None, (beleg.quelle, beleg.herleitung or beleg.hinweis)))
    return f"{GRADES[beleg.grad].de} ({further})" if further else GRADES[beleg.grad].de


def _extension(parent: ET.Element, origin: Origin) -> None:
    """Add what DMN has no place for: the item of the rule files, the act that shaped it, the grade of its evidence."""
    extension = _element(parent, "extensionElements")
    item = ET.SubElement(extension, f"{{{OWN}}}eintrag", kennung=origin.id, gegenstand=origin.subject, akt=origin.act)
    for beleg in origin.model.beleg:
        ET.SubElement(item, f"{{{OWN}}}beleg", beleg.model_dump(exclude_none=True))


def _function(root: ET.Element, name: str) -> None:
    function = FUNCTIONS[name]
    element = _named(root, "businessKnowledgeModel", name, function.title, function.result)
    logic = _element(element, "encapsulatedLogic", id=f"{name}_funktion", kind="FEEL")
    for parameter, kind in function.parameters:
        _element(logic, "formalParameter", id=f"{name}_{parameter}", name=parameter, typeRef=kind)
    _literal(logic, name, function.body, function.result)
    for need in function.needs:
        _requirement(element, "knowledgeRequirement", "requiredKnowledge", need)


def _literal(parent: ET.Element, name: str, text: str, kind: str) -> None:
    element = _element(parent, "literalExpression", id=f"{name}_ausdruck", typeRef=kind)
    _element(element, "text", text)


def _table(parent: ET.Element, name: str, table: Table) -> None:
    policy = "FIRST" if table.first else "UNIQUE"
    element = _element(parent, "decisionTable", id=f"{name}_tabelle", hitPolicy=policy)
    for place, column in enumerate(table.inputs, start=1):
        clause = _element(element, "input", id=f"{name}_e{place}", label=column.title)
        _element(_element(clause, "inputExpression", id=f"{name}_e{place}_ausdruck"), "text", column.text)
    for place, output in enumerate(table.outputs, start=1):
        clause = _element(element, "output", name=output.name, id=f"{name}_a{place}", typeRef=output.type)
        if output.values:
            _element(_element(clause, "outputValues"), "text", listed(output.values))
    _element(element, "annotation", name="Bemerkung")
    for number, rule in enumerate(table.rules, start=1):
        row = _element(element, "rule", id=f"{name}_z{number}")
        for place, test in enumerate(rule.tests, start=1):
            _element(_element(row, "inputEntry", id=f"{name}_z{number}_e{place}"), "text", test)
        for place, result in enumerate(rule.results, start=1):
            _element(_element(row, "outputEntry", id=f"{name}_z{number}_a{place}"), "text", result)
        _element(_element(row, "annotationEntry"), "text", rule.remark)


_WIDTH, _HEIGHT, _GAP, _STOREY = 220, 70, 30, 150


def _draw(root: ET.Element, model: Model) -> None:
    """Add the picture: inputs at the bottom, each decision above what it reads, each with a line to it."""
    picture = ET.SubElement(ET.SubElement(root, f"{{{DMNDI}}}DMNDI"), f"{{{DMNDI}}}DMNDiagram", id="bild")
    places = _places(model)
    for name, (x, y) in places.items():
        shape = ET.SubElement(picture, f"{{{DMNDI}}}DMNShape", id=f"bild_{name}", dmnElementRef=name)
        ET.SubElement(shape, f"{{{DC}}}Bounds", x=str(x), y=str(y), width=str(_WIDTH), height=str(_HEIGHT))
    arrows = [(name, need) for name, decision in model.decisions.items() for need in decision.needs if need in places]
    for name, need in arrows:
        reference = f"{name}_braucht_{need}"
        edge = ET.SubElement(picture, f"{{{DMNDI}}}DMNEdge", id=f"bild_{reference}", dmnElementRef=reference)
        for box, below in ((need, 0), (name, _HEIGHT)):
            x, y = places[box]
            ET.SubElement(edge, f"{{{DI}}}waypoint", x=str(x + _WIDTH // 2), y=str(y + below))


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
