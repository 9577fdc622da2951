"""Decisions with reasons."""
