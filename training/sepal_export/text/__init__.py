"""Text: how a vectorizer of scikit-learn makes terms of it, said in a way that the service can follow."""
