"""Which decision tables are asked for: of which Fassung, with which decrees (Erlasse), for which question."""

from collections.abc import Collection

from vwv_im.decision.request import unknown
from vwv_im.law.regulation import Regulation
from vwv_im.publish.dmn.document import dmn_of
from vwv_im.text import FaultyInputError, Place, fault_of


def chosen_dmn(
    law: Regulation,
    fassung: str | None = None,
    erlasse: Collection[str] = (),
    question: str | None = None,
    place: str = "<{}>",
) -> bytes:
    """Return the DMN file of a Fassung, by default the last, and of a question, by default the first.

    Raises `FaultyInputError` with all that there is not; `place` is where what was stated is said to stand.
    """
    known = [one.id for one in law.fassungen]
    decrees = [akt.id for akt in law.acts if akt.art == "erlass"]
    chosen = known[-1] if fassung is None else fassung
    asked = law.first_question if question is None else question
    faults = [unknown(place.format("fassung"), chosen, known)] if chosen not in known else []
    faults += [unknown(place.format("erlass"), name, decrees) for name in erlasse if name not in decrees]
    if chosen in known:
        bases = {name: law.choose(law.act(name).gilt_ab.datum).basis for name in erlasse if name in decrees}
        beside = {name: basis for name, basis in bases.items() if basis != chosen}
        faults += [
            fault_of("erlass_beside", Place(place.format("erlass")), erlass=name, basis=basis)
            for name, basis in beside.items()
        ]
    faults += [unknown(place.format("question"), asked, law.questions)] if asked not in law.questions else []
    if faults:
        raise FaultyInputError(faults)
    return dmn_of(law, chosen, tuple(name for name in decrees if name in erlasse), asked)
