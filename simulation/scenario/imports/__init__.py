"""The field's own tables of positions, saliences and influences, read as negotiation scenarios."""

from simulation.scenario.imports.table import Imported, import_table

__all__ = ["Imported", "import_table"]
