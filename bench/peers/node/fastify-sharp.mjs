// fastify and sharp answering a thumbnail of the image in the request body, as their documentation recommends. sharp.concurrency(1) is
// the documented choice for many requests at once: libuv's pool has a thread per core, and each makes one thumbnail.
import fastify from "fastify";
import sharp from "sharp";

sharp.concurrency(1);
sharp.cache(false);
const app = fastify({ bodyLimit: 20_000_000 });
app.addContentTypeParser("image/jpeg", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

app.post("/thumbnails", async (request, reply) => {
  const size = +request.query.width;
  const thumbnail = await sharp(request.body)
    .rotate() // by EXIF orientation, as ImageResize does
    .resize({ width: size, height: size, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer();
  return reply.type("image/jpeg").send(thumbnail);
});

await app.listen({ port: +process.env.PORT, host: "127.0.0.1" });
console.log("ready");
