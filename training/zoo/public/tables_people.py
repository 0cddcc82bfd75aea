"""Passengers, employees, patients and students."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zoo.data import Data
from zoo.public.draw import Draw

SURNAMES = ["Braund", "Cumings", "Heikkinen", "Futrelle", "Allen", "Moran", "McCarthy", "Palsson", "O'Dwyer", "Sage"]
FORENAMES = ["Owen Harris", "Florence", "Laina", "Jacques Heath", "William Henry", "James", "Timothy J", "Anna"]
TITLES = ["Mr", "Miss", "Mrs", "Master", "Dr", "Rev", "Col", "Mlle"]


def titanic(d: Draw) -> Data:
    titles = d.one_of(TITLES, [50, 20, 14, 6, 2, 2, 1, 1])
    names = [
        f"{surname}, {title}. {forename}"
        for surname, title, forename in zip(d.one_of(SURNAMES), titles, d.one_of(FORENAMES), strict=True)
    ]
    cabins = [f"{deck}{number}" for deck, number in zip(d.one_of(list("CBDEAFG")), d.whole(1, 120), strict=True)]
    X = pd.DataFrame(
        {
            "Pclass": d.one_of([3, 1, 2]).astype(int),
            "Name": names,
            "Sex": np.where(np.isin(titles, ["Miss", "Mrs", "Mlle"]), "female", "male"),
            "Age": d.gaps(np.abs(d.normal(29, 14)), 0.2),
            "SibSp": d.count(0.5),
            "Parch": d.count(0.4),
            "Fare": d.skewed(15, 0.9, 4),
            "Cabin": d.gaps(cabins, 0.7),
            "Embarked": d.gaps(d.one_of(["S", "C", "Q"]), 0.01),
        }
    )
    signal = 2 * (X["Sex"] == "female") - 0.8 * X["Pclass"] - 0.01 * X["Age"].fillna(30) + 0.01 * X["Fare"]
    return Data(X, d.labels(signal))


def spaceship(d: Draw) -> Data:
    parts = zip(d.one_of(list("FGEBC")), d.whole(0, 1800), d.one_of(["P", "S"]), strict=True)
    X = pd.DataFrame(
        {
            "HomePlanet": d.gaps(d.one_of(["Earth", "Europa", "Mars"]), 0.02),
            "CryoSleep": d.flag(0.35),
            "Cabin": d.gaps(["/".join(map(str, part)) for part in parts], 0.02),
            "Destination": d.gaps(d.one_of(["TRAPPIST-1e", "55 Cancri e", "PSO J318.5-22"]), 0.02),
            "Age": d.gaps(d.whole(0, 75), 0.02),
            "VIP": d.flag(0.03),
            "RoomService": d.gaps(np.where(d.flag(0.6), 0.0, d.skewed(300, 1.2, 0)), 0.02),
            "FoodCourt": d.gaps(np.where(d.flag(0.6), 0.0, d.skewed(400, 1.2, 0)), 0.02),
            "Spa": d.gaps(np.where(d.flag(0.6), 0.0, d.skewed(300, 1.2, 0)), 0.02),
        }
    )
    signal = (
        X["CryoSleep"] - 0.001 * X["RoomService"].fillna(0) - 0.001 * X["Spa"].fillna(0) - 0.01 * X["Age"].fillna(28)
    )
    return Data(X, d.labels(signal, (False, True), share=0.5))


def adult(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "age": d.whole(17, 90),
            "workclass": d.gaps(d.one_of(["Private", "Self-emp-not-inc", "Local-gov", "State-gov"]), 0.05),
            "fnlwgt": d.whole(12_285, 1_484_705),
            "education": d.one_of(["HS-grad", "Some-college", "Bachelors", "Masters", "11th", "Doctorate"]),
            "education-num": d.whole(1, 16),
            "marital-status": d.one_of(["Married-civ-spouse", "Never-married", "Divorced"]),
            "occupation": d.gaps(d.one_of(["Prof-specialty", "Craft-repair", "Exec-managerial", "Sales"]), 0.06),
            "sex": d.one_of(["Male", "Female"]),
            "capital-gain": np.where(d.flag(0.9), 0, d.whole(100, 20_000)),
            "capital-loss": np.where(d.flag(0.95), 0, d.whole(100, 3_000)),
            "hours-per-week": d.whole(1, 99),
        }
    )
    signal = 0.02 * X["age"] + 0.2 * X["education-num"] + 0.02 * X["hours-per-week"] + 0.0002 * X["capital-gain"]
    return Data(X, d.labels(signal, ("<=50K", ">50K"), share=0.25))


def adult_in_numbers(d: Draw) -> Data:
    """The same table with labels 0 and 1, which target encoders need."""
    data = adult(d)
    return Data(data.X, (data.y == ">50K").astype(int))


def heart(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "age": d.whole(29, 77),
            "sex": d.one_of(["M", "F"]),
            "cp": d.one_of(["ASY", "NAP", "ATA", "TA"]),
            "trestbps": d.whole(94, 200),
            "chol": d.whole(126, 564),
            "fbs": d.flag(0.15).astype(int),
            "thalach": d.whole(71, 202),
            "exang": d.yes_no(0.33),
            "oldpeak": np.abs(d.normal(0.9, 1.1)),
        }
    )
    return Data(X, d.labels(0.05 * X["age"] + X["oldpeak"] - 0.02 * X["thalach"] + (X["cp"] == "ASY"), share=0.5))


def pima(d: Draw) -> Data:
    """Patients; a 0 stands for a value that was not measured."""
    X = pd.DataFrame(
        {
            "Pregnancies": d.count(3.8),
            "Glucose": np.where(d.flag(0.01), 0, d.whole(44, 199)),
            "BloodPressure": np.where(d.flag(0.05), 0, d.whole(24, 122)),
            "SkinThickness": np.where(d.flag(0.3), 0, d.whole(7, 99)),
            "Insulin": np.where(d.flag(0.48), 0, d.whole(14, 846)),
            "BMI": np.where(d.flag(0.02), 0.0, np.abs(d.normal(32, 7))),
            "DiabetesPedigreeFunction": d.skewed(0.37, 0.6, 3),
            "Age": d.whole(21, 81),
        }
    )
    return Data(X, d.labels(0.03 * X["Glucose"] + 0.05 * X["BMI"] + 0.02 * X["Age"], share=0.35))


def attrition(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "Age": d.whole(18, 60),
            "BusinessTravel": d.one_of(["Travel_Rarely", "Travel_Frequently", "Non-Travel"]),
            "Department": d.one_of(["Research & Development", "Sales", "Human Resources"]),
            "DistanceFromHome": d.whole(1, 29),
            "JobSatisfaction": d.whole(1, 4),
            "MonthlyIncome": d.skewed(4900, 0.6, 0).astype(int),
            "OverTime": d.yes_no(0.28),
            "TotalWorkingYears": d.whole(0, 40),
            "YearsAtCompany": d.whole(0, 20),
        }
    )
    signal = 2 * (X["OverTime"] == "Yes") - 0.0002 * X["MonthlyIncome"] - 0.3 * X["JobSatisfaction"]
    return Data(X, d.labels(signal, ("No", "Yes"), share=0.16))


def students(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "gender": d.one_of(["female", "male"]),
            "race_ethnicity": d.one_of(["group C", "group D", "group B", "group E", "group A"]),
            "parental_level_of_education": d.one_of(
                ["some college", "associate's degree", "high school", "master's degree"]
            ),
            "lunch": d.one_of(["standard", "free/reduced"]),
            "test_preparation_course": d.one_of(["none", "completed"]),
            "reading_score": d.whole(17, 100),
            "writing_score": d.whole(10, 100),
        }
    )
    signal = X["reading_score"] + X["writing_score"] + 10 * (X["lunch"] == "standard")
    return Data(X, d.amounts(signal, 65, 0.2, 0))


def insurance(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "age": d.whole(18, 64),
            "sex": d.one_of(["male", "female"]),
            "bmi": d.normal(30.7, 6, 2),
            "children": d.whole(0, 5),
            "smoker": d.one_of(["no", "yes"], [4, 1]),
            "region": d.one_of(["southeast", "southwest", "northwest", "northeast"]),
        }
    )
    return Data(X, d.amounts(0.05 * X["age"] + 3 * (X["smoker"] == "yes") + 0.02 * X["bmi"], 9_400, 0.6))
