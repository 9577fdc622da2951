"""Doing all proofs, in several processes, and telling whether everything is as it should be."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import chain
from multiprocessing import get_context
from time import monotonic
from typing import Any

from vwv_im.law.regulation import Regulation, regulation
from vwv_im.review.proofs import claims
from vwv_im.review.proofs.prover import Prover, periods_of
from vwv_im.review.proofs.report import Kind, Proof, Proofs
from vwv_im.text import Progress, counted, silent

Task = tuple[str, Any]


def prove(
    rules: str | os.PathLike[str] | None = None,
    *,
    kinds: Iterable[str] = Kind,
    only: str | None = None,
    seconds: float = 60,
    jobs: int = 2,
    progress: Progress = silent,
) -> Proofs:
    """Prove what is claimed of the regulation in `rules`, with at most `seconds` for each proof.

    `kinds` of `Kind`; `only` names a Fassung or act; `progress` is told how many pieces of work are done.
    Raises `RuleFileError` for faulty rule files.
    """
    begun, law = monotonic(), regulation(rules)
    tasks = [task for task in _tasks(law, only) if task[0] in set(kinds)]
    if jobs == 1:
        found = [*counted((_work(task, rules, seconds) for task in tasks), len(tasks), progress)]
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            futures = [pool.submit(_work, task, rules, seconds) for task in tasks]
            for _ in counted(as_completed(futures), len(futures), progress):
                pass
            found = [future.result() for future in futures]
    return Proofs(tuple(chain.from_iterable(found)), monotonic() - begun)


def _tasks(law: Regulation, only: str | None) -> Iterator[Task]:
    """Yield pieces of work, those that take longest first."""
    yield from (("operation", name) for name in law.operations if only in (None, name.act))
    yield from (("reading", (name, only)) for name in law.readings)
    for number, period in enumerate(periods_of(law)):
        if only in (None, period.law.name, period.law.fassung, *period.law.erlasse):
            for kind in ("requirement", "plausibility"):
                yield from ((kind, (number, question)) for question in law.questions)
            yield "table", number
    yield from (("monotony", (question, only)) for question in law.questions)


def _work(task: Task, rules: str | os.PathLike[str] | None, seconds: float) -> list[Proof]:
    prover = Prover(regulation(rules), seconds)
    match task:
        case "operation", name:
            return [claims.prove_operation(prover, name)]
        case "reading", (name, only):
            return [proof for proof in claims.prove_readings(prover, name) if only in (None, proof.law)]
        case "requirement", (number, question):
            return list(claims.prove_requirements(prover, periods_of(prover.law)[number], question))
        case "plausibility", (number, question):
            return list(claims.prove_notes(prover, periods_of(prover.law)[number], question))
        case "monotony", (question, only):
            return [proof for proof in claims.prove_monotony(prover, question) if only in (None, proof.law)]
        case _, number:
            return list(claims.prove_tables(prover, periods_of(prover.law)[number]))
