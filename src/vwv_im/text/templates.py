"""Pages are written from templates: Markdown and HTML that a package holds beside its modules."""

from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined


def templates(package: str) -> Environment:
    """Return the templates of a package; they escape for themselves, and refuse a name they are not given."""
    found = Environment(
        loader=PackageLoader(package),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - Markdown is escaped otherwise than HTML
    )
    found.filters.update(html=escape, joined=lambda text: "".join(line.strip() for line in text.split("\n")))
    return found
