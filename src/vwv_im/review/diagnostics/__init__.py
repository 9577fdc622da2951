"""Findings about sound rule files: what is unused, unreachable, overlapping, missing, unsaid."""
