"""What a program does with the client that openapi-python-client makes: `program.py ADDRESS`; `.ci/clients` runs it."""

from __future__ import annotations

import sys
from datetime import date

from vwv_im_client import Client
from vwv_im_client.api.betrieb import ready
from vwv_im_client.api.faelle import decide, receipt, replay
from vwv_im_client.models import (
    Antrag,
    Case,
    DecisionDocument,
    DecisionRequest,
    ProblemDocument,
    ReceiptDocument,
    ReplayDocument,
    Stelle,
    StelleFachrichtung,
    StelleHochschulabschluss,
    Verdict,
)


def asked(size: str) -> DecisionRequest:
    """Return a request about an application with one post."""
    post = Stelle(
        vzae=size,
        beschaeftigungsbeginn=date(2018, 1, 1),
        hochschulabschluss=StelleHochschulabschluss.BACHELOR,
        fachrichtung=StelleFachrichtung.SOZIALWESEN,
    )
    return DecisionRequest(case=Case(antrag=Antrag(stellen=[post])), on=date(2018, 6, 1))


def main(address: str) -> None:
    """Decide, be refused, and have a receipt replayed."""
    with Client(base_url=address) as client:
        assert ready.sync(client=client) is not None
        decision = decide.sync(client=client, body=asked("0.2"))
        assert isinstance(decision, DecisionDocument)
        assert decision.verdict == Verdict.NO
        (reason,) = [one for one in decision.reasons if one.rule == "stelle-mindestumfang"]
        assert (reason.verdict, reason.required) == (Verdict.NO, "0.25")
        assert decision.derived["antrag.stellen[0].bewilligungsende"] == "2019-12-31"
        refused = decide.sync_detailed(client=client, body=asked("0,5"))
        assert refused.status_code == 422
        assert isinstance(refused.parsed, ProblemDocument)
        assert refused.parsed.errors
        assert refused.parsed.errors[0].path == "antrag.stellen[0].vzae"
        record = receipt.sync(client=client, body=asked("0.2"))
        assert isinstance(record, ReceiptDocument)
        again = replay.sync(client=client, body=record)
        assert isinstance(again, ReplayDocument)
        assert again.identical, again.differences
    print(f"Python: {reason.text.de}; {refused.parsed.errors[0].message.de}; {record.digest[:12]}")


main(sys.argv[1])
