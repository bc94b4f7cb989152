"""The nation county by county: made from the census, run, and asked what one standard would take."""

from microsim.studies.nation.county_table import CountyTable, read_county_table
from microsim.studies.nation.reading import Nation, read_nation
from microsim.studies.nation.results import NationResult
from microsim.studies.nation.work import NationWork, nation_work

__all__ = [
    "CountyTable",
    "Nation",
    "NationResult",
    "NationWork",
    "nation_work",
    "read_county_table",
    "read_nation",
]
