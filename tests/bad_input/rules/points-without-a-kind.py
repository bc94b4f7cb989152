from microsim.policy import household


@household(unit="yuan/year")
def payment(assets: float, grant) -> float:
    return grant(assets)


PARAMETERS = {"grant": [[0, 100], [1000, 300]], "other": {"values": [[0, 100], [1000, 300]]}}
