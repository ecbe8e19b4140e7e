"""The work of the Python workers, with Pillow."""
import os

from PIL import Image

IMAGES, OUTPUT = os.environ["IMAGES"], os.environ["OUTPUT"]


def make_thumbnail(source, size):
    output = os.path.join(OUTPUT, source)
    os.makedirs(os.path.dirname(output), exist_ok=True)
    with Image.open(os.path.join(IMAGES, source)) as image:
        image.thumbnail((size, size))
        image.save(output, "JPEG", quality=80)
        return {"output": output, "width": image.width, "height": image.height}
