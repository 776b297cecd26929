from bottle import Bottle

app = Bottle()


@app.route("/")
def index():
    return "tickets\n"


@app.route("/health")
def health():
    return {"status": "ok"}
