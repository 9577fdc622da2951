"""Acts applied in order give the Fassungen. A consolidated text is derived, never written by hand."""

from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from vwv_im.law.entry import Entry, Origin
from vwv_im.law.model import Model
from vwv_im.law.reader import ParsedAct, ParsedOperation, ParsedRules, duplicate
from vwv_im.law.rule_faults import errors_of, faults_of
from vwv_im.text import Fault, JsonObject, Path_, Text, as_written, did_you_mean, fault_of

_MOST_DIGITS = 4
"""How long the index of a part in a list may be."""


@dataclass(frozen=True, slots=True)
class OperationId(JsonObject, schema="CauseDocument"):
    """Which operation of which act: what `compare` and the proofs name as a cause."""

    act: str
    operation: str

    def __str__(self) -> str:
        return f"{self.act} {self.operation}"


@dataclass(slots=True)
class State:
    """The law while acts are being applied; `forgiving` where operations were left out, so that `alt` may differ."""

    entries: dict[str, Entry] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)
    forgiving: bool = False
    faults: list[Fault] = field(default_factory=list)


def operation_name(operation: ParsedOperation) -> str:
    """Return the name of an operation, unique within its act: what it does and to what."""
    model = operation.model
    if model.op != "fuege_ein":
        return f"{model.op} {operation.target}"
    ((kind, new),) = model.neu.items()
    return f"{model.op} parameter.{next(iter(new))}" if kind == "parameter" else f"{model.op} {new['id']}"


def key_of(operation: ParsedOperation) -> str:
    """Return the key of the item that an operation inserts or changes."""
    model = operation.model
    if model.op == "fuege_ein":
        return operation_name(operation).partition(" ")[2]
    parts = model.ziel.split(".")
    return ".".join(parts[: 2 if parts[0] == "parameter" else 1])


def consolidate(acts: Iterable[ParsedAct], without: Collection[OperationId] = ()) -> State:
    """Apply `acts` in the given order, leaving out the operations in `without`."""
    state = State(forgiving=bool(without))
    for act in acts:
        state.subjects.update(act.subjects)
        for entry in act.items:
            if entry.key in state.entries or entry.key in act.subjects:
                state.faults.append(duplicate(entry.id, entry.origin()))
            else:
                state.entries[entry.key] = entry
        for operation in act.operations:
            if OperationId(act.akt.id, operation_name(operation)) in without:
                continue
            if operation.model.op == "fuege_ein":
                _insert(state, act.akt.id, operation)
            elif (found := _find(state, operation)) is not None:
                _APPLY[operation.model.op](state, act.akt.id, operation, *found)
    return state


def _insert(state: State, act: str, operation: ParsedOperation) -> None:
    subject = operation.model.ziel
    if subject not in state.subjects:
        state.faults.append(_no_target(operation, did_you_mean(subject, state.subjects)))
        return
    ((kind, new),) = operation.data["neu"].items()
    path: Path_ = ("neu", kind)
    if kind == "parameter":
        ((name, data),) = new.items()
        path += (name,)
    else:
        name, data = new["id"], new
    base = operation.origin
    origin = Origin(base.document, base.path + path)
    origins: dict[Path_, Origin] = {(): origin}
    if data["beleg"] is operation.data["beleg"]:
        origins["beleg",] = Origin(base.document, (*base.path, "beleg"))
    entry = Entry(kind, name, subject, act, data, origins)
    if entry.key in state.entries:
        state.faults.append(duplicate(name, origin))
    else:
        state.entries[entry.key] = entry


def _find(state: State, operation: ParsedOperation) -> tuple[Entry, Path_, dict[str, Any]] | None:
    """Return the item that an operation names, the path of the part within it, and its data; none is a fault.

    The id of an item is no part that changes: others know the item by it.
    """
    parts = operation.model.ziel.split(".")
    length = 2 if parts[0] == "parameter" else 1
    entry = state.entries.get(".".join(parts[:length]))
    if entry is None:
        state.faults.append(_no_target(operation, did_you_mean(operation.model.ziel, state.entries)))
        return None
    path = tuple(int(part) if _is_index(part) else part for part in parts[length:])
    whole = operation.model.op == "hebe_auf" or (operation.model.op == "ersetze" and not path)
    data = deepcopy(dict(entry.data))
    if not (whole or (path and path != ("id",) and _holds(_at(data, path[:-1]), path[-1]))):
        state.faults.append(_no_target(operation))
        return None
    return entry, path, data


def _is_index(part: str) -> bool:
    return part.isascii() and part.isdecimal() and len(part) <= _MOST_DIGITS and str(int(part)) == part


def _holds(parent: Any, key: str | int) -> bool:
    return isinstance(parent, dict) if isinstance(key, str) else isinstance(parent, list) and key < len(parent)


def _replace(state: State, act: str, operation: ParsedOperation, entry: Entry, path: Path_, data: Any) -> None:
    """Put `neu` where `alt` stands; where the target is a whole item, these are the fields of it that change."""
    old, new = operation.data["alt"], operation.data["neu"]
    if not path and not (isinstance(old, dict) and old and isinstance(new, dict) and "id" not in {*old, *new}):
        state.faults.append(fault_of("fields_of_an_item", operation.origin.place(("ziel",)), name=entry.key))
        return
    before = _at(data, path) if path else {key: data[key] for key in {**old, **new} if key in data}
    if before != old and not state.forgiving:
        at, name = operation.origin.place(("alt",)), operation.model.ziel
        words: dict[str, Any] = {"given": as_written(old), "stated": as_written(before), "where": entry.place(path)}
        state.faults.append(fault_of("alt_differs", at, name, **words))
    if path:
        _at(data, path[:-1])[path[-1]] = new
    else:
        data = {key: part for key, part in data.items() if key not in old} | new
    _change(state, act, operation, entry, data, {path: ()} if path else {(key,): (key,) for key in new})


def _append(state: State, act: str, operation: ParsedOperation, entry: Entry, path: Path_, data: Any) -> None:
    """Add to a list of summands, alternatives or rows; a row that holds without a condition stays the last."""
    listed, new = _at(data, path), operation.data["neu"]
    closing = isinstance(listed, list) and path[-1] == "faelle" and bool(listed) and "wenn" not in listed[-1]
    if not isinstance(listed, list) or (closing and any("wenn" not in row for row in new if isinstance(row, dict))):
        kind = "second_closing_row" if closing else "no_list_here"
        state.faults.append(fault_of(kind, operation.origin.place(("ziel",)), name=operation.model.ziel))
        return
    last = len(listed) - 1
    start = last if closing else last + 1
    listed[start:start] = new
    moved = {(*path, last + len(new)): entry.origin((*path, last))} if closing else {}
    entry = replace(entry, origins={**entry.origins, **moved})
    _change(state, act, operation, entry, data, {(*path, start + index): (index,) for index in range(len(new))})


def _change(
    state: State,
    act: str,
    operation: ParsedOperation,
    entry: Entry,
    data: dict[str, Any],
    written: Mapping[Path_, Path_],
) -> None:
    """Keep an item as an operation left it; `written` says which parts stand where in its `neu`.

    The operation's evidence comes first, then that of the item; not where evidence is what changes, and that of a
    value goes with the value.
    """
    base = operation.origin
    origins = dict(entry.origins)
    origins.update((path, Origin(base.document, (*base.path, "neu", *at))) for path, at in written.items())
    if ("beleg",) in written:
        state.entries[entry.key] = replace(entry, act=act, data=data, origins=origins)
        return
    carried, stood = operation.data["beleg"], entry.data.get("beleg")
    kept = stood if isinstance(stood, list) and ("wert",) not in written else []
    data["beleg"] = [*carried, *kept]
    places = [Origin(base.document, (*base.path, "beleg", index)) for index in range(len(carried))]
    places += [entry.origin(("beleg", index)) for index in range(len(kept))]
    origins.update({("beleg", index): origin for index, origin in enumerate(places)})
    brought = (act,) * len(carried) + tuple(entry.act_of_evidence(index) for index in range(len(kept)))
    state.entries[entry.key] = replace(entry, act=act, data=data, origins=origins, evidence_acts=brought)


def _repeal(state: State, _act: str, operation: ParsedOperation, entry: Entry, path: Path_, _data: Any) -> None:
    if path:
        state.faults.append(_no_target(operation))
    else:
        del state.entries[entry.key]


_APPLY = {"ersetze": _replace, "haenge_an": _append, "hebe_auf": _repeal}


def _at(data: Any, path: Path_) -> Any:
    for key in path:
        data = data[key] if _holds(data, key) and (isinstance(key, int) or key in data) else None
    return data


def _no_target(operation: ParsedOperation, hint: Text | None = None) -> Fault:
    return fault_of("not_in_this_state", operation.origin.place(("ziel",)), hint=hint, name=operation.model.ziel)


def _located(error: ValidationError, entry: Entry) -> list[Fault]:
    """Return the faults in what operations wrote, or in what they made of it together with what stood there.

    Those of the item's own file are told there.
    """
    root = entry.origins[()]
    found = list(zip(faults_of(error, root.document, root.path), errors_of(error), strict=True))
    written = [path for path in entry.origins if path]
    inside = [
        replace(fault, place=entry.place(path))
        for fault, one in found
        for path in [path for path in written if one["loc"][: len(path)] == path][:1]
    ]
    if inside or isinstance(replace(entry, data=_at(root.document.data, root.path)).parsed, ValidationError):
        return inside
    around = [path for path in written if path[0] != "beleg"] or written
    homes = (
        next((path for path in reversed(around) if path[: len(one["loc"])] == one["loc"]), around[-1])
        for _, one in found
    )
    return [replace(fault, place=entry.place(path)) for (fault, _), path in zip(found, homes, strict=True)]


def state_of(raw: ParsedRules, identifier: str, erlasse: Collection[str], without: frozenset[OperationId]) -> State:
    """Return what gives the Fassung `identifier`, with `erlasse` beside it, `without` some operations; made once."""
    key = identifier, tuple(erlasse), without
    if key not in raw.states:
        norms = [act for act in raw.acts if act.akt.art in ("stammfassung", "aenderung")]
        last = next(index for index, act in enumerate(norms) if act.akt.id == identifier)
        beside = [act for act in raw.acts if act.akt.id in erlasse]
        raw.states[key] = consolidate([*norms[: last + 1], *beside], without)
    state: State = raw.states[key]
    return state


def models_of(state: State, faults: list[Fault]) -> dict[str, tuple[Entry, Model]]:
    """Return every entry that can be read, with its model; faults that an operation caused are noted."""
    found: dict[str, tuple[Entry, Model]] = {}
    for key, entry in state.entries.items():
        if not isinstance(entry.parsed, ValidationError):
            found[key] = entry, entry.parsed
        elif len(entry.origins) > 1:
            faults.extend(_located(entry.parsed, entry))
    return found
