from bottle import route, run


@route("/")
def index():
    return "sunny\n"


@route("/health")
def health():
    return {"status": "ok"}


run(host="0.0.0.0", port=8000)
