"""Free text, alone and beside other columns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zoo.data import Data
from zoo.public.draw import Draw

HAM = "I'll call you later ok see at home tonight the movie was good don't worry lunch with mum tomorrow café we it a"
SPAM = "FREE entry win £1000 cash prize call 09061701461 now txt WINNER claim urgent reply offer guaranteed ringtone"
PRAISE = "wonderful great loved brilliant acting superb moving the film is a of and best story naïve beautiful ending"
BLAME = "boring awful terrible waste plot bad the film is a of and worst dull acting poor script disappointing slow"
HELP = "we need water food help please earthquake flood people are trapped storm fire medical team send the in at"


def mixed(d: Draw, low: str, high: str, is_high: np.ndarray, least: int, most: int) -> np.ndarray:
    """Sentences with the words of `high` where `is_high`, else of `low`, and at the end a word of either."""
    others, own = d.sentences(low, least, most), d.sentences(high, least, most)
    turns = np.where(is_high, own, others)
    return np.array(
        [f"{text} {word}" for text, word in zip(turns, d.one_of(f"{low} {high}".split()), strict=True)], dtype=object
    )


def sms(d: Draw) -> Data:
    """A single column of text, as a Series."""
    is_spam = d.flag(0.2)
    return Data(pd.Series(mixed(d, HAM, SPAM, is_spam, 4, 20), name="message"), np.where(is_spam, "spam", "ham"))


def reviews(d: Draw) -> Data:
    is_good = d.flag(0.5)
    return Data(pd.Series(mixed(d, BLAME, PRAISE, is_good, 10, 40), name="review"), is_good.astype(int))


def books(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "city": d.one_of(["London", "Paris", "Sallisaw"]),
            "title": d.sentences("The His Last Bow How Watson Learned Trick A Moveable Feast Grapes of Wrath", 2, 6),
            "expert_rating": d.gaps(d.whole(1, 5).astype(float), 0.05),
            "user_rating": d.whole(1, 5),
        }
    )
    return Data(X, d.labels(X["user_rating"] + 2 * X["title"].str.contains("Feast"), ("no", "yes")))


JOBS = "manager sales team work from home earn money weekly no experience required engineer software degree client"


def jobs(d: Draw) -> Data:
    X = pd.DataFrame(
        {
            "description": d.sentences(JOBS, 15, 50),
            "company_profile": d.sentences(
                "leading global company founded in startup we are family bank agency", 4, 15
            ),
            "location": d.one_of(["US, NY, New York", "US, CA, San Francisco", "GB, LND, London", "NZ, , Auckland"]),
            "has_company_logo": d.flag(0.8).astype(int),
        }
    )
    signal = X["description"].str.count("money") - X["description"].str.count("degree") - X["has_company_logo"]
    return Data(X, d.labels(signal, share=0.15))


def questions(d: Draw) -> Data:
    code = "how do I sort a list in python dict pandas merge error why does loop return None regex null pointer"
    X = pd.DataFrame({"Text": d.sentences(code, 8, 40), "TotalWords": d.whole(8, 400), "Tags": d.count(2)})
    return Data(X, d.labels(X["Text"].str.count("error") + 0.01 * X["TotalWords"], share=0.4))


def disaster(d: Draw) -> Data:
    is_aid = d.flag(0.4)
    return Data(pd.Series(mixed(d, HAM, HELP, is_aid, 5, 25), name="message"), is_aid.astype(int))
