"""A nation in a few counties, drawn from archetypes by the bands in which provinces' lines lie."""

from microsim.studies.mosaic.drawing import DrawnCounty, Mosaic, read_mosaic

__all__ = ["DrawnCounty", "Mosaic", "read_mosaic"]
