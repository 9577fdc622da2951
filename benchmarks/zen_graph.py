"""The decision tables for zen-engine: one per derived fact and per requirement, for an application with one post.

The first row that fits counts; an empty cell fits everything. zen-engine knows neither "open" nor "does not apply",
and stops at a comparison with null; rows that say so make up for it. It computes all dates itself.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

ANY = ""
Row = tuple[str, ...]
Node = dict[str, Any]

ART, POST = "antrag.antragsteller.art", "stelle"
BEGIN = f"{POST}.beschaeftigungsbeginn"
DEGREES = "'bachelor','diplom','magister','staatsexamen','master','promotion'"
SCHOOL = "'mittlerer','fachhochschulreife','hochschulreife'"


def field_of(rule: str) -> str:
    """Return the field in which a requirement's table gives its result."""
    return rule.replace("-", "_")


def _words(*words: str) -> str:
    return ",".join(f"'{word}'" for word in words)


class Graph:
    """The tables, made with the parameters of a Fassung and for those rules that it has.

    `requirements` gives the kind of each requirement in them.
    """

    def __init__(self, parameters: Mapping[str, str], rules: Container[str]) -> None:
        self.p, self.rules = parameters, rules
        self.nodes: list[Node] = [_node("input", "inputNode"), _node("output", "outputNode")]
        self.edges: list[Node] = []
        self.requirements: dict[str, str] = {}

    def as_json(self) -> Node:
        """Return the graph as zen-engine reads it."""
        self._derived()
        self._amounts()
        self._of_application()
        self._of_post()
        self._beside()
        folded = [rule for rule, art in self.requirements.items() if art == "muss"]
        verdicts = f"[{', '.join(map(field_of, folded))}]"
        rows = [("contains($, 'no')", "'no'"), ("contains($, 'open')", "'open'"), (ANY, "'yes'")]
        self._table("verdict", [verdicts], ["verdict"], rows, reads=folded)
        return {"contentType": "application/vnd.gorules.decision", "nodes": self.nodes, "edges": self.edges}

    def _table(
        self, name: str, inputs: Sequence[str], outputs: Sequence[str], rows: Sequence[Row], *, reads: Sequence[str]
    ) -> None:
        columns = [f"c{number}" for number in range(len(inputs) + len(outputs))]
        heads = [
            {"id": c, "name": field, "field": field} for c, field in zip(columns, [*inputs, *outputs], strict=True)
        ]
        rules = [{"_id": f"{name}-{n}", **dict(zip(columns, row, strict=True))} for n, row in enumerate(rows, start=1)]
        content = {
            "hitPolicy": "first",
            "inputs": heads[: len(inputs)],
            "outputs": heads[len(inputs) :],
            "rules": rules,
        }
        self.nodes.append({**_node(name, "decisionTableNode"), "content": content})
        self.edges += [_edge(source, name) for source in reads]
        if name not in self.requirements or self.requirements[name] != "muss":
            self.edges.append(_edge(name, "output"))

    def _require(self, rule: str, art: str, inputs: Sequence[str], rows: Sequence[Row], *reads: str) -> None:
        if rule not in self.rules:
            return
        self.requirements[rule] = art
        quoted = [(*row[:-1], f"'{row[-1]}'") for row in rows]
        self._table(rule, inputs, [field_of(rule)], quoted, reads=reads or ("input",))

    def _derived(self) -> None:
        p, persons, published = self.p, "antrag.gezaehlte_personen", "antrag.veroeffentlichter_planungsrahmen_eur"
        frame = f"round({persons} * {p['mittel_eur_jahr']} / {p['gezaehlte_personen_land']})"
        rows = [("$ != null", ANY, published), (ANY, "$ != null", frame), (ANY, ANY, "null")]
        self._table("planungsrahmen", [published, persons], ["planungsrahmen_eur"], rows, reads=["input"])
        post = ("hochschulabschluss", "fachrichtung", "schulabschluss", "berufsausbildung", "zusatzvoraussetzung")
        given = ["qualifikationsgruppe", "qualifikation"]
        self._table("qualifikation", [f"{POST}.{name}" for name in post], given, _QUALIFICATION, reads=["input"])
        applied = [f"{POST}.verlaengerung_{year}_beantragt" for year in (2019, 2020, 2022)]
        steps = [int(p[f"verlaengerung_{year}_monate"]) for year in (2019, 2020, 2022)]
        ladder = list(_ladder(int(p["grunddauer_monate"]), int(p["hoechstdauer_monate"]), steps))
        inputs, given = [f"{POST}.stand_2018_12_31", *applied], ["hoechstdauer_monate", "juengste_verlaengerung"]
        self._table("hoechstdauer", inputs, given, ladder, reads=["input"])

    def _amounts(self) -> None:
        p, months = self.p, "hoechstdauer_monate"
        turn, turn60 = f"d({BEGIN}).add({months}, 'M')", f"d({BEGIN}).add(60, 'M')"
        end = f"({turn}.day() == d({BEGIN}).day() ? {turn}.sub(1, 'd') : {turn}).format('%Y-%m-%d')"
        late = f"{turn60}.day() == d({BEGIN}).day() ? d(tag) >= {turn60} : d(tag) > {turn60}"
        rows: list[Row] = [("null", ANY, "null", "null"), (ANY, "null", "null", late), (ANY, ANY, end, late)]
        reads = ["input", "hoechstdauer"]
        self._table("zeitraum", [BEGIN, months], ["bewilligungsende", "ab_monat_61"], rows, reads=reads)
        a, b, c = (p[f"festbetrag_{group}_eur"] for group in "abc")
        high, low = p["festbetrag_hochschule_ab_monat_61_eur"], p["festbetrag_c_ab_monat_61_eur"]
        rows = [("null", ANY, ANY, "null", "null", "null")]
        for group, basic, later in (("a", a, high), ("b", b, high), ("c", c, low), ("keine", "0", "0")):
            rows += [
                (f"'{group}'", ANY, "false", basic, basic, later),
                (f"'{group}'", "$ != null and $ <= 60", ANY, basic, basic, later),
                (f"'{group}'", "null", ANY, "null", basic, later),
                (f"'{group}'", ANY, "null", "null", basic, later),
                (f"'{group}'", ANY, ANY, later, basic, later),
            ]
        given = ["festbetrag_eur_jahr", "grund", "ab_61"]
        reads = ["qualifikation", "hoechstdauer", "zeitraum"]
        self._table("festbetrag", ["qualifikationsgruppe", months, "ab_monat_61"], given, rows, reads=reads)
        size = f"{POST}.vzae"
        whole = f"round({size} * (grund * min([{months}, 60]) + ab_61 * max([{months} - 60, 0])) / 12, 2)"
        rows = [("null", ANY, ANY, "null"), (ANY, "null", ANY, "null"), (ANY, ANY, "null", "null"), (*[ANY] * 3, whole)]
        reads = ["input", "hoechstdauer", "festbetrag"]
        self._table("foerderbetrag", [size, months, "grund"], ["foerderbetrag_eur"], rows, reads=reads)
        yearly = f"min([planungsrahmen_eur, round({size} * festbetrag_eur_jahr, 2)])"
        rows = [
            ("null", ANY, ANY, "null"),
            (ANY, "null", ANY, "null"),
            (ANY, ANY, "null", "null"),
            (*[ANY] * 3, yearly),
        ]
        inputs, reads = [size, "planungsrahmen_eur", "festbetrag_eur_jahr"], ["input", "planungsrahmen", "festbetrag"]
        self._table("foerderbetrag-jahr", inputs, ["foerderbetrag_eur_jahr"], rows, reads=reads)

    def _of_application(self) -> None:
        kinds = _words("gemeinde", "stadt", "stadtkreis", "landkreis", "zusammenschluss")
        self._require("antragsteller", "muss", [ART], [("null", "open"), (kinds, "yes"), (ANY, "no")])
        rows: list[Row] = [("null", "open"), ("'BW'", "yes"), (ANY, "no")]
        self._require("antragsteller-in-baden-wuerttemberg", "muss", ["antrag.antragsteller.bundesland"], rows)
        rows = [("null", "open"), (f">= {self.p['mindestplanungsrahmen_eur']}", "yes"), (ANY, "no")]
        self._require("mindestplanungsrahmen", "muss", ["planungsrahmen_eur"], rows, "planungsrahmen")
        least = f">= {self.p['mindestumfang_antrag']}"
        rows = [("'geld'", ANY, "entfaellt"), (ANY, "null", "open"), (ANY, least, "yes"), (ANY, ANY, "no")]
        self._require("mindestens-eine-vollzeitstelle", "muss", ["auslegung.mindestantrag", f"{POST}.vzae"], rows)
        others = f"$ != null and not($ in [{_words('gemeinde', 'stadt', 'zusammenschluss')}])"
        rows = [(others, ANY, "entfaellt"), (ANY, "null", "open"), (ANY, "len($) > 1 or $[0] != 'landkreis'", "yes")]
        rows += [("null", ANY, "open"), (ANY, ANY, "no")]
        self._require("landkreis-beantragt-selbst", "muss", [ART, "antrag.durchfuehrung"], rows)
        towns, of_a_district = _words("gemeinde", "stadt"), "antrag.antragsteller.kreisangehoerig"
        others = f"$ != null and not($ in [{towns},'stadtkreis'])"
        rows = [(others, ANY, ANY, "entfaellt"), (towns, "true", ANY, "entfaellt"), (ANY, ANY, "null", "open")]
        rows += [(ANY, ANY, "not(contains($, 'landkreis'))", "yes"), ("null", ANY, ANY, "open")]
        rows += [(towns, "null", ANY, "open"), (ANY, ANY, ANY, "no")]
        inputs = [ART, of_a_district, "antrag.durchfuehrung"]
        self._require("stadtkreis-gehoert-keinem-landkreis-an", "muss", inputs, rows)
        for rule, kind in (
            ("mitglieder-sind-kommunen", "zusammenschluss"),
            ("nur-eigene-kreisangehoerige", "landkreis"),
        ):
            rows = [(f"$ != null and $ != '{kind}'", "entfaellt"), (ANY, "open")]  # as no members are stated
            self._require(rule, "muss", [ART], rows)

    def _of_post(self) -> None:
        rows: list[Row] = [("null", "open"), (f">= {self.p['mindestumfang_stelle']}", "yes"), (ANY, "no")]
        self._require("stelle-mindestumfang", "muss", [f"{POST}.vzae"], rows)
        rows = [("null", "open"), ("d($) >= d('2017-01-01')", "yes"), (ANY, "no")]
        self._require("beginn-fruehestens-2017", "muss", [BEGIN], rows)
        stood = f"{POST}.stand_2018_12_31"
        rows = [("'verlaengerung'", ANY, ANY, "entfaellt")]
        rows += [(ANY, "$ != null and d($) <= d('2018-12-31')", ANY, "entfaellt"), (ANY, ANY, "null", "open")]
        rows += [(ANY, ANY, "$ != 'keiner'", "yes"), (ANY, "null", ANY, "open"), (ANY, ANY, ANY, "no")]
        self._require("neue-stelle-nach-2018", "muss", ["antrag.art", "antrag.antragsdatum", stood], rows)
        for rule, asked, (yes, unknown), source in (
            ("person-steht-fest", f"{POST}.person_benannt", ("true", "null"), "input"),
            ("qualifikation-liegt-vor", "qualifikation", ("'yes'", "'open'"), "qualifikation"),
        ):
            rows = [("'verlaengerung'", "false", ANY, "entfaellt"), (ANY, ANY, yes, "yes"), (ANY, ANY, unknown, "open")]
            rows += [("'verlaengerung'", "null", ANY, "open"), (ANY, ANY, ANY, "no")]
            inputs = ["antrag.art", f"{POST}.derzeit_besetzt", asked]
            self._require(rule, "muss", inputs, rows, *{"input", source})
        rows = [("'erstantrag'", ANY, "entfaellt"), (ANY, "'open'", "open"), (ANY, "'yes'", "yes"), (ANY, ANY, "no")]
        inputs = ["antrag.art", "juengste_verlaengerung"]
        self._require("verlaengerung-moeglich", "muss", inputs, rows, "input", "hoechstdauer")

    def _beside(self) -> None:
        """Make the tables of options and advice."""
        rows: list[Row] = [("'erstantrag','verlaengerung'", "yes"), (ANY, "no")]
        self._require("zuwendungsfaehige-kosten", "hinweis", ["antrag.art"], rows)
        rows = [("null", "open"), ("contains($, 'dritte')", "yes"), (ANY, "no")]
        self._require("mehrere-traeger", "hinweis", ["antrag.durchfuehrung"], rows)
        rows = [("null", "open"), ("<= 1", "yes"), (ANY, "no")]
        self._require("mehrere-vollzeitaequivalente", "hinweis", [f"{POST}.vzae"], rows)
        rows = [("null", "open"), (f"< {self.p['mindestplanungsrahmen_eur']}", "yes"), (ANY, "no")]
        self._require("zusammenschluss-noetig", "hinweis", ["planungsrahmen_eur"], rows, "planungsrahmen")
        for rule, fact, day in (
            ("antrag-ab-juli-2017", "antrag.antragsdatum", "'2017-07-24'"),
            ("beginn-vor-der-bewilligung", BEGIN, "tag"),
        ):
            rows = [
                ("'verlaengerung'", ANY, "no"),
                (ANY, "null", "open"),
                (ANY, f"d($) < d({day})", "yes"),
                (ANY, ANY, "no"),
            ]
            self._require(rule, "hinweis", ["antrag.art", fact], rows)
        rows = [("'verlaengerung'", ANY, "entfaellt"), (ANY, "null", "open")]
        rows += [(ANY, "d($) >= d('2017-07-24')", "entfaellt"), (ANY, "d($) < d('2017-01-01')", "no")]
        self._require("rueckwirkende-antragstellung", "kann", ["antrag.art", BEGIN], [*rows, (ANY, ANY, "discretion")])
        rows = [("null", "open"), ("'keiner'", "yes"), (ANY, "no")]
        self._require("stelle-nach-dem-stichtag", "hinweis", [f"{POST}.stand_2018_12_31"], rows)
        rows = [("null", "open"), ("true", "discretion"), (ANY, "no")]
        self._require("unterbrechung-der-entgeltzahlung", "kann", [f"{POST}.unterbrechung_entgeltzahlung"], rows)
        rows = [("null", "open"), ("d(tag) > d($)", "yes"), (ANY, "no")]
        rule = "bewilligungszeitraum-abgelaufen"
        self._require(rule, "hinweis", ["bewilligungsende"], rows, "input", "zeitraum")


def _node(name: str, kind: str) -> Node:
    return {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}


def _edge(source: str, target: str) -> Node:
    return {"id": f"{source}>{target}", "type": "edge", "sourceId": source, "targetId": target}


_MAYBE = (f"{DEGREES},null", "'sozialwesen','andere_geeignete',null")
_QUALIFICATION: tuple[Row, ...] = (
    (DEGREES, "'sozialwesen'", ANY, ANY, ANY, "'a'", "'yes'"),
    (DEGREES, "'andere_geeignete'", ANY, ANY, ANY, "'b'", "'yes'"),
    (*_MAYBE, SCHOOL, "true", "true", "null", "'yes'"),
    (*_MAYBE, ANY, ANY, ANY, "null", "'open'"),
    (ANY, ANY, SCHOOL, "true", "true", "'c'", "'yes'"),
    (ANY, ANY, "'keiner','hauptschule'", ANY, ANY, "'keine'", "'no'"),
    (ANY, ANY, ANY, "false", ANY, "'keine'", "'no'"),
    (ANY, ANY, ANY, ANY, "false", "'keine'", "'no'"),
    (ANY, ANY, ANY, ANY, ANY, "null", "'open'"),
)


def _ladder(basic: int, most: int, steps: Sequence[int]) -> Iterator[Row]:
    """Yield the rows of the longest period, and of whether the latest extension applied for counts.

    From the state on 31.12.2018 and the extensions applied for in three years: one counts only where the one before it
    does.
    """
    first, second, third = (str(min(most, basic + sum(steps[:count]))) for count in (1, 2, 3))
    yield "'keiner'", ANY, ANY, ANY, str(basic), "'no'"
    yield ANY, "false", ANY, ANY, str(basic), "'no'"
    for unknown in (("null", ANY), (ANY, "null")):
        yield *unknown, "false", "true", "null", "'no'"
        yield *unknown, ANY, ANY, "null", "'open'"
    yield ANY, ANY, "false", "true", first, "'no'"
    yield ANY, ANY, "false", "false", first, "'yes'"
    yield ANY, ANY, "false", ANY, first, "'open'"
    yield ANY, ANY, "null", "false", "null", "'yes'"
    yield ANY, ANY, "null", ANY, "null", "'open'"
    yield ANY, ANY, ANY, "null", "null", "'open'"
    yield ANY, ANY, ANY, "false", second, "'yes'"
    yield ANY, ANY, ANY, ANY, third, "'yes'"
