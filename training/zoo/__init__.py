"""Estimators with data sets, which `npm run test:zoo` exports and then serves with the function itself."""
