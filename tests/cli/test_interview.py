"""`vwv-im interview`: from nothing to a decision, over a pipe and on a terminal."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vwv_im import evaluate, regulation
from vwv_im.cli.answers import NoAnswer, meant
from vwv_im.decision.case_edits import with_changes
from vwv_im.decision.needs import needs_of
from vwv_im.text import read_yaml

fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
DAY = "2018-06-01"
COMMAND = [sys.executable, "-c", "from vwv_im.cli.main import main; main()", "interview", "--on", DAY]
ANSWERS: tuple[tuple[str, str, Any], ...] = (
    ("Bundesland", "Baden-Württemberg", "BW"),
    ("Wer stellt", "1", "gemeinde"),
    ("Erstantrag, eine Verl", "erstantrag", "erstantrag"),
    ("nach § 29d FAG gezählt", "1.166", 1166),
    ("Integrationsmanagement durch?", "eigenes Personal, 2", ["eigen", "dritte"]),
    ("Welche Stellen", "1", [{}]),
    ("Umfang hat die Stelle", "0,5 VZÄ", "0.5"),
    ("Wann hat die Beschäftigung", "1.3.2018", "2018-03-01"),
    ("Hochschulabschluss", "Bachelor", "bachelor"),
    ("Fachrichtung", "Sozialwesen", "sozialwesen"),
    ("Person für die Stelle", "ja", True),
)
"""A part of each question, what is typed, and what it means."""
NAME = "Gemeinde Neukirch"
"""What is asked last, for the note."""
HOW = re.compile(r"\((?:ja oder nein|Tag|ganze|Zahl|Anzahl|Nummer|Text)[^()]*\)")
"""How to answer, which ends every question."""


def asked(arguments: list[str], lines: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run an interview over a pipe."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [*COMMAND, *arguments], input=lines, capture_output=True, text=True, encoding="utf-8", env=environment,
        timeout=30, check=False, **options,
    )  # fmt: skip


def answer_to(question: str) -> tuple[str, Any]:
    return next(((typed, meant) for word, typed, meant in ANSWERS if word in question), ("", None))


def script() -> str:
    """Return the lines to type: the interview is asked ahead, so that the order of questions is free."""
    lines: list[str] = []
    skipped: set[str] = set()
    case: Any = {"antrag": {}}
    while True:
        decision = evaluate(case, on=DAY, engine="direct")
        need = next((need for need in needs_of(decision).facts if need.fact not in skipped), None)
        if need is None:
            return "".join(f"{line}\n" for line in (*lines, NAME))
        typed, means = answer_to(need.question.de)
        lines.append(typed)
        if typed:
            case = with_changes(decision.case, {need.fact: means})
        else:
            skipped.add(need.fact)


def questions(shown: str) -> list[str]:
    """Return the questions asked, each on one line."""
    return [" ".join(part.split()) for part in shown.split("\n\n") if HOW.search(" ".join(part.split()))]


def test_from_an_empty_file_to_a_decision_over_a_pipe(tmp_path: Path) -> None:
    empty, out = tmp_path / "leer.yaml", tmp_path / "fall.yaml"
    empty.write_text("", "utf-8")
    ended = asked([str(empty), "--out", str(out)], script())
    assert ended.returncode == 0, ended.stderr
    assert "\nJA, soweit bekannt" in ended.stdout
    assert not ended.stderr
    assert evaluate(out, on=DAY, engine="direct").verdict == "yes"


def test_only_what_is_needed_is_asked(tmp_path: Path) -> None:
    lines = script()
    ended = asked([], lines)
    assert len(questions(ended.stdout)) == len(lines.splitlines())


def test_without_out_the_case_is_printed() -> None:
    ended = asked([], script())
    document = ended.stdout.partition("\n---\n")[2]
    assert "gezaehlte_personen: 1166" in document
    assert "vzae: 0.5\n" in document
    assert "beschaeftigungsbeginn: 2018-03-01  # 01.03.2018\n" in document, "a day as YAML and as people write it"
    assert ended.returncode == 0


def test_of_a_list_the_number_of_its_entries_is_asked() -> None:
    assert "Wie viele Stellen werden beantragt? (ganze Zahl)" in " ".join(asked([], script()).stdout.split())


def test_where_nobody_answers_the_decision_is_open() -> None:
    ended = asked(["--lang", "en"], "")
    assert ended.returncode == 3
    assert "\nOPEN" in ended.stdout


def test_unknown_facts_may_be_left_empty() -> None:
    ended = asked([], "\n" * 200)
    assert ended.returncode == 3
    asked_for = questions(ended.stdout)
    assert len(asked_for) == len(set(asked_for)) > 3


def test_an_answer_that_cannot_be_read_is_asked_again() -> None:
    ended = asked([], "Baden-Wurttemberg\n" + script())
    assert "Meinten Sie 'Baden-Württemberg'?" in ended.stderr
    assert ended.returncode == 0
    first, second, *_ = questions(ended.stdout)
    assert first == second


def test_a_question_is_explained_and_asked_again() -> None:
    ended = asked([], "?\n" + script())
    assert ended.returncode == 0
    first, second, *_ = questions(ended.stdout)
    assert first.startswith(second)
    assert "Wichtig für: Der Antragsteller hat seinen Sitz in Baden-Württemberg" in " ".join(ended.stdout.split())


def test_one_goes_back_to_the_question_before() -> None:
    answers = script().splitlines()
    ended = asked([], "\n".join(["z", answers[0], "", "z", *answers[1:]]) + "\n")
    assert ended.returncode == 0
    assert ended.stderr.count("Das ist die erste Frage.\n") == 1
    first, again, second, third, back, *_ = questions(ended.stdout)
    assert (first, second) == (again, back)
    assert third not in (first, second)


def test_choices_are_in_words_and_faults_without_names_of_fields(tmp_path: Path) -> None:
    ended = asked([], "BW\n9\n\n\n12,5\n\n\n31.02.2018\n01.03.18\n\n")
    assert "6  Träger der freien Wohlfahrtspflege" in ended.stdout
    for word in ("traeger_freie", "antrag.", "<case>", "VIM", "[", "JJJJ"):
        assert word not in ended.stdout.partition("\n---\n")[0] + ended.stderr


def test_a_question_names_the_post_it_is_about(tmp_path: Path) -> None:
    case = tmp_path / "fall.yaml"
    case.write_text("antrag: {stellen: [{bezeichnung: Süd, vzae: 0.5}, {vzae: 0.5}]}", "utf-8")
    shown = " ".join(asked([str(case)], "\n" * 200).stdout.split())
    assert "Stelle 1, Süd: Wann hat die Beschäftigung" in shown
    assert "Stelle 2: Wann hat die Beschäftigung" in shown


def test_a_year_of_two_digits_is_told_as_it_is_read() -> None:
    shown = asked([], script().replace("1.3.2018", "1.3.18"))
    assert "Gelesen als 1.3.2018." in shown.stdout
    assert shown.returncode == 0


def test_one_post_is_asked_about_before_the_next(tmp_path: Path) -> None:
    case = tmp_path / "fall.yaml"
    case.write_text("antrag: {stellen: [{}, {}]}", "utf-8")
    posts = [one.partition(":")[0] for one in questions(asked([str(case)], "\n" * 200).stdout) if one[:6] == "Stelle"]
    assert posts == sorted(posts)
    assert posts.count("Stelle 1") == posts.count("Stelle 2") > 3, posts


def test_last_the_name_is_asked_that_the_note_has(tmp_path: Path) -> None:
    out = tmp_path / "fall.yaml"
    shown = asked(["--out", str(out)], script())
    assert questions(shown.stdout)[-1].startswith("Wie heißt der Antragsteller?")
    assert read_yaml(out).data["antrag"]["antragsteller"]["name"] == NAME
    unnamed = asked(["--out", str(out)], script().replace(NAME, ""))
    assert unnamed.returncode == 0
    assert "name" not in read_yaml(out).data["antrag"]["antragsteller"]


def test_at_the_end_stands_the_command_for_the_note(tmp_path: Path) -> None:
    out = tmp_path / "fall.yaml"
    shown = asked(["--out", str(out)], script())
    assert shown.stdout.endswith(f"\n  vwv-im note {out} vermerk.pdf --on 01.06.2018\n")


def test_the_command_for_the_note_asks_what_was_asked(tmp_path: Path) -> None:
    out = tmp_path / "fall.yaml"
    how = ["--known-on", "01.06.2018", "--question", "zaehlung", "--reading", "neue_stellen_nach_2018=moeglich"]
    shown = asked([*how, "--out", str(out)], "")
    assert shown.stdout.endswith(f" vermerk.pdf --on 01.06.2018 {' '.join(how)}\n"), shown.stderr


@pytest.mark.parametrize(
    ("fact", "typed", "means"),
    [
        ("antrag.antragsteller.bundesland", "Baden-Württemberg", "BW"),
        ("antrag.antragsteller.bundesland", "bw", "BW"),
        ("antrag.antragsteller.bundesland", "1", "BW"),
        ("antrag.antragsteller.art", "Träger der freien Wohlfahrtspflege", "traeger_freie_wohlfahrtspflege"),
        ("antrag.antragsteller.landkreis", "bodenseekreis", "Bodenseekreis"),
        ("antrag.durchfuehrung", "1; Dritte", ["eigen", "dritte"]),
        ("antrag.gezaehlte_personen", "1.166 Personen", 1166),
        ("antrag.veroeffentlichter_planungsrahmen_eur", "132.149,00 €", "132149.00"),
        ("antrag.veroeffentlichter_planungsrahmen_eur", "132.149", "132149"),
        ("antrag.veroeffentlichter_planungsrahmen_eur", "132149 EUR", "132149"),
        ("antrag.stellen.vzae", "0,5", "0.5"),
        ("antrag.stellen.vzae", "0.125", "0.125"),
        ("antrag.stellen.vzae", "50 %", "0.50"),
        ("antrag.stellen.person_benannt", "J", True),
        ("antrag.stellen.beschaeftigungsbeginn", "1.3.2018", "2018-03-01"),
        ("antrag.stellen.beschaeftigungsbeginn", "01.03.18", "2018-03-01"),
    ],
)
def test_answers_are_read_as_people_write_them(fact: str, typed: str, means: Any) -> None:
    assert meant(regulation().vocabulary.at(fact), typed, regulation().vocabulary) == means


@pytest.mark.parametrize(
    ("fact", "typed", "hint"),
    [
        ("antrag.antragsteller.art", "8", "1 bis 7"),
        ("antrag.antragsteller.art", "0", "1 bis 7"),
        ("antrag.antragsteller.art", "Gemeide", "Meinten Sie 'Gemeinde'?"),
        ("antrag.antragsteller.art", "Träger", "Meinten Sie 'Träger der freien Wohlfahrtspflege'?"),
        ("antrag.antragsteller.bundesland", "baden", "Meinten Sie 'Baden-Württemberg'?"),
        ("antrag.antragsteller.bundesland", "Westfalen", "(1 bis 16) oder ein Wort der Liste"),
        ("antrag.durchfuehrung", "1, 5", "1 bis 4"),
        ("antrag.stellen.person_benannt", "vielleicht", "ja oder nein"),
    ],
)
def test_what_is_none_of_the_choices_is_asked_back(fact: str, typed: str, hint: str) -> None:
    with pytest.raises(NoAnswer) as caught:
        meant(regulation().vocabulary.at(fact), typed, regulation().vocabulary)
    assert hint in caught.value.hint.de


@pytest.mark.parametrize(("typed", "means"), [("1", True), ("2", False), ("ja", True), ("n", False)])
def test_yes_and_no_have_numbers_as_other_choices(typed: str, means: bool) -> None:
    vocabulary = regulation().vocabulary
    assert meant(vocabulary.at("antrag.stellen.person_benannt"), typed, vocabulary) is means


def test_the_name_that_is_asked_last_says_that_it_decides_nothing() -> None:
    *_, last = questions(asked([], script()).stdout)
    assert "er entscheidet nichts" in last


def test_an_amount_is_no_number_of_persons() -> None:
    vocabulary = regulation().vocabulary
    assert meant(vocabulary.at("antrag.gezaehlte_personen"), "132.149 €", vocabulary) == "132.149 €", "to be refused"


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
    assert not questions(ended.stdout)
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


def on_a_terminal(arguments: list[str], lines: str, folder: Path) -> tuple[int, str]:
    """Run an interview on a terminal, in a folder; return how it ended and what was shown."""
    pty = pytest.importorskip("pty")
    main, terminal = pty.openpty()
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", "PAGER": "cat"}
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=terminal, stdout=terminal, stderr=terminal, cwd=folder, env=environment,
        close_fds=True, start_new_session=True,
        preexec_fn=lambda: (signal.signal(signal.SIGINT, signal.SIG_DFL), fcntl.ioctl(0, termios.TIOCSCTTY, 0)),  # noqa: PLW1509
    ) as process:  # fmt: skip
        os.close(terminal)
        shown = b""
        for line in [*lines.splitlines(keepends=True), ""]:
            while not shown.endswith(b"> "):
                try:
                    part = os.read(main, 65536)
                except OSError:
                    part = b""
                if not part:
                    break
                shown += part
            shown += b" "
            os.write(main, line.encode())
        status = process.wait(timeout=30)
    os.close(main)
    return status, shown.decode().replace("\r", "")


def test_on_a_terminal(tmp_path: Path) -> None:
    out = tmp_path / "fall.yaml"
    status, shown = on_a_terminal(["--out", str(out)], script(), tmp_path)
    assert status == 0
    assert "\x1b[32m\x1b[1mJA, soweit bekannt" in shown
    assert not [line for line in shown.splitlines() if len(line) > 90 and not line.startswith("  vwv-im ")]
    assert evaluate(out, on=DAY, engine="direct").verdict == "yes"


def test_the_command_for_the_note_is_a_line_to_be_copied(tmp_path: Path) -> None:
    out = tmp_path / "Antrag der Gemeinde Neukirch im Jahr 2018.yaml"
    _, shown = on_a_terminal(["--out", str(out), "--reading", "mindestantrag=geld"], script(), tmp_path)
    (command,) = [line for line in shown.splitlines() if line.startswith("  vwv-im note ")]
    assert shlex.split(command)[2:4] == [str(out), "vermerk.pdf"]
    assert command.endswith("--on 01.06.2018 --reading mindestantrag=geld")


def test_who_keeps_no_case_is_told_how_to(tmp_path: Path) -> None:
    begun = tmp_path / "begonnen.yaml"
    begun.write_text("antrag: {antragsteller: {art: gemeinde}}\n", "utf-8")
    ended = asked([str(begun)], "BW\n")
    assert "gespeichert wird er mit --out DATEI" in ended.stderr.partition("\n")[0]
    assert "Der Fall ist nicht gespeichert. Zum Behalten kopieren Sie, was unter --- steht" in ended.stderr
    assert "bundesland: BW" in ended.stdout.partition("---")[2]


@pytest.mark.parametrize("out", [None, "begonnen.yaml"])
def test_what_was_said_is_kept_where_one_stops(tmp_path: Path, out: str | None) -> None:
    status, shown = on_a_terminal([] if out is None else ["--out", out], "BW\nLandkreis\n\x03", tmp_path)
    file = tmp_path / (out or "angefangen.yaml")
    assert status == 130
    assert f"Was Sie angegeben haben, steht in {file.name}." in shown
    assert f"\n  vwv-im interview {file.name} --on 01.06.2018" in shown
    assert read_yaml(file).data == {"antrag": {"antragsteller": {"art": "landkreis", "bundesland": "BW"}}}


def test_where_nothing_was_said_nothing_is_kept(tmp_path: Path) -> None:
    status, _ = on_a_terminal([], "\x03", tmp_path)
    assert status == 130
    assert not list(tmp_path.iterdir())
