"""Names of columns and words for billing units as exports write them."""

from __future__ import annotations

import re

UNITS = ("day", "week", "four_week", "month", "quarter", "half_year", "year")
# How billing systems write the units; anything else is left for the book to judge.
UNIT_WORDS = {
    "daily": "day", "days": "day", "weekly": "week", "weeks": "week", "monthly": "month", "months": "month",
    "mo": "month", "per month": "month", "quarterly": "quarter", "quarters": "quarter",
    "semiannual": "half_year", "semi-annual": "half_year", "semiannually": "half_year",
    "semi-annually": "half_year", "half-yearly": "half_year", "half yearly": "half_year",
    "biannual": "half_year", "annual": "year", "annually": "year", "yearly": "year", "years": "year",
    "yr": "year", "per year": "year",
}  # fmt: skip
# Most telling first; compared as `plain` writes them.
NAMES: dict[str, tuple[str, ...]] = {
    role: tuple(names.split())
    for role, names in {
        "customer": "customer customerid customernumber customerno custid cust account accountid "
        "accountnumber client clientid user userid company companyid organization organizationid "
        "organisation organisationid org orgid tenant tenantid subscriber subscriberid member memberid "
        "customername accountname clientname companyname customeremail email",
        "start": "start startdate startedon startedat starton startsat starttime subscriptionstart "
        "subscriptionstartdate contractstart contractstartdate termstart termstartdate validfrom "
        "effectivefrom effectivedate servicestart servicestartdate periodstart begin begindate begins from "
        "fromdate since activatedat activatedon activationdate createdat createdon created createddate "
        "creationdate signupdate currentperiodstart",
        "end": "end enddate endedon endedat endon endsat ended endtime subscriptionend subscriptionenddate "
        "contractend contractenddate termend termenddate validto validuntil effectiveto serviceend "
        "serviceenddate periodend to todate until canceldate canceledat cancelledat canceledon cancelledon "
        "canceled cancelled cancellationdate cancelationdate churndate churnedat churnedon churned "
        "terminatedat terminationdate expires expiresat expireson expirydate expirationdate expiry stop "
        "stopdate currentperiodend",
        "amount": "mrr mrramount mrrvalue monthlyrecurringrevenue monthlyamount monthlyprice monthlyfee "
        "amount unitprice price unitamount planamount recurringamount subscriptionamount arr arramount "
        "arrvalue annualrecurringrevenue annualamount annualprice annualfee acv annualcontractvalue "
        "yearlyamount yearlyprice fee value",
        "interval": "interval billinginterval billingintervalunit intervalunit billingperiod "
        "billingperiodunit billingfrequency billingcycle billingterm billing frequency recurringinterval "
        "planinterval subscriptioninterval paymentfrequency invoicefrequency renewalperiod termunit term "
        "cadence",
        "interval_count": "intervalcount billingintervalcount planintervalcount recurringintervalcount",
        "quantity": "quantity qty seats seat seatcount numberofseats noofseats numseats licenses licences "
        "licensecount licencecount users usercount numberofusers",
        "subscription": "subscription subscriptionid subscriptionnumber subid subscriptionref contractid "
        "contractnumber contract",
        "product": "product productname productline productid item itemname sku",
        "currency": "currency currencycode currencyiso isocurrency curr ccy",
    }.items()
}
SEGMENTS = (
    "plan", "plantier", "planname", "subscriptionplan", "tier", "edition", "package", "region", "country",
    "countrycode", "segment", "customersegment", "territory", "geo", "market", "channel", "industry",
)  # fmt: skip
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB
PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB
TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
CURRENCIES = frozenset(_CODES.split())
# Codes in names of columns; those that are also words (all, top, try) are left out.
_ZONES = frozenset({"utc", "gmt"})
_PRICED = frozenset(map(str.lower, CURRENCIES - {"ALL", "CUP", "GEL", "MAD", "PEN", "TOP", "TRY"}))
_MONTHLY = re.compile("mrr|monthly")
_YEARLY = re.compile("arr$|arr(amount|value)|acv|annual|yearly")


def _words(name: str) -> list[str]:
    return re.findall("[a-z0-9]+", name.casefold())


def plain(name: str) -> str:
    """Return a column name without case, blanks, punctuation, zone and currency, as in ``Created (UTC)``."""
    words = _words(name)
    while len(words) > 1 and words[-1] in _ZONES | _PRICED | {"in"}:
        words.pop()
    return "".join(words)


def currency_in(name: str) -> str | None:
    """Return the currency that the name of an amount ends with: ``MRR (EUR)``, ``price_usd``."""
    words = _words(name)
    return words[-1].upper() if len(words) > 1 and words[-1] in _PRICED else None


def term_in(name: str) -> str | None:
    """Return the interval that the name of an amount says, as MRR and annual price do."""
    shown = plain(name)
    return "month" if _MONTHLY.match(shown) else "year" if _YEARLY.match(shown) else None


def unit(word: str) -> str | None:
    """Return the unit that a word means, or None."""
    shown = word.strip().casefold()
    return shown if shown in UNITS else UNIT_WORDS.get(shown)
