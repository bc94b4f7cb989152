from microsim.policy import household


@household
def payment(assets: float) -> float:
    amounts = [assets * k for k in (1, 2)]
    return max(amounts)
