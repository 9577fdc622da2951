"""The house: layers import one way, heavy libraries load late, modules stay short, what is public is described."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import vwv_im
from support import ROOT
from vwv_im.lang.table import COMPARISONS, OPERATIONS

SOURCE = ROOT / "src" / "vwv_im"
LAYERS = [
    {"text"}, {"lang"}, {"case"}, {"typed"}, {"law"}, {"reasoning"}, {"decision"}, {"programm"}, {"review"},
    {"publish", "tables"}, {"mcp", "web"}, {"cli"},
]  # fmt: skip
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
MODULES = sorted(SOURCE.rglob("*.py"))
IDS = [path.relative_to(SOURCE).as_posix() for path in MODULES]
LONGEST = 400
LATE = ["durable", "ruamel", "typer", "babel", "holidays", "jinja2", "polars", "fastapi", "z3", "pydantic", "dateutil"]
HOMES = {
    "z3": ("review/proofs/",),
    "polars": ("reasoning/columns/", "tables/"),
    "pyarrow": ("tables/",),
    "pyspark": ("tables/",),
    "xlsxwriter": ("tables/",),
    "python_calamine": ("tables/",),
    "fastapi": ("web/",),
    "mcp": ("mcp/",),
    "mcp_types": ("mcp/",),
    "starlette": ("web/",),
    "uvicorn": ("web/",),
    "orjson": ("web/",),
    "typst": ("web/", "publish/"),
    "zen": (),
}
"""Optional libraries, and the packages whose modules may import them at their head; others only load these packages
when they are asked for."""


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every import statement with the name of what it imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            module = node.module or ""
            yield from ((node, f"{module}.{alias.name}") for alias in node.names)


def at_import(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """Yield the imports that run when the module is imported: not those in functions, nor those for types only."""
    inside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        for inner in ast.walk(node)
    }
    yield from ((node, name) for node, name in imports(tree) if id(node) not in inside)


def layer(path: Path) -> str | None:
    """Return the layer of a module; `None` for what stands above all: the package itself and `__main__`."""
    own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    return None if own.startswith("__") else own


def test_every_package_has_its_layer() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert packages <= RANK.keys()
    assert {path.name for path in SOURCE.glob("*.py")} == {"__init__.py", "__main__.py", "programm.py", "typed.py"}


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_imports_point_one_way(path: Path) -> None:
    own = layer(path)
    if own is None:
        return
    for node, name in imports(parsed(path)):
        package, _, rest = name.partition(".")
        if package != "vwv_im" or (own == "typed" and node.col_offset):  # it says types of what stands above it
            continue
        if rest in ("", "__version__"):
            assert rest, f"line {node.lineno}: import from where it is defined, not from the package"
            continue
        other = rest.split(".")[0]
        assert other in RANK, f"line {node.lineno}: {name} is taken from the public API instead of its home"
        assert other == own or RANK[other] < RANK[own], f"line {node.lineno}: {own} must not import {name}"


UPWARDS = {"typed.py"}
"""Modules that import what stands above them, for types only: `typed`, generated, says what deciding gives."""


def imported(path: Path) -> frozenset[Path]:
    """Return the modules that a module imports anywhere: at its head, in a function, or for types only."""
    found, tree = set(), parsed(path)
    for _, name in at_import(tree) if path.relative_to(SOURCE).as_posix() in UPWARDS else imports(tree):
        package, _, rest = name.partition(".")
        whole = SOURCE / rest.replace(".", "/")
        holder = whole.parent
        places = (whole.with_suffix(".py"), holder.with_suffix(".py"), holder / "__init__.py")
        if package == "vwv_im" and rest not in ("", "__version__"):
            found.add(next(place for place in places if place.is_file()))
    return frozenset(found - {path})


def test_no_modules_import_one_another() -> None:
    """Each module can be read without those that build on it, whatever is imported late or for types only."""
    reached = {path: imported(path) for path in MODULES}
    while (grown := {path: new.union(*map(reached.__getitem__, new)) for path, new in reached.items()}) != reached:
        reached = grown
    assert [path.relative_to(SOURCE).as_posix() for path, others in reached.items() if path in others] == []


def test_one_module_imports_durable_rules_and_only_when_asked() -> None:
    importing = {path: list(imports(parsed(path))) for path in MODULES}
    found = [path for path, names in importing.items() if any(name.split(".")[0] == "durable" for _, name in names)]
    assert [path.relative_to(SOURCE).as_posix() for path in found] == ["reasoning/durable.py"]
    early = [name for _, name in at_import(parsed(found[0]))]
    assert not [name for name in early if name.split(".")[0] == "durable"]


@cache
def imported_with(path: Path) -> frozenset[Path]:
    """Return the modules that are imported at the head of a module."""
    found = set()
    for _, name in at_import(parsed(path)):
        package, _, rest = name.partition(".")
        for module in (rest, rest.rpartition(".")[0]) if package == "vwv_im" else ():
            other = SOURCE / f"{module.replace('.', '/')}.py"
            if other.is_file() and other != path:
                found.add(other)
    return frozenset(found)


def heads(path: Path) -> set[str]:
    """Return the optional libraries that importing a module imports: its own, and those of the modules it imports."""
    modules, new = {path}, {path}
    while new := {other for module in new for other in imported_with(module)} - modules:
        modules |= new
    names = {name.partition(".")[0] for module in modules for _, name in at_import(parsed(module))}
    return names & HOMES.keys()


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_optional_libraries_are_imported_only_when_asked(path: Path) -> None:
    own = path.relative_to(SOURCE).as_posix()
    assert not [name for name in heads(path) if not own.startswith(HOMES[name])]


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = f"import sys, vwv_im; print(*[name for name in {LATE!r} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.split() == []


def test_evaluating_directly_loads_neither_the_second_engine_nor_the_command_line() -> None:
    late = ["durable", "typer", "polars", "fastapi", "z3"]
    code = f"""import sys, vwv_im
vwv_im.evaluate({{"antrag": {{"stellen": [{{}}]}}}}, on="2018-06-01", engine="direct")
print(*[name for name in {late!r} if name in sys.modules])"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.split() == []


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_module_is_short(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST or path.name == "typed.py"  # generated


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(parsed(path))


ALIASES = {"Grade", "Outcome", "Question"}
"""Types without a text of their own: it stands beside them, and in the reference."""


@pytest.mark.parametrize("name", sorted(set(vwv_im.__all__) - {"__version__"} - ALIASES))
def test_what_is_public_is_described(name: str) -> None:
    public = getattr(vwv_im, name)
    own = vars(public).get("__doc__") if inspect.isclass(public) else public.__doc__
    assert own
    assert own.strip()
    assert not own.startswith(f"{name}("), "the text that a dataclass writes for itself says nothing"
    if inspect.isclass(public):
        members = {key: member for key, member in vars(public).items() if not key.startswith("_")}
        described = {key for key, member in members.items() if callable(member) or isinstance(member, property)}
        assert not [key for key in described if not inspect.getdoc(members[key])]


def test_what_is_public_can_be_had_and_nothing_else() -> None:
    assert list(vwv_im.__all__) == sorted(vwv_im.__all__)
    assert dir(vwv_im) == sorted(vwv_im.__all__)
    with pytest.raises(AttributeError, match="nirgends"):
        vwv_im.nirgends  # noqa: B018


def rule_values() -> set[Decimal]:
    """Return the values that parameters have under any Fassung, as far as they tell: three digits, or a fraction."""
    wanted = (getattr(item.model, "wert", None) for fassung in vwv_im.regulation().fassungen for item in fassung)
    found = {Decimal(value) for value in wanted if isinstance(value, int | Decimal) and not isinstance(value, bool)}
    return {value for value in found if value >= 100 or value != value.to_integral_value()}


GENERAL = ("text", "case", "lang", "law", "reasoning", "decision")
"""The packages that know no word of a regulation."""
NAMED_BY_NOBODY = {"VZAE", "Bewilligungsstelle", "LVwVfG", "Haushaltsjahr"}


def words_of_the_regulation() -> set[str]:
    """Return the names of its entities, facts, questions and readings, as far as they are no words of the language."""
    law = vwv_im.regulation()
    vocabulary, readings = law.vocabulary, law.readings.values()
    names = {entity.key for entity in vocabulary.stated} | {fact.key for fact in vocabulary.facts.values()}
    names |= {*vocabulary.entities, *law.questions}
    read = {name for reading in readings for name in (reading.id, *reading.lesarten) if "_" in name}
    return {name for name in names if len(name) >= 6} | read | NAMED_BY_NOBODY


@pytest.mark.parametrize("package", GENERAL)
def test_no_word_of_the_regulation_stands_in_the_engine(package: str) -> None:
    """Not in code, and not in what is said about it: a second regulation must read it as its own."""
    words = words_of_the_regulation()
    assert {"antrag", "stelle", "mitglieder", "hochschulabschluss", "zielgruppe"} <= words, "what is sought is found"
    found = [
        f"{path.relative_to(SOURCE)}:{number}: {word}"
        for path in sorted((SOURCE / package).rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        for word in re.findall(r"\w+", line)
        if word in words
    ]
    assert found == []


NO_RULE_VALUES = {
    ("case/case_reader.py", 60_000): "nodes, the most that a file of a case may have",
}
"""Numbers of the code that are those of a rule by chance, and what they are."""


def numbers(path: Path) -> Iterator[tuple[str, Decimal, int]]:
    """Yield the numbers that stand in a module, also those in texts that hold nothing else, with their lines."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and not isinstance(node.value, bool | bytes | complex | None):
            text = str(node.value)
            if re.fullmatch(r"\d[\d_]*(\.\d+)?", text):
                yield path.relative_to(SOURCE).as_posix(), Decimal(text.replace("_", "")), node.lineno


def test_no_rule_value_stands_in_the_code() -> None:
    """The figures of the law stand in the rule files; in the code they would be a second source."""
    values = rule_values()
    assert {51_000, 64_000, 47_000, 60_000, 72_857, 58_000_000, Decimal("0.25")} <= values, "what is sought is found"
    found = [(name, value, line) for path in MODULES for name, value, line in numbers(path) if value in values]
    assert {(name, int(value)) for name, value, _ in found} >= NO_RULE_VALUES.keys(), "each exception is needed"
    assert [f"{name}:{line}: {value}" for name, value, line in found if (name, value) not in NO_RULE_VALUES] == []


KINDS = {"Constant", "Read", "Compute", "Over", "Atom", "Every", "Some", "Row"}
TELLING = ("lang/fold.py", "reasoning/durable.py", "reasoning/durable_groups.py")
"""Where kinds of nodes are told apart: in the fold, and in `durable`, which is a derivation of its own."""
NAMED = {name for name in (*COMPARISONS, *OPERATIONS) if name not in ("in", "ist")}
SAID_BY_NAME = {
    "lang/table.py": NAMED,
    "law/vocabulary_file.py": {"mindestens", "hoechstens"},
    "law/list_file.py": {"aus_liste"},
    "reasoning/columns/exact_numbers.py": set(OPERATIONS),
    "review/proofs/translation.py": set(OPERATIONS),
    "reasoning/columns/compiled_plan.py": {"summe", "kleinster", "groesster"},
    "reasoning/columns/compiling.py": {"anfang"},
    "review/proofs/claims.py": {"weniger_als"},
    "publish/dmn/feel.py": {"summe", "kleinster", "groesster"},
}
"""Where a comparison or operation is named in code: in the table, where an engine has arithmetic of
its own, where a proof asks what is less, where a list is put in place of its name, and where the limits
of a list or number are called by the same word."""


def kinds_told_apart(tree: ast.Module) -> Iterator[str]:
    """Yield each `match` and each `isinstance` that tells two or more kinds of nodes apart."""
    for node in ast.walk(tree):
        found: set[str] = set()
        if isinstance(node, ast.Match):
            patterns = [inner for case in node.cases for inner in ast.walk(case.pattern)]
            found = {p.cls.id for p in patterns if isinstance(p, ast.MatchClass) and isinstance(p.cls, ast.Name)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            found = {name.id for name in ast.walk(node.args[1]) if isinstance(name, ast.Name)}
        if len(found & KINDS) > 1:
            yield f"line {node.lineno}: {', '.join(sorted(found & KINDS))}"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_kinds_of_nodes_are_told_apart_in_the_fold_alone(path: Path) -> None:
    if path.relative_to(SOURCE).as_posix() not in (*TELLING, "lang/nodes.py"):
        assert list(kinds_told_apart(parsed(path))) == []


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_comparisons_and_operations_are_named_in_the_table_alone(path: Path) -> None:
    own = path.relative_to(SOURCE).as_posix()
    words = {node.value for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant)}
    assert words & NAMED - SAID_BY_NAME.get(own, set()) == set()


def test_every_test_module_can_be_imported() -> None:
    """Beside doctests of what is not installed, pytest passes over a module that it cannot import without an error."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-o", "addopts=--import-mode=importlib", "tests"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.returncode == 0, ended.stdout[-2000:]
