"""Functions and classes of Python as people write them between their data and their model, and a command that exports
each: training/run python -m zoo.own_python"""
