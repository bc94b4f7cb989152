from microsim.policy import household


@household
def payment(assets: float) -> list[float]:
    return assets
