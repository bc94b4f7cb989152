from microsim.policy import household


@household
def payment(assets: float) -> float:
    assets = max(assets - 10, 0)
    return assets
