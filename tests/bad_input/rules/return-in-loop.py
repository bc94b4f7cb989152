from microsim.policy import household


@household
def payment(assets: float) -> float:
    for k in range(3):
        if assets < k:
            return 1.0
    return 0.0
