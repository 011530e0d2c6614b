"""Published cases of unit economics: what tenure gives for the inputs of a formula."""

import tenure as tn
from tenure import economics as eco


def figures_of(formula, given):
    """Figures by name, as `expected` of the case names them."""
    if formula == "ltv":
        churn = given["lost"] / given["opening"] if "lost" in given else given["churn"]
        options = {name: given[name] for name in ("margin", "zero_churn") if name in given}
        return {"ltv": eco.ltv_of(given["revenue"], churn, **options).value}
    if formula == "trailing":
        before = given["churns"][-given["periods"] - 1 : -1]
        mean = sum(before) / len(before)
        return {"churn": mean, "ltv": eco.ltv_of(given["revenue"], mean).value}
    if formula == "cac":
        rows = {"who": list(range(given["new_customers"])), "on": ["2024-01-05"] * given["new_customers"]}
        book = tn.Book(rows | {"mrr": [1] * len(rows["who"])}, customer="who", start="on", amount="mrr")
        spent = {"date": ["2024-01-31"], "amount": [given["spend"]]}
        return {"cac": eco.cac(spent, book, first="2024-01", last="2024-01")["cac"].tolist()[0]}
    if formula == "lifetime":
        return {"lifetime": eco.lifetime_of(given["churn"]).value}
    if formula == "payback":
        options = {name: value for name, value in given.items() if name not in ("cost", "revenue")}
        months = eco.payback_of(given["cost"], given["revenue"], **options).value
        return {"months": months, "monthly": given["cost"] / months}
    if formula == "cac_ratio":
        ratio = eco.cac_ratio_of(**given).value
        return {"ratio": ratio, "years": eco.payback_years_of(ratio).value}
    return {"years": eco.payback_years_of(given["cac_ratio"]).value}
