"""Pillow. See KernelLoop.cs for what each kernel program does."""
import io
import os
import sys
import time

from PIL import Image

variant, box, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
files = [os.path.join(folder, name) for name in os.listdir(folder)]


def make_thumbnail(file):
    with Image.open(file) as image:
        # draft: thumbnail() lets libjpeg decode at a reduced scale, the default. whole: without it.
        image.thumbnail((box, box), reducing_gap=2.0 if variant == "draft" else None)
        output = io.BytesIO()
        image.convert("RGB").save(output, "JPEG", quality=80)
        return output.tell()


for _ in sys.stdin:
    started, images, size = time.monotonic(), 0, 0
    while time.monotonic() - started < 0.5:
        size += sum(make_thumbnail(file) for file in files)
        images += len(files)
    print(images, size // images, flush=True)
