"""A scenario as tables: a folder of CSV files, or an Excel file with a sheet each."""
