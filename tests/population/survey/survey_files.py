"""Small made files in the layouts of surveys and registers. Nobody in them exists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

_CHECK = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(born: str, order: int) -> str:
    """An identity number of a place that does not exist, with its right check digit; odd orders are men."""
    body = f"999999{born}{order:03d}"
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(_CHECK, body, strict=True)) % 11]


def cfps(folder: Path) -> list[Path]:
    """Three families; one has no person record, one a missing income."""
    import pyreadstat

    persons = pd.DataFrame(
        {
            "pid": [100001.0, 100002.0, 100003.0, 100004.0],
            "fid18": [100.0, 100.0, 100.0, 200.0],
            "age": [45.0, 43.0, 12.0, 70.0],
            "gender": [1.0, 0.0, 1.0, 0.0],
            "qc3": [-8.0, -8.0, 3.0, 0.0],
            "qp401": [5.0, 1.0, -8.0, 1.0],
            "employ": [1.0, 1.0, -8.0, 3.0],
            "qa301": [1.0, 1.0, 1.0, 3.0],
        }
    )
    families = pd.DataFrame(
        {
            "fid18": [100.0, 200.0, 300.0],
            "urban18": [0.0, 1.0, 1.0],
            "fswt_natcs18n": [1200.5, 800.0, 900.0],
            "fwage_1": [30000.0, -8.0, 1.0],
            "foperate_1": [-500.0, 0.0, 1.0],
            "fproperty_1": [300.0, 0.0, 1.0],
            "ftransfer_1": [1000.0, 9000.0, 1.0],
            "felse_1": [200.0, -8.0, 1.0],
            "finance_asset": [20000.0, 50000.0, 1.0],
        }
    )
    paths = [folder / "cfps2018person_202512.dta", folder / "cfps2018famecon_202512.dta"]
    for path, frame in zip(paths, (persons, families), strict=True):
        pyreadstat.write_dta(frame, str(path))
    return paths


def chip(folder: Path) -> list[Path]:
    import pyreadstat

    persons = pd.DataFrame(
        {
            "hhcode": [11.0, 11.0, 12.0],
            "person": [1.0, 2.0, 1.0],
            "a02": [1.0, 2.0, 1.0],
            "a03": [1.0, 2.0, 2.0],
            "a04_1": [1963.0, 1965.0, 1950.0],
            "a19": [1.0, 4.0, 2.0],
            "c05_1": [21000.0, -1.0, np.nan],
        }
    )
    households = pd.DataFrame({"hhcode": [12.0, 11.0], "f01_1": [8000.0, 30000.0], "f03": [-1.0, 12000.0]})
    paths = [folder / "CHIP2013_rural_person.dta", folder / "CHIP2013_rural_household_f_income_asset.dta"]
    for path, frame in zip(paths, (persons, households), strict=True):
        pyreadstat.write_dta(frame, str(path))
    return paths


def chfs(folder: Path) -> list[Path]:
    import pyreadstat

    persons = pd.DataFrame(
        {
            "hhid": ["2017000001", "2017000001", "2017000002"],
            "pline": [1.0, 2.0, 1.0],
            "hhead": [1.0, 0.0, 1.0],
            "a2003": [1.0, 2.0, 2.0],
            "a2005": [1970.0, 2010.0, 1948.0],
            "a3101": [1.0, np.nan, 2.0],
            "a3136_imp": [36000.0, np.nan, np.nan],
            "a3136a_imp": [4000.0, np.nan, np.nan],
            "a3136b_imp": [np.nan, np.nan, np.nan],
        }
    )
    master = pd.DataFrame(
        {
            "hhid": ["2017000001", "2017000001", "2017000002"],
            "pline": [1.0, 2.0, 1.0],
            "rural": [1.0, 1.0, 0.0],
            "weight_hh": [15000.0, 15000.0, 22000.0],
            "total_income": [42000.0, 42000.0, -300.0],
        }
    )
    paths = [folder / "chfs2017_ind_202206.dta", folder / "chfs2017_master_202206.dta"]
    for path, frame in zip(paths, (persons, master), strict=True):
        pyreadstat.write_dta(frame, str(path))
    return paths


def register() -> pd.DataFrame:
    """Recipients by household, as a county bureau would hand them over; all texts."""
    return pd.DataFrame(
        {
            "家庭编号": ["0001", "0001", "0002"],
            "姓名": ["甲", "乙", "丙"],
            "身份证号": [
                identity_number("19500615", 1),
                identity_number("19520101", 2),
                identity_number("20101231", 3),
            ],
            "与户主关系": ["户主", "配偶", "本人"],
            "残疾等级": ["二级", "", "无"],
            "是否重病": ["是", "否", ""],
            "家庭月收入": ["1,200", "1,200", "0"],
            "城乡类别": ["农村", "农村", "城市"],
            "月保障金额": ["640.5", "640.5", "560"],
            "保障人数": ["2", "2", "1"],
        }
    )
