"""Cliffs: where earning more leaves a household with less, by how much, and by which rule."""

from microsim.studies.cliffs.causes import Causes, causes
from microsim.studies.cliffs.figures import spread
from microsim.studies.cliffs.search import Cliffs, cliffs

__all__ = ["Causes", "Cliffs", "causes", "cliffs", "spread"]
