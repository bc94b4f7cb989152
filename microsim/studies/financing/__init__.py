"""Which level of budget pays what: financing rules, dated and cited, beside the law and not in it."""
