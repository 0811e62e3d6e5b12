"""Damaged input of every kind: read in words, or refused in words, quickly, and nothing written."""
