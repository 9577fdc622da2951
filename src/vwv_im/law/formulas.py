"""Formulas that several derived facts of a file share: written out where they are named, and changed by acts."""

from collections.abc import Iterator, Mapping
from typing import Any

from vwv_im.text import Document, Fault, Path_, did_you_mean, fault_of

Written = list[tuple[str, Mapping[str, Any]]]
"""Where a formula was written out, as an operation names it, each with what was put in its places."""
_NO_FORMULA: Mapping[str, Any] = {"angaben": (), "beleg": [{"grad": "annahme", "herleitung": "–"}]}
"""What stands for a formula that is not known: that evidence is missing with it would be no fault of its own."""


def write_out(document: Document, written: dict[str, Written], faults: list[Fault]) -> Iterator[str]:
    """Put in place of each formula that a derived fact names what it stands for; its evidence goes with it.

    Yields the ids of those for which that cannot be done.
    """
    known = mapping(document.data.get("formeln"))
    sound = {name: one for name, one in known.items() if _is_formula(one)}
    used = set[str]()
    for name, formula in sound.items():
        places = sorted(set(_places_in(formula["rechne"])))
        if sorted(formula["angaben"]) != places:
            place, listed = document.place(("formeln", name, "angaben")), ", ".join(places) or "–"
            faults.append(fault_of("formula_places", place, name=name, used=listed))
        if name in written:
            faults.append(fault_of("taken_id", document.key_place(("formeln", name)), name=name))
        document.written_out.setdefault(name, [])
    entries = document.data.get("ableitungen")
    for index, item in enumerate(entries if isinstance(entries, list) else ()):
        for parent, key, call, at in list(_calls_in(item, ("ableitungen", index))):
            name = str(call["formel"])
            used.add(name)
            formula = sound.get(name, _NO_FORMULA)
            if "beleg" in formula and at[2:] == ("rechne",):
                item.setdefault("beleg", formula["beleg"])
            given, needed = [key for key in call if key != "formel"], list(dict.fromkeys(formula["angaben"]))
            if name in sound and sorted(given) == sorted(needed):
                parent[key] = _filled(formula["rechne"], call, document, at, at)
                document.moved[at] = ("formeln", name, "rechne")
                document.written_out[name].append((".".join(map(str, (item.get("id"), *at[2:]))), call))
                continue
            parent[key] = 0
            yield str(item.get("id"))
            if name in sound:
                said, words = ", ".join(given) or "–", ", ".join(needed)
                faults.append(
                    fault_of("formula_filled_otherwise", document.place(at), name=name, needed=words, given=said)
                )
            elif name not in known:
                place = document.place((*at, "formel"))
                faults.append(fault_of("unknown_formula", place, hint=did_you_mean(name, sound), name=name))
    written.update(document.written_out)
    unused = (name for name in sound if name not in used and used <= sound.keys())
    faults.extend(fault_of("formula_unused", document.key_place(("formeln", name)), name=name) for name in unused)


def _calls_in(data: Any, at: Path_) -> Iterator[tuple[Any, str | int, Mapping[str, Any], Path_]]:
    """Yield each place of a formula below a part of a document: what holds it, by which key, the call, and its path."""
    for key, part in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        if isinstance(part, dict) and "formel" in part:
            yield data, key, part, (*at, key)
        else:
            yield from _calls_in(part, (*at, key))


def on_formulas(data: Mapping[str, Any], written: Mapping[str, Written]) -> Iterator[Mapping[str, Any]]:
    """Yield an operation; one on a formula (`formel.name…`) as one on each computation that it was written into."""
    _, _, path = str(data["ziel"]).partition("formel.")
    name, _, part = path.partition(".rechne")
    if name not in written:
        yield data
    for place, call in written.get(name, ()):
        yield {key: _filled(part, call) for key, part in data.items()} | {"ziel": f"{place}{part}"}


def mapping(data: Any) -> Mapping[Any, Any]:
    """Return a mapping, or none where the data is something else."""
    return data if isinstance(data, dict) else {}


def _is_formula(one: Any) -> bool:
    places = mapping(one).get("angaben")
    return isinstance(places, list) and all(isinstance(place, str) for place in places) and "rechne" in one


def _places_in(part: Any) -> Iterator[str]:
    """Yield the places of a formula that are to be filled, as often as they stand there."""
    if isinstance(part, dict):
        if part.keys() == {"angabe"}:
            yield str(part["angabe"])
        for one in part.values():
            yield from _places_in(one)
    elif isinstance(part, list):
        for one in part:
            yield from _places_in(one)


def _filled(
    part: Any, call: Mapping[str, Any], document: Document | None = None, at: Path_ = (), root: Path_ = ()
) -> Any:
    """Return a part of a formula with what a call gives in its places; where that is written is kept by `document`."""
    if isinstance(part, dict) and part.keys() == {"angabe"} and (name := str(part["angabe"])) in call:
        if document is not None:
            document.moved[at] = (*root, name)
        return call[name]
    if isinstance(part, dict):
        return {key: _filled(one, call, document, (*at, key), root) for key, one in part.items()}
    if isinstance(part, list):
        return [_filled(one, call, document, (*at, n), root) for n, one in enumerate(part)]
    return part
