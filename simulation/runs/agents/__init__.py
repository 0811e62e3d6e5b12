"""One run as a Mesa model, its actors as agents, and what there is to see of it step by step."""
