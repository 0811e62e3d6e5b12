"""Runs of a scenario: many side by side, or one as a Mesa model; and the results they leave."""
