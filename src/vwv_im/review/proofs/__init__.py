"""Proofs about the law for all possible cases, by the solver z3 (the extra `prove`)."""
