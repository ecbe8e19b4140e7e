"""Celery, with Redis as broker and result backend: the worker's app, submitting and reading results."""
import os

from celery import Celery, group
from redis import Redis

import thumbnails

address = f"redis://127.0.0.1:{os.environ['REDIS']}/0"
redis = Redis(port=int(os.environ["REDIS"]))
app = Celery("thumbnails", broker=address, backend=address)
app.conf.worker_hijack_root_logger = False


@app.task(name="thumbnail")
def make_thumbnail(source, size):
    return thumbnails.make_thumbnail(source, size)


def submit(source, size):
    return make_thumbnail.delay(source, size).id


def submit_all(sources, size):
    group(make_thumbnail.s(source, size) for source in sources).apply_async()


def count():
    # Each result is a key. Counting them inside Redis takes a fraction of a millisecond.
    return redis.eval("return #redis.call('keys', 'celery-task-meta-*')", 0), 0


def find(job):
    result = app.AsyncResult(job)
    return result.get() if result.ready() else None
