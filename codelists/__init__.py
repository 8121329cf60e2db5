"""The shared code lists, one CSV each, and the maps from the list of areas to other schemes.

Lists are in `lists/`, described in `lists/lists.toml`; maps in `maps/`, described in
`maps/maps.toml`; `sources/` holds what people wrote by hand for the list of areas, which
`scripts/refresh_areas.py` makes. `python -m codelists.check` tells whether all of it is sound.
"""

from codelists.loader import load_all, load_codelist, reporting_areas
from codelists.mapping import load_map, spelling_map

__all__ = ["load_all", "load_codelist", "load_map", "reporting_areas", "spelling_map"]
