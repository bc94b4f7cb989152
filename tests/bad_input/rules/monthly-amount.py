from microsim.policy import household


@household(unit="yuan/month")
def payment(assets: float) -> float:
    return assets / 12
