npm run batch -- flowers.csv predictions.csv --keep id
cat predictions.csv
