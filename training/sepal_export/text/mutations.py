# ruff: noqa: RUF001  the characters are meant
"""Mutates texts: characters that split, change case or are stripped occur differently than in the training data."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

Random = np.random.Generator
# All characters are from Unicode 14 or older, because the service refuses newer ones in texts.
SCRIPTS = (
    "ΟΔΥΣΣΕΥΣ ΣΑΣ",
    "Жизнь прекрасна",
    "北京 東京タワー",
    "안녕하세요",
    "مرحبا بالعالم",
    "שָׁלוֹם",
    "नमस्ते दुनिया",
    "สวัสดีครับ",
    "Ꭰꮝꭲ",
    "𐐔𐐯𐑅𐐨",
)
EMOJI = ("👍", "👩‍👩‍👧", "🇺🇦", "❤️", "✈︎", "🏳️‍🌈", "👋🏽", "©", "™", "№")
ACCENTS = str.maketrans("aceilnosuyzACEIOU", "áçêîłñøšüÿžÀÇÉÍÖÛ")
LIGATURES = str.maketrans({"f": "ﬁ", "s": "ß", "S": "ẞ", "k": "\u212a", "a": "ª", "x": "×", "D": "Ǆ", "n": "ŉ"})
MARKS = "\u0301\u0308\u0327\u0345\u20dd\u093c\u0e31"
SPACES = (
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
    "\u2003",
    "\u3000",
    "\u0085",
    "\u2028",
    "\u200b",
    "\ufeff",
    "\u180e",
    "\x1c",
)
SIGNS = ("...", ",", "-", "_", "'", "’", "!?", "“", "/", "@", "#", "·", "‿", "٪", "\u00ad", "(", "&amp;")
DIGITS = ("42", "3.14", "٤٢", "४२", "½", "²", "Ⅷ", "①", "𝟗", "1_000", "10%")
# Longer than any other. Only every fourth of the repeated texts is so long, because analysing them is most of a proof's
# work.
LONG, LESS = 4_000, 400
STOP_WORDS = sorted(ENGLISH_STOP_WORDS)


def inserted(random: Random, text: str, some: tuple[str, ...]) -> str:
    """Inserts one of these at a position of the text."""
    place = int(random.integers(0, len(text) + 1))
    return text[:place] + some[random.integers(len(some))] + text[place:]


def between_words(random: Random, text: str, some: tuple[str, ...]) -> str:
    words = text.split(" ")
    return "".join(word + some[random.integers(len(some))] for word in words[:-1]) + words[-1]


def marked(random: Random, text: str) -> str:
    return "".join(c + (MARKS[random.integers(len(MARKS))] if random.random() < 0.2 else "") for c in text)


def cut(random: Random, text: str) -> str:
    start, end = sorted(random.integers(0, len(text) + 1, 2).tolist())
    return text[start:end]


def sigma(random: Random, text: str) -> str:
    """Inserts a capital sigma, which has one small letter at the end of a word, and another one within."""
    ends = ("Σ", "ΑΣ", "ΑΣ.", "ΣΣ", "Σ'Α", "Α\u0301Σ", "Σ\u00ad", "1Σ", "ΑΣ1", "Α:Σ")
    return " ".join([*text.split()[:3], *(ends[place] for place in random.integers(0, len(ends), 4))])


def repeated(random: Random, text: str) -> str:
    return text * ((LONG if random.random() < 0.25 else LESS) // len(text) + 1)


def mixed(random: Random, text: str, other: str) -> str:
    words = [*text.split(" "), *other.split(" ")]
    return " ".join(words[place] for place in random.permutation(len(words))[: max(1, len(words) // 2)])


# Mutations of a text, given another text.
MUTATIONS: tuple[Callable[[Random, str, str], str], ...] = (
    lambda random, text, other: text.upper(),
    lambda random, text, other: text.title(),
    lambda random, text, other: text.swapcase(),
    lambda random, text, other: inserted(random, text, SCRIPTS),
    lambda random, text, other: f"{SCRIPTS[random.integers(len(SCRIPTS))]} {text}",
    lambda random, text, other: inserted(random, text, EMOJI),
    lambda random, text, other: text.translate(ACCENTS),
    lambda random, text, other: text.translate(ACCENTS).upper(),
    lambda random, text, other: unicodedata.normalize("NFD", text.translate(ACCENTS)),
    lambda random, text, other: text.translate(LIGATURES),
    lambda random, text, other: marked(random, text),
    lambda random, text, other: repeated(random, f"{text} {other} "),
    lambda random, text, other: "",
    lambda random, text, other: SPACES[random.integers(len(SPACES))] * int(random.integers(1, 4)),
    lambda random, text, other: between_words(random, text, SPACES),
    lambda random, text, other: between_words(random, text, SIGNS),
    lambda random, text, other: inserted(random, text, SIGNS),
    lambda random, text, other: text.replace(" ", ""),
    lambda random, text, other: cut(random, text),
    lambda random, text, other: sigma(random, text),
    lambda random, text, other: text.replace("i", "İ").replace("l", "ı").replace("I", "ı"),
    lambda random, text, other: inserted(random, text, DIGITS),
    lambda random, text, other: between_words(random, text, DIGITS),
    lambda random, text, other: " ".join(STOP_WORDS[place] for place in random.integers(0, len(STOP_WORDS), 5)),
    lambda random, text, other: mixed(random, text, other),
    lambda random, text, other: text + other,
)


def mutated(random: Random, texts: np.ndarray, others: np.ndarray) -> np.ndarray:
    """[N] objects: each text after one of the mutations, in turn."""
    pairs = zip(texts.tolist(), others.tolist(), strict=True)
    made = [
        MUTATIONS[place % len(MUTATIONS)](random, text or "", other or "") for place, (text, other) in enumerate(pairs)
    ]
    return np.array([*made, None], dtype=object)[:-1]
