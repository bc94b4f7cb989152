"""Medical insurance (基本医保、大病保险): the layers that pay before medical aid."""

from __future__ import annotations

from microsim.policy import at_most, household, person, total

LAYERS = "Order 649, art. 29 (2): after basic, catastrophic and supplementary insurance"
CATASTROPHIC = "2019 notice on residents' insurance (recalled)"
POOLED = "2019 notice (recalled): lowered and made one; Jiangxi rules in force 2025-01-01 (as explained)"


def paid(bill: float, deductible: float, rate: float, cap: float) -> float:
    """What a layer pays of a bill: a rate of what lies above its deductible, up to its cap."""
    return min(rate * max(bill - deductible, 0.0), cap)


medical_bills = total(
    "medical_bill",
    unit="yuan/year",
    label={"en": "Medical bills of the household", "zh": "家庭政策范围内医疗费用"},
    reference=LAYERS,
)


@household(
    name="insurance_pool_income",
    unit="yuan/year",
    reference="guiding opinions of 2012 on catastrophic insurance (as reported)",
    label={"en": "Income that insurance and aid measure by", "zh": "起付标准计算所用人均收入"},
    start="2012-12-12",
    end="2018-12-31",
)
def insurance_pool_income_by_area(low_income_local_income: float) -> float:
    """Of the residents of the area: urban and rural schemes had deductibles of their own."""
    return low_income_local_income


@household(
    name="insurance_pool_income",
    unit="yuan/year",
    reference=POOLED,
    label={"en": "Income that insurance and aid measure by", "zh": "起付标准计算所用人均收入"},
    start="2019-01-01",
)
def insurance_pool_income_2019(medical_insurance_pool_income: float) -> float:
    """Of all residents of the insurance pool: one deductible for town and country."""
    return medical_insurance_pool_income


@person(
    unit="yuan/year",
    reference="2021 bulletin of the medical-insurance administration; shares in part assumed",
    label={"en": "Paid by basic insurance", "zh": "基本医保支付"},
)
def basic_insurance_payment(
    medical_bills: float,
    medical_bill: float,
    medical_insurance_basic_deductible: float,
    medical_insurance_basic_rate: float,
    medical_insurance_basic_cap: float,
) -> float:
    """A share of the bill above the deductible, by the person's scheme."""
    if at_most(medical_bills, 0.0) or at_most(medical_bill, 0.0):
        return 0.0
    return paid(
        medical_bill,
        medical_insurance_basic_deductible,
        medical_insurance_basic_rate,
        medical_insurance_basic_cap,
    )


@person(
    unit="yuan/year",
    reference=CATASTROPHIC,
    label={"en": "Catastrophic insurance on ordinary terms", "zh": "大病保险支付（普惠待遇）"},
)
def ordinary_catastrophic_payment(
    medical_bills: float,
    medical_bill: float,
    basic_insurance_payment: float,
    medical_insurance_catastrophic_deductible_share: float,
    insurance_pool_income: float,
    medical_insurance_catastrophic_rate: float,
    medical_insurance_catastrophic_cap: float,
) -> float:
    """A share of what basic insurance leaves above a part of the pool's income per head."""
    if at_most(medical_bills, 0.0) or at_most(medical_bill, 0.0):
        return 0.0
    deductible = medical_insurance_catastrophic_deductible_share * insurance_pool_income
    left = medical_bill - basic_insurance_payment
    return paid(left, deductible, medical_insurance_catastrophic_rate, medical_insurance_catastrophic_cap)


@person(
    unit="yuan/year",
    reference=CATASTROPHIC,
    label={"en": "Paid by catastrophic insurance", "zh": "大病保险支付"},
)
def catastrophic_payment(
    medical_bills: float,
    medical_bill: float,
    basic_insurance_payment: float,
    ordinary_catastrophic_payment: float,
    catastrophic_favour: float,
    medical_insurance_favoured_deductible: float,
    medical_insurance_favoured_points: float,
    medical_insurance_catastrophic_deductible_share: float,
    insurance_pool_income: float,
    medical_insurance_catastrophic_rate: float,
) -> float:
    """On ordinary terms; for the poor with a lower deductible, a higher rate and no cap.

    Favour in part, f between 0 and 1, is f of the way in two of the three: the deductible is
    1 - f x (1 - favoured_deductible) of the ordinary one, and f x favoured_points are added to the rate. The
    cap is lifted whole by any favour above 0.
    """
    if at_most(medical_bills, 0.0) or at_most(medical_bill, 0.0):
        return 0.0
    if catastrophic_favour <= 0.0 or medical_insurance_catastrophic_rate <= 0.0:
        return ordinary_catastrophic_payment
    share = 1.0 - catastrophic_favour * (1.0 - medical_insurance_favoured_deductible)
    deductible = share * medical_insurance_catastrophic_deductible_share * insurance_pool_income
    rate = medical_insurance_catastrophic_rate + catastrophic_favour * medical_insurance_favoured_points
    left = medical_bill - basic_insurance_payment
    return paid(left, deductible, rate, left)


@person(
    unit="yuan/year",
    reference=LAYERS,
    label={"en": "Left by insurance", "zh": "医保支付后个人自付"},
)
def person_medical_left(
    medical_bill: float, basic_insurance_payment: float, catastrophic_payment: float
) -> float:
    """What both layers of insurance leave of the bill."""
    return medical_bill - basic_insurance_payment - catastrophic_payment


@person(
    unit="yuan/year",
    reference=LAYERS,
    label={"en": "Left by insurance on ordinary terms", "zh": "普惠待遇下医保支付后个人自付"},
)
def person_medical_left_without_status(
    medical_bill: float, basic_insurance_payment: float, ordinary_catastrophic_payment: float
) -> float:
    """What insurance would leave to somebody in no tier."""
    return medical_bill - basic_insurance_payment - ordinary_catastrophic_payment


medical_burden_before_aid = total(
    person_medical_left,
    label={"en": "Left by insurance, before aid", "zh": "家庭救助前医疗自付"},
    reference=LAYERS,
)
medical_left_without_status = total(
    person_medical_left_without_status,
    label={"en": "Left by insurance on ordinary terms", "zh": "家庭普惠待遇下医疗自付"},
    reference=LAYERS,
)
