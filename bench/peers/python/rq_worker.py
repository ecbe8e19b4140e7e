"""RQ's worker with what jobs need imported before it forks for each of them: its documentation's advice for speed."""
import os

from redis import Redis
from rq import Queue, Worker

import thumbnails  # noqa: F401
from PIL import Image

Image.preinit()
redis = Redis(port=int(os.environ["REDIS"]))
Worker([Queue(connection=redis)], connection=redis).work(logging_level="WARNING")
