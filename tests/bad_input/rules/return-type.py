from microsim.engine import household


@household
def payment(assets: float) -> list[float]:
    return assets
