// Images that cost much to read, decode or write.
import { randomFillSync } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";

const noise = length => randomFillSync(Buffer.alloc(length));

const short = value => Buffer.from([value & 255, value >> 8]);

const repeated = (part, bytes) => Buffer.alloc(Math.floor(bytes / part.length) * part.length, part);

// Noise, 24 bits a pixel.
export function bmp(side) {
  const header = Buffer.alloc(54), pixels = side * Math.ceil((side * 3) / 4) * 4;
  header.write("BM"); header.writeUInt32LE(54 + pixels, 2); header.writeUInt32LE(54, 10); header.writeUInt32LE(40, 14);
  header.writeInt32LE(side, 18); header.writeInt32LE(side, 22); header.writeUInt16LE(1, 26); header.writeUInt16LE(24, 28);
  return Buffer.concat([header, noise(pixels)]);
}

function chunk(name, content) {
  const bytes = Buffer.alloc(12 + content.length);
  bytes.writeUInt32BE(content.length); bytes.write(name, 4, "latin1"); content.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length);
  return bytes;
}

function pngParts(side) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side); header.writeUInt32BE(side, 4); header[8] = 8; header[9] = 2;
  const pixels = noise(side * (1 + side * 3));
  for (let line = 0; line < side; line++) pixels[line * (1 + side * 3)] = 0;
  const start = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", header)]);
  return [start, Buffer.concat([chunk("IDAT", deflateSync(pixels, { level: 1 })), chunk("IEND", Buffer.alloc(0))])];
}

export const png = side => Buffer.concat(pngParts(side));

export function manyChunks(bytes) {
  const [start, end] = pngParts(16);
  return Buffer.concat([start, repeated(chunk("prVt", Buffer.alloc(0)), bytes), end]);
}

// Codes of nine bits, cleared before they get longer, so that nothing is compressed.
function gifFrame(side) {
  const pixels = noise(side * side), codes = [];
  for (let i = 0; i < pixels.length; i++) {
    if (i % 250 === 0) codes.push(256);
    codes.push(pixels[i]);
  }
  codes.push(257);
  const packed = Buffer.alloc(Math.ceil((codes.length * 9) / 8));
  codes.forEach((code, i) => {
    const at = (i * 9) >> 3, bits = code << ((i * 9) & 7);
    packed[at] |= bits & 255; packed[at + 1] |= (bits >> 8) & 255;
    if (bits >> 16) packed[at + 2] |= bits >> 16;
  });
  const blocks = [];
  for (let at = 0; at < packed.length; at += 255) blocks.push(Buffer.from([Math.min(255, packed.length - at)]), packed.subarray(at, at + 255));
  const control = Buffer.from([0x21, 0xf9, 4, 0, 5, 0, 0, 0]);
  const head = Buffer.concat([Buffer.from([0x2c, 0, 0, 0, 0]), short(side), short(side), Buffer.from([0, 8])]);
  return Buffer.concat([control, head, ...blocks, Buffer.from([0])]);
}

const gifHeader = side => Buffer.concat([Buffer.from("GIF89a"), short(side), short(side), Buffer.from([0xf7, 0, 0]), noise(768)]);

export const gif = (side, frames) =>
  Buffer.concat([gifHeader(side), ...Array.from({ length: frames }, () => gifFrame(side)), Buffer.from([0x3b])]);

export const manyFrames = bytes => Buffer.concat([gifHeader(1), repeated(gifFrame(1), bytes), Buffer.from([0x3b])]);

// Directories of eight entries, as the first one: the next page is behind it.
export function manyPages(bytes) {
  const pages = Math.floor(bytes / 102), file = Buffer.alloc(8 + 1 + pages * 102);
  file.write("II*\0"); file.writeUInt32LE(10, 4);
  const tags = [[256, 1], [257, 1], [258, 8], [259, 1], [262, 1], [273, 8], [277, 1], [279, 1]];
  for (let page = 0, at = 10; page < pages - 1; page++, at += 102) {
    file.writeUInt16LE(tags.length, at);
    tags.forEach(([tag, value], i) => {
      file.writeUInt16LE(tag, at + 2 + i * 12); file.writeUInt16LE(4, at + 4 + i * 12);
      file.writeUInt32LE(1, at + 6 + i * 12); file.writeUInt32LE(value, at + 10 + i * 12);
    });
    file.writeUInt32LE(page === pages - 2 ? 0 : at + 102, at + 98);
  }
  return file;
}

// Segments without content before the size; nothing follows them.
export const manySegments = bytes => Buffer.concat([Buffer.from("ffd8", "hex"), repeated(Buffer.from("fffe0002", "hex"), bytes)]);
