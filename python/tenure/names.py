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
        # What policies read differently; a guess from here must also be borne out by what the column holds.
        "status": "status subscriptionstatus substatus phase phasestatus state subscriptionstate",
        "kind": "kind chargekind chargetype linekind linetype lineitemtype itemtype feetype type",
        "discount_percent": "discountpercent discountpercentage discountpct discountrate percentoff "
        "couponpercentoff couponpercent couponpercentage discountpercentoff coupondiscountpercentage",
        "discount_amount": "discountamount amountoff couponamountoff couponamount discountamountoff "
        "coupondiscountamount",
        "discount_duration": "discountduration discountdurationtype couponduration coupondurationtype "
        "durationtype duration",
        "discount_until": "discountuntil discountend discountenddate discountendsat discountendson "
        "discountapplytill couponuntil couponend couponenddate couponendsat couponapplytill applytill",
        "cancel_requested": "cancelrequested cancelrequestedat cancelrequestedon cancelationrequested "
        "cancellationrequested cancelationrequestedat cancellationrequestedat cancellationrequestdate "
        "requestedcancelat noticegivenat noticedate notice canceledat cancelledat canceledon cancelledon "
        "canceldate cancellationdate cancelationdate",
        "paid_through": "paidthrough paidthroughdate paiduntil paidto currentperiodend currentperiodendsat "
        "currenttermend currenttermendsat periodend nextbillingat nextbillingdate nextbillat nextinvoicedate "
        "nextrenewal nextrenewaldate renewaldate renewsat",
        "dunning_end": "dunningend dunningendedat dunningendsat dunningended dunningenddate",
        "recorded": "recorded recordedat recordedon enteredat enteredon bookedat bookedon insertedat",
        "superseded": "superseded supersededat supersededon replacedat replacedon voidedat voidedon",
        "invoiced": "invoiced invoicedat invoicedon invoicedate",
        "purchased": "purchased purchasedat purchasedon purchasedate",
        "id": "record recordid recordnumber rowid entryid",
        "version": "version versionnumber rowversion recordversion revision",
        "first_payment": "firstpayment firstpaymentat firstpaymentdate firstpaidat firstpaidon",
        "first_paid_invoice": "firstpaidinvoice firstpaidinvoiceat firstpaidinvoicedate",
        "renewal_amount": "renewalamount renewalprice nextrenewalamount nextamount",
        "invoiced_quantity": "invoicedquantity billedquantity invoicedseats billedseats quantityinvoiced",
        "tax": "",  # never guessed: it is as often on top of the amount as in it
    }.items()
}
TERMS = tuple(NAMES)[tuple(NAMES).index("status") :]
DATES = (
    "start", "end", "discount_until", "cancel_requested", "paid_through", "dunning_end", "recorded",
    "superseded", "invoiced", "purchased", "first_payment", "first_paid_invoice",
)  # fmt: skip
# Words of billing systems for the values of a role; one that means now this, now that stays unknown.
WORDS: dict[str, dict[str, str]] = {
    role: {said.replace("+", " "): word for word, listed in words.items() for said in (word, *listed.split())}
    for role, words in {
        "status": {
            "active": "live non_renewing non+renewing",
            "trial": "trialing trialling in_trial in+trial",
            "past_due": "past+due pastdue overdue",
            "paused": "on_hold on+hold",
            "free": "freemium",
            "cancelled": "canceled expired ended terminated",
        },
        "kind": {
            "recurring": "subscription",
            "usage": "metered usage-based overage",
            "one_time": "one-time one+time onetime one-off one_off setup non_recurring non-recurring",
        },
        "discount_duration": {
            "forever": "unlimited",
            "repeating": "limited_period limited+period multi-month temporal",
            "once": "one_time one-time one+time single_use",
        },
    }.items()
}
# Names that are met for several things: what to say instead of a guess.
AMBIGUOUS = {
    **dict.fromkeys(
        ("discount", "coupon", "discountvalue", "couponvalue"),
        "may be a percentage or an amount and is not used (--discount-percent or --discount-amount)",
    ),
    **dict.fromkeys(
        ("tax", "taxamount", "vat", "vatamount", "salestax"),
        "is not used: amounts count as without tax (--tax, if they contain it)",
    ),
    **dict.fromkeys(
        ("trialend", "trialenddate", "trialendsat", "trialendedat", "trialendat"),
        "is not used: a row counts from its start, trial included (make the trial a row of its own, "
        "or let --start name the first paid day)",
    ),
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
