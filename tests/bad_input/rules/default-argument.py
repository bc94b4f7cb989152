from microsim.policy import household


@household
def payment(assets: float = 3.0, *more: float, homes: int, **rest: float) -> str:
    return assets
