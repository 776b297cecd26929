from flask import Flask, jsonify, render_template
from markupsafe import _speedups

app = Flask(__name__)


@app.get("/")
def index():
    return render_template("index.html", name="<world>", compiled=_speedups.__name__)


@app.get("/health")
def health():
    return jsonify(status="ok")
