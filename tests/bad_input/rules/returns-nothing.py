from microsim.policy import household


@household
def payment(assets: float) -> float:
    if assets > 5:
        return
    return 2.0
