from microsim.policy import household

PARAMETERS = {"band": {"kind": "step", "values": [[0, 1], [5, 2]]}}


@household
def payment(assets: float, band: float) -> float:
    return band * 2 + band(assets, 3) + assets(2)
