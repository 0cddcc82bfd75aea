aws s3 cp flowers.csv "s3://$BUCKET/flowers.csv"
aws stepfunctions start-execution --state-machine-arn "$STATE_MACHINE" \
  --input '{"input":"s3://'$BUCKET'/flowers.csv","output":"s3://'$BUCKET'/predictions.csv","keep":["id"]}'
