"""Answers assistants: tools and prompts over the Model Context Protocol."""
