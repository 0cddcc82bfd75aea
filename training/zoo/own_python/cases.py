"""The cases: 45 of what people usually do, and 15 of which no package may be written."""

from __future__ import annotations

from functools import partial

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import ElasticNet, Ridge
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from zoo.own_python import arrays, cleaning, dates, encoders, housing, passengers
from zoo.own_python.case import Case
from zoo.own_python.frames import GAPPY_READINGS, HOUSES, ORDERS, PEOPLE, READINGS, TRIPS
from zoo.own_python.pieces import (
    COUNTED,
    DISTRICTS,
    PASSENGERS,
    SEED,
    SHOP,
    SOLD,
    boosted,
    boosted_values,
    forest,
    forest_of_values,
    logistic,
    one_hot,
    step,
    words_and_numbers,
)
from zoo.own_python.unsteady_cases import UNSTEADY

ORDINARY = [
    Case(
        "ratios of columns",
        (step(housing.add_ratios), SimpleImputer(strategy="median"), StandardScaler(), Ridge()),
        DISTRICTS,
    ),
    Case(
        "logarithm of a sum, in a column transformer",
        (
            make_column_transformer(
                (step(lambda X: np.log1p(X.sum(axis=1)).to_frame("size")), ["total_rooms", "population"]),
                (StandardScaler(), ["income", "house_age"]),
            ),
            forest_of_values(),
        ),
        DISTRICTS.complete(),
    ),
    Case(
        "ratios in numpy, by a class",
        (SimpleImputer(strategy="median"), housing.RatioAdder(0, 1, 3), StandardScaler(), Ridge()),
        DISTRICTS.array(),
    ),
    Case(
        "interactions of all pairs",
        (step(housing.multiply_pairs), StandardScaler(), logistic()),
        HOUSES.only("income", "house_age", "households"),
    ),
    Case("distances to cities", (housing.CityDistances(), StandardScaler(), Ridge()), HOUSES),
    Case(
        "closures in a union",
        (
            make_union(
                step(housing.ratio_of("population", "households")), step(housing.ratio_of("total_rooms", "households"))
            ),
            forest_of_values(),
        ),
        DISTRICTS.complete(),
    ),
    Case(
        "a partial function",
        (
            step(partial(housing.raised, column="income", power=1.5)),
            StandardScaler(),
            ElasticNet(0.1),
        ),
        HOUSES.only("income", "house_age"),
    ),
    Case("pd.cut to numbers", (step(housing.income_band), boosted_values()), HOUSES.only("income", "households")),
    Case("pd.cut to labels", (step(housing.age_label), one_hot(), logistic()), HOUSES.only("house_age", "income")),
    Case(
        "means of groups, learned",
        (housing.RegionIncome(), forest_of_values()),
        HOUSES.only("coast", "income", "house_age"),
    ),
    Case("flags of families", (step(passengers.family), StandardScaler(), logistic()), COUNTED),
    Case("nested np.where", (step(passengers.age_band), forest()), PEOPLE.only("age", "fare")),
    Case("np.select and between", (step(passengers.price_level), DecisionTreeClassifier(max_depth=6, **SEED)), COUNTED),
    Case("isin and maps of categories", (step(passengers.codes), forest()), PEOPLE.only("port", "sex", "fare")),
    Case("if and elif, row by row", (step(passengers.with_stage), words_and_numbers(), logistic()), PASSENGERS),
    Case(
        "lambda row",
        (
            step(lambda df: df.assign(each=df.apply(lambda r: r["fare"] / (1 + r["siblings"] + r["parents"]), axis=1))),
            StandardScaler(),
            logistic(),
        ),
        COUNTED,
    ),
    Case("np.vectorize", (step(passengers.weights), forest()), COUNTED),
    Case("iterrows", (step(passengers.points), forest()), COUNTED),
    Case("list comprehension", (step(passengers.decades), boosted()), PEOPLE.only("age", "fare")),
    Case(
        "Python's mathematics, value by value",
        (step(passengers.root_and_log), StandardScaler(), logistic()),
        PEOPLE.only("age", "fare"),
    ),
    Case(
        "methods of strings", (step(passengers.letters), words_and_numbers(), logistic()), PEOPLE.only("port", "cabin")
    ),
    Case("medians of groups, row by row", (passengers.AgeByGroup(), forest()), PASSENGERS),
    Case(
        "frequencies of categories",
        (encoders.FrequencyEncoder(["country", "channel"]), StandardScaler(), logistic()),
        SHOP,
    ),
    Case(
        "rare categories in one",
        (
            make_column_transformer(
                (make_pipeline(encoders.RareGrouper(), one_hot()), ["country", "channel"]), remainder="passthrough"
            ),
            GradientBoostingClassifier(n_estimators=10, **SEED),
        ),
        SHOP,
    ),
    Case("means of the target, smoothed", (encoders.SmoothedMeans(["country", "channel"]), forest_of_values()), SHOP),
    Case("get_dummies, with the fitted columns", (encoders.Dummies(), StandardScaler(), Ridge()), SHOP),
    Case("astype('category')", (step(encoders.as_categories), boosted(categorical_features="from_dtype")), SHOP),
    Case(
        "gaps filled by medians",
        (cleaning.FillMedians(), words_and_numbers(), logistic()),
        PEOPLE.only("age", "fare", "sex", "port"),
    ),
    Case("clipped at learned quantiles", (cleaning.QuantileClipper(), StandardScaler(), Ridge()), SOLD),
    Case("winsorized, and gaps as zeros", (cleaning.Winsorizer(), Ridge()), GAPPY_READINGS.array()),
    Case(
        "columns dropped, renamed and ordered",
        (cleaning.ColumnTidy(["cabin_class"], {"fare": "a_price"}), StandardScaler(), logistic()),
        COUNTED,
    ),
    Case(
        "columns by type, in a union",
        (
            make_union(
                make_pipeline(cleaning.ByType("number"), StandardScaler()),
                make_pipeline(cleaning.ByType(["object", "string"]), one_hot()),
                make_pipeline(cleaning.ByType("bool"), step(lambda X: X.astype(int))),
            ),
            logistic(),
        ),
        ORDERS.only("amount", "quantity", "country", "channel", "coupon"),
    ),
    Case(
        "inheritance, and logarithms of skewed columns",
        (cleaning.LogOfSkewed(), cleaning.Standardized(), Ridge()),
        READINGS,
    ),
    Case(
        "outliers by a dataclass of limits",
        (cleaning.OutlierFlags(cleaning.Limits(1.2)), DecisionTreeRegressor(max_depth=6, **SEED)),
        SOLD,
    ),
    Case("a static method, infinities replaced", (cleaning.SafeRatio(), StandardScaler(), Ridge()), SOLD),
    Case("sums and gaps of rows", (step(cleaning.summary), boosted_values()), PASSENGERS),
    Case(
        "parts of dates, with names kept",
        (step(dates.parts_of), StandardScaler().set_output(transform="pandas"), step(lambda X: X.round(3)), Ridge()),
        TRIPS,
    ),
    Case(
        "the hour on a circle, with kw_args",
        (
            make_column_transformer(
                (step(dates.on_circle, kw_args={"column": "pickup", "period": 24}), ["pickup"]),
                (OneHotEncoder(), ["vendor"]),
            ),
            logistic(),
        ),
        TRIPS,
    ),
    Case("durations and speeds", (step(dates.speed), boosted_values()), TRIPS),
    Case("flags of times, by helpers of helpers", (step(dates.time_flags), forest()), TRIPS),
    Case("great circles, row by row", (step(dates.with_distance), StandardScaler(), Ridge()), TRIPS),
    Case("days since a date", (step(dates.days_since), forest_of_values()), ORDERS.only("signup", "amount")),
    Case("dates as text, parsed", (dates.OrderDates(), StandardScaler(), Ridge()), ORDERS.only("ordered", "amount")),
    Case("bins in numpy", (step(arrays.bins), forest_of_values()), READINGS.array()),
    Case("squares of some columns", (step(arrays.squares), StandardScaler(), Ridge()), READINGS.array()),
]

CASES = [*ORDINARY, *UNSTEADY]
