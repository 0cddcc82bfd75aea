"""The export writes numbers and JSON documents exactly as JavaScript does."""

import hashlib
import json
import random
import shutil
import struct
import subprocess

import numpy as np
import pytest

from sepal_export.data.canonical import canonical_json, contract_of, js_number

# Made by JSON.stringify of Node.js 24.
HARD = [
    (0.0, "0"),
    (-0.0, "0"),
    (1.0, "1"),
    (-1.0, "-1"),
    (0.1, "0.1"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1e-6, "0.000001"),
    (1.5e-6, "0.0000015"),
    (9.999e-7, "9.999e-7"),
    (1e-7, "1e-7"),
    (-1.25e-7, "-1.25e-7"),
    (6.203777137248186e-8, "6.203777137248186e-8"),
    (1e16, "10000000000000000"),
    (1e20, "100000000000000000000"),
    (123456789012345680000.0, "123456789012345680000"),
    (1e21, "1e+21"),
    (1.2e21, "1.2e+21"),
    (999999999999999900000.0, "999999999999999900000"),
    (1e150, "1e+150"),
    (5e-324, "5e-324"),
    (2.2250738585072014e-308, "2.2250738585072014e-308"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
    (9007199254740991, "9007199254740991"),
    (9007199254740993, "9007199254740992"),
    (2.0**53, "9007199254740992"),
    (4.35, "4.35"),
    (100.0, "100"),
    (1200.5, "1200.5"),
    (1 / 3, "0.3333333333333333"),
    (5e-7, "5e-7"),
    (1.0000000000000002, "1.0000000000000002"),
    (2.5e-323, "2.5e-323"),
]


@pytest.mark.parametrize(("value", "text"), HARD)
def test_a_number_is_written_as_javascript_writes_it(value, text):
    assert js_number(value) == text


def test_numbers_of_any_bits_are_written_as_javascript_writes_them():
    node = shutil.which("node")
    if not node:
        pytest.skip("needs Node.js")
    bits = random.Random(0)
    numbers = [struct.unpack("<d", bits.randbytes(8))[0] for _ in range(20_000)]
    numbers += [float(bits.randrange(10**digits)) * 10.0**-scale for digits in range(1, 23) for scale in range(30)]
    numbers = [number for number in numbers if np.isfinite(number)]
    code = "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(String)))"
    done = subprocess.run([node, "-e", code], input=json.dumps(numbers), capture_output=True, text=True, check=True)
    assert list(map(js_number, numbers)) == json.loads(done.stdout)


def test_a_document_has_one_text():
    document = {"b": [1.0, True, None, "é\n\u2028"], "a": {"z": 1e-7, "y": "\ud800"}, "\x7f": False}
    assert canonical_json(document) == '{"a":{"y":"\\ud800","z":1e-7},"b":[1,true,null,"é\\n\u2028"],"\x7f":false}'


def manifest(**changes):
    return {
        "$schema": "a",
        "name": "b",
        "version": "1",
        "description": "c",
        "features": [{"name": "x", "unit": "cm"}],
        "target": {"name": "y", "unit": None},
        "classes": ["a", "b"],
        "examples": [1],
        "parity": {"tolerance": 1e-9},
    } | changes


def test_the_contract_has_the_digest_of_each_part_that_nobody_may_edit():
    texts = {
        "features/0": '{"name":"x"}',
        "name": '"b"',
        "parity": '{"tolerance":1e-9}',
        "target": '{"name":"y"}',
    }
    assert contract_of(manifest()) == {part: hashlib.sha256(text.encode()).hexdigest() for part, text in texts.items()}


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"$schema": "b", "version": "2", "description": "", "classes": ["b", "a"], "examples": []}, True),
        ({"features": [{"name": "x", "unit": "mm"}], "target": {"name": "y", "unit": "kg"}}, True),
        ({"features": [{"name": "z", "unit": "cm"}]}, False),
        ({"name": "z"}, False),
        ({"parity": {"tolerance": 1e-8}}, False),
        ({"other": 1}, False),
    ],
)
def test_the_contract_stays_the_same_only_under_an_edit_that_is_allowed(changes, is_same):
    assert (contract_of(manifest(**changes)) == contract_of(manifest())) is is_same
