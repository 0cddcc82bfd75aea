"""Text: describes how a scikit-learn vectorizer makes terms, so that the service can do the same."""
