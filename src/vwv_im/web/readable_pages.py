"""Rules and sources as pages for people: what each requires or says, how well it is evidenced, where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from vwv_im.law import AnyItem
from vwv_im.law.evidence import GRADES
from vwv_im.law.regulation import Regulation

_PAGE = """<!doctype html>
<html lang="de">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title} – {name}</title>
  <link rel="icon" href="static/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="static/style.css">
</head>
<body class="readable">
  <main>
    <p><a href="./">Einen Fall prüfen</a></p>
    <h1>{title}</h1>
    {body}
  </main>
</body>
</html>
"""


def rules_page(law: Regulation) -> str:
    """Return the page of the requirements, under each question in the order of examination."""
    items = {item.id: item for state in law.states for item in state if item.entry.kind == "regel"}
    return page_of(law.name, "Regeln", "\n".join(_questions(law, items)))


def _questions(law: Regulation, items: dict[str, AnyItem]) -> Iterator[str]:
    for question in law.questions.values():
        yield f"<h2>{escape(question.frage.de)}</h2>"
        for section in question.pruefung:
            rules = (_rule(law, items[name]) for name in section.regeln if name in items)
            yield f'<section class="card"><h3>{escape(section.titel.de)}</h3>{"".join(rules)}</section>'


def _rule(law: Regulation, item: AnyItem) -> str:
    model = item.model
    states = [law.act(state.id).kurz.de for state in law.states if any(one.id == item.id for one in state)]
    cited = [f'<a href="quellen#{escape(one.quelle)}">{escape(law.sources[one.quelle].herausgeber)}</a>'
             for one in model.beleg if one.quelle]  # fmt: skip
    short = getattr(model, "kurz", None)
    told = f"<p>{escape(short.de)}</p>" if short else ""
    known = f"{GRADES[law.grade(model.beleg[0])].de}{': ' if cited else ''}{'; '.join(dict.fromkeys(cited))}"
    said = f'<p class="help">In: {escape("; ".join(dict.fromkeys(states)))}.<br>Beleg: {known}.</p>'
    return f'<h4 id="{escape(item.id)}">{escape(model.titel.de)}</h4>{told}{said}'


def sources_page(law: Regulation) -> str:
    """Return the page of the sources, with a link to each."""
    return page_of(law.name, "Quellen", "\n".join(_sources(law)))


def _sources(law: Regulation) -> Iterator[str]:
    for source in law.sources.values():
        url = escape(source.url or "")
        where = f'<br><a href="{url}" rel="noopener noreferrer external">{url}</a>' if url else ""
        passages = "".join(f"<li>{escape(one.wiedergabe)}</li>" for one in source.fundstellen.values())
        about = ", ".join(filter(None, (source.herausgeber, source.datum, GRADES[source.grad].de)))
        yield (f'<section class="card" id="{escape(source.id)}"><h2>{escape(source.titel)}</h2>'
               f'<p class="help">{escape(about)}{where}</p><ul>{passages}</ul></section>')  # fmt: skip


def page_of(name: str, title: str, body: str) -> str:
    """Return a page of its own, in the dress of the page for cases."""
    return _PAGE.format(title=title, name=escape(name), body=body)
