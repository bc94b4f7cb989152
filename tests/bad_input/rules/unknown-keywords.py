from microsim.policy import household


@household(valid_to="2020-12-31", lable="Payment", unit="yaun/year", start="2020-02-30")
def payment(assets: float) -> float:
    return assets
