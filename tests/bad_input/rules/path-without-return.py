from microsim.policy import household


@household
def payment(assets: float) -> float:
    if assets < 5:
        return 1.0


@household
def nothing(assets: float) -> float:
    if assets > 5:
        return
    return payment
