"""How notebooks become pages that ask no other host for anything; without the cells that hold text against numbers.

jupyter nbconvert --config notebooks/offline.py --to html notebooks/*.ipynb
"""

from pathlib import Path

c = get_config()  # noqa: F821 (nbconvert's own word, in a file that it reads)
c.HTMLExporter.template_name = "offline"
c.HTMLExporter.extra_template_basedirs = [str(Path(__file__).parent)]
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_cell_tags = ["expect"]
