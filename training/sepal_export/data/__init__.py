"""Rows, features and answers: the form in which the original, the graph and the service get and give them."""
