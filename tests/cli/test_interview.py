"""`vwv-im interview`: from nothing to a decision, over a pipe and on a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vwv_im import evaluate
from vwv_im.decision.case_edits import with_changes
from vwv_im.decision.needs import needs_of
from vwv_im.text import read_yaml

DAY = "2018-06-01"
COMMAND = [sys.executable, "-c", "from vwv_im.cli.main import main; main()", "interview", "--on", DAY]
ANSWERS: dict[str, tuple[str, str]] = {
    "bundesland": ("Bundesland", "BW"),
    "antragsteller": ("Wer stellt", "gemeinde"),
    "art": ("Erstantrag, eine Verl", "erstantrag"),
    "personen": ("nach § 29d FAG gezählt", "166"),
    "durchfuehrung": ("Integrationsmanagement durch?", "eigen, dritte"),
    "stellen": ("Welche Stellen", "1"),
    "umfang": ("Umfang hat die Stelle", "0.5"),
    "beginn": ("Wann hat die Beschäftigung", "2018-03-01"),
    "abschluss": ("Hochschulabschluss", "bachelor"),
    "fach": ("Fachrichtung", "sozialwesen"),
    "benannt": ("Person für die Stelle", "ja"),
}


def asked(arguments: list[str], lines: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run an interview over a pipe."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [*COMMAND, *arguments], input=lines, capture_output=True, text=True, encoding="utf-8", env=environment,
        timeout=30, check=False, **options,
    )  # fmt: skip


def answer_to(question: str) -> str:
    return next((answer for word, answer in ANSWERS.values() if word in question), "")


def script() -> str:
    """Return the lines to type: the interview is asked ahead, so that the order of questions is free."""
    lines: list[str] = []
    skipped: set[str] = set()
    case: Any = {"antrag": {}}
    while True:
        decision = evaluate(case, on=DAY, engine="direct")
        need = next((need for need in needs_of(decision).facts if need.fact not in skipped), None)
        if need is None:
            return "".join(f"{line}\n" for line in lines)
        line = answer_to(need.question.de)
        lines.append(line)
        if not line:
            skipped.add(need.fact)
        elif need.fact == "antrag.stellen":
            case = with_changes(decision.case, {need.fact: [{} for _ in range(int(line))]})
        else:
            typed: Any = {"ja": True, "166": 166, "eigen, dritte": ["eigen", "dritte"]}.get(line, line)
            case = with_changes(decision.case, {need.fact: typed})


def test_from_an_empty_file_to_a_decision_over_a_pipe(tmp_path: Path) -> None:
    empty, out = tmp_path / "leer.yaml", tmp_path / "fall.yaml"
    empty.write_text("", "utf-8")
    ended = asked([str(empty), "--out", str(out)], script())
    assert ended.returncode == 0, ended.stderr
    assert "Ergebnis: JA" in ended.stdout
    assert not ended.stderr
    assert evaluate(out, on=DAY, engine="direct").verdict == "yes"


def test_only_what_is_needed_is_asked(tmp_path: Path) -> None:
    lines = script()
    ended = asked([], lines)
    assert ended.stdout.count("(leer lassen: nicht bekannt)") == len(lines.splitlines())


def test_without_out_the_case_is_printed() -> None:
    ended = asked([], script())
    document = ended.stdout.partition("\n---\n")[2]
    assert "gezaehlte_personen: 166" in document
    assert ended.returncode == 0


def test_where_nobody_answers_the_decision_is_open() -> None:
    ended = asked(["--lang", "en"], "")
    assert ended.returncode == 3
    assert "Result: OPEN" in ended.stdout


def test_unknown_facts_may_be_left_empty() -> None:
    ended = asked([], "\n" * 200)
    assert ended.returncode == 3
    questions = [line for line in ended.stdout.splitlines() if "(leer lassen" in line]
    assert len(questions) == len(set(questions)) > 3


def test_an_answer_that_cannot_be_read_is_asked_again() -> None:
    ended = asked([], "Bayernland\n" + script())
    assert "Bayernland" in ended.stderr
    assert ended.returncode == 0
    first, second = (line for line in ended.stdout.splitlines() if "(leer lassen" in line and "Bundesland" in line)
    assert first == second


@pytest.mark.parametrize("nonsense", ["-1", "99999999999", "٣"])
def test_nonsense_for_the_number_of_posts_is_refused(tmp_path: Path, nonsense: str) -> None:
    case = tmp_path / "fall.yaml"
    case.write_text("antrag: {antragsteller: {art: gemeinde, bundesland: BW}, art: erstantrag,"
                    " durchfuehrung: [eigen], gezaehlte_personen: 166}", "utf-8")  # fmt: skip
    ended = asked([str(case)], f"{nonsense}\n")
    assert ended.returncode == 3, ended.stderr
    assert ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_decided_case_is_asked_nothing(tmp_path: Path) -> None:
    case = tmp_path / "fall.yaml"
    case.write_text("antrag: {stellen: [{vzae: 0.1}]}", "utf-8")
    ended = asked([str(case)], "")
    assert "(leer lassen" not in ended.stdout
    assert ended.returncode == 1


def test_a_person_can_be_asked_about() -> None:
    ended = asked(["--question", "zielgruppe"], "ja\nja\nja\nja\n")
    assert "Darf diese Person beraten werden?" in ended.stdout
    assert ended.returncode == 0


@pytest.mark.parametrize("source", ["fehlt.yaml", "kaputt.yaml"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, source: str) -> None:
    (tmp_path / "kaputt.yaml").write_text("antrag: [", "utf-8")
    ended = asked([str(tmp_path / source)], "")
    assert ended.returncode == 2
    assert ended.stderr


def test_what_is_written_can_be_read_again(tmp_path: Path) -> None:
    out = tmp_path / "fall.yaml"
    asked(["--out", str(out)], script())
    document = read_yaml(out)
    assert not document.faults
    assert asked([str(out)], "").returncode == 0


def test_on_a_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    main, terminal = pty.openpty()
    out = tmp_path / "fall.yaml"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen([*COMMAND, "--out", str(out)], stdin=terminal, stdout=terminal, stderr=terminal,
                          env=environment, close_fds=True) as process:  # fmt: skip
        os.close(terminal)
        os.write(main, script().encode())
        shown = b""
        while True:
            try:
                part = os.read(main, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        assert process.wait(timeout=30) == 0
    os.close(main)
    assert "Ergebnis: JA" in shown.decode()
    assert evaluate(out, on=DAY, engine="direct").verdict == "yes"
