from microsim.policy import household


@household
def payment(area: str, tier: str) -> float:
    if area == "rurl" or tier in ("low", "heigh"):
        return 1.0
    return 2.0 if area < "urban" or area == tier else 0.0
