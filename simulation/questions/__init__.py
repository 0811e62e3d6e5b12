"""What one may ask of a scenario, a file or a folder for each question."""
