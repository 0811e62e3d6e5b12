"""One step of a conflict, phase by phase, and many steps in a row: what happens, and nothing of files or tables."""
