"""Decisions with reasons, and what is asked about a decision."""
