from microsim.policy import household


@household
def payment(area: str, assets: float) -> float:
    word = "rural"
    if area == word:
        return 1.0
    return "much" if assets == "rural" else max(area, 2.0)
