"""For those who review the rules: the corpus of cases, synopsis, coverage, diagnostics, proofs."""
