"""An RQ worker that imports the jobs' modules before it forks for each job, as its documentation recommends."""
import os

from redis import Redis
from rq import Queue, Worker

import thumbnails  # noqa: F401
from PIL import Image

Image.preinit()
redis = Redis(port=int(os.environ["REDIS"]))
Worker([Queue(connection=redis)], connection=redis).work(logging_level="WARNING")
