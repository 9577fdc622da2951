"""A small client of yaml-language-server: what an editor does when a rule file is opened."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support import ROOT

SERVER = ROOT / "tests/node_modules/yaml-language-server/bin/yaml-language-server"
_PATIENCE = 60
Message = dict[str, Any]


class Editor:
    """An editor that has a folder open, with the settings of its `.vscode/settings.json`."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process, self.folder, self.number = process, folder, 0
        self.arrived: queue.Queue[Message] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        settings: dict[str, Any] = json.loads((folder / ".vscode/settings.json").read_text("utf-8"))
        self.settings: dict[str, Any] = {"yaml": {}}
        for name, value in settings.items():
            first, *rest = name.removeprefix("yaml.").split(".")
            self.settings["yaml"][first] = {rest[0]: value} if rest else value
        uri = folder.as_uri()
        capabilities = {
            "textDocument": {"hover": {"contentFormat": ["plaintext"]}},
            "workspace": {"configuration": True},
        }
        self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "regeln"}],
                "capabilities": capabilities,
            },
        )
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": self.settings})

    def diagnostics(self, file: str) -> list[Message]:
        """Open a file and return what is marked in it."""
        uri = (self.folder / file).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1}
        self.tell(
            "textDocument/didOpen", {"textDocument": {**document, "text": (self.folder / file).read_text("utf-8")}}
        )
        told = self._await(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri
            )
        )
        found: list[Message] = told["params"]["diagnostics"]
        return found

    def hover(self, file: str, line: int, column: int) -> str:
        """Return what is shown over a place (line and column from 1) of an open file."""
        where = {"line": line - 1, "character": column - 1}
        uri = (self.folder / file).as_uri()
        shown = self.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": where})
        return "" if shown is None else str(shown["contents"]["value"])

    def ask(self, method: str, params: Message) -> Any:
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        return self._await(lambda message: message.get("id") == number and "method" not in message)["result"]

    def tell(self, method: str, params: Message) -> None:
        self._send({"method": method, "params": params})

    def _await(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            message = self.arrived.get(timeout=_PATIENCE)
            if "id" in message and "method" in message:
                self._answer(message)
            elif wanted(message):
                return message

    def _answer(self, message: Message) -> None:
        """Answer what the server asks: its configuration, section by section; else nothing."""
        result: Any = None
        if message["method"] == "workspace/configuration":
            result = [self.settings.get(item.get("section"), {}) for item in message["params"]["items"]]
        self._send({"id": message["id"], "result": result})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self.arrived.put(json.loads(stream.read(length)))


@contextmanager
def editor(folder: Path) -> Iterator[Editor]:
    """Start the language server for a folder, and end it."""
    command = ["node", str(SERVER), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield Editor(process, folder)
        finally:
            process.kill()
