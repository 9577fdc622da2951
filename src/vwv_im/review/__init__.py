"""For those who review the rules: coverage, synopsis, findings, mutants, proofs."""
