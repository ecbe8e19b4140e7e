"""The original HTTP endpoints that the benchmark uses: submit a folder or an image, read results. The queue is a separate module."""
import importlib
import os
import sys

from flask import Flask, jsonify, request
from waitress import serve

IMAGES = os.environ["IMAGES"]
queue = importlib.import_module(sys.argv[1])  # rq_queue or celery_queue
app = Flask(__name__)
batches = []


@app.post("/imageapi")
def submit():
    path = request.args["imagePath"]
    if not os.path.isdir(os.path.join(IMAGES, path)):
        return jsonify(jobId=queue.submit(path, 100))
    batches.append(queue.count())
    queue.submit_all([f"{path}/{name}" for name in os.listdir(os.path.join(IMAGES, path))], 100)
    return jsonify(batchId=str(len(batches) - 1))


@app.get("/v1/batches/<int:batch>")
def progress(batch):
    succeeded, failed = queue.count()
    return jsonify(counts={"succeeded": succeeded - batches[batch][0], "failed": failed - batches[batch][1]})


@app.get("/result")
def result():
    found = queue.find(request.args["jobId"])
    return (jsonify(found), 200) if found else ("", 404)


serve(app, host="127.0.0.1", port=int(os.environ["PORT"]), threads=8)
