from microsim.policy import household


@household(categories=("poor", "other"))
def standing(assets: float) -> str:
    if assets < 10:
        return "pooor"
    return "other" if assets > 20 else "middle"


@household
def payment(area: str, tier: str, standing: str) -> float:
    if area == "rurl" or tier in ("low", "heigh"):
        return 1.0
    return 2.0 if area < "urban" or area == tier else 0.0


OUTPUTS = ["standing"]
