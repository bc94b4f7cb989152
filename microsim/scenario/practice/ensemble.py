"""A county's ensemble: sets of assumptions that give its caseload and expenditure alike (``ensemble.yaml``).

``python -m microsim.studies.caseload PROFILE --ensemble K`` makes the file. A scenario with ``ensemble:`` is
run under each of the sets, and its figures carry their range.
"""

from __future__ import annotations

NAME = "ensemble.yaml"
