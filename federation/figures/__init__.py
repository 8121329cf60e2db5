"""Small tables of published figures that the methods lean on, with their loaders.

* `undesa_immigrant_totals.csv`: all immigrants of an area, both sexes. United Nations, Department
  of Economic and Social Affairs, Population Division (2024), International Migrant Stock 2024.
  CC BY 3.0 IGO. `scripts/refresh_undesa_totals.py` makes it.
* `successors.csv`: what became of former states, with dates and the population that serves as
  fixed key. Population: World Bank, World Development Indicators, CC BY 4.0; for ANT the United
  Nations, International Migrant Stock 2020, CC BY 3.0 IGO. Where a former state has one successor
  the key is 1.
"""

from federation.figures.immigrants import immigrant_totals, published_years
from federation.figures.successors import load_successors

__all__ = ["immigrant_totals", "load_successors", "published_years"]
