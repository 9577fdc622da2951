"""The limits and defaults of the server, the same in every worker: each a variable of the environment and an option."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, get_args

from vwv_im.decision.request import unknown
from vwv_im.reasoning.engines import EngineName
from vwv_im.text import Fault, FaultyInputError, Place, fault_of

PREFIX = "VWV_IM_WEB_"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""What this machine is called by itself; always allowed as the host of a request."""
_READ: Mapping[str, Callable[[str], Any]] = {"str": str, "int": int, "float": float}


def _said(default: Any, about: str, values: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"about": about, "values": values})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the server allows; what each field means stands beside it, and in the help of `vwv-im serve`.

    >>> Settings.from_environment({"VWV_IM_WEB_POSTS": "10"}).posts
    10
    """

    engine: str = _said(
        "checked", "Verfahren, wo eine Anfrage keines nennt: checked, direct, durable.", get_args(EngineName)
    )
    origins: str = _said("", "Fremde Seiten, die die API aufrufen dürfen, durch Leerzeichen getrennt.")
    hosts: str = _said(
        "",
        "Weitere Namen, unter denen der Server angesprochen werden darf, durch Leerzeichen getrennt; * heißt jeder. "
        "Immer erlaubt: localhost, 127.0.0.1, ::1 und die Adresse, an der die Anfrage ankommt.",
    )
    root_path: str = _said("", "Pfad, unter dem ein vorgeschalteter Server diesen zeigt, etwa /fachverfahren/vwv-im.")
    log: str = _said(
        "auto",
        "Zeilen des Protokolls: text oder json; auto: text, am Terminal mit einem Prozess nur Warnungen und Fehler.",
        ("auto", "text", "json"),
    )
    rules: str = _said("", "Verzeichnis mit anderen Regeldateien als den mitgelieferten.")
    bytes: int = _said(1_048_576, "Größe einer Anfrage in Byte.")
    table_bytes: int = _said(5_242_880, "Größe einer Tabelle (/v1/batches) in Byte.")
    head_bytes: int = _said(65_536, "Größe von Adresse und Kopfzeilen einer Anfrage in Byte.")
    answer_bytes: int = _said(16_777_216, "Größe einer Antwort in Byte.")
    unread_bytes: int = _said(67_108_864, "Byte aller Antworten, die auf langsame Leser warten.")
    posts: int = _said(200, "Einträge je Liste eines Falls, etwa Stellen.")
    seconds: float = _said(
        10.0, "Sekunden, in denen der Text einer Anfrage ankommt; so lange wartet sie; so lange dauert ihre Arbeit."
    )
    head_seconds: float = _said(10.0, "Sekunden, in denen Adresse und Kopfzeilen einer Anfrage ankommen.")
    idle_seconds: float = _said(5.0, "Sekunden, die eine Verbindung nach einer Antwort offen bleibt.")
    read_seconds: float = _said(10.0, "Sekunden, in denen ein Leser von einer Antwort wenigstens 64 KiB abnimmt.")
    connections: int = _said(1000, "Verbindungen je Prozess; die am längsten untätige weicht einer neuen.")
    waiting: int = _said(60, "Kleine Anfragen, die warten dürfen; weiteren antwortet 503.")
    waiting_long: int = _said(16, "Große Anfragen, die warten dürfen; weiteren antwortet 503.")
    long_at_once: int = _said(2, "Große Anfragen, an denen zugleich gearbeitet wird, jede in einem eigenen Prozess.")
    quick_entries: int = _said(20, "Einträge aller Listen eines Falls, bis zu denen er als klein gilt.")
    quick_bytes: int = _said(65_536, "Byte in JSON, bis zu denen eine Anfrage als klein gilt; YAML ist immer groß.")

    @property
    def at_once(self) -> int:
        """How many requests with a body are let in at once."""
        return self.waiting + self.waiting_long + self.long_at_once

    @property
    def prefix(self) -> str:
        """The path under which another server shows this one, without a slash at its end; empty where there is none."""
        path = self.root_path.strip("/")
        return f"/{path}" if path else ""

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, options: Mapping[str, str] | None = None
    ) -> Settings:
        """Return the settings that options name, and where they do not, the variables `VWV_IM_WEB_…`.

        Raises `FaultyInputError` with each that is no number above 0, or no value that there is.
        """
        given, chosen = os.environ if environment is None else environment, options or {}
        found: dict[str, Any] = {}
        faults = []
        for one in fields(cls):
            place = option_of(one.name) if one.name in chosen else variable_of(one.name)
            text = chosen.get(one.name, given.get(variable_of(one.name)))
            if text is None:
                continue
            if (value := _read(one, text)) is None:
                faults.append(_no_limit(one, place, text))
            elif (values := one.metadata["values"]) and value not in values:
                faults.append(unknown(place, text, values))
            found[one.name] = value
        if faults:
            raise FaultyInputError(faults)
        return cls(**found)

    def to_environment(self) -> dict[str, str]:
        """Return the variables that say the same to the processes of the server."""
        return {variable_of(one.name): str(getattr(self, one.name)) for one in fields(self)}


def variable_of(name: str) -> str:
    """Return the variable of the environment of a setting.

    >>> variable_of("head_bytes"), option_of("head_bytes")
    ('VWV_IM_WEB_HEAD_BYTES', '--head-bytes')
    """
    return f"{PREFIX}{name.upper()}"


def option_of(name: str) -> str:
    """Return the option of a setting."""
    return f"--{name.replace('_', '-')}"


def _read(one: Field[Any], text: str) -> Any:
    """Return what is said of a setting; nothing where it should be a number above 0 and is none."""
    try:
        value = _READ[str(one.type)](text)
    except ValueError:
        return None
    return value if isinstance(value, str) or 0 < value < float("inf") else None


def _no_limit(one: Field[Any], place: str, text: str) -> Fault:
    return fault_of("no_limit", Place(place), value=text, default=one.default)
