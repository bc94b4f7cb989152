from microsim.policy import household

PARAMETERS = {"other": 3.0}
DATE = "2021-01-01"


@household(name="payment", end="2021-01-01")
def old(assets: float) -> float:
    return assets


@household(name="payment", start="2021-01-01")
def new(assets: float) -> float:
    return assets


@household
def other(assets: float) -> float:
    return assets
