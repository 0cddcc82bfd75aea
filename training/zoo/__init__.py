"""Estimators by data sets that are exported, and then served by the function itself: npm run test:zoo."""
