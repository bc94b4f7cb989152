from microsim.policy import household


@household
def base(assets: float) -> float:
    return assets / 2


@household
def payment(assets: float) -> float:
    return base(assets) + 1.0
