"""The 15 cases of which no package may be written."""

from __future__ import annotations

from sklearn.linear_model import Ridge

from zoo.own_python import unsteady
from zoo.own_python.case import Case
from zoo.own_python.frames import ORDERS, READINGS
from zoo.own_python.pieces import PASSENGERS, SHOP, SOLD, boosted, step

OTHER_ROWS = "its answer depends on the other rows"
UNSTEADY = [
    Case("centred on the batch", (step(unsteady.centred), Ridge()), READINGS.array(), OTHER_ROWS),
    Case("ranks", (step(unsteady.ranked), Ridge()), SOLD, OTHER_ROWS),
    Case(
        "gaps filled by the batch's groups",
        (step(unsteady.filled_by_groups), boosted()),
        PASSENGERS,
        OTHER_ROWS,
    ),
    Case("difference to the row before", (step(unsteady.with_previous), Ridge()), SOLD, OTHER_ROWS),
    Case("running totals", (step(unsteady.running_total), Ridge()), SOLD, OTHER_ROWS),
    Case("noise", (step(unsteady.jittered), Ridge()), READINGS.array(), "it draws by chance"),
    Case("years until now", (step(unsteady.years_until_now), Ridge()), ORDERS.complete(), "it reads the clock"),
    Case("days until today", (step(unsteady.days_until_today), Ridge()), ORDERS.complete(), "it reads the clock"),
    Case("prices from a file", (step(unsteady.with_prices), Ridge()), SHOP, "it reads a file, which may change"),
    Case("a number of the call", (step(unsteady.by_call), Ridge()), SOLD, "it counts its calls"),
    Case("shares of all rows", (step(unsteady.shares_of_all), Ridge()), SOLD, "it depends on the number of rows"),
    Case("rows in another order", (step(unsteady.ordered), Ridge()), SOLD, "it sorts the rows"),
    Case("rows left out", (unsteady.DropNegative(), Ridge()), SOLD, "it leaves out rows, whose answer is then missing"),
    Case("a rate from the environment", (step(unsteady.in_currency), Ridge()), SOLD, "it reads os.environ"),
    Case("a running mean", (unsteady.RunningMean(), Ridge()), SOLD, "it changes its state in transform"),
]
