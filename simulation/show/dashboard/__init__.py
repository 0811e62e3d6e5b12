"""The page in the browser: pick a scenario, move its numbers, and see who accepts what."""
