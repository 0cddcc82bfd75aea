"""Houses, trips, bookings and the weather."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zoo.data import Data
from zoo.public.draw import Draw


def california(d: Draw) -> Data:
    households = d.skewed(410, 0.6, 0)
    X = pd.DataFrame(
        {
            "longitude": d.between(-124.3, -114.3),
            "latitude": d.between(32.5, 42),
            "housing_median_age": d.whole(1, 52).astype(float),
            "total_rooms": np.round(households * d.between(3, 8)),
            "total_bedrooms": d.gaps(np.round(households * d.between(0.9, 1.3)), 0.01),
            "population": np.round(households * d.between(1.5, 4.5)),
            "households": households,
            "median_income": d.skewed(3.5, 0.4, 4),
            "ocean_proximity": d.one_of(["<1H OCEAN", "INLAND", "NEAR OCEAN", "NEAR BAY"]),
        }
    )
    signal = X["median_income"] - 2 * (X["ocean_proximity"] == "INLAND") + 0.01 * X["housing_median_age"]
    return Data(X, d.amounts(signal, 180_000, 0.5, 0))


def ames(d: Draw) -> Data:
    built, sold = d.whole(1900, 2008), d.whole(2008, 2010)
    X = pd.DataFrame(
        {
            "MSZoning": d.one_of(["RL", "RM", "FV", "RH", "C (all)"], [79, 15, 4, 1, 1]),
            "LotFrontage": d.gaps(d.whole(21, 180).astype(float), 0.18),
            "LotArea": d.skewed(9_500, 0.4, 0).astype(int),
            "Neighborhood": d.one_of(
                ["NAmes", "CollgCr", "OldTown", "Edwards", "Somerst", "Gilbert", "NridgHt", "Sawyer"]
            ),
            "OverallQual": d.whole(1, 10),
            "YearBuilt": built,
            "YrSold": sold,
            "TotalBsmtSF": d.whole(0, 2_500),
            "1stFlrSF": d.whole(400, 2_500),
            "2ndFlrSF": np.where(d.flag(0.6), 0, d.whole(300, 1_800)),
            "PoolArea": np.where(d.flag(0.97), 0, d.whole(400, 700)),
            "ExterQual": d.one_of(["TA", "Gd", "Ex", "Fa"]),
            "BsmtQual": d.gaps(d.one_of(["TA", "Gd", "Ex", "Fa"]), 0.03),
            "FireplaceQu": d.gaps(d.one_of(["Gd", "TA", "Fa", "Ex"]), 0.47),
            "GarageFinish": d.gaps(d.one_of(["Unf", "RFn", "Fin"]), 0.05),
        }
    )
    signal = 0.4 * X["OverallQual"] + 0.001 * (X["1stFlrSF"] + X["2ndFlrSF"] + X["TotalBsmtSF"]) + 0.01 * built
    return Data(X, d.amounts(signal, 163_000, 0.35, 0))


def taxi(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "pickup_datetime": d.times("2012-01-01", 1_000, "s"),
            "pickup_longitude": d.between(-74.05, -73.75, 6),
            "pickup_latitude": d.between(40.6, 40.9, 6),
            "dropoff_longitude": d.between(-74.05, -73.75, 6),
            "dropoff_latitude": d.between(40.6, 40.9, 6),
            "passenger_count": d.whole(1, 6),
        }
    )
    sides = (X["pickup_longitude"] - X["dropoff_longitude"]).abs() + (
        X["pickup_latitude"] - X["dropoff_latitude"]
    ).abs()
    return Data(X, d.amounts(10 * sides + 0.1 * X["pickup_datetime"].dt.hour.between(16, 19), 11, 0.5))


def taxi_in_utc(d: Draw) -> Data:
    """Taxi rides with times as strings, as in the competition's file: 2009-06-15 17:26:21 UTC."""
    data = taxi(d)
    data.X["pickup_datetime"] = data.X["pickup_datetime"].dt.strftime("%Y-%m-%d %H:%M:%S UTC")
    return data


def bikes(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "season": d.one_of(["fall", "spring", "summer", "winter"], [1, 1, 1, 1]),
            "month": d.whole(1, 12),
            "hour": d.whole(0, 23),
            "weekday": d.whole(0, 6),
            "workingday": d.flag(0.68),
            "holiday": d.flag(0.03),
            "weather": d.one_of(["clear", "misty", "rain"]),
            "temp": d.normal(20, 8, 2),
            "humidity": d.between(0.1, 1),
            "windspeed": d.skewed(10, 0.5),
        }
    )
    signal = np.sin((X["hour"] - 6) / 24 * 2 * np.pi) + 0.05 * X["temp"] - X["humidity"]
    return Data(X, d.amounts(signal, 140, 0.7, 0))


def bike_counters(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "counter_name": d.one_of(["28 boulevard Diderot", "Pont National", "Totem 73 boulevard de Sébastopol"]),
            "date": d.times("2020-09-01", 370, "h"),
            "latitude": d.between(48.83, 48.89, 5),
            "longitude": d.between(2.26, 2.41, 5),
        }
    )
    return Data(X, d.amounts(np.sin(X["date"].dt.hour / 24 * 2 * np.pi) - (X["date"].dt.weekday > 4), 30, 0.8))


def flights(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "scheduled": d.times("2023-01-01", 365, "min"),
            "airline": d.one_of(["Delta", "United", "American", "Southwest", "JetBlue"]),
            "origin": d.one_of(["ATL", "ORD", "DFW", "DEN", "LAX", "JFK"]),
            "distance": d.gaps(d.whole(100, 2_700).astype(float), 0.02),
        }
    )
    return Data(X, d.labels(0.1 * X["scheduled"].dt.hour + (X["origin"] == "ORD"), share=0.25))


def airlines(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "Airline": d.one_of(["WN", "DL", "OO", "AA", "MQ", "US"]),
            "Flight": d.whole(1, 7_814),
            "DayOfWeek": d.one_of(list("4351276"), [1] * 7),
            "Time": d.whole(10, 1_439),
            "Length": d.whole(20, 655),
        }
    )
    return Data(X, d.labels(0.003 * X["Time"] + (X["Airline"] == "WN"), share=0.45))


def hotels(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "hotel": d.one_of(["City Hotel", "Resort Hotel"]),
            "lead_time": d.skewed(69, 1, 0).astype(int),
            "arrival_date_month": d.one_of(["August", "July", "May", "October", "April", "June"]),
            "stays_in_weekend_nights": d.count(0.9),
            "stays_in_week_nights": d.count(2.5),
            "adults": d.whole(1, 4),
            "children": d.gaps(d.count(0.1), 0.01),
            "country": d.gaps(d.one_of(["PRT", "GBR", "FRA", "ESP", "DEU", "ITA"]), 0.01),
            "market_segment": d.one_of(["Online TA", "Offline TA/TO", "Groups", "Direct", "Corporate"]),
            "deposit_type": d.one_of(["No Deposit", "Non Refund", "Refundable"]),
            "adr": d.skewed(95, 0.4),
        }
    )
    return Data(X, d.labels(0.01 * X["lead_time"] + 3 * (X["deposit_type"] == "Non Refund"), share=0.37))


def rain(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "Location": d.one_of(["Melbourne", "MelbourneAirport", "Watsonia"]),
            "MinTemp": d.normal(12, 6),
            "MaxTemp": d.normal(23, 7),
            "Rainfall": np.where(d.flag(0.65), 0.0, d.skewed(3, 1, 1)),
            "Sunshine": d.gaps(d.between(0, 14, 1), 0.1),
            "WindGustDir": d.gaps(d.one_of(["W", "SE", "N", "SSE", "E", "S", "NW"]), 0.06),
            "WindGustSpeed": d.gaps(d.whole(6, 135).astype(float), 0.06),
            "Humidity3pm": d.whole(0, 100),
            "Pressure3pm": d.normal(1015, 7),
            "RainToday": d.yes_no(0.22),
            "Season": d.one_of(["Summer", "Autumn", "Winter", "Spring"], [1, 1, 1, 1]),
        }
    )
    return Data(X, d.labels(0.04 * X["Humidity3pm"] - 0.05 * X["Pressure3pm"], ("No", "Yes"), share=0.22))


def energy(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "date_time": d.times("2019-01-01", 900, "h"),
            "temperature": d.gaps(d.normal(14, 8), 0.04),
            "is_holiday": d.flag(0.04).astype(int),
        }
    )
    signal = np.sin((X["date_time"].dt.hour - 8) / 24 * 2 * np.pi) + 0.02 * (X["temperature"].fillna(14) - 18).abs()
    return Data(X, d.amounts(signal, 4_600, 0.2))
