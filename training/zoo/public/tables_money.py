"""Loans, cards, customers and cars."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zoo.data import Data
from zoo.public.draw import Draw


def churn(d: Draw) -> Data:
    tenure, monthly = d.whole(0, 72), d.between(18, 119)
    X = pd.DataFrame(
        {
            "gender": d.one_of(["Male", "Female"]),
            "SeniorCitizen": d.flag(0.16).astype(int),
            "Partner": d.yes_no(),
            "tenure": tenure,
            "InternetService": d.one_of(["Fiber optic", "DSL", "No"]),
            "Contract": d.one_of(["Month-to-month", "Two year", "One year"]),
            "PaperlessBilling": d.yes_no(0.6),
            "PaymentMethod": d.one_of(["Electronic check", "Mailed check", "Bank transfer", "Credit card"]),
            "MonthlyCharges": monthly,
            "TotalCharges": d.gaps(np.round(tenure * monthly, 2), 0.01),
        }
    )
    signal = -0.04 * X["tenure"] + 0.02 * X["MonthlyCharges"] + 1.5 * (X["Contract"] == "Month-to-month")
    return Data(X, d.labels(signal, ("No", "Yes"), share=0.27))


def german_credit(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "checking": d.gaps(d.one_of(["little", "moderate", "rich"]), 0.4),
            "duration": d.whole(4, 72),
            "purpose": d.one_of(["car", "radio/TV", "furniture", "business", "education", "repairs"]),
            "amount": d.skewed(2300, 0.8, 0).astype(int),
            "savings": d.gaps(d.one_of(["little", "moderate", "quite rich", "rich"]), 0.18),
            "installment_rate": d.whole(1, 4),
            "age": d.whole(19, 75),
            "housing": d.one_of(["own", "rent", "free"]),
            "job": d.whole(0, 3),
        }
    )
    signal = 0.03 * X["duration"] + 0.0001 * X["amount"] + (X["checking"] == "little") - 0.01 * X["age"]
    return Data(X, d.labels(signal, share=0.3))


def loans(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "person_income": d.skewed(55_000, 0.6, 0),
            "loan_amnt": d.skewed(8_000, 0.6, 0),
            "loan_int_rate": d.gaps(np.abs(d.normal(11, 3, 2)), 0.1),
            "emp_length": d.gaps(d.whole(0, 41), 0.03),
            "home_ownership": d.one_of(["RENT", "MORTGAGE", "OWN", "OTHER"]),
            "loan_intent": d.one_of(["EDUCATION", "MEDICAL", "VENTURE", "PERSONAL", "DEBTCONSOLIDATION"]),
            "loan_grade": d.one_of(list("ABCDEF")),
            "state": d.one_of(["CA", "TX", "NY", "FL", "IL", "PA", "OH", "GA", "NC", "MI"]),
        }
    )
    signal = 3 * X["loan_amnt"] / X["person_income"] + 0.1 * X["loan_int_rate"].fillna(11)
    return Data(X, d.labels(signal, share=0.22))


def card_fraud(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "amount": d.skewed(40, 1.2),
            "age": d.whole(18, 80),
            "hour_of_day": d.whole(0, 23),
            "source": d.one_of(["SEO", "Ads", "Direct"]),
            "browser": d.one_of(["Chrome", "IE", "Safari", "FireFox", "Opera"]),
            "time_since_signup": d.skewed(500, 1.5),
        }
    )
    return Data(X, d.labels(np.log(X["amount"]) - 0.5 * np.log(X["time_since_signup"]), share=0.08))


def bank(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "age": d.whole(18, 95),
            "job": d.one_of(["management", "blue-collar", "technician", "admin.", "services", "retired"]),
            "marital": d.one_of(["married", "single", "divorced"]),
            "education": d.gaps(d.one_of(["secondary", "tertiary", "primary"]), 0.04),
            "balance": d.whole(-2_000, 20_000),
            "housing": d.one_of(["yes", "no"]),
            "day": d.whole(1, 31),
            "month": d.one_of(["may", "jul", "aug", "jun", "nov", "apr", "feb"]),
            "campaign": d.count(2) + 1,
            "pdays": np.where(d.flag(0.8), -1, d.whole(1, 400)),
        }
    )
    signal = 0.0001 * X["balance"] + (X["pdays"] > 0) - 0.1 * X["campaign"] - 0.5 * (X["housing"] == "yes")
    return Data(X, d.labels(signal, ("no", "yes"), share=0.15))


MODELS = [
    "Maruti Swift Dzire VDI",
    "Hyundai i20 Sportz",
    "Honda City 2017-2020 EXi",
    "Ford Figo Diesel",
    "Maruti Alto LX",
]


def used_cars(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "name": d.one_of(MODELS),
            "year": d.whole(1998, 2020),
            "km_driven": d.skewed(60_000, 0.6, 0).astype(int),
            "fuel": d.one_of(["Diesel", "Petrol", "CNG", "LPG"]),
            "transmission": d.one_of(["Manual", "Automatic"]),
            "owner": d.one_of(["First Owner", "Second Owner", "Third Owner"]),
            "mileage": d.gaps(d.normal(19, 4), 0.03),
            "engine": d.gaps(d.one_of([1248, 1197, 1498, 998, 2179]).astype(float), 0.03),
        }
    )
    signal = 0.15 * X["year"] - 0.000005 * X["km_driven"] + (X["transmission"] == "Automatic")
    return Data(X, d.amounts(signal, 450_000, 0.6, 0))


def wine(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "fixed acidity": d.normal(8.3, 1.7),
            "volatile acidity": np.abs(d.normal(0.53, 0.18, 3)),
            "citric acid": np.abs(d.normal(0.27, 0.19, 2)),
            "residual sugar": d.skewed(2.2, 0.4, 1),
            "chlorides": d.skewed(0.08, 0.3, 3),
            "total sulfur dioxide": d.skewed(38, 0.6, 0),
            "density": d.normal(0.9967, 0.0019, 5),
            "pH": d.normal(3.31, 0.15, 2),
            "sulphates": d.skewed(0.62, 0.2, 2),
            "alcohol": d.normal(10.4, 1.1),
        }
    )
    quality = d.labels(X["alcohol"] - 3 * X["volatile acidity"] + X["sulphates"], (3, 4, 5, 6, 7, 8))
    return Data(X, quality)
