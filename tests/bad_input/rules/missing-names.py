from microsim.policy import household, total

PARAMETERS = {
    "line": 100.0,
    "rate": {"by": ["aera", "tier"], "values": 3},
    "by_assets": {"by": "assets", "values": 1},
}


@household
def payment(lin: float, aset: float, wages: float, rate: float, by_assets: float) -> float:
    return lin + aset + wages


@household
def other(lin: float) -> float:
    return lin


@household
def third(lin: float) -> float:
    return lin


wages = total("wage_incme")
OUTPUTS = ["payment", "other", "third", "paiment"]
