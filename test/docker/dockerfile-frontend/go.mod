module dockerfile-frontend

go 1.24
