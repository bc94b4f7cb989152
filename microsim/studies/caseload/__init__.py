"""The caseload calibration: assumptions that let the rules give a county's known caseload and expenditure."""

from microsim.studies.caseload.study import CaseloadCalibration, calibrate_caseload

__all__ = ["CaseloadCalibration", "calibrate_caseload"]
