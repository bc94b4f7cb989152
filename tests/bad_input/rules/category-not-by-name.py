from microsim.policy import household


@household(categories=("poor", "other"))
def standing(assets: float, tier: str) -> str:
    if assets < 10:
        return tier
    return 1
