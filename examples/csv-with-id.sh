printf 'id,sepal_length,sepal_width,petal_length,petal_width\n17,5.1,3.5,1.4,0.2\n18,5.7,2.8,4.5,1.3\n' > flowers.csv
curl -H 'content-type: text/csv' -H 'accept: text/csv' --data-binary @flowers.csv 'http://127.0.0.1:3000/predict?ignore=id'
