curl -XPOST http://127.0.0.1:3000/predict -d '[5.1,3.5,1.4,0.2]'
