"""RQ: submitting and reading results."""
import os

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.exceptions import NoSuchJobError

from thumbnails import make_thumbnail

redis = Redis(port=int(os.environ["REDIS"]))
queue = Queue(connection=redis)
KEPT = 86_400


def submit(source, size):
    return queue.enqueue(make_thumbnail, source, size, result_ttl=KEPT).id


def submit_all(sources, size):
    queue.enqueue_many([Queue.prepare_data(make_thumbnail, (source, size), result_ttl=KEPT) for source in sources])


def count():
    return queue.finished_job_registry.count, queue.failed_job_registry.count


def find(job):
    try:
        return Job.fetch(job, connection=redis).result
    except NoSuchJobError:
        return None
